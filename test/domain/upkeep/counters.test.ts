import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eraseAccount } from '#domain/departures/erase-account.ts';
import { receiveAccountDelete } from '#domain/departures/receive-account-delete.ts';
import { boostPost, receiveBoost, undoBoost } from '#domain/posts/boost-post.ts';
import { deletePost } from '#domain/posts/delete-post.ts';
import { favouritePost, receiveFavourite, undoFavourite } from '#domain/posts/favourite-post.ts';
import { receiveDelete } from '#domain/posts/receive-delete.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { undoFollow } from '#domain/relationships/undo-follow.ts';
import { counterDrift } from '#domain/upkeep/counter-drift.queries.ts';
import { rebuildAccountCounters, rebuildPostCounters, type RebuildInput } from '#domain/upkeep/rebuild-counters.ts';
import { forgetRemotePosts } from '#jobs/forget-remote-posts.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { DomainError } from '#kernel/errors.ts';
import { openWorld, type World } from '../../world.ts';
import { publish, receive } from '../observed.ts';

const CAST = ['ada', 'bo', 'ria', 'lou'] as const;
type Who = (typeof CAST)[number];
const isLocal = (who: Who) => who === 'ada' || who === 'bo';

const DEEDS = [
  ...['post', 'post', 'answer', 'answer', 'boost', 'favourite', 'delete', 'undo boost', 'undo favourite', 'follow'],
  ...['undo follow', 'leave', 'forget'],
] as const;

interface Step {
  deed: (typeof DEEDS)[number];
  who: Who;
  /** Which of the posts so far, or whom. */
  what: number;
  visibility: Visibility;
}

const step: fc.Arbitrary<Step> = fc.record({
  deed: fc.constantFrom(...DEEDS),
  who: fc.constantFrom(...CAST),
  what: fc.nat(1000),
  visibility: fc.constantFrom<Visibility>('public', 'unlisted', 'followers', 'direct'),
});

interface Stage {
  world: World;
  ids: Record<Who, number>;
  posts: { id: number; uri: string; author: Who }[];
}

async function openStage(): Promise<Stage> {
  const world = await openWorld();
  const ids = {
    ada: await world.person('ada'),
    bo: await world.person('bo'),
    ria: await world.remote('ria'),
    lou: await world.remote('lou'),
  };
  return { world, ids, posts: [] };
}

const uriOf = (who: Who) => (isLocal(who) ? `https://here.test/users/${who}` : `https://there.test/users/${who}`);

/** What is refused or makes no sense is passed over: the commands say so themselves. */
async function act(stage: Stage, one: Step): Promise<void> {
  stage.world.clock.advance(1);
  try {
    await deeds[one.deed](stage, one);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}

async function write(stage: Stage, { who, visibility }: Step, answered: Stage['posts'][number] | null): Promise<void> {
  const { world, ids, posts } = stage;
  if (isLocal(who)) {
    const id = await publish(world, ids[who], 'words', { visibility, replyToId: answered?.id ?? null });
    posts.push({ id, uri: `${uriOf(who)}/posts/${id}`, author: who });
    return;
  }
  const name = `p${posts.length}`;
  const author = { id: ids[who], uri: uriOf(who) };
  const id = await receive(world, author, name, { visibility, replyToUri: answered?.uri ?? null });
  posts.push({ id, uri: `${author.uri}/posts/${name}`, author: who });
}

const deeds: Record<Step['deed'], (stage: Stage, step: Step) => Promise<unknown>> = {
  post: (stage, one) => write(stage, one, null),
  answer: (stage, one) => write(stage, one, pick(stage, one)),
  boost: async (stage, one) => {
    const post = pick(stage, one);
    if (!post) return;
    const { world, ids } = stage;
    const actorId = ids[one.who];
    if (isLocal(one.who)) return world.commit(boostPost, { accountId: actorId, postId: post.id });
    const uri = `${uriOf(one.who)}/boosts/${post.id}`;
    return world.commit(receiveBoost, {
      ...{ actorId, postId: post.id, uri, visibility: 'public' },
      publishedAt: world.clock.now(),
    });
  },
  favourite: async (stage, one) => {
    const post = pick(stage, one);
    if (!post) return;
    const actorId = stage.ids[one.who];
    if (isLocal(one.who)) return stage.world.commit(favouritePost, { accountId: actorId, postId: post.id });
    return stage.world.commit(receiveFavourite, {
      ...{ actorId, postUri: post.uri, uri: `${uriOf(one.who)}/likes/${post.id}` },
    });
  },
  delete: async (stage, one) => {
    const post = pick(stage, one);
    if (!post) return;
    const authorId = stage.ids[post.author];
    if (isLocal(post.author)) return stage.world.commit(deletePost, { authorId, postId: post.id });
    return stage.world.commit(receiveDelete, { actorId: authorId, uri: post.uri });
  },
  'undo boost': async (stage, one) => {
    const post = pick(stage, one);
    if (post) await stage.world.commit(undoBoost, { accountId: stage.ids[one.who], postId: post.id });
  },
  'undo favourite': async (stage, one) => {
    const post = pick(stage, one);
    if (post) await stage.world.commit(undoFavourite, { accountId: stage.ids[one.who], postId: post.id });
  },
  follow: async ({ world, ids }, one) => {
    const input = { followerId: ids[one.who], followeeId: ids[whom(one)] };
    if (isLocal(one.who)) await world.commit(requestFollow, input);
  },
  'undo follow': async ({ world, ids }, one) => {
    const input = { followerId: ids[one.who], followeeId: ids[whom(one)] };
    if (isLocal(one.who)) await world.commit(undoFollow, input);
  },
  leave: async ({ world, ids }, one) => {
    // Seldom, or there would be nobody left to do anything.
    if (one.what % 5 !== 0) return;
    if (isLocal(one.who)) return world.commit(eraseAccount, ids[one.who]);
    return world.commit(receiveAccountDelete, { actorId: ids[one.who] });
  },
  forget: async ({ world }, one) => {
    world.clock.advance((one.what % 40) * DAY_MS);
    await forgetRemotePosts({ ...world, retention: { remotePostDays: 30 } });
  },
};

function pick({ posts }: Stage, { what }: Step): Stage['posts'][number] | null {
  return posts[what % Math.max(1, posts.length)] ?? null;
}

function whom({ what }: Step): Who {
  return CAST[what % CAST.length] as Who;
}

async function rebuild(world: World): Promise<number> {
  let repaired = 0;
  for (const command of [rebuildAccountCounters, rebuildPostCounters]) {
    for (let after: number | null = 0; after !== null;) {
      const input: RebuildInput = { after, most: 3 };
      const one: { next: number | null; repaired: number } = await world.commit(command, input);
      repaired += one.repaired;
      after = one.next;
    }
  }
  return repaired;
}

describe('counters', () => {
  test('that commands keep are those that the rows say, whatever was done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const stage = await openStage();
        try {
          for (const one of steps) await act(stage, one);
          expect(await counterDrift(stage.world.store.read)).toEqual({ accounts: 0, posts: 0 });
          expect(await rebuild(stage.world)).toBe(0);
        } finally {
          await stage.world.close();
        }
      }),
      { numRuns: process.env['TEST_ENGINE'] === 'sqlite' ? 60 : 10 },
    );
  }, 120_000);

  test('that are wrong are found and repaired, and no others are touched', async () => {
    const { world, ids, posts } = await openStage();
    for (let index = 0; index < 8; index += 1)
      await write({ world, ids, posts }, { ...STEP, visibility: 'public' }, null);
    const [first, second] = posts;
    await world.commit(favouritePost, { accountId: ids.bo, postId: first?.id ?? 0 });
    await world.store.write(async (tx) => {
      await tx.hot('update posts set favourites_count = 7 where id = $1', first?.id ?? 0);
      await tx.hot('update posts set replies_count = -1 where id = $1', second?.id ?? 0);
      await tx.hot('update accounts set posts_count = 5, followers_count = 9 where id = $1', ids.ada);
    });
    expect(await counterDrift(world.store.read)).toEqual({ accounts: 1, posts: 2 });
    expect(await rebuild(world)).toBe(3);
    expect(await counterDrift(world.store.read)).toEqual({ accounts: 0, posts: 0 });
    const [row] = await world.store.read.hot('select favourites_count as n from posts where id = $1', first?.id ?? 0);
    expect(row).toEqual({ n: 1 });
    await world.close();
  });
});

const STEP: Step = { deed: 'post', who: 'ada', what: 0, visibility: 'public' };
