import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { setDomainPolicy } from '#domain/moderation/set-domain-policy.ts';
import { suspendAccount } from '#domain/moderation/suspend-account.ts';
import { receiveBoost } from '#domain/posts/boost-post.ts';
import { receiveFavourite } from '#domain/posts/favourite-post.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { blockDomain } from '#domain/relationships/block-domain.ts';
import { receiveAccept } from '#domain/relationships/receive-accept.ts';
import { receiveBlock } from '#domain/relationships/receive-block.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { openWorld, type World } from '../../world.ts';
import { enrol, followUriOf, publish, receive } from '../observed.ts';

interface Stage {
  world: World;
  ada: number;
  rita: number;
  postId: number;
}

const ritaUri = 'https://sub.there.test/users/rita';

/** Ada follows Rita with a wish to hear of her posts, has written something, and has heard nothing yet. */
async function openStage(): Promise<Stage> {
  const world = await openWorld();
  const ada = await world.person('ada');
  await enrol(world, ada);
  const rita = await world.remote('rita', 'sub.there.test');
  await world.commit(requestFollow, { followerId: ada, followeeId: rita, notify: true });
  await world.commit(receiveAccept, { followeeId: rita, uri: await followUriOf(world, ada, rita), followerId: null });
  return { world, ada, rita, postId: await publish(world, ada, 'hello') };
}

/** The ways in which Rita is shut out. */
const WALLS = {
  'a block': ({ world, ada, rita }: Stage) => world.commit(blockAccount, { blockerId: ada, blockedId: rita }),
  'her own block': ({ world, ada, rita }: Stage) =>
    world.commit(receiveBlock, { uri: `${ritaUri}/block`, blockerId: rita, blockedId: ada }),
  'a block of her domain': ({ world, ada }: Stage) =>
    world.commit(blockDomain, { accountId: ada, domain: 'there.test' }),
  'a suspension': ({ world, rita }: Stage) => world.commit(suspendAccount, { actorId: null, accountId: rita }),
  'a suspension of her domain': ({ world }: Stage) =>
    world.commit(setDomainPolicy, {
      actorId: null,
      domain: 'there.test',
      severity: 'suspend',
      rejectMedia: false,
      publicComment: '',
      privateComment: '',
    }),
};

/** What Rita tries; `n` makes each try another one. */
const TRIES: Record<string, (stage: Stage, n: number) => Promise<unknown>> = {
  post: ({ world, rita }, n) => receive(world, { id: rita, uri: ritaUri }, `p${n}`),
  mention: ({ world, rita }, n) => receive(world, { id: rita, uri: ritaUri }, `m${n}`, naming()),
  whisper: ({ world, rita }, n) =>
    receive(world, { id: rita, uri: ritaUri }, `w${n}`, { ...naming(), visibility: 'direct' }),
  answer: ({ world, rita, postId }, n) =>
    receive(world, { id: rita, uri: ritaUri }, `a${n}`, {
      ...naming(),
      replyToUri: `https://here.test/users/ada/posts/${postId}`,
    }),
  boost: ({ world, rita, postId }, n) =>
    world.commit(receiveBoost, {
      actorId: rita,
      postId,
      uri: `${ritaUri}/boosts/${n}`,
      visibility: 'public',
      publishedAt: world.clock.now(),
    }),
  favourite: ({ world, rita, postId }, n) =>
    world.commit(receiveFavourite, {
      actorId: rita,
      postUri: `https://here.test/users/ada/posts/${postId}`,
      uri: `${ritaUri}/likes/${n}`,
    }),
  follow: ({ world, ada, rita }, n) =>
    world.commit(receiveFollow, { uri: `${ritaUri}/follows/${n}`, followerId: rita, followeeId: ada }),
};

function naming() {
  return { mentions: [{ uri: 'https://here.test/users/ada', handle: '@ada@here.test' }] };
}

test.each(Object.keys(WALLS) as (keyof typeof WALLS)[])(
  'nothing gets past %s',
  async (wall) => {
    const tries = fc.array(fc.constantFrom(...Object.keys(TRIES)), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(tries, async (names) => {
        const stage = await openStage();
        try {
          await WALLS[wall](stage);
          for (const [n, name] of names.entries()) await TRIES[name]?.(stage, n);
          const { notifications, conversations, follows } = stage.world.store.schema;
          expect(await stage.world.store.read.select().from(notifications)).toEqual([]);
          expect(await stage.world.store.read.select().from(conversations)).toEqual([]);
          const theirs = await stage.world.store.read.select().from(follows);
          expect(theirs.filter((follow) => follow.followerId === stage.rita)).toEqual([]);
        } finally {
          await stage.world.close();
        }
      }),
      { numRuns: 12 },
    );
  },
  90_000,
);

test('where nothing shuts her out, each of these is heard', async () => {
  for (const name of Object.keys(TRIES)) {
    const stage = await openStage();
    await TRIES[name]?.(stage, 1);
    expect(await stage.world.store.read.$count(stage.world.store.schema.notifications), name).toBe(1);
    await stage.world.close();
  }
});
