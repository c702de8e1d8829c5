import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { releaseMedia } from '#domain/media/attach-media.ts';
import { countPost, countReply } from '#domain/posts/post-parts.ts';
import { notFound } from '#kernel/errors.ts';

/** Deletes one's own post. @throws not-found for a post of somebody else. */
export async function deletePost(unit: Unit, input: { authorId: number; postId: number }): Promise<void> {
  const { posts } = unit.schema;
  const [post] = await unit.tx.select().from(posts).where(eq(posts.id, input.postId));
  if (!post || post.authorId !== input.authorId || post.boostOfId !== null) throw notFound();
  await removePost(unit, post.id);
}

/**
 * Removes a post with everything that hangs on it, and remembers its address. Replies stay, and still say
 * what they answered. Files of its media are collected by a job.
 */
export async function removePost(unit: Unit, postId: number): Promise<void> {
  const { posts, tombstones } = unit.schema;
  const [post] = await unit.tx.select().from(posts).where(eq(posts.id, postId));
  if (!post) return;
  const reachedIds = await reachedBy(unit, postId);
  const carriedByIds = await carriedBy(unit, postId);
  // A private post of ours leaves no grave that a stranger could find.
  if (!post.local || post.visibility === 'public' || post.visibility === 'unlisted') {
    await unit.tx.insert(tombstones).values({ uri: post.uri, deletedAt: unit.now }).onConflictDoNothing();
  }
  if (post.replyToId !== null) await countReply(unit, post.replyToId, post.visibility, -1);
  if (post.boostOfId === null && post.visibility !== 'direct') await countPost(unit, post.authorId, -1);
  await unit.tx.hot('delete from posts where boost_of_id = $1', postId);
  await unit.tx.hot('update posts set reply_to_id = null where reply_to_id = $1', postId);
  await releaseMedia(unit, postId);
  await unit.tx.delete(posts).where(eq(posts.id, postId));
  unit.emit({
    type: 'post-deleted',
    postId,
    uri: post.uri,
    authorId: post.authorId,
    visibility: post.visibility,
    reachedIds,
    carriedByIds,
  });
}

/** Who has a copy besides the author's followers: those it names, those who answered, boosted or favoured it. */
async function reachedBy(unit: Unit, postId: number): Promise<number[]> {
  const rows = await unit.tx.hot<{ id: number }>(
    `select account_id as id from post_mentions where post_id = $1
     union select author_id from posts where reply_to_id = $1 or boost_of_id = $1
     union select account_id from favourites where post_id = $1
     union select reply_to_account_id from posts where id = $1 and reply_to_account_id is not null`,
    postId,
  );
  return rows.map((row) => row.id);
}

async function carriedBy(unit: Unit, postId: number): Promise<number[]> {
  const rows = await unit.tx.hot<{ id: number }>(
    `select author_id as id from posts where boost_of_id = $1
     union select reply_to_account_id from posts where id = $1 and reply_to_account_id is not null`,
    postId,
  );
  return rows.map((row) => row.id);
}
