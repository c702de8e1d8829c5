import { afterEach, beforeEach, expect, test } from 'vitest';
import { deleteAccounts } from '#domain/moderation/delete-accounts.ts';
import { suspendAccount } from '#domain/moderation/suspend-account.ts';
import { unsuspendAccount } from '#domain/moderation/unsuspend-account.ts';
import { deletePost } from '#domain/posts/delete-post.ts';
import { editPost } from '#domain/posts/edit-post.ts';
import { openNetwork, type Network, type NetworkInstance } from '../network.ts';
import { draft, publish } from './cast.ts';

/* Documents are kept as they go over the wire: whoever asks again is told all that has happened since. */

let net: Network & Record<'a', NetworkInstance>;
let alice: number;

beforeEach(async () => {
  net = await openNetwork('a');
  alice = await net.a.person('alice');
});

afterEach(() => net.close());

const ask = async (path: string) => {
  const response = await net.a.app.request(`http://a.test${path}`, {
    headers: { accept: 'application/activity+json' },
  });
  const text = await response.text();
  return { status: response.status, document: (text ? JSON.parse(text) : {}) as Record<string, unknown> };
};

/** Twice, so that the second answer is one that was kept. */
const askTwice = async (path: string) => {
  const first = await ask(path);
  expect(await ask(path)).toEqual(first);
  return first;
};

test('a post that is edited and deleted', async () => {
  const { id } = await publish(net.a, alice, 'First words');
  const path = `/users/alice/posts/${id}`;
  expect((await askTwice(path)).document['content']).toContain('First words');
  await net.a.commit(editPost, { ...draft(alice, 'Second words'), postId: id });
  expect((await askTwice(path)).document['content']).toContain('Second words');
  await net.a.commit(deletePost, { authorId: alice, postId: id });
  expect(await askTwice(path)).toMatchObject({ status: 410, document: { type: 'Tombstone' } });
});

test('the posts of an account that is suspended, and no longer', async () => {
  const { id } = await publish(net.a, alice, 'Words');
  const path = `/users/alice/posts/${id}`;
  expect((await askTwice(path)).status).toBe(200);
  await net.a.commit(suspendAccount, { actorId: null, accountId: alice });
  expect((await askTwice(path)).status).toBe(404);
  expect((await askTwice('/users/alice')).document).toMatchObject({ suspended: true });
  await net.a.commit(unsuspendAccount, { actorId: null, accountId: alice });
  expect((await askTwice(path)).status).toBe(200);
  expect((await askTwice('/users/alice')).document['suspended']).not.toBe(true);
});

test('an account that is deleted, under whichever spelling of its name', async () => {
  expect((await askTwice('/users/alice')).status).toBe(200);
  expect((await askTwice('/users/ALICE')).document).toEqual((await ask('/users/alice')).document);
  await net.a.commit(deleteAccounts, { actorId: null, accountIds: [alice] });
  expect((await askTwice('/users/alice')).status).toBe(410);
  expect((await askTwice('/users/ALICE')).status).toBe(410);
});

test('a post that is kept is not found at the address of another account', async () => {
  await net.a.person('bob');
  const { id } = await publish(net.a, alice, 'Words of alice');
  expect((await askTwice(`/users/alice/posts/${id}`)).status).toBe(200);
  expect((await askTwice(`/users/bob/posts/${id}`)).status).toBe(404);
  expect((await askTwice(`/users/nobody/posts/${id}`)).status).toBe(404);
});

test('what was never there and is there now', async () => {
  expect((await askTwice('/users/carol')).status).toBe(404);
  await net.a.person('carol');
  expect((await askTwice('/users/carol')).status).toBe(200);
});
