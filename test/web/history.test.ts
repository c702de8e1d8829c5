import { afterAll, beforeAll, expect, test } from 'vitest';
import { editPost } from '#domain/posts/edit-post.ts';
import { receivePost, refreshPost } from '#domain/posts/receive-post.ts';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { publish } from '../domain/observed.ts';
import { openSite, type Site } from './site.ts';
import { enter, type Visitor } from './visitor.ts';

let site: Site;
let amelie: Visitor;
let bob: Visitor;
let carol: Visitor;

beforeAll(async () => {
  site = await openSite();
  [amelie, bob, carol] = [await enter(site, 'amelie'), await enter(site, 'bob'), await enter(site, 'carol')];
});

afterAll(() => site.close());

const idOf = (visitor: Visitor) => visitor.accountId as number;

async function edit(postId: number, text: string): Promise<void> {
  site.world.clock.advance(60_000);
  const words = { text, warning: null, sensitive: false, language: null };
  await site.world.commit(editPost, { authorId: idOf(amelie), postId, ...words });
}

async function historyFor(reader: Visitor, postId: number, handle = '@amelie'): Promise<string> {
  await reader.visit(`/${handle}/${postId}/history`);
  expect(reader.status).toBe(200);
  return reader.main;
}

test.each(['direct', 'followers'] as const)(
  'who is named by an edit of a %s post reads none of what it said before that',
  async (visibility) => {
    const id = await publish(site.world, idOf(amelie), '@bob: carol bores me', { visibility });
    await edit(id, '@bob: carol bores me a little');
    await edit(id, '@bob @carol shall we have dinner?');
    const atFirst = await historyFor(carol, id);
    expect(atFirst).toContain('shall we have dinner?');
    expect(atFirst).not.toContain('bores me');
    expect(atFirst).toContain('before you were named');
    expect(atFirst).not.toContain('has not been edited');

    await edit(id, '@bob @carol shall we have lunch?');
    const later = await historyFor(carol, id);
    expect(later).toContain('dinner');
    expect(later).not.toContain('bores me');
    for (const reader of [amelie, bob]) expect(await historyFor(reader, id)).toContain('carol bores me a little');
  },
);

test('who follows reads all that a post for followers has said, also when an edit names them', async () => {
  const id = await publish(site.world, idOf(amelie), 'Dinner at seven', { visibility: 'followers' });
  await edit(id, 'Dinner at eight, @carol');
  await site.world.commit(requestFollow, { followerId: idOf(carol), followeeId: idOf(amelie) });
  expect(await historyFor(carol, id)).toContain('Dinner at seven');
});

test('nor does who is named by an edit on another server', async () => {
  const { commit, remote, clock, store } = site.world;
  const authorId = await remote('dana');
  const [row] = await store.read.hot<{ uri: string }>('select uri from accounts where id = $1', idOf(carol));
  const [other] = await store.read.hot<{ uri: string }>('select uri from accounts where id = $1', idOf(bob));
  const uris = [other?.uri ?? '', row?.uri ?? ''];
  const post = (text: string, recipientUris: string[], editedAt: number | null) =>
    ({
      uri: 'https://there.test/notes/1',
      url: null,
      kind: 'note',
      title: null,
      contentHtml: `<p>${text}</p>`,
      warning: null,
      sensitive: false,
      language: null,
      quoteUri: null,
      emoji: [],
      replyToUri: null,
      visibility: 'direct',
      publishedAt: clock.now(),
      editedAt,
      mentions: [],
      recipientUris,
      hashtags: [],
      media: [],
      poll: null,
    }) as unknown as RemotePost;
  const id = await commit(receivePost, { authorId, post: post('carol bores me', uris.slice(0, 1), null) });
  clock.advance(60_000);
  await commit(refreshPost, { authorId, post: post('dinner?', uris, clock.now()) });
  expect(await historyFor(carol, id as number, '@dana@there.test')).not.toContain('bores me');
  expect(await historyFor(bob, id as number, '@dana@there.test')).toContain('bores me');
});
