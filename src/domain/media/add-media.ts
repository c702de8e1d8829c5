import type { Commit, Unit } from '#db/unit.ts';
import { checkDescription } from '#domain/media/describe-media.ts';
import { mediaLimits } from '#domain/media/media-limits.ts';
import type { MediaPurpose } from '#domain/media/media-processor.ts';
import { prepareMedia, withdrawMedia, type MediaParts, type PreparedMedia } from '#domain/media/prepare-media.ts';
import { tooMany } from '#kernel/errors.ts';

export interface NewMedia {
  accountId: number;
  media: PreparedMedia;
  description?: string | null;
  focusX?: number;
  focusY?: number;
}

/**
 * Makes an upload its owner's, unused as yet, and returns its id.
 * @throws too-many when the owner has let too many uploads lie about unused.
 */
export async function addMedia(unit: Unit, input: NewMedia): Promise<number> {
  const waiting = await unit.tx.hot<{ count: number }>(
    `select count(*) as count from (select 1 from media
       where account_id = $1 and post_id is null and purpose = 'post' and remote_url is null limit $2) unused`,
    input.accountId,
    mediaLimits.unusedPerAccount,
  );
  if (Number(waiting[0]?.count) >= mediaLimits.unusedPerAccount) throw tooMany('media-unused-too-many');
  const id = unit.newId();
  await unit.tx.insert(unit.schema.media).values({
    id,
    accountId: input.accountId,
    ...input.media,
    description: checkDescription(input.description ?? null),
    focusX: input.focusX ?? 0,
    focusY: input.focusY ?? 0,
    createdAt: unit.now,
  });
  return id;
}

export interface Upload extends Omit<NewMedia, 'media'> {
  bytes: Uint8Array;
  purpose: MediaPurpose;
}

/** The whole way of an upload, for every door: prepare, then commit; a refused one leaves no file behind. */
export async function takeUpload(parts: MediaParts & { commit: Commit }, upload: Upload): Promise<number> {
  const { bytes, purpose, ...owned } = upload;
  checkDescription(owned.description ?? null);
  const media = await prepareMedia(parts, bytes, purpose);
  try {
    return await parts.commit(addMedia, { ...owned, media });
  } catch (error) {
    await withdrawMedia(parts, media);
    throw error;
  }
}
