import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Ballast } from '#domain/media/media-storage.ts';
import { freeSpace } from '#ports/disk-space.ts';

export interface BallastOptions {
  /** Beside the database, on the disk that must not run full. */
  file: string;
  bytes?: number;
  freeBytes?: (folder: string) => Promise<number>;
}

const CHUNK_BYTES = 1024 * 1024;
/** Below this the database may fail at any moment: then the ballast goes. */
const FREE_BYTES_MIN = 50_000_000;

/**
 * A file of zeros which is removed when the disk is about to be full: a full SQLite cannot even delete rows, so the
 * room that it frees is what lets an admin, or the next clean-up, make more. It comes back when there is plenty.
 */
export function createBallast({ file, bytes = 32 * CHUNK_BYTES, freeBytes = freeBytesOf }: BallastOptions): Ballast {
  const sizeOf = () =>
    stat(file).then(
      (found) => found.size,
      () => 0,
    );
  return {
    async tend() {
      await mkdir(dirname(file), { recursive: true });
      const free = await freeBytes(dirname(file));
      const size = await sizeOf();
      if (free < FREE_BYTES_MIN) {
        await rm(file, { force: true });
        return 'released';
      }
      if (size === bytes) return 'kept';
      // Twice the size is left beside it, so that it is not thrown overboard again at once.
      if (free + size < FREE_BYTES_MIN + 3 * bytes) return 'released';
      await fill(file, bytes);
      return 'kept';
    },
    async release() {
      const size = await sizeOf();
      await rm(file, { force: true });
      return size > 0;
    },
  };
}

/** Written out, because a hole in a file frees nothing. */
async function fill(file: string, bytes: number): Promise<void> {
  const handle = await open(file, 'w', 0o640);
  try {
    const zeros = new Uint8Array(CHUNK_BYTES);
    for (let left = bytes; left > 0; left -= CHUNK_BYTES)
      await handle.writeFile(zeros.subarray(0, Math.min(left, CHUNK_BYTES)));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function freeBytesOf(folder: string): Promise<number> {
  return (await freeSpace(folder)).freeBytes;
}
