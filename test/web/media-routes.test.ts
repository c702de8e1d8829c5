import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { Hono } from 'hono';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { takeUpload } from '#domain/media/add-media.ts';
import { attachMedia, releaseMedia } from '#domain/media/attach-media.ts';
import { mediaLimits } from '#domain/media/media-limits.ts';
import { emojiPaths, picturePath } from '#domain/media/media-paths.ts';
import { mediaOfPosts, ownMedia } from '#domain/media/media.queries.ts';
import type { MediaStores } from '#domain/media/media-storage.ts';
import { createEgress, type Egress } from '#federation/egress.ts';
import { DAY_MS, HOUR_MS } from '#kernel/clock.ts';
import { need } from '#kernel/assert.ts';
import { createImageWorker } from '#ports/image-worker.ts';
import { createMediaDisk } from '#ports/media-disk.ts';
import { createMediaFetch } from '#ports/media-fetch.ts';
import { mediaRoutes, type MediaPolicy } from '#web/media-routes.ts';
import { createRemoteMedia } from '#web/remote-media.ts';
import { post, remoteMedia } from '../domain/media/media-cast.ts';
import { hostMapOf, startPeer, type Peer } from '../peer.ts';
import { film, gif, PAGE, photo, photoWithPlace, SVG } from '../ports/media-samples.ts';
import { openWorld, type World } from '../world.ts';

const processor = createImageWorker({ threads: 1 });
let files: Peer;
let inside: Peer;

beforeAll(async () => {
  files = await startPeer('files.there.test');
  inside = await startPeer('inside.test');
});

afterAll(() => Promise.all([processor.close(), files.close(), inside.close()]));

const CACHE_BYTES_MAX = 20_000;

let world: World;
let folder: string;
let stores: MediaStores;
let egress: Egress;
let app: Hono;
let viewer: number | null;
let seeing: Set<string>;
let policies: Map<string, MediaPolicy>;
let free: number;

beforeEach(async () => {
  world = await openWorld();
  folder = mkdtempSync(join(tmpdir(), 'media-routes-'));
  free = 5e11;
  const freeSpace = async () => ({ freeBytes: free, totalBytes: 1e12 });
  stores = {
    uploads: createMediaDisk({ folder: join(folder, 'uploads'), freeSpace }),
    cache: createMediaDisk({ folder: join(folder, 'cache'), freeSpace }),
  };
  egress = createEgress({
    hostMap: hostMapOf(files),
    allowPrivate: [],
    lookup: () => Promise.reject(new Error('no such name')),
  });
  viewer = null;
  seeing = new Set();
  policies = new Map();
  files.hits.length = 0;
  inside.hits.length = 0;
  const parts = { store: world.store, clock: world.clock };
  app = mediaRoutes({
    ...parts,
    uploads: stores.uploads,
    remote: createRemoteMedia({
      ...parts,
      commit: world.commit,
      processor,
      stores,
      fetch: createMediaFetch(egress.media),
      bytesMax: CACHE_BYTES_MAX,
      report(error) {
        throw error;
      },
    }),
    viewerOf: async () => viewer,
    canSeePost: async (viewerId, postId) => seeing.has(`${viewerId} ${postId}`),
    policyOf: (domain) => policies.get(domain) ?? null,
  });
});

afterEach(async () => {
  await egress.close();
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (path: string, headers: Record<string, string> = {}) =>
  app.request(`https://here.test${path}`, { headers });

/** What every refusal must look like, down to the body. */
async function nothing(answer: Response) {
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
}
const NOTHING = { status: 404, type: 'text/plain; charset=utf-8', body: 'Not found\n' };

async function uploaded(bytes: Uint8Array, owner?: number) {
  const accountId = owner ?? (await world.person('ana'));
  const parts = { processor, uploads: stores.uploads, commit: world.commit };
  const id = await takeUpload(parts, { accountId, bytes, purpose: 'post' });
  const view = need(await ownMedia(world.store, accountId, id), 'no upload');
  return { id, accountId, url: need(view.url, 'no url'), previewUrl: need(view.previewUrl ?? view.url, 'no preview') };
}

describe('an upload', () => {
  test('is served by its name with headers that let nobody run it', async () => {
    const { url, previewUrl } = await uploaded(await photo(900, 600));
    const answer = await ask(url);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-disposition': `inline; filename="${url.slice('/media/'.length)}"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'private, max-age=31536000, immutable',
    });
    const body = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('content-length')).toBe(String(body.length));
    expect(await sharp(body).metadata()).toMatchObject({ format: 'webp', width: 900 });
    const small = await ask(previewUrl);
    expect(await sharp(Buffer.from(await small.arrayBuffer())).metadata()).toMatchObject({ width: 640 });
  });

  test('says nothing of where it was made', async () => {
    const { url } = await uploaded(await photoWithPlace());
    const body = Buffer.from(await (await ask(url)).arrayBuffer());
    expect(body.includes('Secret camera')).toBe(false);
    expect(body.includes('Exif')).toBe(false);
  });

  test('may be kept by shared caches when its post is for everyone', async () => {
    const { id, accountId, url } = await uploaded(await photo());
    const postId = await post(world, accountId, 'unlisted');
    await world.commit(attachMedia, { accountId, postId, mediaIds: [id] });
    expect((await ask(url)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  test('is gone with its post, with its owner’s suspension, and when nobody uses it', async () => {
    const { id, accountId, url, previewUrl } = await uploaded(await photo(900, 600));
    const unused = await uploaded(await photo(), accountId);
    const postId = await post(world, accountId, 'followers');
    await world.commit(attachMedia, { accountId, postId, mediaIds: [id] });
    world.clock.advance(DAY_MS + 1);
    expect((await ask(url)).status).toBe(200);
    expect(await nothing(await ask(unused.url))).toEqual(NOTHING);
    const { accounts } = world.store.schema;
    const suspend = (at: number | null) =>
      world.store.write((tx) => tx.update(accounts).set({ suspendedAt: at }).where(eq(accounts.id, accountId)));
    await suspend(1);
    expect(await nothing(await ask(url))).toEqual(NOTHING);
    await suspend(null);
    expect((await ask(url)).status).toBe(200);
    await world.commit(releaseMedia, postId);
    expect(await nothing(await ask(url))).toEqual(NOTHING);
    expect(await nothing(await ask(previewUrl))).toEqual(NOTHING);
  });

  test.each([
    '/media/../../etc/passwd',
    '/media/..%2f..%2fetc%2fpasswd',
    '/media/%2e%2e%2funfinished',
    '/media/.',
    '/media/a.webp',
    `/media/${'0'.repeat(32)}.webp`,
    `/media/${'0'.repeat(64)}.webp`,
    `/media/${'0'.repeat(32)}.webp%00.html`,
  ])('is not found under %s', async (path) => {
    expect((await ask(path)).status).toBe(404);
  });

  test('is not found under its name with another extension', async () => {
    const { url } = await uploaded(await photo(900, 600));
    for (const name of [
      url.replace('.webp', '.html'),
      `${url}.html`,
      url.replace('.webp', '-small.svg'),
      url.toUpperCase(),
    ]) {
      expect(await nothing(await ask(name))).toMatchObject({ status: 404 });
    }
  });

  test('of a film plays in parts', async () => {
    const whole = film();
    const { url } = await uploaded(whole.slice());
    const answer = await ask(url, { range: 'bytes=4-11' });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-type')).toBe('video/mp4');
    expect(answer.headers.get('content-range')).toBe(`bytes 4-11/${whole.length}`);
    expect(await answer.text()).toBe('ftypisom');
    const end = await ask(url, { range: 'bytes=-4' });
    expect(end.headers.get('content-range')).toBe(`bytes ${whole.length - 4}-${whole.length - 1}/${whole.length}`);
    expect(end.headers.get('content-length')).toBe('4');
    expect(await end.text()).toBe('self');
    expect(await (await ask(url, { range: `bytes=${whole.length - 4}-` })).text()).toBe('self');
    expect((await (await ask(url, { range: 'bytes=0-999999' })).arrayBuffer()).byteLength).toBe(whole.length);
  });

  test.each([
    ['bytes=999999-', 416],
    ['bytes=-0', 416],
    ['bytes=9-4', 200],
    ['bytes=0-1,3-4', 200],
    ['bytes=a-b', 200],
    ['items=0-1', 200],
    ['bytes=-', 200],
    ['bytes=99999999999999999999-', 200],
  ])('answers the range %s with %i', async (range, status) => {
    const { url } = await uploaded(film());
    const answer = await ask(url, { range });
    expect(answer.status).toBe(status);
    const length = (await answer.arrayBuffer()).byteLength;
    expect(length).toBe(status === 416 ? 0 : film().length);
  });

  test('is not sent again to who has it', async () => {
    const { url } = await uploaded(await photo());
    const etag = need((await ask(url)).headers.get('etag'), 'no etag');
    for (const known of [etag, `"other", W/${etag}`, '*']) {
      const answer = await ask(url, { 'if-none-match': known });
      expect([answer.status, await answer.text()]).toEqual([304, '']);
    }
    expect((await ask(url, { 'if-none-match': '"other"' })).status).toBe(200);
    expect((await ask(url, { range: 'bytes=0-1', 'if-range': etag })).status).toBe(206);
    expect((await ask(url, { range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
  });

  test('shows its head alone when asked', async () => {
    const { url } = await uploaded(await photo());
    const answer = await app.request(url, { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(0);
  });
});

/** A remote post with one medium that its server answers with `body`. */
async function shown(
  body: Uint8Array,
  options: { visibility?: 'public' | 'followers'; kind?: 'image' | 'video'; type?: string } = {},
) {
  files.on('/medium', { type: options.type ?? 'image/png', body: Buffer.from(body) });
  const eve = await world.remote('eve');
  const postId = await post(world, eve, options.visibility ?? 'public');
  const id = await remoteMedia(world, eve, postId, { url: `${files.base}/medium`, kind: options.kind ?? 'image' });
  const view = need((await mediaOfPosts(world.store, [postId])).get(postId)?.[0], 'no media');
  return { id, eve, postId, url: need(view.url, 'no url'), previewUrl: view.previewUrl ?? '' };
}

describe('a copy of remote media', () => {
  test('is fetched once, re-encoded, and shown in both sizes', async () => {
    const { url, previewUrl } = await shown(await photoWithPlace());
    const [original, preview] = await Promise.all([ask(url), ask(previewUrl)]);
    expect(original.status).toBe(200);
    expect(Object.fromEntries(original.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=604800, immutable',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    });
    const body = Buffer.from(await original.arrayBuffer());
    expect(body.includes('Secret camera')).toBe(false);
    expect(await sharp(body).metadata()).toMatchObject({ format: 'webp', width: 40, height: 80 });
    expect(preview.status).toBe(200);
    expect((await ask(url)).status).toBe(200);
    expect(files.hitsOf('/medium')).toBe(1);
  });

  test('is fetched again when the admin has emptied the cache’s folder', async () => {
    const { url } = await shown(await photo());
    await (await ask(url)).arrayBuffer();
    rmSync(join(folder, 'cache'), { recursive: true });
    expect((await ask(url)).status).toBe(200);
    expect(files.hitsOf('/medium')).toBe(2);
  });

  test('takes the room of older ones: whoever asks for many does not fill the disk', async () => {
    const eve = await world.remote('eve');
    const body = Buffer.concat([film(), Buffer.alloc(6000)]);
    for (let n = 0; n < 12; n += 1) {
      files.on(`/film/${n}`, { type: 'video/mp4', body });
      const postId = await post(world, eve);
      await remoteMedia(world, eve, postId, { url: `${files.base}/film/${n}`, kind: 'video' });
      world.clock.advance(HOUR_MS);
      const view = need((await mediaOfPosts(world.store, [postId])).get(postId)?.[0], 'no media');
      expect((await ask(need(view.url, 'no url'))).status).toBe(200);
    }
    let stored = 0;
    for await (const { name } of stores.cache.list()) stored += (await stores.cache.open(name))?.bytes ?? 0;
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThanOrEqual(CACHE_BYTES_MAX);
  });

  test('of a film is kept as it is and plays in parts', async () => {
    const { url, previewUrl } = await shown(film(), { kind: 'video', type: 'video/mp4' });
    const answer = await ask(url, { range: 'bytes=4-11' });
    expect([answer.status, await answer.text()]).toEqual([206, 'ftypisom']);
    expect(answer.headers.get('content-type')).toBe('video/mp4');
    expect(previewUrl).toBe('');
  });

  test('of what is not public opens to its key and to those who see the post, to nobody else', async () => {
    const { id, postId, url } = await shown(await photo(), { visibility: 'followers' });
    const bare = `/media/remote/${id}/original`;
    const hidden = await nothing(await ask(bare));
    expect(hidden).toEqual(NOTHING);
    expect(await nothing(await ask(`/media/remote/${id + 1}/original`))).toEqual(hidden);
    expect(await nothing(await ask(`${bare}?key=${'0'.repeat(32)}`))).toEqual(hidden);
    expect(files.hits).toEqual([]);

    const byKey = await ask(url);
    expect([byKey.status, byKey.headers.get('cache-control')]).toEqual([200, 'private, max-age=604800, immutable']);
    viewer = 7;
    expect((await ask(bare)).status).toBe(404);
    seeing.add(`7 ${postId}`);
    const bySession = await ask(bare);
    expect([bySession.status, bySession.headers.get('cache-control')]).toEqual([200, 'private, max-age=900']);
  });

  test.each<[string, MediaPolicy, string]>([
    ['media of its domain are refused', { severity: 'none', rejectMedia: true }, 'there.test'],
    ['its domain is suspended', { severity: 'suspend', rejectMedia: false }, 'there.test'],
    ['the host of its file is refused', { severity: 'none', rejectMedia: true }, 'files.there.test'],
  ])('is not shown when %s, though it lies in the cache', async (_, policy, domain) => {
    const { url } = await shown(await photo());
    await (await ask(url)).arrayBuffer();
    policies.set(domain, policy);
    expect(await nothing(await ask(url))).toEqual(NOTHING);
    policies.set(domain, { severity: 'limit', rejectMedia: false });
    expect((await ask(url)).status).toBe(200);
  });

  test('is gone when the account is suspended or the post deleted', async () => {
    const { url, postId } = await shown(await photo());
    await (await ask(url)).arrayBuffer();
    await world.commit(releaseMedia, postId);
    expect(await nothing(await ask(url))).toEqual(NOTHING);
  });

  test('takes no address from the request', async () => {
    for (const path of [
      `/media/remote/${encodeURIComponent(`${files.base}/medium`)}/original`,
      `/media/proxy/avatar/1?url=${encodeURIComponent(`${files.base}/medium`)}`,
      `/media/remote/1/original?url=${files.base}/medium`,
      '/media/remote/1/other',
      '/media/remote/0x1/original',
      '/media/proxy/banner/1',
    ]) {
      expect((await ask(path)).status, path).toBe(404);
    }
    expect(files.hits).toEqual([]);
  });
});

describe('what is no medium', () => {
  test.each<[string, () => Uint8Array, string]>([
    ['a page', () => PAGE, 'image/png'],
    ['an SVG', () => SVG, 'image/svg+xml'],
    ['a bomb', () => gif(10_000), 'image/gif'],
    ['nothing', () => new Uint8Array(), 'image/png'],
    ['a film in the place of an avatar', film, 'image/png'],
  ])('%s is not shown, and not asked for again for an hour', async (name, make, type) => {
    const { url, eve } = await shown(make(), { type });
    const path = name.includes('avatar') ? await avatarOf(eve) : url;
    expect(await nothing(await ask(path))).toEqual(NOTHING);
    expect(await nothing(await ask(path))).toEqual(NOTHING);
    expect(files.hits).toHaveLength(1);
    files.on('/medium', { body: Buffer.from(await photo()) });
    world.clock.advance(HOUR_MS);
    expect((await ask(path)).status).toBe(200);
  });

  test.each([
    [
      'says that it is too large',
      { headers: { 'content-length': String(mediaLimits.remotePictureBytes + 1) }, body: '' },
    ],
    ['is missing', { status: 404 }],
    ['is forbidden', { status: 403, body: 'no' }],
    ['goes round in circles', { status: 302, headers: { location: '/medium' } }],
    ['leads to another scheme', { status: 302, headers: { location: 'file:///etc/passwd' } }],
  ])('what %s is not shown', async (_, answer) => {
    const { url } = await shown(new Uint8Array());
    files.on('/medium', answer);
    expect(await nothing(await ask(url))).toEqual(NOTHING);
    expect(files.hits.length).toBeLessThanOrEqual(mediaLimits.remoteRedirects + 1);
  });

  test('what is too large without saying so is not shown, however good it begins', async () => {
    const { url } = await shown(new Uint8Array());
    const sized = async (bytes: number) => Buffer.concat([await photo(), Buffer.alloc(bytes - (await photo()).length)]);
    const chunked = { 'transfer-encoding': 'chunked' };
    files.on('/medium', { headers: chunked, body: await sized(mediaLimits.remotePictureBytes + 1) });
    expect(await nothing(await ask(url))).toEqual(NOTHING);
    files.on('/medium', { headers: chunked, body: await sized(mediaLimits.remotePictureBytes) });
    world.clock.advance(HOUR_MS);
    expect((await ask(url)).status).toBe(200);
  });

  test('a redirect is followed to where it may lead', async () => {
    const { url } = await shown(new Uint8Array());
    files.on('/medium', { status: 302, headers: { location: `${files.base}/moved` } });
    files.on('/moved', { body: Buffer.from(await photo()) });
    expect((await ask(url)).status).toBe(200);
  });
});

describe('services inside', () => {
  const port = () => inside.target.port;

  test.each([
    ['by its address', () => `http://127.0.0.1:${port()}/secret`],
    ['by a name for it', () => `http://localhost:${port()}/secret`],
    ['by IPv6', () => `http://[::1]:${port()}/secret`],
    ['by IPv4 in IPv6', () => `http://[::ffff:127.0.0.1]:${port()}/secret`],
    ['by a number', () => `http://2130706433:${port()}/secret`],
    ['of the cloud', () => 'http://169.254.169.254/latest/meta-data/'],
    ['by a file', () => 'file:///etc/passwd'],
    ['by data', () => 'data:image/gif;base64,R0lGODlhAQABAAAAACw='],
  ])('are not reached %s', async (_, address) => {
    inside.on('/secret', { body: Buffer.from(await photo()) });
    const eve = await world.remote('eve');
    const postId = await post(world, eve);
    await remoteMedia(world, eve, postId, { url: address() });
    const view = (await mediaOfPosts(world.store, [postId])).get(postId)?.[0];
    expect(await nothing(await ask(need(view?.url, 'no url')))).toEqual(NOTHING);
    expect(inside.hits).toEqual([]);
  });

  test('are not reached by a redirect', async () => {
    inside.on('/secret', { body: Buffer.from(await photo()) });
    const { url } = await shown(new Uint8Array());
    files.on('/medium', { status: 302, headers: { location: `http://127.0.0.1:${port()}/secret` } });
    expect(await nothing(await ask(url))).toEqual(NOTHING);
    expect(files.hitsOf('/medium')).toBe(1);
    expect(inside.hits).toEqual([]);
  });
});

async function avatarOf(accountId: number): Promise<string> {
  const url = `${files.base}/medium`;
  const { accounts } = world.store.schema;
  await world.store.write((tx) => tx.update(accounts).set({ avatarRemoteUrl: url }).where(eq(accounts.id, accountId)));
  return picturePath('avatar', accountId, url);
}

describe('profile pictures and emoji', () => {
  test('are shown in the shape of their place', async () => {
    const { eve } = await shown(await photo(900, 600));
    const answer = await ask(await avatarOf(eve));
    expect(answer.headers.get('cache-control')).toBe('public, max-age=604800, immutable');
    expect(await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).toMatchObject({ width: 400, height: 400 });
    const unnamed = await ask(`/media/proxy/avatar/${eve}`);
    expect([unnamed.status, unnamed.headers.get('cache-control')]).toEqual([200, 'public, max-age=900']);
    expect((await ask(`/media/proxy/header/${eve}`)).status).toBe(404);
  });

  test('emoji of a private post open to those who know the post', async () => {
    const { postId } = await shown(await photo(), { visibility: 'followers' });
    const emoji = [{ shortcode: 'hat', url: `${files.base}/medium` }];
    const { posts } = world.store.schema;
    await world.store.write((tx) => tx.update(posts).set({ emoji }));
    const [path] = emojiPaths({ postId, uri: `https://posts.test/${postId}` }, emoji);
    expect(await nothing(await ask(`/media/proxy/post-emoji/${postId}/hat`))).toEqual(NOTHING);
    expect(await nothing(await ask(`/media/proxy/post-emoji/${postId}/cat`))).toEqual(NOTHING);
    const answer = await ask(need(path, 'no path').url);
    expect(answer.status).toBe(200);
    expect(await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).toMatchObject({ width: 64, height: 48 });
  });
});

test('a full disk costs nobody what is there, and the rest comes when there is room again', async () => {
  const { url } = await shown(await photo());
  const own = await uploaded(await photo());
  free = 1e6;
  const busy = await ask(url);
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '30']);
  expect((await ask(own.url)).status).toBe(200);
  await expect(uploaded(await photo(), own.accountId)).rejects.toMatchObject({
    code: 'too-many',
    reason: 'storage-full',
  });
  free = 5e11;
  expect((await ask(url)).status).toBe(200);
});
