import { and, eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import type { FilesToRemove } from '#domain/media/media-storage.ts';
import { conflict, notFound } from '#kernel/errors.ts';

/**
 * Throws away one's own unused upload; its files are the caller's to remove.
 * @throws not-found for media of somebody else, conflict for media of a post.
 */
export async function discardMedia(unit: Unit, input: { accountId: number; mediaId: number }): Promise<FilesToRemove> {
  const { media } = unit.schema;
  const [row] = await unit.tx
    .select({ postId: media.postId, purpose: media.purpose, file: media.file, previewFile: media.previewFile })
    .from(media)
    .where(and(eq(media.id, input.mediaId), eq(media.accountId, input.accountId)));
  // A profile's picture is replaced there, and collected with the unused ones.
  if (!row || row.file === null || row.purpose !== 'post') throw notFound();
  if (row.postId !== null) throw conflict('media-used', 'media');
  await unit.tx.delete(media).where(eq(media.id, input.mediaId));
  return { uploads: [row.file, ...(row.previewFile ? [row.previewFile] : [])], cache: [] };
}
