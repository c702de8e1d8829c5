import sharp, { type Sharp } from 'sharp';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { MediaProcessor, MediaPurpose } from '#domain/media/media-processor.ts';
import { createImageWorker, type ImageWorkerOptions } from '#ports/image-worker.ts';
import {
  film,
  gif,
  mp3,
  PAGE,
  PDF,
  photo,
  photoWithPlace,
  picture,
  PLACE,
  pngHeader,
  pngWithPage,
  SVG,
} from './media-samples.ts';

const worker = createImageWorker({ threads: 1 });
afterAll(() => worker.close());

const refusal = (reason: string): unknown => expect.objectContaining({ code: 'invalid', reason, field: 'file' });
const bytesOf = async (made: Sharp) => new Uint8Array(await made.toBuffer());

describe('pictures of posts', () => {
  test('become WebP of at most 2048 pixels a side, with a small one beside them', async () => {
    const processed = await worker.process(await photo(3000, 1500), 'post');
    expect(processed).toMatchObject({ type: 'image/webp', width: 2048, height: 1024, durationMs: null });
    expect(await sharp(processed.body).metadata()).toMatchObject({ format: 'webp', width: 2048, height: 1024 });
    expect(await sharp(processed.preview ?? []).metadata()).toMatchObject({ format: 'webp', width: 640, height: 320 });
    expect(processed.blurhash).toMatch(/^L.{27}$/);
  });

  test('are not enlarged, and need no preview when they are small', async () => {
    const processed = await worker.process(await photo(64, 48), 'post');
    expect(processed).toMatchObject({ width: 64, height: 48, preview: null });
  });

  test('lose place, device and colour profile, and stand upright', async () => {
    const before = await photoWithPlace();
    expect((await sharp(before).metadata()).exif?.includes('Secret camera')).toBe(true);
    const processed = await worker.process(before, 'post');
    expect(processed).toMatchObject({ width: 40, height: 80 });
    const after = await sharp(processed.body).metadata();
    expect(after).not.toHaveProperty('exif');
    expect(after).not.toHaveProperty('icc');
    expect(after).not.toHaveProperty('xmp');
    expect(after).not.toHaveProperty('orientation');
  });

  test('keep transparency', async () => {
    const processed = await worker.process(
      await bytesOf(picture(30, 30, { r: 0, g: 0, b: 0, alpha: 0 }).png()),
      'post',
    );
    expect(await sharp(processed.body).metadata()).toMatchObject({ hasAlpha: true });
  });

  test('keep moving when they moved, while their preview holds still', async () => {
    const processed = await worker.process(gif(12), 'post');
    expect(processed).toMatchObject({ type: 'image/webp', width: 16, height: 16 });
    expect(await sharp(processed.body).metadata()).toMatchObject({ pages: 12 });
    expect((await sharp(processed.preview ?? []).metadata()).pages ?? 1).toBe(1);
  });

  test.each([
    ['png', (made: Sharp) => made.png()],
    ['webp', (made: Sharp) => made.webp()],
    ['avif', (made: Sharp) => made.avif({ effort: 0 })],
    ['gif', (made: Sharp) => made.gif()],
  ])('may come as %s', async (_, encode) => {
    const processed = await worker.process(await bytesOf(encode(picture(40, 20))), 'post');
    expect(processed).toMatchObject({ type: 'image/webp', width: 40, height: 20 });
  });
});

describe('pictures of profiles and emoji', () => {
  test.each<[MediaPurpose, number, number]>([
    ['avatar', 400, 400],
    ['header', 1500, 500],
    ['emoji', 128, 64],
    ['instance', 1600, 800],
  ])('%s', async (purpose, width, height) => {
    const processed = await worker.process(await photo(1600, 800), purpose);
    expect(processed).toMatchObject({ width, height, preview: null, blurhash: null });
    expect(await sharp(processed.body).metadata()).toMatchObject({ width, height });
  });

  test('small ones are cut to shape and not enlarged', async () => {
    expect(await worker.process(await photo(90, 50), 'avatar')).toMatchObject({ width: 50, height: 50 });
    expect(await worker.process(await photo(90, 50), 'header')).toMatchObject({ width: 90, height: 30 });
  });

  test('an avatar holds still, an emoji may move', async () => {
    const avatar = await worker.process(gif(5), 'avatar');
    expect((await sharp(avatar.body).metadata()).pages ?? 1).toBe(1);
    const emoji = await worker.process(gif(5), 'emoji');
    expect(await sharp(emoji.body).metadata()).toMatchObject({ pages: 5 });
  });

  test('are pictures', async () => {
    await expect(worker.process(film(), 'avatar')).rejects.toEqual(refusal('media-not-a-picture'));
  });
});

describe('what would harm', () => {
  test.each([
    ['a PNG of 50 000 × 50 000', () => pngHeader(50_000, 50_000), 'media-side-too-long'],
    ['a PNG of 10 000 × 10 000', () => pngHeader(10_000, 10_000), 'media-pixels-too-many'],
    ['a GIF of 10 000 frames', () => gif(10_000), 'media-frames-too-many'],
    ['a GIF whose frames are too much together', () => gif(300, 500), 'media-pixels-too-many'],
    ['a PNG of 6000 × 6000 with 16 bits a channel', () => pngHeader(6000, 6000, 16), 'media-pixels-too-many'],
    ['a PNG that ends early', () => pngHeader(500, 500), 'media-broken'],
    ['an SVG with a script', () => SVG, 'media-type-refused'],
    ['a page, whatever its name', () => PAGE, 'media-type-refused'],
    ['a PDF', () => PDF, 'media-type-refused'],
    ['nothing', () => new Uint8Array(), 'media-type-refused'],
    [
      'a GIF by its first bytes only',
      () => new TextEncoder().encode('GIF89a<script>alert(1)</script>'),
      'media-broken',
    ],
  ])('%s is refused', async (_, make, reason) => {
    await expect(worker.process(make(), 'post')).rejects.toEqual(refusal(reason));
  });

  test('an AVIF that unpacks to more than it looks is refused', async () => {
    const avif = await bytesOf(picture(4200, 4200).avif({ effort: 0 }));
    expect(avif.byteLength).toBeLessThan(2000);
    await expect(worker.process(avif, 'post')).rejects.toEqual(refusal('media-pixels-too-many'));
  });

  test('formats that the decoder knows and we do not offer are refused', async () => {
    const tiff = await bytesOf(picture(10, 10).tiff());
    await expect(worker.process(tiff, 'post')).rejects.toEqual(refusal('media-type-refused'));
    const heic = new Uint8Array([0, 0, 0, 16, ...Buffer.from('ftypheic'), 0, 0, 0, 0]);
    await expect(worker.process(heic, 'post')).rejects.toEqual(expect.objectContaining({ code: 'invalid' }));
  });

  test('a page inside a picture does not survive', async () => {
    const { body, preview } = await worker.process(await pngWithPage(), 'post');
    for (const bytes of [body, preview ?? new Uint8Array()]) {
      expect(Buffer.from(bytes).includes('script')).toBe(false);
    }
  });
});

describe('films and sounds', () => {
  test('a film loses the place where it was made, and nothing else moves', async () => {
    const before = film();
    const length = before.byteLength;
    expect(Buffer.from(before).includes(PLACE)).toBe(true);
    const processed = await worker.process(before, 'post');
    expect(processed).toMatchObject({ type: 'video/mp4', width: 720, height: 1280, durationMs: 5000, preview: null });
    const after = Buffer.from(processed.body);
    expect(after.includes(PLACE)).toBe(false);
    expect(after.length).toBe(length);
    expect(after.subarray(-11).toString()).toBe('film itself');
  });

  test('a film whose boxes make no sense is kept as it is', async () => {
    const bent = film();
    new DataView(bent.buffer).setUint32(28, 0xffffffff);
    expect(await worker.process(bent, 'post')).toMatchObject({ type: 'video/mp4', width: null, durationMs: null });
  });

  test.each([
    ['audio/mpeg', mp3()],
    ['audio/mpeg', Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0'), mp3()])],
    ['audio/flac', Buffer.from('fLaC\0\0\0\x22 and more')],
    ['audio/wav', Buffer.from('RIFF\x10\0\0\0WAVEfmt ')],
    ['audio/ogg', Buffer.from('OggS\0\x02          \0\0\0\0OpusHead')],
    ['audio/mp4', Buffer.from('\0\0\0\x10ftypM4A \0\0\0\0')],
    ['video/quicktime', Buffer.from('\0\0\0\x10ftypqt  \0\0\0\0')],
    ['video/webm', Buffer.from('\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm and more', 'latin1')],
  ])('%s is known by its bytes', (type, bytes) => {
    expect(worker.sniff(bytes)).toBe(type);
  });

  test.each([
    ['two bytes that only look like sound', Buffer.from('\xff\xfb<script>alert(1)</script>', 'latin1')],
    ['one frame of sound before a page', Buffer.concat([mp3().subarray(0, 4), Buffer.from('<script>'.repeat(99))])],
    ['Matroska', Buffer.from('\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska and more', 'latin1')],
    ['Theora', Buffer.from('OggS\0\x02          \0\0\0\0\x80theora')],
    ['an AVI', Buffer.from('RIFF\x10\0\0\0AVI LIST')],
    ['a program', Buffer.from('\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0')],
    ['an archive', Buffer.from('PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0')],
  ])('%s is not taken', (_, bytes) => {
    expect(worker.sniff(bytes)).toBeNull();
  });
});

describe('the threads', () => {
  let own: MediaProcessor | undefined;
  afterEach(() => own?.close());

  /** A thread that hangs, dies or eats memory on demand, in the place of ours. */
  function withThread(options: ImageWorkerOptions = {}): MediaProcessor {
    const program = `
      const { parentPort } = require('node:worker_threads');
      parentPort.on('message', ({ purpose }) => {
        if (purpose === 'avatar') for (;;);
        if (purpose === 'header') throw new Error('dies');
        if (purpose === 'emoji') { const all = []; for (;;) all.push(new Array(100000).fill(Math.random())); }
        if (purpose === 'instance') return setTimeout(() => parentPort.postMessage({ processed: 'late' }), 300);
        parentPort.postMessage({ processed: 'done' });
      });`;
    const threadFile = new URL(
      `data:text/javascript,${encodeURIComponent(`import { createRequire } from 'node:module'; const require = createRequire('file:///'); ${program}`)}`,
    );
    own = createImageWorker({ threads: 1, timeoutMs: 3000, threadFile, ...options });
    return own;
  }

  test('one that takes too long is stopped and replaced', async () => {
    const processor = withThread({ timeoutMs: 1500 });
    await expect(processor.process(await photo(), 'avatar')).rejects.toEqual(refusal('media-too-slow'));
    expect(await processor.process(await photo(), 'post')).toBe('done');
  });

  test('one that dies takes only its own picture along', async () => {
    const processor = withThread();
    const [dead, alive] = await Promise.allSettled([
      processor.process(await photo(), 'header'),
      processor.process(await photo(), 'post'),
    ]);
    expect(dead).toMatchObject({ status: 'rejected', reason: { reason: 'media-broken' } });
    expect(alive).toEqual({ status: 'fulfilled', value: 'done' });
  });

  test('one that wants too much memory does not get it', async () => {
    const processor = withThread({ timeoutMs: 15_000 });
    await expect(processor.process(await photo(), 'emoji')).rejects.toEqual(refusal('media-broken'));
    expect(await processor.process(await photo(), 'post')).toBe('done');
  });

  test('only so many may wait for one', async () => {
    const processor = withThread({ waitingMax: 1 });
    const first = processor.process(await photo(), 'instance');
    const second = processor.process(await photo(), 'post');
    await expect(processor.process(await photo(), 'post')).rejects.toMatchObject({
      code: 'too-many',
      reason: 'media-busy',
    });
    expect(await Promise.all([first, second])).toEqual(['late', 'done']);
  });
});
