import { isObject } from './speaker.ts';
import {
  ACTIVITYSTREAMS,
  isActivityStreamsType,
  isHarmlessContext,
  isReadByParser,
  knownMeanings,
  PROTECTED_TERMS,
  protectedName,
  SECURITY,
} from './vocabulary.ts';

const CONTEXT_ENTRIES_MAX = 20;
const INLINE_TERMS_MAX = 500;
const MEANINGS_MAX = 50;

interface Reading {
  /** Terms of all inline contexts: what one of them means anywhere counts everywhere. */
  definitions: Map<string, unknown[]>;
  nodes: Record<string, unknown>[];
  terms: number;
  /** What a term could stand for; null for too much, and while it is being looked up: terms can go in a circle. */
  meanings: Map<string, string[] | null>;
}

/**
 * The static half of "nothing in the document may make JSON-LD say something else than the raw JSON": why the document
 * could be read in two ways, or null. An inline `@context` can rename `actor`, and a compact IRI of it can stand beside
 * it; Fedify reads both. What is refused here need not be forged and may still be read twice (`second-reading.ts`).
 * The document's depth has been checked before (`jsonDepthWithin`).
 */
export function findRenaming(json: unknown): string | null {
  const reading: Reading = { definitions: new Map(), nodes: [], terms: 0, meanings: new Map() };
  const fault = collect(json, reading);
  if (fault !== null) return fault;
  for (const [term, values] of reading.definitions) {
    const wrong = firstFault(values, (value) => termFault(term, value, reading));
    if (wrong !== null) return wrong;
  }
  return firstFault(reading.nodes, (node) => nodeFault(node, reading));
}

function firstFault<T>(values: Iterable<T>, check: (value: T) => string | null): string | null {
  for (const value of values) {
    const fault = check(value);
    if (fault !== null) return fault;
  }
  return null;
}

function collect(value: unknown, reading: Reading): string | null {
  if (Array.isArray(value)) return firstFault(value, (part) => collect(part, reading));
  if (!isObject(value)) return null;
  reading.nodes.push(value);
  return firstFault(Object.keys(value), (key) =>
    key === '@context' ? collectContext(value[key], reading) : collect(value[key], reading),
  );
}

function collectContext(context: unknown, reading: Reading): string | null {
  const entries: unknown[] = Array.isArray(context) ? context : [context];
  if (entries.length > CONTEXT_ENTRIES_MAX) return 'too many contexts';
  return firstFault(entries, (entry) => {
    if (typeof entry === 'string') return nameFault(entry);
    // null takes all terms back, and a list within a list is no context.
    if (!isObject(entry)) return 'a context that is neither a name nor terms';
    for (const [term, value] of Object.entries(entry)) {
      reading.terms += 1;
      reading.definitions.set(term, [...(reading.definitions.get(term) ?? []), value]);
      if (reading.terms > INLINE_TERMS_MAX) return 'too many terms';
    }
    return null;
  });
}

/** A relative name would be looked up under another one than it is written with. */
function nameFault(name: string): string | null {
  return /^https?:\/\//.test(name) && isHarmlessContext(name) ? null : `the context ${brief(name)} renames terms`;
}

function termFault(term: string, value: unknown, reading: Reading): string | null {
  // The language of texts touches no IRI; every other keyword changes how the rest is read.
  if (term === '@language') return null;
  if (PROTECTED_TERMS.has(term) || term === '' || /[@:/#?\s]/.test(term)) return `the context defines ${brief(term)}`;
  const iri = definedIri(term, value);
  const meanings = iri === null ? null : meaningsOf(iri, reading);
  if (meanings === null) return `the context defines ${brief(term)} by more than an IRI`;
  return firstFault(meanings, (meaning) => meaningFault(term, meaning));
}

const CONTAINERS: unknown[] = ['@list', '@set', '@language'];

/** The IRI of a definition that does nothing but name one; a type of its values and a list do no harm. */
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
  if (meaning.startsWith('@') || meaning.startsWith('_:'))
    return `the context makes ${brief(term)} a keyword or nothing`;
  if ((meaning === ACTIVITYSTREAMS) !== (term === 'as') || (meaning === SECURITY) !== (term === 'sec')) {
    return `the context makes ${brief(term)} a prefix that it is not`;
  }
  const isOther = isActivityStreamsType(term) && meaning !== ACTIVITYSTREAMS + term;
  const name = protectedName(meaning);
  const isAlias = name !== null && name !== term && !knownMeanings(term).some((known) => known.endsWith(name));
  return isOther || isAlias ? `the context makes ${brief(term)} mean ${brief(meaning)}` : null;
}

/** `@id`, `@graph`, `@reverse` and their kind build nodes beside those that the raw JSON shows. */
const HARMLESS_KEYWORDS = ['@context', '@value', '@language'];

function nodeFault(node: Record<string, unknown>, reading: Reading): string | null {
  if ('type' in node && '@type' in node) return 'type and @type beside each other';
  return firstFault(Object.keys(node), (key) => {
    if (key === 'type' || key === '@type') {
      return firstFault([node[key]].flat(), (type) => typeFault(key, type, reading));
    }
    if (key.startsWith('@')) return HARMLESS_KEYWORDS.includes(key) ? null : `the keyword ${brief(key)}`;
    return key.includes(':') && isReadable(key, reading) ? `the key ${brief(key)}` : null;
  });
}

function typeFault(key: string, type: unknown, reading: Reading): string | null {
  if (typeof type !== 'string' || type.startsWith('@')) return 'a type that is no name';
  // A plain name means what the contexts say, and those have been looked at. Fedify itself writes `as:Endpoints`.
  const isPlain = (key === 'type' && !type.includes(':')) || type === 'as:Endpoints';
  return !isPlain && isReadable(type, reading) ? `the type ${brief(type)}` : null;
}

function isReadable(word: string, reading: Reading): boolean {
  return meaningsOf(word, reading)?.some(isReadByParser) ?? true;
}

/** All IRIs that a word could stand for, as a term, as a compact IRI or as itself; null if they are too many. */
function meaningsOf(word: string, reading: Reading): string[] | null {
  const colon = word.indexOf(':');
  const prefix = word.slice(0, colon);
  const suffix = word.slice(colon + 1);
  if (colon === -1) return termMeanings(word, reading);
  // No term has a colon: `termFault` sees to it.
  if (suffix.startsWith('//') || !isTerm(prefix, reading)) return [word];
  return termMeanings(prefix, reading)?.map((iri) => iri + suffix) ?? null;
}

function termMeanings(term: string, reading: Reading): string[] | null {
  const found = reading.meanings.get(term);
  if (found !== undefined) return found;
  if (term.startsWith('@')) return [term];
  reading.meanings.set(term, null);
  const definitions = definitionsOf(term, reading);
  // A word of no vocabulary: ActivityStreams makes it a blank node.
  const meanings = definitions.length === 0 ? [`_:${term}`] : allMeanings(definitions, reading);
  reading.meanings.set(term, meanings);
  return meanings;
}

function allMeanings(iris: (string | null)[], reading: Reading): string[] | null {
  const found: string[] = [];
  for (const iri of iris) {
    const meanings = iri === null ? null : meaningsOf(iri, reading);
    if (meanings === null || found.length + meanings.length > MEANINGS_MAX) return null;
    found.push(...meanings);
  }
  return found;
}

function isTerm(word: string, reading: Reading): boolean {
  return reading.definitions.has(word) || knownMeanings(word).length > 0;
}

function definitionsOf(word: string, reading: Reading): (string | null)[] {
  const inline = (reading.definitions.get(word) ?? []).map((value) => definedIri(word, value));
  return [...inline, ...knownMeanings(word)].map((iri) => (iri === word ? `_:${word}` : iri));
}

function brief(word: string): string {
  return word.slice(0, 80);
}
