import { findContext } from '../loaders/contexts.ts';

/*
 * What the static check of `renaming.ts` protects: the terms by which somebody is named, and the types.
 */

export const ACTIVITYSTREAMS = 'https://www.w3.org/ns/activitystreams#';
export const SECURITY = 'https://w3id.org/security#';

/** Terms that no inline context may touch. */
export const PROTECTED_TERMS: ReadonlySet<string> = new Set([
  'id',
  'type',
  'actor',
  'object',
  'target',
  'attributedTo',
  'to',
  'cc',
  'bto',
  'bcc',
  'audience',
  'publicKey',
  'owner',
  'signature',
  'proof',
  'inbox',
  'outbox',
  'endpoints',
]);

/** Where Fedify's parser knows a type or a protected term. */
const NAMESPACES = [
  ACTIVITYSTREAMS,
  SECURITY,
  'http://www.w3.org/ns/ldp#',
  'http://litepub.social/ns#',
  'http://joinmastodon.org/ns#',
  'https://gotosocial.org/ns#',
  'https://w3id.org/fep/044f#',
  'https://w3id.org/fep/9091#',
  'https://w3id.org/valueflows/ont/vf#',
];

/**
 * Bundled contexts that leave the protected terms and the types as they are; a test reads each of them. The two others
 * mean something else by `actor` (schema.org) and by `Person` (identity/v1).
 */
const HARMLESS_NAMES = [
  'https://www.w3.org/ns/activitystreams',
  'https://w3id.org/security/v1',
  'https://w3id.org/security/data-integrity/v1',
  'https://w3id.org/security/data-integrity/v2',
  'https://w3id.org/security/multikey/v1',
  'https://www.w3.org/ns/did/v1',
  'https://www.w3.org/ns/cid/v1',
  'https://purl.archive.org/socialweb/webfinger',
  'https://purl.archive.org/miscellany',
  'https://gotosocial.org/ns',
  'https://w3id.org/fep/5711',
  'https://w3id.org/fep/ef61',
  'https://join-lemmy.org/context.json',
  'http://joinmastodon.org/ns',
  'https://litepub.social/context.jsonld',
  'https://mbin.invalid/contexts',
];

const HARMLESS_CONTEXTS: ReadonlySet<unknown> = new Set(HARMLESS_NAMES.map(findContext));

/** False for a name whose context, as our loader answers it, renames something. Unknown names are all read alike. */
export function isHarmlessContext(name: string): boolean {
  const document = findContext(name);
  return document === null || HARMLESS_CONTEXTS.has(document);
}

/** What the harmless contexts define by a plain IRI: the prefixes, and most types. */
const KNOWN_TERMS = collectPlainTerms();

export function knownMeanings(term: string): string[] {
  return KNOWN_TERMS.get(term) ?? [];
}

/** Names of ActivityStreams' own types: an inline context may repeat them, not change them. */
const TYPES: ReadonlySet<string> = new Set(
  plainTermsOf('https://www.w3.org/ns/activitystreams')
    .map(([term]) => term)
    .filter((term) => /^[A-Z]/.test(term)),
);

export function isActivityStreamsType(term: string): boolean {
  return TYPES.has(term);
}

/** True for IRIs of a namespace that Fedify's parser reads. */
export function isReadByParser(iri: string): boolean {
  return NAMESPACES.some((namespace) => iri.startsWith(namespace));
}

/** The name of a protected term or a type within its namespace; null for IRIs that anybody may give a name. */
export function protectedName(iri: string): string | null {
  const namespace = NAMESPACES.find((one) => iri.startsWith(one));
  const name = iri.slice(namespace?.length);
  return namespace !== undefined && (PROTECTED_TERMS.has(name) || /^[A-Z]/.test(name)) ? name : null;
}

function collectPlainTerms(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [term, iri] of HARMLESS_NAMES.flatMap(plainTermsOf)) {
    const meanings = found.get(term) ?? [];
    found.set(term, meanings.includes(iri) ? meanings : [...meanings, iri]);
  }
  return found;
}

function plainTermsOf(name: string): [string, string][] {
  const { '@context': context } = findContext(name) as { '@context': object | unknown[] };
  const definitions = [context].flat().flatMap((part) => Object.entries(part as object));
  return definitions.filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && !entry[1].startsWith('@') && /^[A-Za-z_]/.test(entry[0]),
  );
}
