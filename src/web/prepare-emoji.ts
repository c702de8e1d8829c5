import { prepareMedia, withdrawMedia, type PreparedMedia } from '#domain/media/prepare-media.ts';
import { DomainError } from '#kernel/errors.ts';
import type { WebDeps } from '#web/web-deps.ts';

/** Checks and re-encodes a picture as an emoji. @throws what `prepareMedia` throws, said at the field `picture`. */
export async function prepareEmoji({ media }: Pick<WebDeps, 'media'>, bytes: Uint8Array): Promise<PreparedMedia> {
  try {
    return await prepareMedia(media, bytes, 'emoji');
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, error.reason, { field: 'picture', values: error.values, cause: error });
  }
}

/** Runs the command that makes the picture the instance's; where it is refused, no file stays behind. */
export async function withPreparedEmoji<T>(
  { media: parts }: Pick<WebDeps, 'media'>,
  media: PreparedMedia,
  use: () => Promise<T>,
): Promise<T> {
  try {
    return await use();
  } catch (error) {
    await withdrawMedia(parts, media);
    throw error;
  }
}
