import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newFileName, previewNameOf } from '#domain/media/file-names.ts';
import { createBallast } from '#ports/ballast.ts';
import { createMediaDisk, StorageFull } from '#ports/media-disk.ts';

let folder: string;
const plenty = async () => ({ freeBytes: 500e9, totalBytes: 1000e9 });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const disk = (freeSpace = plenty) => createMediaDisk({ folder, freeSpace });
const files = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

describe('media on disk', () => {
  test('come back as they were put, whole or in part', async () => {
    const name = newFileName('image/webp');
    expect(await disk().put(name, Buffer.from('0123456789'))).toBe(10);
    const file = await disk().open(name);
    expect(file?.bytes).toBe(10);
    expect(await new Response(file?.read()).text()).toBe('0123456789');
    expect(await new Response(file?.read({ first: 2, last: 4 })).text()).toBe('234');
  });

  test('lie two folders deep under names of 128 random bits', async () => {
    const name = newFileName('video/mp4');
    await disk().put(name, Buffer.from('film'));
    expect(name).toMatch(/^[0-9a-f]{32}\.mp4$/);
    expect(existsSync(join(folder, name.slice(0, 2), name.slice(2, 4), name))).toBe(true);
    expect(newFileName('video/mp4')).not.toBe(name);
  });

  test('may arrive as a stream, and one that breaks off leaves nothing', async () => {
    async function* stream(breaks: boolean) {
      yield Buffer.from('one');
      if (breaks) throw new Error('cut off');
      yield Buffer.from('two');
    }
    const [whole, broken] = [newFileName('audio/ogg'), newFileName('audio/ogg')];
    expect(await disk().put(whole, stream(false))).toBe(6);
    await expect(disk().put(broken, stream(true))).rejects.toThrow('cut off');
    expect(files()).toEqual([whole]);
    expect(await disk().open(broken)).toBeNull();
  });

  test.each([
    '../../etc/passwd',
    'a/../b',
    '',
    '.',
    'x.webp',
    `${'a'.repeat(32)}.webp/../../x`,
    `${'a'.repeat(32)}.exec1`,
    `${'A'.repeat(32)}.webp`,
  ])('a name that was not made here never becomes a path: %j', async (name) => {
    await expect(disk().put(name, Buffer.from('x'))).rejects.toThrow('not made here');
    await expect(disk().open(name)).rejects.toThrow('not made here');
    await expect(disk().remove(name)).rejects.toThrow('not made here');
    expect(files()).toEqual([]);
  });

  test('are not read before somebody reads', async () => {
    const name = newFileName('image/webp');
    await disk().put(name, Buffer.from('x'));
    const stream = (await disk().open(name))?.read();
    await disk().remove(name);
    await expect(new Response(stream).text()).rejects.toThrow('ENOENT');
    expect(await disk().open(name)).toBeNull();
  });

  test.each([
    ['less than 200 MB are free', { freeBytes: 199e6, totalBytes: 1e9 }],
    ['less than a twentieth is free', { freeBytes: 49e9, totalBytes: 1000e9 }],
  ])('are refused when %s, while those that are there can be read', async (_, space) => {
    const name = newFileName('image/webp');
    await disk().put(name, Buffer.from('x'));
    const full = disk(async () => space);
    await expect(full.put(newFileName('image/webp'), Buffer.from('y'))).rejects.toThrow(StorageFull);
    await expect(full.put(newFileName('image/webp'), Buffer.from('y'))).rejects.toMatchObject({
      code: 'too-many',
      reason: 'storage-full',
    });
    expect((await full.usage()).full).toBe(true);
    expect(await new Response((await full.open(name))?.read()).text()).toBe('x');
  });

  test('knows the space of the real disk', async () => {
    const usage = await createMediaDisk({ folder }).usage();
    expect(usage.totalBytes).toBeGreaterThan(usage.freeBytes);
    expect(usage.freeBytes).toBeGreaterThan(0);
  });

  test('can be listed; what was never finished is not among them and can be cleared away', async () => {
    const name = newFileName('image/webp');
    await disk().put(name, Buffer.from('x'));
    await disk().put(previewNameOf(name), Buffer.from('y'));
    const left = join(folder, 'unfinished', 'left');
    writeFileSync(left, 'half');
    const listed: string[] = [];
    for await (const file of disk().list()) listed.push(file.name);
    expect(listed.toSorted()).toEqual([previewNameOf(name), name].toSorted());
    await disk().removeAbandoned(statSync(left).mtimeMs - 1);
    expect(existsSync(left)).toBe(true);
    utimesSync(left, 1, 1);
    await disk().removeAbandoned(statSync(join(folder, 'unfinished')).mtimeMs);
    expect(existsSync(left)).toBe(false);
  });
});

describe('the ballast', () => {
  const ballast = (free: number) =>
    createBallast({ file: join(folder, 'ballast'), bytes: 3_000_000, freeBytes: async () => free });

  test('is kept while there is room, thrown overboard when there is none, and taken on again', async () => {
    expect(await ballast(1e9).tend()).toBe('kept');
    expect(statSync(join(folder, 'ballast')).size).toBe(3_000_000);
    expect(await ballast(60e6).tend()).toBe('kept');
    expect(await ballast(49e6).tend()).toBe('released');
    expect(existsSync(join(folder, 'ballast'))).toBe(false);
    expect(await ballast(55e6).tend()).toBe('released');
    expect(await ballast(1e9).tend()).toBe('kept');
  });
});
