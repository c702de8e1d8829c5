import { and, eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { conflict, invalid, notFound } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

export interface MediaDescription {
  accountId: number;
  mediaId: number;
  /** Undefined leaves it as it is; null or nothing but space takes it away. */
  description?: string | null;
  /** From -1 to 1; both or neither. */
  focusX?: number;
  focusY?: number;
  /** The post whose edit this is part of; without it only an unused upload may be changed. */
  postId?: number;
}

/**
 * Says what a picture shows and where its middle is. In a post that is an edit, so the post's command calls this
 * and tells of the edit itself.
 * @throws not-found for media of somebody else, conflict for media of a post.
 */
export async function describeMedia(unit: Unit, input: MediaDescription): Promise<void> {
  const { media } = unit.schema;
  const [row] = await unit.tx
    .select({ postId: media.postId, file: media.file })
    .from(media)
    .where(and(eq(media.id, input.mediaId), eq(media.accountId, input.accountId)));
  if (!row || row.file === null) throw notFound();
  if (row.postId !== null && row.postId !== input.postId) throw conflict('media-used', 'media');
  const change = {
    ...(input.description === undefined ? {} : { description: checkDescription(input.description) }),
    ...(input.focusX === undefined || input.focusY === undefined
      ? {}
      : { focusX: checkFocus(input.focusX), focusY: checkFocus(input.focusY) }),
  };
  if (Object.keys(change).length > 0) await unit.tx.update(media).set(change).where(eq(media.id, input.mediaId));
}

/** The description as it is stored. @throws invalid when it is too long. */
export function checkDescription(description: string | null): string | null {
  const text = description?.trim() ?? '';
  const max = limits.mediaDescriptionCharacters;
  if (text.length > max && [...text].length > max) throw invalid('media-description-too-long', 'description', { max });
  return text === '' ? null : text;
}

function checkFocus(value: number): number {
  if (!Number.isFinite(value)) throw invalid('media-focus', 'focus');
  return Math.max(-1, Math.min(1, value));
}
