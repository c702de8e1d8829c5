import type { MediaType } from '#domain/media/media-types.ts';

export type MediaPurpose = 'post' | 'avatar' | 'header' | 'emoji' | 'instance';

/** What bytes are by their own beginning, whatever name or type came with them. */
export type SniffedMedia = 'picture' | Exclude<MediaType, 'image/webp'>;

export interface ProcessedMedia {
  type: MediaType;
  body: Uint8Array;
  /** WebP, for pictures of posts. */
  preview: Uint8Array | null;
  width: number | null;
  height: number | null;
  durationMs: number | null;
  blurhash: string | null;
}

/** Turns what strangers send into what this instance serves. */
export interface MediaProcessor {
  /** Null for what is not taken at all. The first 4 KB are enough. */
  sniff(head: Uint8Array): SniffedMedia | null;
  /**
   * Takes `bytes` over: their buffer may be empty afterwards.
   * @throws a `DomainError`: invalid with a reason for people, or too-many `media-busy`.
   */
  process(bytes: Uint8Array, purpose: MediaPurpose): Promise<ProcessedMedia>;
  close(): Promise<void>;
}
