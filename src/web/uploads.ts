import { mediaLimits } from '#domain/media/media-limits.ts';
import type { MediaPurpose } from '#domain/media/media-processor.ts';
import { prepareMedia, withdrawMedia, type MediaParts, type PreparedMedia } from '#domain/media/prepare-media.ts';
import { invalid, tooMany } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { boundaryOf, readMultipart } from '#web/multipart.ts';
import { typedText } from '#web/typed-text.ts';

/** A file from a form. What it was called, and what it was said to be, has no meaning here and is not kept. */
export interface UploadedFile {
  field: string;
  /** Among the file fields of that name, the empty ones counted: so that it finds its description. */
  position: number;
  bytes: Uint8Array;
}

export interface UploadForm {
  files: UploadedFile[];
  /** Every text field in order, by name. */
  fields: Map<string, string[]>;
}

export interface Uploads {
  /**
   * Reads a form with files within its bounds, before and while it arrives, and runs `use` with it; its bytes count
   * as held until `use` is done.
   * @throws invalid for a form that is too large, too slow or malformed; too-many when too much is in hand already.
   */
  read<T>(request: Request, accountId: number, use: (form: UploadForm) => Promise<T>): Promise<T>;
}

/** The text fields of a form come on top of one file. */
const BODY_BYTES_MAX = limits.uploadBytes + limits.formBodyBytes;

/** One for the process: it knows how much of everyone's uploads is held in memory. */
export function createUploads(): Uploads {
  const held = new Map<number, number>();
  let heldBytes = 0;

  function hold(accountId: number, bytes: number): void {
    const own = (held.get(accountId) ?? 0) + bytes;
    heldBytes += bytes;
    if (own > 0) held.set(accountId, own);
    else held.delete(accountId);
    const tooMuch = heldBytes > mediaLimits.uploadsInHandBytes || own > mediaLimits.uploadsInHandPerAccountBytes;
    if (bytes > 0 && tooMuch) throw tooMany('media-busy');
  }

  return {
    async read(request, accountId, use) {
      const boundary = boundaryOf(request.headers.get('content-type'));
      if (boundary === null) throw invalid('upload-malformed', 'file');
      if (Number(request.headers.get('content-length')) > BODY_BYTES_MAX) throw tooLarge();
      let own = 0;
      try {
        const body = await readBody(request, (bytes) => {
          own += bytes;
          if (own > BODY_BYTES_MAX) throw tooLarge();
          hold(accountId, bytes);
        });
        return await use(formOf(readMultipart(body, boundary)));
      } finally {
        hold(accountId, -own);
      }
    },
  };
}

export interface PreparedFile {
  field: string;
  position: number;
  media: PreparedMedia;
}

/**
 * Checks, re-encodes and stores every file of a form, one after the other. When one is refused, none is kept.
 * @throws what `prepareMedia` throws.
 */
export async function prepareFiles(
  parts: MediaParts,
  files: readonly UploadedFile[],
  purpose: MediaPurpose,
): Promise<PreparedFile[]> {
  if (files.length > limits.mediaPerPost) throw invalid('media-too-many', 'media', { max: limits.mediaPerPost });
  const prepared: PreparedFile[] = [];
  try {
    for (const { field, position, bytes } of files) {
      prepared.push({ field, position, media: await prepareMedia(parts, bytes, purpose) });
    }
  } catch (error) {
    for (const { media } of prepared) await withdrawMedia(parts, media);
    throw error;
  }
  return prepared;
}

/** @param took told of each chunk before it is kept; its throw ends the reading. */
async function readBody(request: Request, took: (bytes: number) => void): Promise<Buffer> {
  const reader = request.body?.getReader();
  if (!reader) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  const late = AbortSignal.timeout(mediaLimits.uploadMs);
  const cancel = () => void reader.cancel(late.reason);
  late.addEventListener('abort', cancel);
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      took(next.value.byteLength);
      chunks.push(next.value);
    }
    // A cancelled body ends as if it were whole.
    if (late.aborted) throw invalid('upload-too-slow', 'file');
  } catch (error) {
    await reader.cancel(error).catch(() => undefined);
    throw error;
  } finally {
    late.removeEventListener('abort', cancel);
  }
  return Buffer.concat(chunks);
}

function formOf(parts: ReturnType<typeof readMultipart>): UploadForm {
  const files: UploadedFile[] = [];
  const fields = new Map<string, string[]>();
  const positions = new Map<string, number>();
  let textBytes = 0;
  for (const { name, isFile, bytes } of parts) {
    if (!isFile) {
      textBytes += bytes.byteLength;
      if (textBytes > limits.formBodyBytes) throw tooLarge();
      fields.set(name, [...(fields.get(name) ?? []), typedText(bytes.toString('utf8'))]);
      continue;
    }
    const position = positions.get(name) ?? 0;
    positions.set(name, position + 1);
    if (bytes.byteLength > limits.uploadBytes) throw tooLarge();
    // A file field in which nothing was chosen is sent empty.
    if (bytes.byteLength > 0) files.push({ field: name, position, bytes });
  }
  return { files, fields };
}

function tooLarge() {
  return invalid('upload-too-large', 'file', { max: Math.floor(limits.uploadBytes / 1_000_000) });
}
