import { afterEach, beforeEach, expect, test } from 'vitest';
import { threadView } from '#domain/timelines/thread.queries.ts';
import { openNetwork, type Network, type NetworkInstance } from '../network.ts';
import { follow, idAt, publish } from './cast.ts';

let net: Network & Record<'a' | 'b' | 'c', NetworkInstance>;

beforeEach(async () => {
  net = await openNetwork('a', 'b', 'c');
});

afterEach(() => net.close());

test('what a followed person answers is fetched up to its beginning', async () => {
  const [alice, bob, carol] = [await net.a.person('alice'), await net.b.person('bob'), await net.c.person('carol')];
  const first = await publish(net.a, alice, 'Where does the river begin?');
  await net.b.federation.resolver.postByUri(first.uri);
  const second = await publish(net.b, bob, 'In the hills', { replyToId: await idAt(net.b, first.uri) });
  await net.settle();
  await follow(net, net.c, carol, '@bob@b.test');
  const third = await publish(net.b, bob, 'Above the mill', { replyToId: second.id });
  await net.settle();

  const thread = await threadView(net.c.store, carol, await idAt(net.c, third.uri));
  expect(thread?.ancestors.map(({ uri }) => uri)).toEqual([first.uri, second.uri]);
});

test('answers that nobody sent here are found when somebody looks at the post', async () => {
  const [alice, bob, carol] = [await net.a.person('alice'), await net.b.person('bob'), await net.c.person('carol')];
  const post = await publish(net.a, alice, 'Who is there?');
  await net.b.federation.resolver.postByUri(post.uri);
  await publish(net.b, bob, 'I am', { replyToId: await idAt(net.b, post.uri) });
  await net.settle();

  const found = await net.c.federation.lookup.byUrl(post.uri);
  expect(found?.kind).toBe('post');
  const id = found?.id ?? 0;
  expect((await threadView(net.c.store, carol, id))?.descendants).toEqual([]);
  net.c.federation.lookup.refresh({ kind: 'post', id });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await net.settle();
  const thread = await threadView(net.c.store, carol, id);
  expect(thread?.descendants.map(({ post: { author } }) => author.acct)).toEqual(['@bob@b.test']);
});

test('an address of a page, of a document and a handle lead to the same', async () => {
  const alice = await net.a.person('alice');
  const post = await publish(net.a, alice, 'Found by its page');
  const { lookup } = net.b.federation;
  const byHandle = await lookup.account('alice', 'a.test');
  expect(await lookup.byUrl('http://a.test/users/alice')).toEqual({ kind: 'account', id: byHandle });
  expect(await lookup.byUrl('http://a.test/@alice')).toEqual({ kind: 'account', id: byHandle });
  const byUri = await lookup.byUrl(post.uri);
  expect(await lookup.byUrl(`http://a.test/@alice/${post.id}`)).toEqual(byUri);
  expect(await net.a.federation.lookup.byUrl(post.uri)).toEqual({ kind: 'post', id: post.id });
  expect(await lookup.byUrl('http://nowhere.test/x')).toBeNull();
  expect(await lookup.account('nobody', 'a.test')).toBeNull();
});
