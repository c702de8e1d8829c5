import { afterEach, beforeEach, expect, test } from 'vitest';
import { profileView } from '#domain/accounts/accounts.queries.ts';
import { pinPost, unpinPost } from '#domain/posts/pin-post.ts';
import { boostPost } from '#domain/posts/boost-post.ts';
import type { LookedUp } from '#domain/search/remote-lookup.ts';
import { threadView } from '#domain/timelines/thread.queries.ts';
import { accountTimeline, pinnedPosts } from '#domain/timelines/timelines.queries.ts';
import { DAY_MS, HOUR_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { firstPage } from '#kernel/page.ts';
import { openNetwork, type Network, type NetworkInstance } from '../network.ts';
import { follow, idAt, publish, textsAtHome } from './cast.ts';

/* bob at b finds alice of a for the first time. */

let net: Network & Record<'a' | 'b' | 'c', NetworkInstance>;
let alice: number;
let bob: number;

beforeEach(async () => {
  net = await openNetwork('a', 'b', 'c');
  [alice, bob] = [await net.a.person('alice'), await net.b.person('bob')];
});

afterEach(() => net.close());

async function write(count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let n = 1; n <= count; n += 1) {
    ids.push((await publish(net.a, alice, `No. ${n}`)).id);
    net.clock.advance(1000);
  }
  return ids;
}

/** bob opens alice's profile, and again when there has been time for an answer. */
async function openProfile(): Promise<number> {
  const aliceAtB = await net.b.find('@alice@a.test');
  await look({ kind: 'account', id: aliceAtB });
  return aliceAtB;
}

async function look(target: LookedUp): Promise<void> {
  net.b.federation.lookup.refresh(target);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await net.settle();
}

async function textsOn(accountId: number): Promise<string[]> {
  const { items } = await accountTimeline(net.b.store, bob, accountId, 'posts', firstPage(40));
  return items.map(({ post }) => post.contentHtml.replaceAll(/<[^>]*>/g, ''));
}

async function pinsOn(accountId: number): Promise<string[]> {
  const pinned = await pinnedPosts(net.b.store, bob, accountId);
  return pinned.map(({ post }) => post.contentHtml.replaceAll(/<[^>]*>/g, ''));
}

test('a profile that is opened for the first time shows posts, pins and how much there is', async () => {
  const ids = await write(3);
  const [first = 0, second = 0] = ids;
  await publish(net.a, alice, 'Among friends', { visibility: 'followers' });
  await net.a.commit(pinPost, { accountId: alice, postId: second });
  net.clock.advance(1000);
  await net.a.commit(pinPost, { accountId: alice, postId: first });
  await net.a.commit(boostPost, { accountId: alice, postId: first });
  const carol = await net.a.person('carol');
  await follow(net, net.a, carol, '@alice@a.test');
  await net.settle();

  const before = await profileView(net.b.store, await net.b.find('@alice@a.test'));
  expect(before).toMatchObject({ asked: false, followersCount: 0, postsCount: 0 });
  const aliceAtB = await openProfile();
  expect(await textsOn(aliceAtB)).toEqual(['No. 3', 'No. 2', 'No. 1']);
  expect(await pinsOn(aliceAtB)).toEqual(['No. 1', 'No. 2']);
  const after = await profileView(net.b.store, aliceAtB);
  expect(after).toMatchObject({ asked: true, followersCount: 1, followingCount: 0 });
  expect(after?.postsCount).toBeGreaterThanOrEqual(3);
});

test('whoever follows somebody new finds the newest posts on the profile and at home', async () => {
  await write(2);
  const aliceAtB = await follow(net, net.b, bob, '@alice@a.test');
  expect(await textsOn(aliceAtB)).toEqual(['No. 2', 'No. 1']);
  expect(await textsAtHome(net.b, bob)).toEqual(['No. 2', 'No. 1']);
  expect(await net.b.store.read.hot('select id from notifications where kind = $1', 'post')).toEqual([]);
});

test('the second look of an hour asks nothing, and a later one finds what is new and what is no longer pinned', async () => {
  const [first = 0] = await write(1);
  await net.a.commit(pinPost, { accountId: alice, postId: first });
  const aliceAtB = await openProfile();
  await write(1);
  await net.a.commit(unpinPost, { accountId: alice, postId: first });
  await openProfile();
  expect(await pinsOn(aliceAtB)).toEqual(['No. 1']);
  expect(await textsOn(aliceAtB)).toHaveLength(1);

  net.clock.advance(HOUR_MS);
  await openProfile();
  expect(await pinsOn(aliceAtB)).toEqual([]);
  expect(await textsOn(aliceAtB)).toHaveLength(1);

  // Nobody here follows her, so nothing comes by itself.
  net.clock.advance(DAY_MS);
  await openProfile();
  expect(await textsOn(aliceAtB)).toHaveLength(2);
});

test('a server that is away is asked again an hour later', async () => {
  await write(1);
  const aliceAtB = await net.b.find('@alice@a.test');
  await net.offline('a.test');
  await openProfile();
  expect(await textsOn(aliceAtB)).toEqual([]);
  expect(await profileView(net.b.store, aliceAtB)).toMatchObject({ asked: true, postsCount: 0 });
  await net.online('a.test');
  net.clock.advance(HOUR_MS);
  await openProfile();
  expect(await textsOn(aliceAtB)).toEqual(['No. 1']);
});

test('of somebody who writes much the newest come', async () => {
  await write(limits.profilePosts + 5);
  const texts = await textsOn(await openProfile());
  expect(texts).toHaveLength(limits.profilePosts);
  expect(texts[0]).toBe(`No. ${limits.profilePosts + 5}`);
});

test('an answer that was found on a profile has its thread when somebody opens it', async () => {
  const carol = await net.c.person('carol');
  const question = await publish(net.c, carol, 'Who comes along?');
  await net.a.federation.resolver.postByUri(question.uri);
  const answer = await publish(net.a, alice, 'I do', { replyToId: await idAt(net.a, question.uri) });
  await openProfile();
  const id = await idAt(net.b, answer.uri);
  expect((await threadView(net.b.store, bob, id))?.ancestors).toEqual([]);

  await look({ kind: 'post', id });
  const thread = await threadView(net.b.store, bob, id);
  expect(thread?.ancestors.map(({ uri }) => uri)).toEqual([question.uri]);
});
