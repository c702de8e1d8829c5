import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bookmarkPost } from '#domain/posts/bookmark-post.ts';
import { favouritePost } from '#domain/posts/favourite-post.ts';
import { VISIBILITIES } from '#domain/posts/visibility.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { discoverablePeople, findingConsent } from '#domain/search/directory.queries.ts';
import { searchAccounts, searchPosts } from '#domain/search/search.queries.ts';
import { busyTags, searchTags } from '#domain/search/tags.queries.ts';
import { firstPage } from '#kernel/page.ts';
import { openWorld, type World } from '../../world.ts';
import { publish, receive } from '../observed.ts';

let world: World;
let ada: number;
let ben: number;
let rita: number;

beforeEach(async () => {
  world = await openWorld();
  ada = await world.person('ada');
  ben = await world.person('ben');
  rita = await world.remote('rita');
});

afterEach(() => world.close());

type Wishes = Partial<{
  indexable: boolean;
  discoverable: boolean;
  limitedAt: number | null;
  suspendedAt: number | null;
}>;

async function wish(accountId: number, wishes: Wishes): Promise<void> {
  const { accounts } = world.store.schema;
  await world.store.write((tx) => tx.update(accounts).set(wishes).where(eq(accounts.id, accountId)));
}

const postsFor = async (viewerId: number | null, text: string) =>
  (await searchPosts(world.store, viewerId, text, firstPage(20))).items.map((post) => post.id);
const handlesFor = async (viewerId: number | null, text: string) =>
  (await searchAccounts(world.store, viewerId, text, 10)).map((account) => account.handle);

describe('posts', () => {
  test('are found by all of the words, the last one begun, whatever their case and accents', async () => {
    await wish(ada, { indexable: true });
    const id = await publish(world, ada, 'Une soirée tranquille au Havre');
    await publish(world, ada, 'Une matinée agitée au Havre');
    expect(await postsFor(ben, 'HAVRE soiree')).toEqual([id]);
    expect(await postsFor(ben, 'une soir')).toEqual([id]);
    expect(await postsFor(ben, 'soirée Paris')).toEqual([]);
  });

  test.each(['', '   ', '"', '*', 'NEAR(', '") OR (', "' | '", '()', ':*', '--'])(
    '%j finds nothing and harms nothing',
    async (text) => {
      await wish(ada, { indexable: true });
      await publish(world, ada, 'a plain sentence');
      expect(await postsFor(ben, text)).toEqual([]);
    },
  );

  test('of those who did not let them be indexed are found by themselves and by whom they concern', async () => {
    const plain = await publish(world, ada, 'a quiet thought');
    const naming = await publish(world, ada, 'a quiet word for @ben');
    expect(await postsFor(ada, 'quiet')).toEqual([naming, plain]);
    expect(await postsFor(ben, 'quiet')).toEqual([naming]);
    await world.commit(bookmarkPost, { accountId: ben, postId: plain });
    expect(await postsFor(ben, 'quiet')).toEqual([naming, plain]);
    expect(await postsFor(null, 'quiet')).toEqual([]);
  });

  test('that are not public are found by nobody', async () => {
    await wish(ada, { indexable: true });
    await world.commit(requestFollow, { followerId: ben, followeeId: ada });
    const ids = new Map<string, number>();
    for (const visibility of VISIBILITIES)
      ids.set(visibility, await publish(world, ada, `@ben gossip ${visibility}`, { visibility }));
    for (const viewer of [ada, ben, null]) expect(await postsFor(viewer, 'gossip')).toEqual([ids.get('public')]);
  });

  test('of suspended, limited, blocked and blocking people are not shown', async () => {
    await wish(ada, { indexable: true });
    const id = await publish(world, ada, 'loud words');
    await wish(ada, { limitedAt: world.clock.now() });
    expect(await postsFor(ben, 'loud')).toEqual([]);
    await world.commit(requestFollow, { followerId: ben, followeeId: ada });
    await world.store.write((tx) => tx.update(world.store.schema.follows).set({ state: 'accepted' }));
    expect(await postsFor(ben, 'loud')).toEqual([id]);
    await wish(ada, { suspendedAt: world.clock.now() });
    expect(await postsFor(ben, 'loud')).toEqual([]);
    await wish(ada, { suspendedAt: null, limitedAt: null });
    await world.commit(blockAccount, { blockerId: ben, blockedId: ada });
    expect(await postsFor(ben, 'loud')).toEqual([]);
    expect(await postsFor(null, 'loud')).toEqual([id]);
  });

  test('of other servers are for those who have an account here', async () => {
    await wish(rita, { indexable: true });
    const uri = 'https://there.test/users/rita';
    const id = await receive(world, { id: rita, uri }, 'one', { contentHtml: '<p>from afar</p>' });
    expect(await postsFor(ben, 'afar')).toEqual([id]);
    expect(await postsFor(null, 'afar')).toEqual([]);
  });

  test('come page by page', async () => {
    await wish(ada, { indexable: true });
    const ids: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      world.clock.advance(1000);
      ids.unshift(await publish(world, ada, `word number ${n}`));
    }
    const first = await searchPosts(world.store, ben, 'word', firstPage(2));
    const second = await searchPosts(world.store, ben, 'word', { before: first.nextBefore, after: null, limit: 2 });
    const third = await searchPosts(world.store, ben, 'word', { before: second.nextBefore, after: null, limit: 2 });
    expect([first, second, third].map((page) => page.items.map((post) => post.id))).toEqual([
      ids.slice(0, 2),
      ids.slice(2, 4),
      ids.slice(4),
    ]);
    expect(third.nextBefore).toBeNull();
  });
});

describe('accounts', () => {
  test('are found by the beginning of their handle from the day they sign up', async () => {
    expect(await handlesFor(ben, 'ad')).toEqual(['ada']);
  });

  test('of other servers are found by members, and nobody by visitors who did not wish it', async () => {
    await world.commit(favouritePost, { accountId: ben, postId: await publish(world, ada, 'hello') });
    expect(await handlesFor(null, 'ada')).toEqual([]);
    await wish(ada, { discoverable: true });
    await wish(rita, { discoverable: true });
    expect(await handlesFor(null, 'ada')).toEqual(['ada']);
    expect(await handlesFor(null, 'rita')).toEqual([]);
  });

  test('that block each other do not find each other', async () => {
    await world.commit(blockAccount, { blockerId: ada, blockedId: ben });
    expect(await handlesFor(ben, 'ada')).toEqual([]);
    expect(await handlesFor(ada, 'ben')).toEqual([]);
  });

  test('that wish to be found stand in the directory, without oneself', async () => {
    await wish(ada, { discoverable: true, indexable: true });
    await wish(ben, { discoverable: true });
    await publish(world, ben, 'the last to write');
    expect((await discoverablePeople(world.store, null, 10)).map((one) => one.handle)).toEqual(['ben', 'ada']);
    expect((await discoverablePeople(world.store, ben, 10)).map((one) => one.handle)).toEqual(['ada']);
    expect(await findingConsent(world.store, ada)).toEqual({ discoverable: true, indexable: true });
    expect(await findingConsent(world.store, ben)).toEqual({ discoverable: true, indexable: false });
  });
});

describe('hashtags', () => {
  test('of private posts are not given away', async () => {
    await publish(world, ada, '#lawsuit for friends', { visibility: 'followers' });
    await publish(world, ada, '#lawsuit quietly', { visibility: 'unlisted' });
    expect(await searchTags(world.store, 'law', 'everywhere', 5)).toEqual([]);
    expect(await busyTags(world.store, 0, 'everywhere', 5)).toEqual([]);
    await publish(world, ada, '#Lawsuit for everybody');
    expect(await searchTags(world.store, '#law', 'everywhere', 5)).toEqual([
      { name: 'lawsuit', displayName: 'lawsuit' },
    ]);
  });

  test('are counted by people first, then by posts', async () => {
    for (let n = 0; n < 3; n += 1) await publish(world, ada, `#garden ${n}`);
    await publish(world, ada, '#harbour');
    await publish(world, ben, '#harbour #100%_real');
    const uri = 'https://there.test/users/rita';
    await receive(world, { id: rita, uri }, 'one', { hashtags: ['garden'] });
    const rows = async (scope: 'local' | 'everywhere') =>
      (await busyTags(world.store, 0, scope, 5)).map((tag) => `${tag.name} ${tag.peopleCount} ${tag.postsCount}`);
    expect(await rows('everywhere')).toEqual(['garden 2 4', 'harbour 2 2']);
    expect(await rows('local')).toEqual(['harbour 2 2', 'garden 1 3']);
    expect(await searchTags(world.store, 'garden_', 'everywhere', 5)).toEqual([]);
    expect(await searchTags(world.store, '%', 'everywhere', 5)).toEqual([]);
  });
});
