import type { Unit } from '#db/unit.ts';
import { deletePost } from '#domain/posts/delete-post.ts';
import { publishPost, type NewPost } from '#domain/posts/publish-post.ts';

/**
 * Deletes one's own post and publishes another in its place, which may take over its media. Nothing is lost before
 * the new one stands: a refusal of either leaves both as they were.
 * @throws what `deletePost` and `publishPost` throw.
 */
export async function replacePost(unit: Unit, input: NewPost & { replacedId: number }): Promise<number> {
  const { replacedId, ...post } = input;
  await deletePost(unit, { authorId: post.authorId, postId: replacedId });
  return publishPost(unit, post);
}
