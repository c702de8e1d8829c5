import type { CommitWith } from '#db/commit.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import type { Site } from '#db/unit.ts';
import { followersDigestOf } from '#domain/relationships/followers.queries.ts';
import { reconcileFollowers } from '#domain/relationships/reconcile-followers.ts';
import { readCollection } from '#federation/translate/document.ts';
import { newBudget } from '#federation/resolve/budget.ts';
import type { Resolver } from '#federation/resolve/resolve.ts';

/** What a `Collection-Synchronization` header says (FEP-8fcf). */
export interface SyncHint {
  collectionId: string;
  url: string;
  digest: string;
}

const HEADER_CHARACTERS_MAX = 2000;

/** Null for a header that is not there or does not say everything. */
export function readSyncHeader(header: string | null): SyncHint | null {
  if (!header || header.length > HEADER_CHARACTERS_MAX) return null;
  const read = (name: string) => new RegExp(`(?:^|[,\\s])${name}="([^"]*)"`, 'i').exec(header)?.[1] ?? null;
  const [collectionId, url, digest] = [read('collectionId'), read('url'), read('digest')];
  return collectionId && url && digest && /^[0-9a-f]{64}$/i.test(digest) ? { collectionId, url, digest } : null;
}

/**
 * Compares the sender's digest of its followers here with ours, and asks for the list where they differ. Only for the
 * sender's own followers collection, and only from the sender's origin.
 */
export async function syncFollowers(
  parts: { reader: Reader; commit: CommitWith; resolver: Resolver; site: Site },
  actorUri: string,
  hint: SyncHint,
): Promise<void> {
  const rows = await parts.reader.read.hot<{ id: number; followers_uri: string | null }>(
    'select id, followers_uri from accounts where uri = $1',
    actorUri,
  );
  const [actor] = rows;
  if (!actor || actor.followers_uri !== hint.collectionId) return;
  if (URL.parse(hint.url)?.origin !== new URL(actorUri).origin) return;
  const ours = await parts.reader.read.hot<{ uri: string }>(
    `select a.uri from follows f join accounts a on a.id = f.follower_id
     where f.followee_id = $1 and f.state = 'accepted' and a.domain = ''`,
    actor.id,
  );
  if (followersDigestOf(ours.map(({ uri }) => uri)) === hint.digest.toLowerCase()) return;
  const found = await parts.resolver.fetchObject(hint.url, newBudget());
  // Any other collection would say that nobody follows.
  const collection = found?.uri === hint.url ? readCollection(found.json) : null;
  if (!collection || collection.first !== null) return;
  const uris = collection.items.flatMap((item) =>
    typeof item === 'string' && parts.resolver.isOurs(item) ? [item] : [],
  );
  await parts.commit(reconcileFollowers, { followeeId: actor.id, uris });
}
