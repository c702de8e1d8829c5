import type { Unit } from '#db/unit.ts';
import { accountUris } from '#domain/accounts/account-uris.ts';
import { canBoost, narrower, visibleTo } from '#domain/posts/posts.policy.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { notAllowed, notFound } from '#kernel/errors.ts';
import { freeId, nextFreeId } from '#domain/posts/free-id.ts';

interface Boosted {
  id: number;
  author_id: number;
  visibility: Visibility;
}

/**
 * Boosts a post; boosting twice changes nothing. Returns the boost's id.
 * @throws not-found for a post that the account may not see, not-allowed for one that may not be boosted.
 */
export async function boostPost(
  unit: Unit,
  input: { accountId: number; postId: number; visibility?: Visibility },
): Promise<number> {
  const post = await seenPost(unit, input.postId, input.accountId);
  if (!canBoost(post.visibility, post.author_id === input.accountId)) throw notAllowed('boost-private');
  const accounts = await unit.tx.hot<{ handle: string }>(
    `select handle from accounts where id = $1 and suspended_at is null and deleted_at is null and moved_to_id is null`,
    input.accountId,
  );
  if (!accounts[0]) throw notAllowed('account-inactive');
  const id = await nextFreeId(unit);
  return writeBoost(unit, {
    id,
    uri: `${accountUris(unit.site, accounts[0].handle).uri}/boosts/${id}`,
    accountId: input.accountId,
    postId: post.id,
    visibility: narrower(input.visibility ?? 'public', post.visibility),
    local: true,
    createdAt: unit.now,
  });
}

/** A remote account's boost of a post that is known here and public enough. */
export async function receiveBoost(
  unit: Unit,
  input: { actorId: number; postId: number; uri: string; visibility: Visibility; publishedAt: number },
): Promise<void> {
  const buried = await unit.tx.hot('select 1 as buried from tombstones where uri = $1', input.uri);
  if (buried.length > 0) return;
  const rows = await unit.tx.hot<Boosted>(
    `select p.id, p.author_id, p.visibility from posts p join accounts a on a.id = p.author_id
     where p.id = $1 and p.boost_of_id is null and ${visibleTo(2)}`,
    input.postId,
    input.actorId,
  );
  const [post] = rows;
  if (!post || !canBoost(post.visibility, post.author_id === input.actorId)) return;
  await writeBoost(unit, {
    id: await freeId(unit, input.publishedAt),
    uri: input.uri,
    accountId: input.actorId,
    postId: post.id,
    visibility: narrower(input.visibility, post.visibility),
    local: false,
    createdAt: Math.min(input.publishedAt, unit.now),
  });
}

interface NewBoost {
  id: number;
  uri: string;
  accountId: number;
  postId: number;
  visibility: Visibility;
  local: boolean;
  createdAt: number;
}

async function writeBoost(unit: Unit, boost: NewBoost): Promise<number> {
  const { posts } = unit.schema;
  const rows = await unit.tx
    .insert(posts)
    .values({
      id: boost.id,
      uri: boost.uri,
      url: boost.uri,
      authorId: boost.accountId,
      local: boost.local,
      visibility: boost.visibility,
      threadId: boost.id,
      boostOfId: boost.postId,
      createdAt: boost.createdAt,
      receivedAt: unit.now,
    })
    .onConflictDoNothing()
    .returning({ id: posts.id });
  if (!rows[0]) {
    const known = await unit.tx.hot<{ id: number }>(
      'select id from posts where boost_of_id = $1 and author_id = $2',
      boost.postId,
      boost.accountId,
    );
    return known[0]?.id ?? boost.id;
  }
  await unit.tx.hot('update posts set boosts_count = boosts_count + 1 where id = $1', boost.postId);
  unit.emit({ type: 'post-boosted', boostId: boost.id, postId: boost.postId, accountId: boost.accountId });
  return boost.id;
}

/** Takes a boost back; one that is not there changes nothing. */
export async function undoBoost(unit: Unit, input: { accountId: number; postId: number }): Promise<void> {
  await removeBoost(unit, 'boost_of_id = $1 and author_id = $2', [input.postId, input.accountId]);
}

/** A remote account's Undo of its own Announce, by its id, or by the post where the id says nothing. False: there was none. */
export async function receiveUndoBoost(
  unit: Unit,
  input: { actorId: number; uri: string | null; postUri: string | null },
): Promise<boolean> {
  const { actorId, uri, postUri } = input;
  const removed = await removeBoost(unit, 'uri = $1 and author_id = $2 and boost_of_id is not null', [
    uri ?? '',
    actorId,
  ]);
  if (removed || postUri === null) return removed;
  return removeBoost(unit, 'boost_of_id = (select id from posts where uri = $1) and author_id = $2', [
    postUri,
    actorId,
  ]);
}

async function removeBoost(unit: Unit, where: string, values: (string | number)[]): Promise<boolean> {
  const rows = await unit.tx.hot<{ uri: string; boost_of_id: number; author_id: number; visibility: Visibility }>(
    `delete from posts where ${where} returning uri, boost_of_id, author_id, visibility`,
    ...values,
  );
  const [boost] = rows;
  if (!boost) return false;
  await unit.tx.hot('update posts set boosts_count = boosts_count - 1 where id = $1', boost.boost_of_id);
  unit.emit({
    type: 'boost-undone',
    uri: boost.uri,
    postId: boost.boost_of_id,
    accountId: boost.author_id,
    visibility: boost.visibility,
  });
  return true;
}

/** @throws not-found for a post that the account may not see. */
export async function seenPost(unit: Unit, postId: number, accountId: number): Promise<Boosted> {
  const rows = await unit.tx.hot<Boosted>(
    `select p.id, p.author_id, p.visibility from posts p join accounts a on a.id = p.author_id
     where p.id = $1 and p.boost_of_id is null and ${visibleTo(2)}`,
    postId,
    accountId,
  );
  if (!rows[0]) throw notFound();
  return rows[0];
}
