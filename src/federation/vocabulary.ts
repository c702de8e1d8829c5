/** Names of the wire; inside the product they do not exist. */
export const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';

export const ACTIVITY_JSON = 'application/activity+json';

/** A JSON-LD document in compact form, as it goes over the wire. */
export interface JsonLd {
  '@context'?: unknown;
  id?: string;
  type?: string;
  [property: string]: unknown;
}

const toot = 'http://joinmastodon.org/ns#';

/** What our documents use beyond ActivityStreams, under the names that everyone else gives it. */
const EXTENSIONS = {
  manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
  sensitive: 'as:sensitive',
  movedTo: { '@id': 'as:movedTo', '@type': '@id' },
  alsoKnownAs: { '@id': 'as:alsoKnownAs', '@type': '@id' },
  Hashtag: 'as:Hashtag',
  toot,
  Emoji: 'toot:Emoji',
  featured: { '@id': 'toot:featured', '@type': '@id' },
  discoverable: 'toot:discoverable',
  indexable: 'toot:indexable',
  memorial: 'toot:memorial',
  suspended: 'toot:suspended',
  votersCount: 'toot:votersCount',
  blurhash: 'toot:blurhash',
  focalPoint: { '@container': '@list', '@id': 'toot:focalPoint' },
  schema: 'http://schema.org#',
  PropertyValue: 'schema:PropertyValue',
  value: 'schema:value',
};

const AS = 'https://www.w3.org/ns/activitystreams';

export const ACTOR_CONTEXT = [
  AS,
  'https://w3id.org/security/v1',
  'https://w3id.org/security/data-integrity/v1',
  // Where `assertionMethod` is defined.
  'https://www.w3.org/ns/did/v1',
  'https://w3id.org/security/multikey/v1',
  EXTENSIONS,
];

export const OBJECT_CONTEXT = [AS, EXTENSIONS];

/** For the answer to somebody who asks to quote. */
export const QUOTE_CONTEXT = [AS, EXTENSIONS, { QuoteRequest: 'https://w3id.org/fep/044f#QuoteRequest' }];

/** With what LD signatures and integrity proofs add to a public activity. */
export const SIGNED_CONTEXT = [
  AS,
  'https://w3id.org/security/v1',
  'https://w3id.org/security/data-integrity/v1',
  EXTENSIONS,
];

/** True when a request wants a document of ActivityPub rather than a page. */
export function wantsActivityJson(accept: string | null | undefined): boolean {
  return accept ? /application\/(?:activity\+json|ld\+json)/i.test(accept) : false;
}

/** Activities that nobody refers to afterwards, so that they need no id: Mastodon's Add and Remove have none. */
export const NAMELESS_TYPES: readonly string[] = ['Accept', 'Reject', 'Undo', 'Update', 'Delete', 'Add', 'Remove'];
