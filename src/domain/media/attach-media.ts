import { eq } from 'drizzle-orm';
import { idsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { conflict, invalid } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

export interface MediaOfPost {
  accountId: number;
  postId: number;
  /** In the order in which the post shows them. */
  mediaIds: readonly number[];
}

/**
 * Makes uploads the media of a post, for the commands that publish and edit it: what the post had and is not named
 * any more is taken from it.
 * @throws invalid for too many, or for an id that is no upload of this account (whether it is somebody else's or
 * nobody's is not told); conflict for one that another post has.
 */
export async function attachMedia(unit: Unit, { accountId, postId, mediaIds }: MediaOfPost): Promise<void> {
  if (mediaIds.length > limits.mediaPerPost) throw invalid('media-too-many', 'media', { max: limits.mediaPerPost });
  const rows = await unit.tx.hot<{ id: number; post_id: number | null }>(
    `select id, post_id from media where id in ${idsIn(unit.engine, '$1')}
       and account_id = $2 and purpose = 'post' and file is not null`,
    JSON.stringify(mediaIds),
    accountId,
  );
  if (rows.length !== mediaIds.length) throw invalid('media-not-found', 'media');
  if (rows.some((row) => row.post_id !== null && row.post_id !== postId)) throw conflict('media-used', 'media');

  const { media } = unit.schema;
  await releaseMedia(unit, postId);
  for (const [position, id] of mediaIds.entries()) {
    await unit.tx.update(media).set({ postId, position, createdAt: unit.now }).where(eq(media.id, id));
  }
}

/**
 * Takes its media from a post that is edited or deleted. They count as unused for long: from now on nobody is shown
 * them, and the next clean-up removes them unless another post takes them first.
 */
export async function releaseMedia(unit: Unit, postId: number): Promise<void> {
  await unit.tx.hot('update media set post_id = null, position = 0, created_at = 0 where post_id = $1', postId);
}
