import { afterEach, beforeEach, expect, test } from 'vitest';
import { accountViews } from '#domain/accounts/accounts.queries.ts';
import { editProfile } from '#domain/accounts/edit-profile.ts';
import { addEmoji } from '#domain/emoji/add-emoji.ts';
import { deleteEmoji } from '#domain/emoji/delete-emoji.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import { emojiPicture } from '../domain/emoji/emoji-picture.ts';
import { openNetwork, type Network, type NetworkInstance } from '../network.ts';
import { follow, idAt, publish } from './cast.ts';

let net: Network & Record<'a' | 'b', NetworkInstance>;
let alice: number;
let emojiId: number;

beforeEach(async () => {
  net = await openNetwork('a', 'b');
  alice = await net.a.person('alice');
  emojiId = await net.a.commit(addEmoji, {
    actorId: null,
    shortcode: 'blob_cat',
    category: '',
    media: emojiPicture('c'),
    from: null,
  });
});

afterEach(() => net.close());

const document = async (path: string) => {
  const response = await net.a.app.request(`http://a.test${path}`, {
    headers: { accept: 'application/activity+json' },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const tag = () => ({
  id: `http://a.test/emoji/${emojiId}`,
  type: 'Emoji',
  name: ':blob_cat:',
  updated: new Date(net.clock.now()).toISOString(),
  icon: { type: 'Image', mediaType: 'image/webp', url: 'http://a.test/media/0000000000000000000000000000000c.webp' },
});

test('an emoji of one instance is seen on the other, in a post and in a name', async () => {
  const bob = await net.b.person('bob');
  const aliceThere = await follow(net, net.b, bob, '@alice@a.test');
  await net.a.commit(editProfile, {
    accountId: alice,
    displayName: 'Alice :blob_cat:',
    bio: '',
    bioHtml: '',
    fields: [],
    locked: false,
    bot: false,
    discoverable: true,
    indexable: true,
    countsHidden: false,
  });
  const { id, uri } = await publish(net.a, alice, 'Purr :blob_cat: and :nothing:', { warning: ':blob_cat:' });
  await net.settle();

  expect((await document(`/users/alice/posts/${id}`)).body).toMatchObject({ tag: [tag()] });
  expect((await document('/users/alice')).body).toMatchObject({ tag: [tag()] });
  const there = await idAt(net.b, uri);
  const shown = [{ shortcode: 'blob_cat', url: expect.stringContaining('/media/proxy/') }];
  expect((await findPost(net.b.store, bob, there))?.emoji).toEqual(shown);
  expect((await accountViews(net.b.store, [aliceThere])).get(aliceThere)?.emoji).toEqual(shown);
});

test('an emoji has a document of its own, until it is deleted', async () => {
  expect(await document(`/emoji/${emojiId}`)).toMatchObject({ status: 200, body: tag() });
  const page = await net.a.app.request(`http://a.test/emoji/${emojiId}`);
  expect([page.status, page.headers.get('location')]).toEqual([302, '/media/0000000000000000000000000000000c.webp']);
  await net.a.commit(deleteEmoji, { actorId: null, id: emojiId });
  expect((await document(`/emoji/${emojiId}`)).status).toBe(404);
});

test('an emoji that is deleted leaves the documents of the posts that were written with it, and comes back to them', async () => {
  const { id } = await publish(net.a, alice, 'Purr :blob_cat:');
  const { id: plain } = await publish(net.a, alice, 'Purr');
  const response = (post: number, etag = '') =>
    net.a.app.request(`http://a.test/users/alice/posts/${post}`, {
      headers: { accept: 'application/activity+json', 'if-none-match': etag },
    });
  const etags = [await response(id), await response(plain)].map(({ headers }) => headers.get('etag') ?? '');
  expect((await document(`/users/alice/posts/${id}`)).body).toMatchObject({ tag: [tag()] });
  await net.a.commit(deleteEmoji, { actorId: null, id: emojiId });
  expect((await document(`/users/alice/posts/${id}`)).body['tag']).toEqual([]);
  // Whoever holds a copy is told; a post without emoji stays as it is.
  expect((await response(id, etags[0])).status).toBe(200);
  expect((await response(plain, etags[1])).status).toBe(304);
  await net.a.commit(addEmoji, {
    actorId: null,
    shortcode: 'blob_cat',
    category: '',
    media: emojiPicture('d'),
    from: null,
  });
  expect((await document(`/users/alice/posts/${id}`)).body['tag']).toMatchObject([{ name: ':blob_cat:' }]);
});
