import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  countUnreadConversations,
  findConversationView,
  listConversations,
} from '#domain/conversations/conversations.queries.ts';
import { hideConversation } from '#domain/conversations/hide-conversation.ts';
import { markConversationRead } from '#domain/conversations/mark-conversation-read.ts';
import { eraseAccount } from '#domain/departures/erase-account.ts';
import { deletePost } from '#domain/posts/delete-post.ts';
import { editPost } from '#domain/posts/edit-post.ts';
import { receiveDelete } from '#domain/posts/receive-delete.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { muteAccount } from '#domain/relationships/mute-account.ts';
import { firstPage } from '#kernel/page.ts';
import { openWorld, type World } from '../../world.ts';
import { enrol, publish, receive } from '../observed.ts';

let world: World;
let ada: number;
let ben: number;
let cleo: number;
let rita: number;
const ritaUri = 'https://there.test/users/rita';
const adaUri = 'https://here.test/users/ada';

beforeEach(async () => {
  world = await openWorld();
  ada = await world.person('ada');
  ben = await world.person('ben');
  cleo = await world.person('cleo');
  rita = await world.remote('rita');
  for (const id of [ada, ben, cleo]) await enrol(world, id);
});

afterEach(() => world.close());

const list = async (accountId: number) => (await listConversations(world.store, accountId, firstPage(20))).items;
const seen = async (accountId: number) =>
  (await list(accountId)).map((one) => [
    one.participants.map((account) => account.handle).join(' '),
    one.lastPost.id,
    one.unread ? 'unread' : 'read',
  ]);
const unread = (accountId: number) => countUnreadConversations(world.store, accountId);

/** Time passes between two things that people say. */
function direct(authorId: number, text: string, replyToId: number | null = null): Promise<number> {
  world.clock.advance(1000);
  return publish(world, authorId, text, { visibility: 'direct', replyToId });
}

function ritaWrites(name: string, over: object = {}): Promise<number> {
  world.clock.advance(1000);
  return receive(world, { id: rita, uri: ritaUri }, name, {
    visibility: 'direct',
    mentions: [{ uri: adaUri, handle: '@ada@here.test' }],
    ...over,
  });
}

describe('a conversation', () => {
  test('is there for whoever takes part in it, unread but for the author', async () => {
    const first = await direct(ada, 'psst @ben');
    expect(await seen(ada)).toEqual([['ben', first, 'read']]);
    expect(await seen(ben)).toEqual([['ada', first, 'unread']]);
    expect(await seen(cleo)).toEqual([]);
    const second = await direct(ben, 'yes @ada, and @cleo', first);
    expect(await seen(ada)).toEqual([['ben cleo', second, 'unread']]);
    expect(await seen(ben)).toEqual([['ada cleo', second, 'unread']]);
    expect(await seen(cleo)).toEqual([['ben ada', second, 'unread']]);
    expect(await unread(ada)).toBe(1);
  });

  test('is none of a post for more people', async () => {
    await publish(world, ada, 'hello @ben', { visibility: 'followers' });
    expect(await seen(ada)).toEqual([]);
    expect(await seen(ben)).toEqual([]);
  });

  test('with people elsewhere is there for those here', async () => {
    const first = await ritaWrites('1');
    expect(await seen(ada)).toEqual([['rita', first, 'unread']]);
    const answer = await direct(ada, 'hello @rita@there.test', first);
    expect(await seen(ada)).toEqual([['rita', answer, 'unread']]);
    expect(await world.store.read.$count(world.store.schema.conversations)).toBe(1);
  });

  test('that begins under a public post is with whom it is with', async () => {
    const open = await publish(world, ada, 'everyone?');
    const bens = await direct(ben, 'just you, @ada', open);
    const cleos = await direct(cleo, 'between us, @ada', open);
    expect(await seen(ada)).toEqual([
      ['cleo', cleos, 'unread'],
      ['ben', bens, 'unread'],
    ]);
  });

  test('whose posts arrive in the wrong order is one', async () => {
    const second = await ritaWrites('2', { replyToUri: `${ritaUri}/posts/1` });
    await world.commit(markConversationRead, { accountId: ada, conversationId: (await list(ada))[0]?.id ?? 0 });
    const first = await ritaWrites('1', { publishedAt: world.clock.now() - 60_000 });
    expect(first).toBeLessThan(second);
    expect(await seen(ada)).toEqual([['rita', second, 'unread']]);
  });

  test('is not opened by those whom one blocks or mutes', async () => {
    await world.commit(blockAccount, { blockerId: ada, blockedId: rita });
    await ritaWrites('1');
    expect(await seen(ada)).toEqual([]);
    await world.commit(muteAccount, { muterId: ada, mutedId: ben, hideNotifications: false, expiresAt: null });
    await direct(ben, 'psst @ada');
    expect(await seen(ada)).toEqual([]);
  });

  test('takes in whom an edit names, and wakes nobody else', async () => {
    const postId = await direct(ada, 'psst @ben');
    await world.commit(markConversationRead, { accountId: ben, conversationId: (await list(ben))[0]?.id ?? 0 });
    const text = 'psst @ben @cleo';
    await world.commit(editPost, { authorId: ada, postId, text, warning: null, sensitive: false, language: null });
    expect(await seen(cleo)).toEqual([['ada ben', postId, 'unread']]);
    expect(await seen(ben)).toEqual([['ada cleo', postId, 'read']]);
    expect(await seen(ada)).toEqual([['ben cleo', postId, 'read']]);
  });

  test('with oneself is a note', async () => {
    const postId = await direct(ada, 'milk, eggs');
    expect(await seen(ada)).toEqual([['', postId, 'read']]);
  });
});

describe('a conversation that loses posts', () => {
  test('shows the one before, and goes with the last', async () => {
    const first = await direct(ada, 'psst @ben');
    const second = await direct(ben, 'yes @ada', first);
    const third = await direct(ada, 'good @ben', second);
    await world.commit(deletePost, { authorId: ada, postId: third });
    expect((await seen(ben)).map((line) => line[1])).toEqual([second]);
    await world.commit(deletePost, { authorId: ada, postId: first });
    expect((await seen(ben)).map((line) => line[1])).toEqual([second]);
    const again = await direct(ada, 'still here @ben', second);
    expect((await seen(ben)).map((line) => line[1])).toEqual([again]);
    await world.commit(deletePost, { authorId: ada, postId: again });
    await world.commit(deletePost, { authorId: ben, postId: second });
    expect(await world.store.read.$count(world.store.schema.conversations)).toBe(0);
  });

  test('does not take another one’s post of the same thread', async () => {
    const open = await publish(world, ada, 'everyone?');
    const bens = await direct(ben, 'just you, @ada', open);
    await direct(cleo, 'between us, @ada', open);
    await world.commit(deletePost, { authorId: ben, postId: bens });
    expect((await seen(ada)).map((line) => line[0])).toEqual(['cleo']);
  });

  test('elsewhere is shortened too', async () => {
    const first = await ritaWrites('1');
    await ritaWrites('2', { replyToUri: `${ritaUri}/posts/1` });
    await world.commit(receiveDelete, { actorId: rita, uri: `${ritaUri}/posts/2` });
    expect((await seen(ada)).map((line) => line[1])).toEqual([first]);
  });

  test('outlives a participant who deletes the account', async () => {
    const first = await direct(ada, 'psst @ben');
    await direct(ben, 'yes @ada', first);
    await world.commit((unit, accountId: number) => eraseAccount(unit, accountId), ben);
    expect((await seen(ada)).map((line) => line[1])).toEqual([first]);
  });
});

describe('the list of conversations', () => {
  test('comes in pages, the latest first', async () => {
    const posts: number[] = [];
    for (const text of ['one @ben', 'two @ben', 'three @ben']) posts.push(await direct(ada, text));
    const first = await listConversations(world.store, ben, firstPage(2));
    expect(first.items.map((one) => one.lastPost.id)).toEqual([posts[2], posts[1]]);
    const next = await listConversations(world.store, ben, { before: first.nextBefore, after: null, limit: 2 });
    expect(next.items.map((one) => one.lastPost.id)).toEqual([posts[0]]);
    expect(next.nextBefore).toBeNull();
  });

  test('forgets what is hidden until something is said', async () => {
    const first = await direct(ada, 'psst @ben');
    const id = (await list(ben))[0]?.id ?? 0;
    await world.commit(hideConversation, { accountId: ben, conversationId: id });
    expect(await seen(ben)).toEqual([]);
    expect(await unread(ben)).toBe(0);
    expect(await seen(ada)).toHaveLength(1);
    const second = await direct(ada, 'still there, @ben?', first);
    expect(await seen(ben)).toEqual([['ada', second, 'unread']]);
  });

  test('is one’s own', async () => {
    await direct(ada, 'psst @ben');
    const conversationId = (await list(ben))[0]?.id ?? 0;
    for (const command of [markConversationRead, hideConversation]) {
      await expect(world.commit(command, { accountId: cleo, conversationId })).rejects.toMatchObject({
        code: 'not-found',
      });
    }
    expect(await findConversationView(world.store, cleo, conversationId)).toBeNull();
    expect(await findConversationView(world.store, ben, conversationId)).toMatchObject({ unread: true });
    await world.commit(markConversationRead, { accountId: ben, conversationId });
    expect(await unread(ben)).toBe(0);
  });
});
