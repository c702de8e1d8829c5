import { afterEach, beforeEach, expect, test } from 'vitest';
import { boostPost } from '#domain/posts/boost-post.ts';
import { deletePost } from '#domain/posts/delete-post.ts';
import { editPost } from '#domain/posts/edit-post.ts';
import { threadView } from '#domain/timelines/thread.queries.ts';
import { limits } from '#kernel/limits.ts';
import { openNetwork, type Network, type NetworkInstance } from '../network.ts';
import { draft, follow, idAt, publish } from './cast.ts';

/* alice is at a, bob at b follows her, and carol at c, whom nobody follows, answers alice. */

let net: Network & Record<'a' | 'b' | 'c', NetworkInstance>;
let alice: number;
let bob: number;
let carol: number;

beforeEach(async () => {
  net = await openNetwork('a', 'b', 'c');
  [alice, bob, carol] = [await net.a.person('alice'), await net.b.person('bob'), await net.c.person('carol')];
  await follow(net, net.b, bob, '@alice@a.test');
});

afterEach(() => net.close());

async function carolAnswers(more: Parameters<typeof draft>[2] = {}) {
  const question = await publish(net.a, alice, 'Who comes along?');
  await net.settle();
  await net.c.federation.resolver.postByUri(question.uri);
  const answer = await publish(net.c, carol, 'I do', { replyToId: await idAt(net.c, question.uri), ...more });
  await net.settle();
  return { question, answer };
}

const answersAtA = (questionUri: string) => answersAt(net.a, alice, questionUri);
const answersAtB = (questionUri: string) => answersAt(net.b, bob, questionUri);

async function answersAt(instance: NetworkInstance, viewerId: number, questionUri: string): Promise<string[]> {
  const thread = await threadView(instance.store, viewerId, await idAt(instance, questionUri));
  return (thread?.descendants ?? []).map(
    ({ post }) => `${post.author.acct}: ${post.contentHtml.replaceAll(/<[^>]*>/g, '')}`,
  );
}

test('an answer reaches the followers of whom it answers, its edit and its end as well', async () => {
  const { question, answer } = await carolAnswers();
  expect(await answersAtB(question.uri)).toEqual(['@carol@c.test: I do']);

  net.clock.advance(60_000);
  await net.c.commit(editPost, { ...draft(carol, 'I do not'), postId: answer.id });
  await net.settle();
  expect(await answersAtB(question.uri)).toEqual(['@carol@c.test: I do not']);

  await net.c.commit(deletePost, { authorId: carol, postId: answer.id });
  await net.settle();
  expect(await answersAtB(question.uri)).toEqual([]);
});

test('what its own server does not say is not believed, whoever passes it on', async () => {
  const { question } = await carolAnswers();
  await net.offline('c.test');
  const { id } = await publish(net.c, carol, 'I really do', { replyToId: await idAt(net.c, question.uri) });
  expect(id).toBeGreaterThan(0);
  await net.settle();
  expect(await answersAtA(question.uri)).toHaveLength(2);
  expect(await answersAtB(question.uri)).toHaveLength(1);

  await net.online('c.test');
  net.clock.advance(60_000);
  await net.settle();
  expect(await answersAtB(question.uri)).toHaveLength(2);
});

test.each(['followers', 'direct'] as const)('an answer to %s stays where it was sent', async (visibility) => {
  const { question, answer } = await carolAnswers({ visibility, text: '@alice@a.test I do' });
  expect(await idAt(net.a, answer.uri)).not.toBe(0);
  expect(await answersAtB(question.uri)).toEqual([]);
  expect(await idAt(net.b, answer.uri)).toBe(0);
});

test('nothing is passed on for somebody whom the answered person has blocked', async () => {
  const { question } = await carolAnswers();
  const carolAtA = await net.a.find('@carol@c.test');
  // A server that does not heed blocks, or has not heard of this one.
  await net.a.store.write((tx) =>
    tx.hot(
      `insert into blocks (id, blocker_id, blocked_id, uri, created_at) values (1, $1, $2, 'x', 0)`,
      alice,
      carolAtA,
    ),
  );
  await publish(net.c, carol, 'And again', { replyToId: await idAt(net.c, question.uri) });
  await net.settle();
  expect(await answersAtB(question.uri)).toEqual(['@carol@c.test: I do']);
});

test('the end of what was boosted reaches those who saw the boost', async () => {
  const post = await publish(net.c, carol, 'Too loud');
  const atA = (await net.a.federation.resolver.postByUri(post.uri)) ?? 0;
  await net.a.commit(boostPost, { accountId: alice, postId: atA, visibility: 'public' });
  await net.settle();
  expect(await idAt(net.b, post.uri)).not.toBe(0);

  await net.c.commit(deletePost, { authorId: carol, postId: post.id });
  await net.settle();
  expect(await idAt(net.b, post.uri)).toBe(0);
});

test('an answer by somebody of the same server, its edit and its end reach the followers of whom it answers', async () => {
  const dora = await net.a.person('dora');
  const question = await publish(net.a, alice, 'Who comes along?');
  const answer = await publish(net.a, dora, 'I do', { replyToId: question.id });
  await net.settle();
  expect(await answersAtB(question.uri)).toEqual(['@dora@a.test: I do']);
  net.clock.advance(60_000);
  await net.a.commit(editPost, { ...draft(dora, 'I do not'), postId: answer.id });
  await net.settle();
  expect(await answersAtB(question.uri)).toEqual(['@dora@a.test: I do not']);
  await net.a.commit(deletePost, { authorId: dora, postId: answer.id });
  await net.settle();
  expect(await answersAtB(question.uri)).toEqual([]);
});

test('an answer that arrives before what it answers is kept, and so is what it answers', async () => {
  const dora = await net.a.person('dora');
  const question = await publish(net.a, alice, 'Who comes along?');
  // Lost on its way, or late.
  await net.a.store.write((tx) => tx.hot('delete from jobs'));
  const answer = await publish(net.a, dora, 'I do', { replyToId: question.id });
  await net.settle();
  expect(await answersAtB(question.uri)).toEqual(['@dora@a.test: I do']);
  expect(await idAt(net.b, answer.uri)).not.toBe(0);
});

/** What alice publishes from now on is lost on its way to b, or late; what is passed on from a is not. */
async function lateAtB(text: string) {
  const question = await publish(net.a, alice, text);
  await net.a.store.write((tx) => tx.hot('delete from jobs'));
  await net.c.federation.resolver.postByUri(question.uri);
  return question;
}

test('an answer that is passed on before what it answers has come is kept, and so is what it answers', async () => {
  const question = await lateAtB('Who comes along?');
  await publish(net.c, carol, 'I do', { replyToId: await idAt(net.c, question.uri) });
  await net.settle();
  expect(await answersAtB(question.uri)).toEqual(['@carol@c.test: I do']);
});

test('an answer to somebody whom nobody here follows is not kept, though others of that server are followed', async () => {
  const dora = await net.a.person('dora');
  // Of dora's followers b has nobody; that its answers are passed on there is the doing of a server that is not ours.
  const question = await publish(net.a, dora, 'Who comes along?');
  await net.settle();
  await net.c.federation.resolver.postByUri(question.uri);
  await net.a.store.write((tx) =>
    tx.hot(
      `insert into follows (id, follower_id, followee_id, uri, state, created_at)
       select 1, a.id, $1, 'x', 'accepted', 0 from accounts a where a.domain = 'b.test'`,
      dora,
    ),
  );
  const answer = await publish(net.c, carol, 'I do', { replyToId: await idAt(net.c, question.uri) });
  await net.settle();
  expect(await answersAt(net.a, dora, question.uri)).toEqual(['@carol@c.test: I do']);
  expect(await idAt(net.b, answer.uri)).toBe(0);
  expect(await idAt(net.b, question.uri)).toBe(0);
});

test('an answer to followers by somebody of the same server does not', async () => {
  const dora = await net.a.person('dora');
  const question = await publish(net.a, alice, 'Who comes along?');
  const answer = await publish(net.a, dora, 'I do', { replyToId: question.id, visibility: 'followers' });
  await net.settle();
  expect(await idAt(net.b, answer.uri)).toBe(0);
});

test('the end of a post of the same server reaches those who saw its boost', async () => {
  const dora = await net.a.person('dora');
  const post = await publish(net.a, dora, 'Too loud');
  await net.a.commit(boostPost, { accountId: alice, postId: post.id });
  await net.settle();
  expect(await idAt(net.b, post.uri)).not.toBe(0);
  await net.a.commit(deletePost, { authorId: dora, postId: post.id });
  await net.settle();
  expect(await idAt(net.b, post.uri)).toBe(0);
});

test('an end that is only a 404 counts when it is one a quarter of an hour later, too', async () => {
  const { question, answer } = await carolAnswers();
  const atC = (query: string, ...values: (string | number)[]) => net.c.store.write((tx) => tx.hot(query, ...values));
  await net.c.commit(deletePost, { authorId: carol, postId: answer.id });
  await atC('delete from tombstones where uri = $1', answer.uri);
  await net.settle();
  expect(await answersAtB(question.uri)).toHaveLength(1);
  net.clock.advance(limits.secondLookMs + 1000);
  await net.settle();
  expect(await answersAtB(question.uri)).toEqual([]);
});
