import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { boostPost } from '#domain/posts/boost-post.ts';
import { publishPost, type NewPost } from '#domain/posts/publish-post.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { blockDomain } from '#domain/relationships/block-domain.ts';
import { muteAccount } from '#domain/relationships/mute-account.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { setFollowOptions } from '#domain/relationships/set-follow-options.ts';
import { undoFollow } from '#domain/relationships/undo-follow.ts';
import {
  accountTimeline,
  federatedTimeline,
  hashtagTimeline,
  homeTimeline,
  localTimeline,
} from '#domain/timelines/timelines.queries.ts';
import { threadView } from '#domain/timelines/thread.queries.ts';
import { firstPage, type Page } from '#kernel/page.ts';
import type { TimelineItem } from '#domain/posts/post-view.ts';
import { draft } from '../../stories/cast.ts';
import { openWorld, type World } from '../../world.ts';
import { receive } from '../observed.ts';

let world: World;
let alice: number;
let bob: number;
let carol: number;

beforeEach(async () => {
  world = await openWorld();
  [alice, bob, carol] = [await world.person('alice'), await world.person('bob'), await world.person('carol')];
});

afterEach(() => world.close());

async function publish(authorId: number, text: string, more: Partial<NewPost> = {}): Promise<number> {
  world.clock.advance(1000);
  return world.commit(publishPost, draft(authorId, text, more));
}
const follow = (followerId: number, followeeId: number) => world.commit(requestFollow, { followerId, followeeId });
const texts = (page: Page<TimelineItem>) => page.items.map(({ post }) => post.contentHtml.replaceAll(/<[^>]*>/g, ''));
const home = async (viewer: number) => texts(await homeTimeline(world.store, viewer, firstPage(20)));

describe('home', () => {
  test('holds what those one follows post, and one’s own, newest first', async () => {
    await follow(alice, bob);
    await publish(bob, 'by bob');
    await publish(carol, 'by carol');
    await publish(alice, 'by alice');
    expect(await home(alice)).toEqual(['by alice', 'by bob']);
  });

  test('changes at once with an unfollow, a mute or a block', async () => {
    await follow(alice, bob);
    await follow(alice, carol);
    await publish(bob, 'by bob');
    await publish(carol, 'by carol');
    await world.commit(muteAccount, { muterId: alice, mutedId: carol, hideNotifications: true, expiresAt: null });
    expect(await home(alice)).toEqual(['by bob']);
    await world.commit(undoFollow, { followerId: alice, followeeId: bob });
    expect(await home(alice)).toEqual([]);
  });

  test('shows a reply only to oneself, to the author’s own thread, or to somebody one follows', async () => {
    await follow(alice, bob);
    const own = await publish(alice, 'mine');
    const carols = await publish(carol, 'by carol');
    const bobs = await publish(bob, 'by bob');
    await publish(bob, 'to alice', { replyToId: own });
    await publish(bob, 'to himself', { replyToId: bobs });
    await publish(bob, 'to carol', { replyToId: carols });
    expect(await home(alice)).toEqual(['to himself', 'to alice', 'by bob', 'mine']);
    await follow(alice, carol);
    expect(await home(alice)).toContain('to carol');
  });

  test('shows a boosted post once, not what a blocked person wrote, and no boosts of people whose boosts are hidden', async () => {
    await follow(alice, bob);
    const post = await publish(carol, 'by carol');
    world.clock.advance(1000);
    await world.commit(boostPost, { accountId: bob, postId: post });
    expect(await home(alice)).toEqual(['by carol']);
    await follow(alice, carol);
    expect(await home(alice)).toEqual(['by carol']);
    await world.commit(undoFollow, { followerId: alice, followeeId: carol });
    await world.commit(setFollowOptions, { followerId: alice, followeeId: bob, showBoosts: false });
    expect(await home(alice)).toEqual([]);
    await world.commit(setFollowOptions, { followerId: alice, followeeId: bob, showBoosts: true });
    await world.commit(blockAccount, { blockerId: carol, blockedId: alice });
    expect(await home(alice)).toEqual([]);
  });

  test('is the same for whom it is read among the newest posts first, having many to follow', async () => {
    await follow(alice, bob);
    for (const position of Array.from({ length: 60 }).keys()) {
      // At first by bob alone, then by somebody else for longer than is looked through, then by turns.
      const isBobs = position < 10 || (position > 45 && position % 3 === 0);
      await publish(isBobs ? bob : carol, `post ${position}`);
    }
    const pagesOf = async (limit: number) => {
      const pages: string[][] = [];
      for (let before: number | null = firstPage(limit).before, more = true; more;) {
        const page = await homeTimeline(world.store, alice, { before, after: null, limit });
        pages.push(texts(page));
        before = page.nextBefore;
        more = before !== null;
      }
      return pages;
    };
    const byAuthor = await Promise.all([1, 2, 20].map(pagesOf));
    expect(byAuthor[0]?.flat()).toHaveLength(14);
    await world.store.write((tx) => tx.hot('update accounts set following_count = 1000 where id = $1', alice));
    expect(await Promise.all([1, 2, 20].map(pagesOf))).toEqual(byAuthor);
  });

  test('pages through everything once, also where most is not wanted', async () => {
    await follow(alice, bob);
    await follow(alice, carol);
    await world.commit(muteAccount, { muterId: alice, mutedId: carol, hideNotifications: true, expiresAt: null });
    for (let n = 0; n < 25; n += 1) {
      await publish(bob, `number ${n}`);
      await publish(carol, 'noise');
      await publish(carol, 'noise');
    }
    const seen: string[] = [];
    let before: number | null = null;
    for (let pages = 0; pages < 20; pages += 1) {
      const page: Page<TimelineItem> = await homeTimeline(world.store, alice, { before, after: null, limit: 10 });
      expect(page.items.length).toBeLessThanOrEqual(10);
      seen.push(...texts(page));
      before = page.nextBefore;
      if (before === null) break;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `number ${24 - n}`));
  });
});

describe('public timelines', () => {
  test('hold public posts that start a thread', async () => {
    const first = await publish(alice, 'open #tea');
    await publish(bob, 'an answer #tea', { replyToId: first });
    await publish(bob, 'quiet #tea', { visibility: 'unlisted' });
    await publish(bob, 'friends #tea', { visibility: 'followers' });
    expect(texts(await localTimeline(world.store, null, firstPage(10)))).toEqual(['open #tea']);
    expect(texts(await federatedTimeline(world.store, null, firstPage(10)))).toEqual(['open #tea']);
    expect(texts(await hashtagTimeline(world.store, null, 'tea', firstPage(10)))).toEqual([
      'an answer #tea',
      'open #tea',
    ]);
  });

  test('show nobody the posts of a domain that they have blocked, nor of one below it', async () => {
    for (const host of ['there.test', 'deep.there.test', 'there.test:8443', 'elsewhere.test']) {
      const id = await world.remote('rita', host);
      await receive(world, { id, uri: `https://${host}/users/rita` }, host);
    }
    const shown = async () => texts(await federatedTimeline(world.store, alice, firstPage(10))).toSorted();
    expect(await shown()).toHaveLength(4);
    await world.commit(blockDomain, { accountId: alice, domain: 'there.test' });
    expect(await shown()).toEqual(['elsewhere.test']);
  });

  test('an account shows its tabs to those who may see them', async () => {
    const first = await publish(alice, 'open');
    await publish(bob, 'an answer', { replyToId: first });
    await publish(bob, 'friends', { visibility: 'followers' });
    const tab = async (viewer: number | null, name: 'posts' | 'replies' | 'media') =>
      texts(await accountTimeline(world.store, viewer, bob, name, firstPage(10)));
    expect(await tab(null, 'posts')).toEqual([]);
    expect(await tab(null, 'replies')).toEqual(['an answer']);
    await follow(alice, bob);
    expect(await tab(alice, 'posts')).toEqual(['friends']);
    expect(await tab(alice, 'media')).toEqual([]);
  });
});

describe('a thread', () => {
  test('reads like a conversation: what is answered above, answers below, each with its own', async () => {
    const root = await publish(alice, 'root');
    const one = await publish(bob, 'one', { replyToId: root });
    const two = await publish(carol, 'two', { replyToId: root });
    await publish(alice, 'one one', { replyToId: one });
    await publish(alice, 'two one', { replyToId: two });
    const thread = await threadView(world.store, alice, root);
    const below = thread?.descendants.map(({ post, depth }) => [post.contentHtml.replaceAll(/<[^>]*>/g, ''), depth]);
    expect(below).toEqual([
      ['one', 1],
      ['one one', 2],
      ['two', 1],
      ['two one', 2],
    ]);
    const deep = await threadView(world.store, alice, two);
    expect(deep?.ancestors.map(({ id }) => id)).toEqual([root]);
  });

  test('that answers itself in a circle comes to an end', async () => {
    const first = await publish(alice, 'first');
    const second = await publish(bob, 'second', { replyToId: first });
    await world.store.write((tx) => tx.hot('update posts set reply_to_id = $1 where id = $2', second, first));
    const thread = await threadView(world.store, alice, first);
    expect(thread?.focus.id).toBe(first);
    expect(thread?.descendants.map(({ post }) => post.id)).toEqual([second]);
  });
});
