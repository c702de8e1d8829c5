import { findContext } from '../loaders/contexts.ts';

/*
 * What the static check of `renaming.ts` protects: the terms by which somebody is named, and every type.
 */

export const ACTIVITYSTREAMS = 'https://www.w3.org/ns/activitystreams#';
export const SECURITY = 'https://w3id.org/security#';
const LDP = 'http://www.w3.org/ns/ldp#';

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

/** Namespaces in which Fedify's parser knows a type or a protected term. */
export const NAMESPACES = [
  ACTIVITYSTREAMS,
  SECURITY,
  LDP,
  'http://litepub.social/ns#',
  'http://joinmastodon.org/ns#',
  'https://gotosocial.org/ns#',
  'https://w3id.org/fep/044f#',
  'https://w3id.org/fep/9091#',
  'https://w3id.org/valueflows/ont/vf#',
] as const;

/**
 * Bundled contexts that leave the protected terms and types as they are; a test reads each of them. The others mean
 * something else by `actor` (schema.org) or `Person` (identity/v1).
 */
const HARMLESS_CONTEXTS: ReadonlySet<unknown> = new Set(
  [
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
  ].map(findContext),
);

/** False for a name whose context, as our loader answers it, could rename something. Unknown names are read alike. */
export function isHarmlessContext(name: string): boolean {
  const document = findContext(name);
  return document === null || HARMLESS_CONTEXTS.has(document);
}

/** Terms of the bundled contexts: prefixes for compact IRIs, and types whose IRI ends in another name. */
export const KNOWN_TERMS: ReadonlyMap<string, string> = new Map(
  ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1', 'https://gotosocial.org/ns'].flatMap(
    (name) => plainTermsOf(findContext(name)),
  ),
);

/** Names of ActivityStreams' types: an inline context may repeat them, not change them. */
export const TYPES: ReadonlySet<string> = new Set([...KNOWN_TERMS.keys()].filter((term) => /^[A-Z]/.test(term)));

function plainTermsOf(document: unknown): [string, string][] {
  const { '@context': context } = document as { '@context': Record<string, unknown> };
  return Object.entries(context).flatMap(([term, iri]): [string, string][] =>
    typeof iri === 'string' && !iri.startsWith('@') && !term.startsWith('@') ? [[term, iri]] : [],
  );
}
