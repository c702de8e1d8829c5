import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accountViews } from '#domain/accounts/accounts.queries.ts';
import { editProfile } from '#domain/accounts/edit-profile.ts';
import { ensureInstanceActor } from '#domain/accounts/ensure-instance-actor.ts';
import { addEmoji, type NewEmoji } from '#domain/emoji/add-emoji.ts';
import { deleteEmoji } from '#domain/emoji/delete-emoji.ts';
import { editEmoji } from '#domain/emoji/edit-emoji.ts';
import { hasEmoji, ownEmoji } from '#domain/emoji/emoji.queries.ts';
import { seenEmoji } from '#domain/emoji/seen-emoji.queries.ts';
import { switchEmoji } from '#domain/emoji/switch-emoji.ts';
import { editPost } from '#domain/posts/edit-post.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import { publishPost } from '#domain/posts/publish-post.ts';
import { limits } from '#kernel/limits.ts';
import { draft } from '../../stories/cast.ts';
import { emojiPicture } from './emoji-picture.ts';
import { openWorld, testKeys, type World } from '../../world.ts';

let world: World;
let ana: number;

beforeEach(async () => {
  world = await openWorld();
  await world.commit(ensureInstanceActor, { keys: await testKeys() });
  ana = await world.person('ana');
});

afterEach(() => world.close());

let made = 0;

const media = (bytes = 900) => emojiPicture(`${(made += 1)}`, bytes);

const add = (shortcode: string, more: Partial<NewEmoji> = {}) =>
  world.commit(addEmoji, { actorId: null, shortcode, category: '', media: media(), from: null, ...more });

const named = (displayName: string) =>
  world.commit(editProfile, {
    accountId: ana,
    displayName,
    bio: '',
    bioHtml: '',
    fields: [],
    locked: false,
    bot: false,
    discoverable: false,
    indexable: false,
    countsHidden: false,
  });

const shownIn = async (postId: number) =>
  (await findPost(world.store, null, postId))?.emoji.map(({ shortcode }) => shortcode);
const shownInName = async () =>
  (await accountViews(world.store, [ana])).get(ana)?.emoji.map(({ shortcode }) => shortcode);
const audited = async () =>
  (
    await world.store.read.hot<{ line: string }>(
      `select action || ' ' || target as line from audit_entries order by id`,
    )
  ).map(({ line }) => line);

describe('an emoji of the instance', () => {
  test('is shown in the text, the warning and the answers of a post', async () => {
    for (const shortcode of ['cat', 'Dog', 'cow', 'unused']) await add(shortcode);
    const poll = { options: ['Yes :cow:', 'No'], multiple: false, minutes: 60 };
    const post = await world.commit(
      publishPost,
      draft(ana, 'Look :cat: and :Dog: but not :dog: or :nothing: at 12:30:45', { warning: 'A :cat:', poll }),
    );
    expect((await shownIn(post))?.toSorted()).toEqual(['Dog', 'cat', 'cow']);
    await world.commit(editPost, {
      postId: post,
      authorId: ana,
      text: 'No more',
      warning: null,
      sensitive: false,
      language: 'en',
    });
    expect(await shownIn(post)).toEqual(['cow']);
  });

  test('that is switched off stays where it stands, and is in no new text', async () => {
    const id = await add('cat');
    const before = await world.commit(publishPost, draft(ana, ':cat:'));
    await world.commit(switchEmoji, { actorId: null, id, on: false });
    expect(await hasEmoji(world.store)).toBe(false);
    const after = await world.commit(publishPost, draft(ana, ':cat:'));
    expect(await shownIn(before)).toEqual(['cat']);
    expect(await shownIn(after)).toEqual([]);
    await world.commit(switchEmoji, { actorId: null, id, on: true });
    expect(await hasEmoji(world.store)).toBe(true);
  });

  test('that is deleted is gone from everywhere, with its picture, and comes back under its name', async () => {
    const id = await add('cat');
    const post = await world.commit(publishPost, draft(ana, ':cat:'));
    await named('Ana :cat:');
    expect(await shownInName()).toEqual(['cat']);
    const { files } = await world.commit(deleteEmoji, { actorId: null, id });
    expect(files).toHaveLength(1);
    expect(await world.store.read.$count(world.store.schema.media)).toBe(0);
    expect(await shownIn(post)).toEqual([]);
    expect(await shownInName()).toEqual([]);
    await add('cat');
    expect(await shownIn(post)).toEqual(['cat']);
    expect(await shownInName()).toEqual(['cat']);
  });

  test('shows in names that were written before it came', async () => {
    await named('Ana :cat:');
    expect(await shownInName()).toEqual([]);
    await add('cat');
    expect(await shownInName()).toEqual(['cat']);
  });

  test('stays when the person who brought it leaves', async () => {
    const boss = await world.person('boss');
    await add('cat', { actorId: boss });
    await world.store.write((tx) => tx.hot('delete from accounts where id = $1', boss));
    expect(await ownEmoji(world.store)).toMatchObject([{ shortcode: 'cat' }]);
  });

  test.each(['', ' ', 'a', 'a b', 'été', '12', '1_2', 'x'.repeat(limits.shortcodeCharacters + 1), 'a-b', 'a:b'])(
    'cannot be called %j',
    async (shortcode) => {
      await expect(add(shortcode)).rejects.toMatchObject({ reason: 'shortcode-odd', field: 'shortcode' });
    },
  );

  test('has a name of its own, whatever its case, with or without colons', async () => {
    await add(':cat:', { category: ' Animals ' });
    expect(await ownEmoji(world.store)).toMatchObject([{ shortcode: 'cat', category: 'Animals' }]);
    await expect(add('CAT')).rejects.toMatchObject({ code: 'conflict', reason: 'shortcode-taken' });
  });

  test('is refused when it is heavier than others show, no picture, or one too many', async () => {
    await expect(add('cat', { media: media(limits.emojiBytes + 1) })).rejects.toMatchObject({
      reason: 'emoji-too-heavy',
    });
    const video = { ...media(), kind: 'video', mimeType: 'video/mp4' } as const;
    await expect(add('cat', { media: video })).rejects.toMatchObject({ reason: 'media-type-refused' });
    const { customEmoji } = world.store.schema;
    const many = Array.from({ length: limits.customEmoji }, (_, index) => ({
      id: index + 1,
      shortcode: `e${index}`,
      mediaId: 1,
      createdAt: 1,
    }));
    await world.store.write((tx) => tx.insert(customEmoji).values(many));
    await expect(add('cat')).rejects.toMatchObject({ code: 'too-many', reason: 'emoji-too-many' });
  });

  test('leaves a line in the log for all that is done with it', async () => {
    const id = await add('cat');
    await world.commit(editEmoji, { actorId: null, id, category: 'Animals' });
    await world.commit(editEmoji, { actorId: null, id, category: 'Animals' });
    for (const on of [false, false, true]) await world.commit(switchEmoji, { actorId: null, id, on });
    await world.commit(deleteEmoji, { actorId: null, id });
    await add('dog', { from: 'there.test' });
    expect(await audited()).toEqual([
      'emoji-added emoji:cat',
      'emoji-edited emoji:cat',
      'emoji-disabled emoji:cat',
      'emoji-enabled emoji:cat',
      'emoji-deleted emoji:cat',
      'emoji-copied emoji:dog',
    ]);
    await expect(world.commit(deleteEmoji, { actorId: null, id })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('emoji of other servers', () => {
  test('are those of public posts and of profiles, each once, found by name and server', async () => {
    const there = await world.remote('bob');
    const elsewhere = await world.remote('eve', 'else.test');
    const { accounts, posts } = world.store.schema;
    const post = (id: number, authorId: number, visibility: 'public' | 'followers', shortcode: string) => ({
      id,
      uri: `https://x.test/${id}`,
      url: `https://x.test/${id}`,
      authorId,
      local: false,
      visibility,
      threadId: id,
      contentHtml: '',
      emoji: [{ shortcode, url: `https://x.test/${shortcode}.png` }],
      createdAt: 1,
      receivedAt: 1,
    });
    await world.store.write(async (tx) => {
      await tx.update(accounts).set({ emoji: [{ shortcode: 'wave', url: 'https://x.test/wave.png' }] });
      await tx
        .insert(posts)
        .values([
          post(1, there, 'public', 'wave'),
          post(2, there, 'followers', 'secret'),
          post(3, elsewhere, 'public', 'cat'),
        ]);
    });
    const names = async (text: string) =>
      (await seenEmoji(world.store, text)).map(({ shortcode, domain }) => `${shortcode}@${domain}`);
    expect(await names('')).toEqual(['cat@else.test', 'wave@there.test', 'wave@else.test']);
    expect(await names('WAVE')).toEqual(['wave@there.test', 'wave@else.test']);
    expect(await names('there')).toEqual(['wave@there.test']);
    expect((await seenEmoji(world.store, 'cat'))[0]?.url).toMatch(/^\/media\/proxy\/post-emoji\/3\/cat\?key=/);
  });
});
