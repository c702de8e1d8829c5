import type { Unit } from '#db/unit.ts';
import { seenPost } from '#domain/posts/boost-post.ts';

/** For one's own eyes only: nothing federates. @throws not-found for a post that the account may not see. */
export async function bookmarkPost(unit: Unit, input: { accountId: number; postId: number }): Promise<void> {
  const post = await seenPost(unit, input.postId, input.accountId);
  await unit.tx.hot(
    'insert into bookmarks (id, account_id, post_id, created_at) values ($1, $2, $3, $4) on conflict do nothing',
    unit.newId(),
    input.accountId,
    post.id,
    unit.now,
  );
}

export async function undoBookmark(unit: Unit, input: { accountId: number; postId: number }): Promise<void> {
  await unit.tx.hot('delete from bookmarks where account_id = $1 and post_id = $2', input.accountId, input.postId);
}
