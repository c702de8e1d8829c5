import type { RemoteAccount } from '#domain/accounts/remote-account.ts';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import { accountKindOf, readAccount } from '#federation/translate/account.ts';
import type { Activity } from '#federation/translate/activity-types.ts';
import { readActivity } from '#federation/translate/activity.ts';
import { translateLimits } from '#federation/translate/limits.ts';
import { postKindOf, readPost } from '#federation/translate/post.ts';
import type { PostContext } from '#federation/translate/post.ts';
import { asArray, asObject, idOf, numberOf, typeOf } from '#federation/translate/read.ts';
import type { Json } from '#federation/translate/read.ts';

/** Whatever an address may answer with. */
export type Document =
  | { kind: 'post'; post: RemotePost }
  | { kind: 'account'; account: RemoteAccount }
  | { kind: 'activity'; activity: Activity }
  | { kind: 'collection'; collection: RemoteCollection }
  /** A Tombstone: it was here. */
  | { kind: 'gone'; uri: string }
  | { kind: 'refused'; why: string };

/** A collection or one page of one. Items are ids and embedded objects, in the collection's order. */
export interface RemoteCollection {
  uri: string | null;
  items: (string | Json)[];
  /** The first page: its id, or the page itself. */
  first: string | Json | null;
  nextUri: string | null;
  total: number | null;
}

/** For a document whose nature is not known beforehand, as when somebody searches for an address. */
export function readDocument(json: unknown, context: PostContext): Document {
  if (postKindOf(json) !== null) {
    const read = readPost(json, context);
    return 'post' in read ? { kind: 'post', post: read.post } : { kind: 'refused', why: read.refused };
  }
  if (accountKindOf(json) !== null) {
    const read = readAccount(json);
    return 'account' in read ? { kind: 'account', account: read.account } : { kind: 'refused', why: read.refused };
  }
  const collection = readCollection(json);
  if (collection) return { kind: 'collection', collection };
  const object = asObject(json);
  const type = typeOf(object);
  const uri = idOf(object);
  if (type === 'Tombstone' && uri !== null) return { kind: 'gone', uri };
  if (type !== null && object?.['actor'] != null) return { kind: 'activity', activity: readActivity(json) };
  const isWebFinger = typeof object?.['subject'] === 'string' && Array.isArray(object['links']);
  return {
    kind: 'refused',
    why: isWebFinger ? 'a WebFinger answer' : `neither post nor account: ${type ?? 'no type'}`,
  };
}

/** Null when it is none. */
export function readCollection(json: unknown): RemoteCollection | null {
  const object = asObject(json);
  if (!object || !COLLECTIONS.includes(typeOf(object, COLLECTIONS) ?? '')) return null;
  const items = [object['orderedItems'], object['items']].flatMap((list) =>
    asArray(list, translateLimits.collectionItems),
  );
  return {
    uri: idOf(object),
    items: items
      .map((item) => asObject(item) ?? idOf(item))
      .filter((item) => item !== null)
      .slice(0, translateLimits.collectionItems),
    first: asObject(object['first']) ?? idOf(object['first']),
    nextUri: idOf(object['next']),
    total: numberOf(object['totalItems'], translateLimits.count),
  };
}

const COLLECTIONS = ['Collection', 'OrderedCollection', 'CollectionPage', 'OrderedCollectionPage'];
