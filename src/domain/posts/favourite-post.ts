import type { Unit } from '#db/unit.ts';
import { seenPost } from '#domain/posts/boost-post.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';

/** @throws not-found for a post that the account may not see. Twice is once. */
export async function favouritePost(unit: Unit, input: { accountId: number; postId: number }): Promise<void> {
  const post = await seenPost(unit, input.postId, input.accountId);
  const id = unit.newId();
  await writeFavourite(unit, { id, ...input, postId: post.id, uri: `${unit.site.origin}/favourites/${id}` });
}

/** A remote account's Like of a post of ours or one known here, as far as it may see it. */
export async function receiveFavourite(
  unit: Unit,
  input: { actorId: number; postUri: string; uri: string },
): Promise<void> {
  const rows = await unit.tx.hot<{ id: number }>(
    `select p.id from posts p join accounts a on a.id = p.author_id
     where p.uri = $1 and p.boost_of_id is null and ${visibleTo(2)}`,
    input.postUri,
    input.actorId,
  );
  if (!rows[0]) return;
  await writeFavourite(unit, { id: unit.newId(), accountId: input.actorId, postId: rows[0].id, uri: input.uri });
}

async function writeFavourite(
  unit: Unit,
  favourite: { id: number; accountId: number; postId: number; uri: string },
): Promise<void> {
  const rows = await unit.tx.hot(
    `insert into favourites (id, account_id, post_id, uri, created_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning id`,
    favourite.id,
    favourite.accountId,
    favourite.postId,
    favourite.uri,
    unit.now,
  );
  if (rows.length === 0) return;
  await unit.tx.hot('update posts set favourites_count = favourites_count + 1 where id = $1', favourite.postId);
  unit.emit({ type: 'post-favourited', postId: favourite.postId, accountId: favourite.accountId, uri: favourite.uri });
}

/** Takes a favourite back; one that is not there changes nothing. */
export async function undoFavourite(unit: Unit, input: { accountId: number; postId: number }): Promise<void> {
  await removeFavourite(unit, 'account_id = $1 and post_id = $2', [input.accountId, input.postId]);
}

/** A remote account's Undo of its own Like, by the Like's id or by the post that the embedded Like names. False: there was none. */
export async function receiveUndoFavourite(
  unit: Unit,
  input: { actorId: number; uri: string; postUri: string | null },
): Promise<boolean> {
  const removed = await removeFavourite(unit, 'uri = $1 and account_id = $2', [input.uri, input.actorId]);
  if (removed || input.postUri === null) return removed;
  return removeFavourite(unit, 'post_id = (select id from posts where uri = $1) and account_id = $2', [
    input.postUri,
    input.actorId,
  ]);
}

async function removeFavourite(unit: Unit, where: string, values: (string | number)[]): Promise<boolean> {
  const rows = await unit.tx.hot<{ post_id: number; account_id: number; uri: string }>(
    `delete from favourites where ${where} returning post_id, account_id, uri`,
    ...values,
  );
  const [favourite] = rows;
  if (!favourite) return false;
  await unit.tx.hot('update posts set favourites_count = favourites_count - 1 where id = $1', favourite.post_id);
  unit.emit({
    type: 'favourite-undone',
    postId: favourite.post_id,
    accountId: favourite.account_id,
    uri: favourite.uri,
  });
  return true;
}
