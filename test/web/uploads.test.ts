import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addMedia, takeUpload } from '#domain/media/add-media.ts';
import { mediaLimits } from '#domain/media/media-limits.ts';
import { ownMedia } from '#domain/media/media.queries.ts';
import { limits } from '#kernel/limits.ts';
import { createImageWorker } from '#ports/image-worker.ts';
import { createMediaDisk } from '#ports/media-disk.ts';
import { createUploads, prepareFiles, type UploadForm } from '#web/uploads.ts';
import { PAGE, photo } from '../ports/media-samples.ts';
import { openWorld, type World } from '../world.ts';

const processor = createImageWorker({ threads: 1 });
afterAll(() => processor.close());

let world: World;
let ana: number;
let folder: string;

beforeEach(async () => {
  world = await openWorld();
  ana = await world.person('ana');
  folder = mkdtempSync(join(tmpdir(), 'uploads-'));
});

afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const parts = () => ({
  processor,
  uploads: createMediaDisk({ folder, freeSpace: async () => ({ freeBytes: 5e11, totalBytes: 1e12 }) }),
});
const filesOnDisk = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

function formRequest(form: FormData): Request {
  return new Request('https://here.test/compose', { method: 'POST', body: form });
}

/** Sends chunks as they are wanted, without saying how much there will be. */
function streamRequest(chunks: Iterable<Uint8Array<ArrayBuffer>>, headers: Record<string, string> = {}): Request {
  const iterator = chunks[Symbol.iterator]();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const next = iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
  });
  return new Request('https://here.test/compose', {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { 'content-type': 'multipart/form-data; boundary=x', ...headers },
  } as RequestInit);
}

const END = Uint8Array.from(Buffer.from('--x--\r\n'));

function part(head: string, content: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const body = typeof content === 'string' ? Buffer.from(content) : content;
  const lines = Buffer.from(`--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n`);
  return new Uint8Array(Buffer.concat([lines, body, Buffer.from('\r\n')]));
}

const read = (request: Request): Promise<UploadForm> =>
  createUploads().read(request, ana, async ({ files, fields }) => ({
    // What is read is a view on a body that the reader may drop.
    files: files.map((file) => ({ ...file, bytes: new Uint8Array(file.bytes) })),
    fields,
  }));

describe('a form with files', () => {
  test('gives its fields and files, which keep their place and lose their name', async () => {
    const { files, fields } = await read(
      streamRequest([
        part('name="text"', 'Grüße\r\nzweite Zeile'),
        part('name="media"; filename=""\r\nContent-Type: application/octet-stream', ''),
        part('name="media_description"', ''),
        part('name="media"; filename="../../evil.php.jpg"\r\nContent-Type: text/html', await photo()),
        part('name="media_description"', 'A red field'),
        END,
      ]),
    );
    expect([...fields]).toEqual([
      ['text', ['Grüße\r\nzweite Zeile']],
      ['media_description', ['', 'A red field']],
    ]);
    expect(files).toEqual([{ field: 'media', position: 1, bytes: await photo() }]);
  });

  test('is read to the byte, whatever its content looks like', async () => {
    const odd = Buffer.from('\r\n--x--\r\n\r\n--\r\n\0\xff--', 'latin1');
    const form = new FormData();
    form.append('a"b', new Blob([odd]), 'a";name="c');
    form.append('empty', '');
    const { files, fields } = await read(formRequest(form));
    expect(files).toEqual([{ field: 'a"b', position: 0, bytes: new Uint8Array(odd) }]);
    expect(fields.get('empty')).toEqual(['']);
  });

  test.each([
    ['cut off', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue'],
    ['without an end to its head', '--x\r\nContent-Disposition: form-data; name="a"\r\n'],
    ['with another boundary', '--y\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue\r\n--y--'],
    ['empty', ''],
    ['of endless fields', `${'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'.repeat(200)}--x--`],
  ])('%s is refused', async (_, body) => {
    await expect(read(streamRequest([Uint8Array.from(Buffer.from(body))]))).rejects.toMatchObject({
      code: 'invalid',
      reason: 'upload-malformed',
    });
  });

  test('of another type is refused', async () => {
    const request = new Request('https://here.test/', {
      method: 'POST',
      body: 'a=b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    await expect(read(request)).rejects.toMatchObject({ reason: 'upload-malformed' });
  });
});

describe('the bounds of uploads', () => {
  const megabyte = new Uint8Array(1024 * 1024);

  test('what says that it is too large is not read at all', async () => {
    let sent = 0;
    function* body() {
      for (;;) {
        sent += 1;
        yield megabyte;
      }
    }
    const request = streamRequest(body(), { 'content-length': String(limits.uploadBytes * 2) });
    await expect(read(request)).rejects.toMatchObject({ code: 'invalid', reason: 'upload-too-large' });
    expect(sent).toBeLessThanOrEqual(1);
  });

  test('what does not say so is read as far as is allowed', async () => {
    let sent = 0;
    function* body() {
      for (;;) {
        sent += 1;
        yield megabyte;
      }
    }
    await expect(read(streamRequest(body()))).rejects.toMatchObject({ code: 'invalid', reason: 'upload-too-large' });
    expect(sent).toBeLessThan(limits.uploadBytes / megabyte.byteLength + 5);
  });

  test('text fields have a bound of their own', async () => {
    const form = new FormData();
    form.append('text', 'x'.repeat(limits.formBodyBytes + 1));
    await expect(read(formRequest(form))).rejects.toMatchObject({ reason: 'upload-too-large' });
  });

  test('an account holds only so much at once, and gets its room back', async () => {
    const uploads = createUploads();
    const form = () => streamRequest([part('name="media"; filename="x"', new Uint8Array(30 * 1024 * 1024)), END]);
    expect(mediaLimits.uploadsInHandPerAccountBytes).toBeLessThan(4 * 30 * 1024 * 1024);
    let release = () => undefined as void;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const begun: Promise<void>[] = [];
    const held = [1, 2].map(() => {
      let begin = () => undefined as void;
      begun.push(
        new Promise((resolve) => {
          begin = resolve;
        }),
      );
      return uploads.read(form(), ana, () => {
        begin();
        return released;
      });
    });
    await Promise.all(begun);
    await expect(uploads.read(form(), ana, async () => 'read')).rejects.toMatchObject({
      code: 'too-many',
      reason: 'media-busy',
    });
    expect(await uploads.read(form(), ana + 1, async () => 'read')).toBe('read');
    release();
    await Promise.all(held);
    expect(await uploads.read(form(), ana, async () => 'read')).toBe('read');
  });
});

describe('an upload', () => {
  test('is checked, stored and made its owner’s', async () => {
    const id = await takeUpload(
      { ...parts(), commit: world.commit },
      { accountId: ana, bytes: await photo(900, 600), purpose: 'post', description: 'Red' },
    );
    const media = await ownMedia(world.store, ana, id);
    expect(media).toMatchObject({ kind: 'image', mimeType: 'image/webp', width: 900, height: 600, description: 'Red' });
    expect(
      filesOnDisk()
        .map((name) => `/media/${name}`)
        .toSorted(),
    ).toEqual([media?.url ?? '', media?.previewUrl ?? ''].toSorted());
  });

  test('that no command takes leaves no file behind', async () => {
    for (let count = 0; count < mediaLimits.unusedPerAccount; count += 1) {
      await world.commit(addMedia, {
        accountId: ana,
        media: { ...BARE, file: `${count}`.padStart(32, '0') + '.webp' },
      });
    }
    const take = async () =>
      takeUpload(
        { ...parts(), commit: world.commit },
        { accountId: ana, bytes: await photo(900, 600), purpose: 'post' },
      );
    await expect(take()).rejects.toMatchObject({ code: 'too-many' });
    expect(filesOnDisk()).toEqual([]);
  });

  test('for which the disk is full half-way leaves no file behind', async () => {
    const room = [5e11, 0];
    const uploads = createMediaDisk({
      folder,
      freeSpace: async () => ({ freeBytes: room.shift() ?? 0, totalBytes: 1e12 }),
    });
    const taken = takeUpload(
      { processor, uploads, commit: world.commit },
      { accountId: ana, bytes: await photo(900, 600), purpose: 'post' },
    );
    await expect(taken).rejects.toMatchObject({ code: 'too-many', reason: 'storage-full' });
    expect(filesOnDisk()).toEqual([]);
  });

  test('of several of which one is refused leaves none behind', async () => {
    const files = [
      { field: 'media', position: 0, bytes: await photo(900, 600) },
      { field: 'media', position: 1, bytes: PAGE },
    ];
    await expect(prepareFiles(parts(), files, 'post')).rejects.toMatchObject({
      code: 'invalid',
      reason: 'media-type-refused',
    });
    expect(filesOnDisk()).toEqual([]);
    const good = await prepareFiles(parts(), [{ field: 'media', position: 2, bytes: await photo(900, 600) }], 'post');
    expect(good).toMatchObject([{ field: 'media', position: 2, media: { purpose: 'post', mimeType: 'image/webp' } }]);
    expect(filesOnDisk()).toHaveLength(2);
  });
});

const BARE = {
  purpose: 'post',
  kind: 'image',
  mimeType: 'image/webp',
  previewFile: null,
  bytes: 1,
  width: 1,
  height: 1,
  durationMs: null,
  blurhash: null,
} as const;
