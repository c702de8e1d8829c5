import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addMedia } from '#domain/media/add-media.ts';
import { attachMedia } from '#domain/media/attach-media.ts';
import { copyKey, copyName } from '#domain/media/file-names.ts';
import { mediaLimits } from '#domain/media/media-limits.ts';
import type { MediaStores } from '#domain/media/media-storage.ts';
import type { PreparedMedia } from '#domain/media/prepare-media.ts';
import { recordCachedMedia } from '#domain/media/record-cached-media.ts';
import { cleanUpMedia, sweepMediaFiles } from '#jobs/clean-up-media.ts';
import { DAY_MS, MINUTE_MS } from '#kernel/clock.ts';
import { createMediaDisk } from '#ports/media-disk.ts';
import { openWorld, type World } from '../../world.ts';
import { post, prepared } from './media-cast.ts';

let world: World;
let folder: string;
let stores: MediaStores;
let ana: number;

beforeEach(async () => {
  world = await openWorld();
  ana = await world.person('ana');
  folder = mkdtempSync(join(tmpdir(), 'clean-up-'));
  const freeSpace = async () => ({ freeBytes: 5e11, totalBytes: 1e12 });
  stores = {
    uploads: createMediaDisk({ folder: join(folder, 'uploads'), freeSpace }),
    cache: createMediaDisk({ folder: join(folder, 'cache'), freeSpace }),
  };
});

afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const clean = (cacheBytesMax = 1e9) => cleanUpMedia({ commit: world.commit, stores, cacheBytesMax });
const sweep = () => sweepMediaFiles({ store: world.store, stores, clock: world.clock });

function namesOnDisk(): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .toSorted();
}

/** The disk has a clock of its own. */
function ageFiles(ms: number): void {
  const at = (world.clock.now() - ms) / 1000;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), at, at);
  }
}

async function putUpload(media: PreparedMedia): Promise<string[]> {
  const names = [media.file, media.previewFile].filter((name) => name !== null);
  for (const name of names) await stores.uploads.put(name, Buffer.from('picture'));
  return names;
}

async function keepCopy(name: string, bytes: number): Promise<string> {
  const url = `https://files.there.test/${name}`;
  const file = copyName(copyKey(url, 'original'), 'image/webp');
  await stores.cache.put(file, Buffer.alloc(bytes));
  const copy = { type: 'image/webp', bytes } as const;
  await world.commit(recordCachedMedia, [{ url, variant: 'original', domain: 'there.test', copy }]);
  world.clock.advance(MINUTE_MS);
  return file;
}

describe('the clean-up', () => {
  test('removes the files of unused uploads and of what the cache holds too much of', async () => {
    const [used, unused] = [prepared(), prepared()];
    const kept = await putUpload(used);
    await putUpload(unused);
    const mediaId = await world.commit(addMedia, { accountId: ana, media: used });
    await world.commit(attachMedia, { accountId: ana, postId: await post(world, ana), mediaIds: [mediaId] });
    await world.commit(addMedia, { accountId: ana, media: unused });
    world.clock.advance(DAY_MS + 1);
    await keepCopy('old', 60);
    const recent = await keepCopy('recent', 60);
    await clean(100);
    expect(namesOnDisk()).toEqual([...kept, recent].toSorted());
  });

  test('ends, however much there is', async () => {
    const copies = Array.from({ length: mediaLimits.removedAtOnce + 5 }, (_, index) => ({
      url: `https://files.there.test/${index}`,
      variant: 'original' as const,
      domain: 'there.test',
      copy: { type: 'image/webp' as const, bytes: 10 },
    }));
    await world.commit(recordCachedMedia, copies);
    await clean(0);
    expect(await world.store.read.$count(world.store.schema.cachedMedia)).toBe(0);
  });
});

describe('the sweep', () => {
  test('removes old files that no row has, and nothing else', async () => {
    const media = prepared();
    const known = await putUpload(media);
    await world.commit(addMedia, { accountId: ana, media });
    const copy = await keepCopy('known', 5);
    await putUpload(prepared());
    await stores.cache.put(copyName(copyKey('https://stray.test/', 'preview'), 'image/webp'), Buffer.from('x'));
    writeFileSync(join(folder, 'uploads/unfinished/half'), 'x');
    ageFiles(DAY_MS + MINUTE_MS);
    const fresh = await putUpload(prepared());
    await sweep();
    expect(namesOnDisk()).toEqual([...known, copy, ...fresh].toSorted());
  });
});
