import { isObject } from './speaker.ts';
import {
  ACTIVITYSTREAMS,
  isHarmlessContext,
  KNOWN_TERMS,
  NAMESPACES,
  PROTECTED_TERMS,
  SECURITY,
  TYPES,
} from './vocabulary.ts';

const CONTEXT_ENTRIES_MAX = 20;
const INLINE_TERMS_MAX = 500;
/** A prefix may be defined by another prefix, that one by a full IRI. */
const PREFIX_STEPS_MAX = 3;

/**
 * The static half of "nothing in the document may make JSON-LD say something else than the raw JSON": why the document
 * could be read two ways, or null. An inline `@context` can rename `actor`, a compact IRI can stand beside it, and
 * Fedify reads both. What is refused here is not forged for certain: it may still be read twice (`second-reading.ts`).
 */
export function findRenaming(json: unknown): string | null {
  const document: Document = { definitions: new Map(), bodies: [], terms: 0 };
  return (
    collect(json, document) ??
    firstFault(document.definitions, ([term, values]) => firstFault(values, (value) => termFault(term, value, document))) ??
    firstFault(document.bodies, (body) => bodyFault(body, document))
  );
}

interface Document {
  /** Terms of every inline context, wherever it stands: what one of them means anywhere counts everywhere. */
  definitions: Map<string, unknown[]>;
  bodies: Record<string, unknown>[];
  terms: number;
}

function collect(value: unknown, document: Document): string | null {
  if (Array.isArray(value)) return firstFault(value, (part) => collect(part, document));
  if (!isObject(value)) return null;
  document.bodies.push(value);
  return firstFault(Object.entries(value), ([key, part]) =>
    key === '@context' ? collectContext(part, document) : collect(part, document),
  );
}

function collectContext(context: unknown, document: Document): string | null {
  const entries: unknown[] = [context].flat();
  if (entries.length > CONTEXT_ENTRIES_MAX) return 'too many contexts';
  return firstFault(entries, (entry) => {
    if (typeof entry === 'string') return isHarmlessContext(entry) ? null : `the context ${brief(entry)} renames terms`;
    // null takes all terms back, arrays within arrays are no context at all.
    if (!isObject(entry)) return 'a context that is neither name nor terms';
    for (const [term, value] of Object.entries(entry)) {
      document.terms += 1;
      const values = document.definitions.get(term);
      if (values) values.push(value);
      else document.definitions.set(term, [value]);
    }
    return document.terms > INLINE_TERMS_MAX ? 'too many terms' : null;
  });
}

function termFault(term: string, value: unknown, document: Document): string | null {
  // The language of texts touches no IRI; every other keyword changes how all the rest is read.
  if (term === '@language') return null;
  if (PROTECTED_TERMS.has(term)) return `the context defines ${term}`;
  if (term === '' || /[@:/#?\s]/.test(term)) return `the context defines ${brief(term)}`;
  const iri = definedIri(term, value);
  if (iri === null) return `the context defines ${brief(term)} by more than an IRI`;
  const meanings = meaningsOf(iri, document);
  if (meanings === null) return `the context defines ${brief(term)} too indirectly`;
  return firstFault(meanings, (meaning) => meaningFault(term, meaning));
}

const CONTAINERS: unknown[] = ['@list', '@set', '@language'];

/** The IRI of a definition that does nothing but name one; a type of its values and a list are no harm. */
function definedIri(term: string, value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return null;
  const { '@id': iri = term, '@type': type = '@id', '@container': container = '@set', ...more } = value;
  const isPlain =
    Object.keys(more).length === 0 &&
    typeof type === 'string' &&
    (type === '@id' || type === '@vocab' || !type.startsWith('@')) &&
    [container].flat().every((one) => CONTAINERS.includes(one));
  return isPlain && typeof iri === 'string' ? iri : null;
}

function meaningFault(term: string, meaning: string): string | null {
  if (meaning.startsWith('@') || meaning.startsWith('_:')) return `the context makes ${brief(term)} a keyword`;
  if ((meaning === ACTIVITYSTREAMS) !== (term === 'as') || (meaning === SECURITY) !== (term === 'sec')) {
    return `the context defines ${brief(term)} as a prefix that it is not`;
  }
  if (TYPES.has(term) && meaning !== fullIri(term)) return `the context redefines the type ${term}`;
  return isProtected(meaning) && meaning !== fullIri(term) && localName(meaning) !== term
    ? `the context makes ${brief(term)} mean ${brief(meaning)}`
    : null;
}

function bodyFault(body: Record<string, unknown>, document: Document): string | null {
  if ('@type' in body && 'type' in body) return 'type and @type beside each other';
  return firstFault(Object.entries(body), ([key, value]) => {
    if (key === 'type' || key === '@type') return firstFault([value].flat(), (type) => typeFault(key, type, document));
    if (key.startsWith('@')) return HARMLESS_KEYWORDS.includes(key) ? null : `the keyword ${brief(key)}`;
    if (!key.includes(':')) return null;
    const meanings = meaningsOf(key, document);
    return meanings === null || meanings.some(isInNamespace) ? `the key ${brief(key)}` : null;
  });
}

/** `@id`, `@graph`, `@reverse` and their kind build a node beside the one that the raw JSON shows. */
const HARMLESS_KEYWORDS = ['@context', '@value', '@language'];

function typeFault(key: string, type: unknown, document: Document): string | null {
  if (typeof type !== 'string' || type.startsWith('@')) return 'a type that is no name';
  if (key === 'type' && !type.includes(':')) return null;
  // Fedify writes the type of `endpoints` this way, where no type is looked at.
  if (type === 'as:Endpoints') return null;
  const meanings = meaningsOf(type, document);
  return meanings === null || meanings.some(isInNamespace) ? `the type ${brief(type)}` : null;
}

/** All IRIs that a word of the document could stand for as a term, a compact IRI or itself; null if it winds too far. */
function meaningsOf(word: string, document: Document, steps = 0): string[] | null {
  if (steps > PREFIX_STEPS_MAX) return null;
  const own = steps === 0 ? [] : expansions(word, '', document, steps);
  const colon = word.indexOf(':');
  if (colon === -1) return own;
  return own;
}
