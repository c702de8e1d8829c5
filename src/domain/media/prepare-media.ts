import { newFileName, previewNameOf } from '#domain/media/file-names.ts';
import type { MediaProcessor, MediaPurpose } from '#domain/media/media-processor.ts';
import type { MediaStorage } from '#domain/media/media-storage.ts';
import { MEDIA_TYPES, type MediaType } from '#domain/media/media-types.ts';
import type { MediaKind } from '#domain/media/media-view.ts';

export interface MediaParts {
  processor: MediaProcessor;
  uploads: MediaStorage;
}

/** Checked, re-encoded and stored: ready for `addMedia`. */
export interface PreparedMedia {
  purpose: MediaPurpose;
  kind: MediaKind;
  mimeType: MediaType;
  file: string;
  previewFile: string | null;
  bytes: number;
  width: number | null;
  height: number | null;
  durationMs: number | null;
  blurhash: string | null;
}

/**
 * Everything about an upload that takes time, before the command that makes it someone's. Its files are nobody's
 * until `addMedia` has run: see `withdrawMedia`.
 * @throws what the processor and the storage throw, all of it `DomainError`s for people.
 */
export async function prepareMedia(
  parts: MediaParts,
  bytes: Uint8Array,
  purpose: MediaPurpose,
): Promise<PreparedMedia> {
  const { type, body, preview, ...shown } = await parts.processor.process(bytes, purpose);
  const file = newFileName(type);
  const previewFile = preview ? previewNameOf(file) : null;
  const prepared = {
    purpose,
    kind: MEDIA_TYPES[type].kind,
    mimeType: type,
    file,
    previewFile,
    bytes: body.byteLength + (preview?.byteLength ?? 0),
    ...shown,
  };
  try {
    await parts.uploads.put(file, body);
    if (preview && previewFile) await parts.uploads.put(previewFile, preview);
  } catch (error) {
    await withdrawMedia(parts, prepared);
    throw error;
  }
  return prepared;
}

/** Removes the files of an upload that no command took. */
export async function withdrawMedia(
  { uploads }: Pick<MediaParts, 'uploads'>,
  { file, previewFile }: Pick<PreparedMedia, 'file' | 'previewFile'>,
): Promise<void> {
  await uploads.remove(file);
  if (previewFile) await uploads.remove(previewFile);
}
