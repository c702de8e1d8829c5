import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addMedia } from '#domain/media/add-media.ts';
import { attachMedia, releaseMedia } from '#domain/media/attach-media.ts';
import { describeMedia } from '#domain/media/describe-media.ts';
import { discardMedia } from '#domain/media/discard-media.ts';
import { mediaLimits } from '#domain/media/media-limits.ts';
import { mediaOfPosts, ownMedia } from '#domain/media/media.queries.ts';
import { unknownUploads } from '#domain/media/served-media.queries.ts';
import { takeUnusedMedia } from '#domain/media/take-unused-media.ts';
import type { Unit } from '#db/unit.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { openWorld, type World } from '../../world.ts';
import { post, prepared, remoteMedia, upload } from './media-cast.ts';

let world: World;
let ana: number;
let ben: number;

beforeEach(async () => {
  world = await openWorld();
  ana = await world.person('ana');
  ben = await world.person('ben');
});

afterEach(() => world.close());

const attach = (postId: number, mediaIds: number[], accountId = ana) =>
  world.commit(attachMedia, { accountId, postId, mediaIds });
const release = (unit: Unit, postId: number) => releaseMedia(unit, postId);
const idsOf = async (postId: number) =>
  (await mediaOfPosts(world.store, [postId])).get(postId)?.map((media) => media.id);

describe('an upload', () => {
  test('is its owner’s, unused as yet', async () => {
    const media = prepared();
    const id = await world.commit(addMedia, { accountId: ana, media, description: '  A cat.  ' });
    expect(await ownMedia(world.store, ana, id)).toMatchObject({
      id,
      postId: null,
      kind: 'image',
      description: 'A cat.',
      url: `/media/${media.file}`,
      previewUrl: `/media/${media.previewFile}`,
      width: 800,
    });
    expect(await ownMedia(world.store, ben, id)).toBeNull();
  });

  test('may wait only with so many others', async () => {
    for (let count = 0; count < mediaLimits.unusedPerAccount; count += 1) await upload(world, ana);
    await expect(upload(world, ana)).rejects.toMatchObject({ code: 'too-many', reason: 'media-unused-too-many' });
    await expect(upload(world, ben)).resolves.toBeGreaterThan(0);
  });

  test('can be described and given a middle, by its owner alone', async () => {
    const id = await upload(world, ana);
    await world.commit(describeMedia, { accountId: ana, mediaId: id, description: 'Sea', focusX: 0.5, focusY: -7 });
    expect(await ownMedia(world.store, ana, id)).toMatchObject({ description: 'Sea', focusX: 0.5, focusY: -1 });
    await world.commit(describeMedia, { accountId: ana, mediaId: id, description: '  ' });
    expect(await ownMedia(world.store, ana, id)).toMatchObject({ description: null, focusX: 0.5 });
    await expect(world.commit(describeMedia, { accountId: ben, mediaId: id, description: 'x' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('has a description of bounded length', async () => {
    const id = await upload(world, ana);
    const whole = '🎭'.repeat(limits.mediaDescriptionCharacters);
    await world.commit(describeMedia, { accountId: ana, mediaId: id, description: whole });
    await expect(
      world.commit(describeMedia, { accountId: ana, mediaId: id, description: `${whole}x` }),
    ).rejects.toMatchObject({
      code: 'invalid',
      reason: 'media-description-too-long',
    });
    await expect(
      world.commit(describeMedia, { accountId: ana, mediaId: id, focusX: Number.NaN, focusY: 0 }),
    ).rejects.toMatchObject({
      code: 'invalid',
    });
  });

  test('can be thrown away by its owner alone, and not once a post has it', async () => {
    const media = prepared();
    const id = await world.commit(addMedia, { accountId: ana, media });
    await expect(world.commit(discardMedia, { accountId: ben, mediaId: id })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await world.commit(discardMedia, { accountId: ana, mediaId: id })).toEqual({
      uploads: [media.file, media.previewFile],
      cache: [],
    });
    expect(await ownMedia(world.store, ana, id)).toBeNull();

    const used = await upload(world, ana);
    await attach(await post(world, ana), [used]);
    await expect(world.commit(discardMedia, { accountId: ana, mediaId: used })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('the media of a post', () => {
  test('stand in the order in which they are named', async () => {
    const [first, second, third] = [await upload(world, ana), await upload(world, ana), await upload(world, ana)];
    const id = await post(world, ana);
    await attach(id, [third, first, second]);
    expect(await idsOf(id)).toEqual([third, first, second]);
    const other = await post(world, ana);
    expect([...(await mediaOfPosts(world.store, [id, other])).keys()]).toEqual([id]);
  });

  test('are at most four', async () => {
    const ids = [];
    for (let count = 0; count <= limits.mediaPerPost; count += 1) ids.push(await upload(world, ana));
    const id = await post(world, ana);
    await expect(attach(id, ids)).rejects.toMatchObject({ code: 'invalid', reason: 'media-too-many' });
    await attach(id, ids.slice(1));
    expect(await idsOf(id)).toEqual(ids.slice(1));
  });

  test('are one’s own uploads for posts, each once', async () => {
    const own = await upload(world, ana);
    const id = await post(world, ana);
    const strangers = {
      theirs: await upload(world, ben),
      avatar: await upload(world, ana, 'avatar'),
      remote: await remoteMedia(world, ana, null, { url: 'https://there.test/1.png' }),
      nobodys: 12_345,
    };
    for (const stranger of Object.values(strangers)) {
      await expect(attach(id, [own, stranger])).rejects.toMatchObject({ code: 'invalid', reason: 'media-not-found' });
    }
    await expect(attach(id, [own, own])).rejects.toMatchObject({ code: 'invalid' });
    expect(await idsOf(id)).toBeUndefined();
  });

  test('belong to one post only', async () => {
    const id = await upload(world, ana);
    await attach(await post(world, ana), [id]);
    await expect(attach(await post(world, ana), [id])).rejects.toMatchObject({
      code: 'conflict',
      reason: 'media-used',
    });
    await expect(world.commit(describeMedia, { accountId: ana, mediaId: id, description: 'x' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('can be described, put in another order and dropped by an edit of it', async () => {
    const [kept, dropped] = [await upload(world, ana), await upload(world, ana)];
    const id = await post(world, ana);
    await attach(id, [dropped, kept]);
    await world.commit(describeMedia, { accountId: ana, mediaId: kept, description: 'Said later', postId: id });
    const added = await upload(world, ana);
    await attach(id, [kept, added]);
    const views = (await mediaOfPosts(world.store, [id])).get(id);
    expect(views?.map(({ id: mediaId, description }) => [mediaId, description])).toEqual([
      [kept, 'Said later'],
      [added, null],
    ]);
    expect((await world.commit(takeUnusedMedia, undefined)).uploads).toHaveLength(2);
    expect(await ownMedia(world.store, ana, dropped)).toBeNull();
  });
});

describe('unused media', () => {
  test('are forgotten after a day, with the names of their files', async () => {
    const media = prepared();
    await world.commit(addMedia, { accountId: ana, media });
    const used = await upload(world, ana);
    await attach(await post(world, ana), [used]);
    expect(await world.commit(takeUnusedMedia, undefined)).toEqual({ uploads: [], cache: [], more: false });
    world.clock.advance(DAY_MS + 1);
    expect(await world.commit(takeUnusedMedia, undefined)).toEqual({
      uploads: [media.file, media.previewFile],
      cache: [],
      more: false,
    });
    expect(await ownMedia(world.store, ana, used)).not.toBeNull();
  });

  test('are those of a deleted post at once', async () => {
    const id = await upload(world, ana);
    const gone = await post(world, ana);
    await attach(gone, [id]);
    await world.commit(release, gone);
    expect((await world.commit(takeUnusedMedia, undefined)).uploads).toHaveLength(2);
  });

  test('are profile pictures and emoji that nothing shows any more', async () => {
    const { accounts, customEmoji } = world.store.schema;
    const [before, now] = [await upload(world, ana, 'avatar'), await upload(world, ana, 'avatar')];
    const header = await upload(world, ana, 'header');
    const [shown, unshown] = [await upload(world, ana, 'emoji'), await upload(world, ana, 'emoji')];
    const face = await upload(world, ana, 'instance');
    await world.store.write(async (tx) => {
      await tx.update(accounts).set({ avatarMediaId: now, headerMediaId: header });
      await tx.insert(customEmoji).values({ id: 1, shortcode: 'hat', mediaId: shown, createdAt: 1 });
    });
    world.clock.advance(DAY_MS + 1);
    expect((await world.commit(takeUnusedMedia, undefined)).uploads).toHaveLength(2);
    const { media } = world.store.schema;
    const left = (await world.store.read.select({ id: media.id }).from(media)).map((row) => row.id);
    expect(new Set(left)).toEqual(new Set([now, header, shown, face]));
    expect(left).not.toContain(before);
    expect(left).not.toContain(unshown);
  });
});

test('files without a row are told from those that have one', async () => {
  const media = prepared();
  await world.commit(addMedia, { accountId: ana, media });
  const [stray, strayPreview] = [prepared().file, prepared().previewFile ?? ''];
  expect(await unknownUploads(world.store, [media.file, media.previewFile ?? '', stray, strayPreview])).toEqual([
    stray,
    strayPreview,
  ]);
});
