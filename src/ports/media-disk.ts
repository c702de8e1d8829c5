import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ByteRange, MediaStorage, StoredFile, StorageUsage } from '#domain/media/media-storage.ts';
import { assert } from '#kernel/assert.ts';
import { DomainError } from '#kernel/errors.ts';
import { freeSpace, isStorageFull, type DiskSpace } from '#ports/disk-space.ts';

export interface MediaDiskOptions {
  /** Ours alone; made when it is not there. */
  folder: string;
  freeSpace?: (folder: string) => Promise<DiskSpace>;
}

/** The disk has no room for another file; reading goes on. */
export class StorageFull extends DomainError {
  override name = 'StorageFull';

  constructor(cause?: unknown) {
    super('too-many', 'storage-full', { cause });
  }
}

/** Names as `file-names.ts` makes them: no other string ever becomes a path. */
const NAME = /^(?:[0-9a-f]{32}(?:-small)?|[0-9a-f]{64})\.[0-9a-z]{2,4}$/;
const UNFINISHED = 'unfinished';

/**
 * Media as files: `ab/cd/abcd….webp`. A file is written aside, synced and then given its name, so that under its
 * name it is always whole.
 */
export function createMediaDisk(options: MediaDiskOptions): MediaStorage {
  const { folder, freeSpace: spaceOf = freeSpace } = options;
  const unfinished = join(folder, UNFINISHED);

  async function usage(): Promise<StorageUsage> {
    await mkdir(unfinished, { recursive: true });
    const space = await spaceOf(folder);
    return { ...space, full: isStorageFull(space) };
  }

  return {
    usage,
    async put(name, content) {
      const place = placeOf(folder, name);
      if ((await usage()).full) throw new StorageFull();
      const aside = join(unfinished, randomBytes(16).toString('hex'));
      try {
        const bytes = await writeWhole(aside, content);
        const made = await mkdir(place.folder, { recursive: true });
        await rename(aside, place.file);
        await sync(place.folder);
        if (made !== undefined) for (const above of [dirname(place.folder), folder]) await sync(above);
        return bytes;
      } catch (error) {
        await rm(aside, { force: true });
        throw isNoSpace(error) ? new StorageFull(error) : error;
      }
    },
    async open(name) {
      const { file } = placeOf(folder, name);
      const found = await stat(file).catch(ignoreMissing);
      return found?.isFile() ? storedFile(file, found.size) : null;
    },
    async remove(name) {
      await rm(placeOf(folder, name).file, { force: true });
    },
    async *list() {
      for await (const file of filesBelow(folder)) {
        if (!NAME.test(file.name)) continue;
        const found = await stat(file.path).catch(ignoreMissing);
        if (found) yield { name: file.name, changedAt: found.mtimeMs };
      }
    },
    async removeAbandoned(beforeMs) {
      for (const name of await readdir(unfinished).catch(() => [])) {
        const path = join(unfinished, name);
        const found = await stat(path).catch(ignoreMissing);
        if (found && found.mtimeMs < beforeMs) await rm(path, { force: true });
      }
    },
  };
}

function placeOf(folder: string, name: string): { folder: string; file: string } {
  assert(NAME.test(name), 'a file of media has a name that was not made here');
  const inner = join(folder, name.slice(0, 2), name.slice(2, 4));
  return { folder: inner, file: join(inner, name) };
}

async function writeWhole(path: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<number> {
  const handle = await open(path, 'wx', 0o640);
  let bytes = 0;
  try {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      await handle.writeFile(chunk);
      bytes += chunk.byteLength;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return bytes;
}

/** A new name survives a loss of power only when its folder is synced as well. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function storedFile(file: string, bytes: number): StoredFile {
  return {
    bytes,
    read(range?: ByteRange) {
      let reader: AsyncIterator<Uint8Array<ArrayBuffer>> | undefined;
      const start = () =>
        createReadStream(file, range && { start: range.first, end: range.last })[
          Symbol.asyncIterator
        ]() as AsyncIterator<Uint8Array<ArrayBuffer>>;
      return new ReadableStream<Uint8Array<ArrayBuffer>>(
        {
          async pull(controller) {
            reader ??= start();
            const next = await reader.next();
            if (next.done) controller.close();
            else controller.enqueue(next.value);
          },
          async cancel() {
            await reader?.return?.();
          },
        },
        { highWaterMark: 0 },
      );
    },
  };
}

/** One folder at a time: there may be many files. */
async function* filesBelow(folder: string): AsyncGenerator<{ name: string; path: string }> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== UNFINISHED) yield* filesBelow(path);
    else if (entry.isFile()) yield { name: entry.name, path };
  }
}

function ignoreMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw error;
}

function isNoSpace(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | null)?.code ?? '');
}
