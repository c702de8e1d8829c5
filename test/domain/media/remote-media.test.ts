import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyKey, copyName } from '#domain/media/file-names.ts';
import { emojiPaths, picturePath } from '#domain/media/media-paths.ts';
import { evictCachedMedia } from '#domain/media/evict-cached-media.ts';
import { mediaOfPosts } from '#domain/media/media.queries.ts';
import { purgeHostMedia } from '#domain/media/purge-host-media.ts';
import { recordCachedMedia, touchCachedMedia } from '#domain/media/record-cached-media.ts';
import {
  cachedCopy,
  remoteEmoji,
  remoteMedium,
  remotePicture,
  unknownCopies,
} from '#domain/media/served-media.queries.ts';
import { takeUnusedMedia } from '#domain/media/take-unused-media.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';
import { openWorld, type World } from '../../world.ts';
import { post, remoteMedia } from './media-cast.ts';

let world: World;
let eve: number;

beforeEach(async () => {
  world = await openWorld();
  eve = await world.remote('eve');
});

afterEach(() => world.close());

const url = (name: string) => `https://files.there.test/${name}.png`;
const fileOf = (name: string) => copyName(copyKey(url(name), 'original'), 'image/webp');

async function keep(name: string, bytes: number, domain = 'there.test'): Promise<void> {
  const copy = { type: 'image/webp', bytes } as const;
  await world.commit(recordCachedMedia, [{ url: url(name), variant: 'original', domain, copy }]);
  world.clock.advance(MINUTE_MS);
}

describe('remote media', () => {
  test('are shown under paths of ours that follow from no address in the request', async () => {
    const postId = await post(world, eve);
    const picture = await remoteMedia(world, eve, postId, { url: url('a') });
    const film = await remoteMedia(world, eve, postId, { url: url('b'), kind: 'video' });
    const paper = await remoteMedia(world, eve, postId, { url: url('c'), kind: 'file' });
    const views = (await mediaOfPosts(world.store, [postId])).get(postId) ?? [];
    expect(views[0]).toMatchObject({ id: picture, remoteUrl: url('a') });
    expect(views[0]?.url).toMatch(new RegExp(`^/media/remote/${picture}/original\\?key=[0-9a-f]{32}$`));
    expect(views[0]?.previewUrl).toBe(views[0]?.url?.replace('original', 'preview'));
    expect(views[1]).toMatchObject({ id: film, previewUrl: null, remoteUrl: url('b') });
    expect(views[2]).toMatchObject({ id: paper, url: null, previewUrl: null, remoteUrl: url('c') });
  });

  test('of a refused domain are only linked to', async () => {
    const postId = await post(world, eve);
    await remoteMedia(world, eve, postId, { url: url('a') });
    const views = await mediaOfPosts(world.store, [postId], (domain) => domain === 'there.test');
    expect(views.get(postId)?.[0]).toMatchObject({ url: null, previewUrl: null, remoteUrl: url('a') });
  });

  test('have no source to be fetched from when their account is suspended or their post is gone', async () => {
    const [postId, lost] = [await post(world, eve, 'followers'), await post(world, eve)];
    const id = await remoteMedia(world, eve, postId, { url: url('a'), kind: 'video', previewUrl: url('still') });
    const orphan = await remoteMedia(world, eve, null, { url: url('b') });
    expect(await remoteMedium(world.store, id, 'original')).toMatchObject({
      url: url('a'),
      kind: 'video',
      postId,
      shared: false,
    });
    expect(await remoteMedium(world.store, id, 'preview')).toMatchObject({ url: url('still'), kind: 'image' });
    expect(await remoteMedium(world.store, orphan, 'original')).toBeNull();
    expect(await remoteMedium(world.store, lost, 'original')).toBeNull();
    const { accounts } = world.store.schema;
    await world.store.write((tx) => tx.update(accounts).set({ suspendedAt: 1 }));
    expect(await remoteMedium(world.store, id, 'original')).toBeNull();
  });

  test('profile pictures and emoji are found by who shows them', async () => {
    const { accounts, posts } = world.store.schema;
    const postId = await post(world, eve, 'direct');
    const emoji = [{ shortcode: 'hat', url: url('hat') }];
    await world.store.write(async (tx) => {
      await tx.update(accounts).set({ avatarRemoteUrl: url('face'), emoji });
      await tx.update(posts).set({ emoji });
    });
    const face = await remotePicture(world.store, eve, 'avatar');
    expect(face).toMatchObject({ url: url('face'), domain: 'there.test', shared: true });
    expect(picturePath('avatar', eve, url('face'))).toBe(`/media/proxy/avatar/${eve}?key=${face?.key}`);
    expect(await remotePicture(world.store, eve, 'header')).toBeNull();

    const inName = await remoteEmoji(world.store, { accountId: eve }, 'hat');
    expect(inName).toMatchObject({ url: url('hat'), shared: true, postId: null });
    expect(emojiPaths({ accountId: eve }, emoji)).toEqual([
      { shortcode: 'hat', url: `/media/proxy/account-emoji/${eve}/hat?key=${inName?.key}` },
    ]);
    const inPost = await remoteEmoji(world.store, { postId }, 'hat');
    expect(inPost).toMatchObject({ url: url('hat'), shared: false, postId });
    expect(emojiPaths({ postId, uri: `https://posts.test/${postId}` }, emoji)[0]?.url).toContain(`key=${inPost?.key}`);
    expect(inPost?.key).not.toBe(inName?.key);
    expect(await remoteEmoji(world.store, { postId }, 'cat')).toBeNull();
    expect(emojiPaths({ accountId: eve }, [{ shortcode: 'own', url: '/media/own.webp' }])[0]?.url).toBe(
      '/media/own.webp',
    );
  });
});

describe('the cache', () => {
  test('remembers copies and failures, and gives back the file that a new copy replaces', async () => {
    const one = { url: url('a'), variant: 'original', domain: 'there.test' } as const;
    await world.commit(recordCachedMedia, [{ ...one, copy: null }]);
    expect(await cachedCopy(world.store, url('a'), 'original')).toMatchObject({
      file: null,
      failedAt: world.clock.now(),
    });
    await world.commit(recordCachedMedia, [{ ...one, copy: { type: 'video/mp4', bytes: 9 } }]);
    const copy = await cachedCopy(world.store, url('a'), 'original');
    expect(copy).toMatchObject({ mimeType: 'video/mp4', failedAt: null });
    expect(await cachedCopy(world.store, url('a'), 'preview')).toBeNull();
    const replaced = await world.commit(recordCachedMedia, [{ ...one, copy: { type: 'image/webp', bytes: 9 } }]);
    expect(replaced.cache).toEqual([copy?.file]);
  });

  test('lets the least recently used go first, until the rest has room', async () => {
    await keep('old', 400);
    await keep('middle', 400);
    await keep('new', 400);
    await world.commit(touchCachedMedia, copyKey(url('old'), 'original'));
    expect(await world.commit(evictCachedMedia, { bytesMax: 1200 })).toEqual({ uploads: [], cache: [], more: false });
    expect(await world.commit(evictCachedMedia, { bytesMax: 1000 })).toEqual({
      uploads: [],
      cache: [fileOf('middle')],
      more: false,
    });
    expect((await world.commit(evictCachedMedia, { bytesMax: 0 })).cache.toSorted()).toEqual(
      [fileOf('new'), fileOf('old')].toSorted(),
    );
  });

  test('forgets a failure when it no longer counts', async () => {
    await world.commit(recordCachedMedia, [{ url: url('a'), variant: 'original', domain: 'there.test', copy: null }]);
    await world.commit(evictCachedMedia, { bytesMax: 1 });
    expect(await cachedCopy(world.store, url('a'), 'original')).not.toBeNull();
    world.clock.advance(HOUR_MS + 1);
    await world.commit(evictCachedMedia, { bytesMax: 1 });
    expect(await cachedCopy(world.store, url('a'), 'original')).toBeNull();
  });

  test('forgets a whole domain with what is below it, and no other', async () => {
    await keep('a', 1, 'there.test');
    await keep('b', 1, 'sub.there.test');
    await keep('c', 1, 'elsewhere.test');
    await keep('d', 1, 'notthere.test');
    await keep('e', 1, 'x.thereXtest');
    const { cache } = await world.commit(purgeHostMedia, { domain: 'there.test' });
    expect(cache.toSorted()).toEqual([fileOf('a'), fileOf('b')].toSorted());
    expect((await world.commit(purgeHostMedia, { domain: '_______________' })).cache).toEqual([]);
  });

  test('forgets the copies of a deleted post', async () => {
    await keep('a', 1);
    await remoteMedia(world, eve, null, { url: url('a') });
    world.clock.advance(DAY_MS + 1);
    expect(await world.commit(takeUnusedMedia, undefined)).toEqual({ uploads: [], cache: [fileOf('a')], more: false });
    expect(await cachedCopy(world.store, url('a'), 'original')).toBeNull();
  });

  test('tells files without a row from those that have one', async () => {
    await keep('a', 1);
    const stray = copyName(copyKey(url('stray'), 'original'), 'image/webp');
    const otherType = copyName(copyKey(url('a'), 'original'), 'video/mp4');
    expect(await unknownCopies(world.store, [fileOf('a'), stray, otherType])).toEqual([stray, otherType]);
  });
});
