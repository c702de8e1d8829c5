import { parentPort } from 'node:worker_threads';
import type { MediaPurpose, ProcessedMedia, SniffedMedia } from '#domain/media/media-processor.ts';
import { need } from '#kernel/assert.ts';
import { cleanMp4 } from '#ports/mp4-boxes.ts';
import { PictureRefused, renderPicture, shutOtherDecoders } from '#ports/render-picture.ts';

/*
 * The inside of a thread of `image-worker.ts`, and an entry of its own in the bundle. It meets the bytes of
 * strangers, and touches neither the database nor the disk nor the network.
 */

/** What a thread is asked. */
export interface ThreadTask {
  bytes: Uint8Array;
  sniffed: SniffedMedia;
  purpose: MediaPurpose;
}

export type ThreadAnswer = { processed: ProcessedMedia } | { refused: string; values: Record<string, number> };

const port = need(parentPort, 'image-worker-thread runs as a worker thread only');
shutOtherDecoders();
port.on('message', (task: ThreadTask) => void answer(task));

async function answer(task: ThreadTask): Promise<void> {
  try {
    const processed = await work(task);
    const handedOver = [processed.body, processed.preview].flatMap((bytes) =>
      bytes ? [bytes.buffer as ArrayBuffer] : [],
    );
    port.postMessage({ processed } satisfies ThreadAnswer, handedOver);
  } catch (error) {
    const { reason, values } = error instanceof PictureRefused ? error : new PictureRefused('media-broken');
    port.postMessage({ refused: reason, values } satisfies ThreadAnswer);
  }
}

async function work({ bytes, sniffed, purpose }: ThreadTask): Promise<ProcessedMedia> {
  if (sniffed === 'picture') {
    const rendered = await renderPicture(bytes, purpose);
    // The encoder's buffers lie outside of the heap and cannot be handed over.
    return {
      ...rendered,
      body: new Uint8Array(rendered.body),
      preview: rendered.preview && new Uint8Array(rendered.preview),
    };
  }
  const isMp4 = sniffed === 'video/mp4' || sniffed === 'video/quicktime' || sniffed === 'audio/mp4';
  const facts = isMp4 ? cleanMp4(bytes) : { width: null, height: null, durationMs: null };
  return { type: sniffed, body: bytes, preview: null, blurhash: null, ...facts };
}
