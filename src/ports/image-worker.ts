import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { MediaProcessor, MediaPurpose, ProcessedMedia, SniffedMedia } from '#domain/media/media-processor.ts';
import { need } from '#kernel/assert.ts';
import { SECOND_MS } from '#kernel/clock.ts';
import { DomainError, invalid, tooMany } from '#kernel/errors.ts';
import type { ThreadAnswer, ThreadTask } from '#ports/image-worker-thread.ts';
import { sniffMedia } from '#ports/sniff-media.ts';

export interface ImageWorkerOptions {
  /** How many media are worked on at once, each of which may take 400 MB for a moment: two where there is room. */
  threads?: 1 | 2;
  /** For one medium, from when its turn comes. */
  timeoutMs?: number;
  /** How many may wait for their turn. */
  waitingMax?: number;
  /** The thread's program; found beside this one, or beside the bundle, where none is given. */
  threadFile?: URL;
}

interface Task {
  message: ThreadTask;
  resolve(processed: ProcessedMedia): void;
  reject(error: Error): void;
}

/** Of the thread's own heap; pixels lie outside of it and are bounded by what a header may say. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/**
 * Works on media in threads of its own, started when they are needed. A thread that takes too long or dies is
 * replaced, and only its own medium is refused.
 */
export function createImageWorker(options: ImageWorkerOptions = {}): MediaProcessor {
  const { threads = threadsFor(process.availableMemory()), timeoutMs = 20 * SECOND_MS, waitingMax = 50 } = options;
  const threadFile = options.threadFile ?? findThreadFile();
  const idle: Worker[] = [];
  const alive = new Set<Worker>();
  const waiting: Task[] = [];
  let busy = 0;
  let closed = false;

  function take(): Worker {
    const rested = idle.pop();
    if (rested) return rested;
    const worker = new Worker(threadFile, { resourceLimits: RESOURCE_LIMITS, name: 'media' });
    alive.add(worker);
    // A thread may die after it was given up, too, and that must not end the process.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      alive.delete(worker);
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    });
    return worker;
  }

  async function run(task: Task): Promise<void> {
    busy += 1;
    const worker = take();
    try {
      const answer = await ask(worker, task.message, timeoutMs);
      worker.unref();
      idle.push(worker);
      if ('processed' in answer) task.resolve(answer.processed);
      else task.reject(invalid(answer.refused, 'file', answer.values));
    } catch (error) {
      // Not awaited: it ends when the decoder next looks up, and the next medium has a thread of its own.
      void worker.terminate();
      task.reject(
        error instanceof DomainError
          ? error
          : new DomainError('invalid', 'media-broken', { field: 'file', cause: error }),
      );
    } finally {
      busy -= 1;
      turn();
    }
  }

  function turn(): void {
    while (busy < threads) {
      const task = waiting.shift();
      if (!task) return;
      void run(task);
    }
  }

  return {
    sniff: sniffMedia,
    process(bytes, purpose) {
      if (closed || waiting.length >= waitingMax) return Promise.reject(tooMany('media-busy'));
      const sniffed = sniffMedia(bytes);
      const refusal = refusalOf(sniffed, purpose);
      if (sniffed === null || refusal) return Promise.reject(invalid(refusal ?? 'media-type-refused', 'file'));
      return new Promise((resolve, reject) => {
        waiting.push({ message: { bytes: whole(bytes), sniffed, purpose }, resolve, reject });
        turn();
      });
    },
    async close() {
      closed = true;
      for (const task of waiting.splice(0)) task.reject(tooMany('media-busy'));
      await Promise.all([...alive].map((worker) => worker.terminate()));
    },
  };
}

function threadsFor(memoryBytes: number): 1 | 2 {
  return memoryBytes >= 2_000_000_000 ? 2 : 1;
}

function refusalOf(sniffed: SniffedMedia | null, purpose: MediaPurpose): string | null {
  if (sniffed === null) return 'media-type-refused';
  return sniffed === 'picture' || purpose === 'post' ? null : 'media-not-a-picture';
}

/** @throws invalid media-too-slow, or the thread's own death. */
function ask(worker: Worker, message: ThreadTask, timeoutMs: number): Promise<ThreadAnswer> {
  return new Promise<ThreadAnswer>((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(invalid('media-too-slow', 'file'))), timeoutMs);
    const answered = (answer: ThreadAnswer) => settle(() => resolve(answer));
    const died = (error: unknown) =>
      settle(() => reject(error instanceof Error ? error : new Error(`the thread ended with ${String(error)}`)));
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      worker.off('message', answered).off('error', died).off('exit', died);
      outcome();
    };
    worker.ref();
    worker.on('message', answered).on('error', died).on('exit', died);
    worker.postMessage(message, [message.bytes.buffer as ArrayBuffer]);
  });
}

/** A buffer can be handed over only by whoever has all of it. */
function whole(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

/** From source the thread lies beside this file; bundled, beside the program or, from a chunk, one folder up. */
function findThreadFile(): URL {
  const places = ['./image-worker-thread.ts', './image-worker-thread.js', '../image-worker-thread.js'];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  return need(found, 'the image worker has no thread: image-worker-thread.js must lie beside the program');
}
