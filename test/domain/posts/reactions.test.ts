import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bookmarkPost, undoBookmark } from '#domain/posts/bookmark-post.ts';
import { boostPost, receiveBoost, undoBoost } from '#domain/posts/boost-post.ts';
import { closePolls } from '#domain/posts/close-polls.ts';
import { favouritePost, receiveFavourite, undoFavourite } from '#domain/posts/favourite-post.ts';
import { pinPost, unpinPost } from '#domain/posts/pin-post.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import { publishPost, type NewPost } from '#domain/posts/publish-post.ts';
import { receiveVote } from '#domain/posts/receive-vote.ts';
import { vote } from '#domain/posts/vote.ts';
import { markedPosts, pinnedPosts } from '#domain/timelines/timelines.queries.ts';
import { HOUR_MS } from '#kernel/clock.ts';
import { firstPage } from '#kernel/page.ts';
import { draft } from '../../stories/cast.ts';
import { openWorld, type World } from '../../world.ts';

let world: World;
let alice: number;
let bob: number;

beforeEach(async () => {
  world = await openWorld();
  alice = await world.person('alice');
  bob = await world.person('bob');
});

afterEach(() => world.close());

const publish = (authorId: number, text: string, more: Partial<NewPost> = {}) =>
  world.commit(publishPost, draft(authorId, text, more));

describe('boosts and favourites', () => {
  test('count once, however often and however many at a time', async () => {
    const id = await publish(alice, 'Hello');
    const twenty = Array.from({ length: 20 }, (_, n) => n);
    await Promise.all(twenty.map(() => world.commit(favouritePost, { accountId: bob, postId: id })));
    await Promise.all(twenty.map(() => world.commit(boostPost, { accountId: bob, postId: id })));
    expect(await findPost(world.store, bob, id)).toMatchObject({
      favouritesCount: 1,
      boostsCount: 1,
      viewer: { favourited: true, boosted: true },
    });
    await Promise.all(twenty.map(() => world.commit(undoFavourite, { accountId: bob, postId: id })));
    await Promise.all(twenty.map(() => world.commit(undoBoost, { accountId: bob, postId: id })));
    expect(await findPost(world.store, bob, id)).toMatchObject({ favouritesCount: 0, boostsCount: 0 });
  });

  test('are for posts that one may see', async () => {
    const id = await publish(alice, 'Friends', { visibility: 'followers' });
    for (const command of [favouritePost, bookmarkPost]) {
      await expect(world.commit(command, { accountId: bob, postId: id })).rejects.toMatchObject({ code: 'not-found' });
    }
    await expect(world.commit(boostPost, { accountId: bob, postId: id })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a private post is not boosted, not even by a stranger who knows its address', async () => {
    const eve = await world.remote('eve', 'evil.test');
    const id = await publish(alice, '@bob in confidence', { visibility: 'direct' });
    await expect(world.commit(boostPost, { accountId: bob, postId: id })).rejects.toMatchObject({
      reason: 'boost-private',
    });
    await world.commit(receiveBoost, {
      actorId: eve,
      postId: id,
      uri: 'https://evil.test/boosts/1',
      visibility: 'public' as const,
      publishedAt: world.clock.now(),
    });
    const post = await findPost(world.store, alice, id);
    await world.commit(receiveFavourite, { actorId: eve, postUri: post?.uri ?? '', uri: 'https://evil.test/likes/1' });
    expect(await findPost(world.store, alice, id)).toMatchObject({ boostsCount: 0, favouritesCount: 0 });
  });

  test('bookmarks are one’s own, in the order in which they were set', async () => {
    const first = await publish(alice, 'First');
    const second = await publish(alice, 'Second');
    await world.commit(bookmarkPost, { accountId: bob, postId: second });
    world.clock.advance(1);
    await world.commit(bookmarkPost, { accountId: bob, postId: first });
    const ids = async () =>
      (await markedPosts(world.store, bob, 'bookmarks', firstPage(10))).items.map(({ post }) => post.id);
    expect(await ids()).toEqual([first, second]);
    await world.commit(undoBookmark, { accountId: bob, postId: first });
    expect(await ids()).toEqual([second]);
  });
});

describe('pins', () => {
  test('hold one’s own posts, up to five', async () => {
    const ids: number[] = [];
    for (let n = 0; n < 6; n += 1) ids.push(await publish(alice, `Post ${n}`));
    for (const postId of ids.slice(0, 5)) {
      await world.commit(pinPost, { accountId: alice, postId });
      world.clock.advance(1);
    }
    await expect(world.commit(pinPost, { accountId: alice, postId: ids[5] ?? 0 })).rejects.toMatchObject({
      code: 'too-many',
    });
    await expect(world.commit(pinPost, { accountId: bob, postId: ids[0] ?? 0 })).rejects.toMatchObject({
      code: 'not-found',
    });
    await world.commit(unpinPost, { accountId: alice, postId: ids[4] ?? 0 });
    const pinned = await pinnedPosts(world.store, null, alice);
    expect(pinned.map(({ post }) => post.id)).toEqual(ids.slice(0, 4).toReversed());
  });
});

describe('polls', () => {
  const tea = { options: ['Tea', 'Coffee', 'Water'], multiple: false, minutes: 60 };
  const counts = async (id: number) => {
    const poll = (await findPost(world.store, null, id))?.poll;
    return { votes: poll?.options.map(({ votesCount }) => votesCount), voters: poll?.votersCount };
  };

  test('a person votes once, whatever arrives at once', async () => {
    const id = await publish(alice, 'What will it be?', { poll: tea });
    const ballots = Array.from({ length: 50 }, (_, n) =>
      world.commit(vote, { accountId: bob, postId: id, positions: [n % 3] }),
    );
    const results = await Promise.allSettled(ballots);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { votes, voters } = await counts(id);
    expect(votes?.reduce<number>((sum, n) => sum + (n ?? 0), 0)).toBe(1);
    expect(voters).toBe(1);
  });

  test.for([
    ['nothing', [], 'vote-empty'],
    ['two of a single choice', [0, 1], 'vote-single'],
    ['what is no option', [7], 'vote-unknown-option'],
  ] as const)('a ballot for %s counts for nothing', async ([, positions, reason]) => {
    const id = await publish(alice, 'What will it be?', { poll: tea });
    await expect(world.commit(vote, { accountId: bob, postId: id, positions })).rejects.toMatchObject({ reason });
    expect(await counts(id)).toEqual({ votes: [0, 0, 0], voters: 0 });
  });

  test('nobody votes on their own poll, nor after its end', async () => {
    const id = await publish(alice, 'What will it be?', { poll: tea });
    await expect(world.commit(vote, { accountId: alice, postId: id, positions: [0] })).rejects.toMatchObject({
      reason: 'poll-own',
    });
    world.clock.advance(HOUR_MS);
    await expect(world.commit(vote, { accountId: bob, postId: id, positions: [0] })).rejects.toMatchObject({
      reason: 'poll-closed',
    });
    expect(await world.commit(closePolls, { most: 10 })).toBe(1);
    expect((await findPost(world.store, null, id))?.poll?.closed).toBe(true);
  });

  test('a remote voter may choose several options of a multiple choice, each once, and one of a single', async () => {
    const eve = await world.remote('eve', 'there.test');
    const single = await publish(alice, 'One?', { poll: tea });
    const several = await publish(alice, 'Several?', { poll: { ...tea, multiple: true } });
    const send = async (id: number, title: string, n: number) =>
      world.commit(receiveVote, {
        voterId: eve,
        postUri: `https://here.test/users/alice/posts/${id}`,
        title,
        uri: `https://there.test/votes/${n}`,
      });
    for (const [n, title] of ['Tea', 'Coffee', 'Tea', 'Nonsense'].entries()) {
      await send(single, title, n);
      await send(several, title, n + 10);
    }
    expect(await counts(single)).toEqual({ votes: [1, 0, 0], voters: 1 });
    expect(await counts(several)).toEqual({ votes: [1, 1, 0], voters: 1 });
  });

  test('a poll that a stranger was not given takes no vote of theirs', async () => {
    const eve = await world.remote('eve', 'there.test');
    const id = await publish(alice, '@bob which?', { poll: tea, visibility: 'direct' });
    await world.commit(receiveVote, {
      voterId: eve,
      postUri: `https://here.test/users/alice/posts/${id}`,
      title: 'Tea',
      uri: 'https://there.test/votes/1',
    });
    expect((await findPost(world.store, alice, id))?.poll?.votersCount).toBe(0);
  });
});
