import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { editProfile } from '#domain/accounts/edit-profile.ts';
import { boostPost, undoBoost } from '#domain/posts/boost-post.ts';
import { deletePost } from '#domain/posts/delete-post.ts';
import { editPost } from '#domain/posts/edit-post.ts';
import { favouritePost, undoFavourite } from '#domain/posts/favourite-post.ts';
import { publishPost } from '#domain/posts/publish-post.ts';
import { vote } from '#domain/posts/vote.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { undoFollow } from '#domain/relationships/undo-follow.ts';
import { homeTimeline } from '#domain/timelines/timelines.queries.ts';
import { threadView } from '#domain/timelines/thread.queries.ts';
import { findPostIdByUri } from '#domain/posts/posts.queries.ts';
import { firstPage } from '#kernel/page.ts';
import { openNetwork, type Network, type NetworkInstance } from '../network.ts';
import { draft, follow, idAt, uriOf } from './cast.ts';

let net: Network & Record<'a' | 'b', NetworkInstance>;
let alice: number;
let bob: number;

beforeEach(async () => {
  net = await openNetwork('a', 'b');
  alice = await net.a.person('alice');
  bob = await net.b.person('bob');
});

afterEach(() => net.close());

const home = async (instance: NetworkInstance, viewer: number) =>
  (await homeTimeline(instance.store, viewer, firstPage(20))).items;

const bobFollowsAlice = () => follow(net, net.b, bob, '@alice@a.test');

describe('two instances', () => {
  test('a follow is accepted on both sides, and the next post is at home', async () => {
    await bobFollowsAlice();
    const follows = [net.a, net.b].map((instance) =>
      instance.store.read.hot<{ state: string }>('select state from follows'),
    );
    expect(await Promise.all(follows)).toEqual([[{ state: 'accepted' }], [{ state: 'accepted' }]]);

    await net.a.commit(publishPost, draft(alice, 'Hello from the other side #greetings'));
    await net.settle();
    const [item] = await home(net.b, bob);
    expect(item?.post.contentHtml).toContain('Hello from the other side');
    expect(item?.post.author.acct).toBe('@alice@a.test');
    const tags = await net.b.store.read.hot<{ name: string }>('select name from tags');
    expect(tags).toEqual([{ name: 'greetings' }]);
  });

  test('a changed profile is known on the other side at once', async () => {
    await bobFollowsAlice();
    await net.a.commit(editProfile, {
      accountId: alice,
      displayName: 'Alice of the hill',
      bio: '',
      bioHtml: '',
      fields: [{ name: 'Town', value: 'Brest', valueHtml: 'Brest' }],
      locked: true,
      bot: false,
      discoverable: true,
      indexable: true,
      countsHidden: false,
    });
    await net.settle();
    const [account] = await net.b.store.read.hot<{ display_name: string; fields: string; locked: number }>(
      `select display_name, fields, locked from accounts where handle = 'alice' and domain <> ''`,
    );
    expect(account).toMatchObject({ display_name: 'Alice of the hill', locked: 1 });
    expect(JSON.parse(account?.fields ?? '')).toMatchObject([{ name: 'Town', valueHtml: 'Brest' }]);
  });

  test('a reply, a favourite and a boost come back, and so do their undoings', async () => {
    await bobFollowsAlice();
    const postId = await net.a.commit(publishPost, draft(alice, 'What do you think?'));
    await net.settle();
    const there = await idAt(net.b, await uriOf(net.a, postId));

    await net.b.commit(publishPost, draft(bob, '@alice@a.test I like it', { replyToId: there }));
    await net.b.commit(favouritePost, { accountId: bob, postId: there });
    await net.b.commit(boostPost, { accountId: bob, postId: there });
    await net.settle();
    const thread = await threadView(net.a.store, alice, postId);
    expect(thread?.focus).toMatchObject({ repliesCount: 1, favouritesCount: 1, boostsCount: 1 });
    expect(thread?.descendants[0]?.post.contentHtml).toContain('I like it');

    await net.b.commit(undoFavourite, { accountId: bob, postId: there });
    await net.b.commit(undoBoost, { accountId: bob, postId: there });
    await net.settle();
    expect((await threadView(net.a.store, alice, postId))?.focus).toMatchObject({ favouritesCount: 0, boostsCount: 0 });
  });

  test('an edit shows on the other side with its history, a deletion takes it away', async () => {
    await bobFollowsAlice();
    const postId = await net.a.commit(publishPost, draft(alice, 'First wrods'));
    await net.settle();
    const uri = await uriOf(net.a, postId);
    net.clock.advance(2000);
    await net.a.commit(editPost, {
      postId,
      authorId: alice,
      text: 'First words',
      warning: null,
      sensitive: false,
      language: 'en',
    });
    await net.settle();
    const [item] = await home(net.b, bob);
    expect(item?.post.contentHtml).toContain('First words');
    expect(item?.post.editedAt).not.toBeNull();
    expect(await net.b.store.read.$count(net.b.store.schema.postEdits)).toBe(1);

    await net.a.commit(deletePost, { postId, authorId: alice });
    await net.settle();
    expect(await home(net.b, bob)).toEqual([]);
    expect(await findPostIdByUri(net.b.store, uri)).toBeNull();
  });

  test('a followers-only post reaches followers, and after an unfollow no more', async () => {
    const aliceAtB = await bobFollowsAlice();
    await net.a.commit(publishPost, draft(alice, 'Among friends', { visibility: 'followers' }));
    await net.settle();
    expect((await home(net.b, bob))[0]?.post.visibility).toBe('followers');

    await net.b.commit(undoFollow, { followerId: bob, followeeId: aliceAtB });
    await net.settle();
    await net.a.commit(publishPost, draft(alice, 'Later, among friends', { visibility: 'followers' }));
    await net.settle();
    expect(await net.b.store.read.$count(net.b.store.schema.posts)).toBe(1);
    expect(await net.a.store.read.$count(net.a.store.schema.follows)).toBe(0);
  });

  test('a direct post reaches the one it names and nobody else', async () => {
    const carol = await net.b.person('carol');
    await net.b.commit(requestFollow, { followerId: carol, followeeId: await net.b.find('@alice@a.test') });
    await net.settle();
    await net.a.find('@bob@b.test');
    const postId = await net.a.commit(publishPost, draft(alice, '@bob@b.test between us', { visibility: 'direct' }));
    await net.settle();
    const there = await idAt(net.b, await uriOf(net.a, postId));
    expect(await threadView(net.b.store, bob, there)).not.toBeNull();
    expect(await threadView(net.b.store, carol, there)).toBeNull();
    expect(await threadView(net.b.store, null, there)).toBeNull();
  });

  test('a vote is counted at the origin, and the counts come back', async () => {
    await bobFollowsAlice();
    const poll = { options: ['Tea', 'Coffee'], multiple: false, minutes: 60 };
    const postId = await net.a.commit(publishPost, draft(alice, 'What will it be?', { poll }));
    await net.settle();
    const there = await idAt(net.b, await uriOf(net.a, postId));
    await net.b.commit(vote, { accountId: bob, postId: there, positions: [1] });
    await net.settle();
    const counts = (instance: NetworkInstance, id: number) =>
      instance.store.read.hot<{ votes_count: number }>(
        'select votes_count from poll_options where post_id = $1 order by position',
        id,
      );
    expect(await counts(net.a, postId)).toEqual([{ votes_count: 0 }, { votes_count: 1 }]);
    expect(await counts(net.b, there)).toEqual([{ votes_count: 0 }, { votes_count: 1 }]);
  });
});
