import type { PreparedMedia } from '#domain/media/prepare-media.ts';

/** A picture for an emoji, as the media pipeline would have made it; its file is nowhere. */
export function emojiPicture(name: string, bytes = 900): PreparedMedia {
  return {
    purpose: 'emoji',
    kind: 'image',
    mimeType: 'image/webp',
    file: `${name.padStart(32, '0')}.webp`,
    previewFile: null,
    bytes,
    width: 64,
    height: 64,
    durationMs: null,
    blurhash: null,
  };
}
