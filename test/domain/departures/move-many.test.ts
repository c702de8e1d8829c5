import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Lane } from '#db/queue.ts';
import { MOVE_LANE } from '#domain/consumers.ts';
import { moveAccount, undoMove } from '#domain/departures/move-account.ts';
import { receiveMove } from '#domain/departures/receive-move.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { moveFollowers } from '#jobs/move-followers.ts';
import { limits } from '#kernel/limits.ts';
import { openWorld, type World } from '../../world.ts';
import { expectExactCounters } from '../observed.ts';

const AT_ONCE = limits.followersMovedAtOnce;
/** Three batches, the last of them not full. */
const FOLLOWERS = 2 * AT_ONCE + 50;

let world: World;
let star: number;
let newStar: number;
let lane: Lane;

beforeEach(async () => {
  world = await openWorld();
  star = await world.remote('star');
  newStar = await world.remote('star', 'elsewhere.test');
  await alias(newStar, 'https://there.test/users/star');
  lane = world.lane({ lane: MOVE_LANE, handle: moveFollowers(world) });
});

afterEach(() => world.close());

async function alias(of: number, uri: string): Promise<void> {
  await world.store.write((tx) => tx.hot('update accounts set aliases = $1 where id = $2', JSON.stringify([uri]), of));
}

/** Many people here who follow one account; made by hand, since a command for each would take minutes. */
async function crowd(followeeId: number, count = FOLLOWERS): Promise<number[]> {
  const { accounts, follows } = world.store.schema;
  const now = world.clock.now();
  const ids = Array.from({ length: count }, () => world.ids.next(now));
  const person = (id: number) => {
    const uri = `https://here.test/users/p${id}`;
    const names = { handle: `p${id}`, handleFolded: `p${id}`, uri, url: uri, inbox: `${uri}/inbox` };
    return { ...names, id, followingCount: 1, createdAt: now, updatedAt: now };
  };
  const follow = (followerId: number) => {
    const id = world.ids.next(now);
    const uri = `https://here.test/users/p${followerId}#follows/${id}`;
    return { id, followerId, followeeId, uri, state: 'accepted' as const, createdAt: now, acceptedAt: now };
  };
  await world.store.write(async (tx) => {
    for (let from = 0; from < count; from += 50) {
      const some = ids.slice(from, from + 50);
      await tx.insert(accounts).values(some.map(person));
      await tx.insert(follows).values(some.map(follow));
    }
    await tx.hot('update accounts set followers_count = $1 where id = $2', count, followeeId);
  });
  return ids;
}

async function followersOf(followeeId: number): Promise<number> {
  const [row] = await world.store.read.hot<{ n: number }>(
    'select count(*) as n from follows where followee_id = $1',
    followeeId,
  );
  return Number(row?.n);
}

async function jobs(): Promise<number> {
  return (await world.store.read.hot('select id from jobs where lane = $1', MOVE_LANE)).length;
}

/** Works the lane off, batch by batch. */
async function settle(): Promise<void> {
  for (let round = 0; round < 10 && (await jobs()) > 0; round += 1) await lane.drain();
}

describe('an account that very many follow', () => {
  test('moves with all of them, some in the command and the others after it', async () => {
    await crowd(star);
    await world.commit(receiveMove, { actorId: star, targetId: newStar });
    expect(await followersOf(star)).toBe(FOLLOWERS - AT_ONCE);
    expect(await followersOf(newStar)).toBe(AT_ONCE);
    await settle();
    expect([await followersOf(star), await followersOf(newStar)]).toEqual([0, FOLLOWERS]);
    await expectExactCounters(world);
    const told = await world.store.read.hot<{ id: number }>(
      `select account_id as id from notifications where kind = 'moved'`,
    );
    expect(new Set(told.map(({ id }) => id)).size).toBe(FOLLOWERS);
    expect(told).toHaveLength(FOLLOWERS);
  });

  test('is followed by none twice and left by none when a process dies with a batch in hand', async () => {
    await crowd(star);
    await world.commit(receiveMove, { actorId: star, targetId: newStar });
    const dying = world.lane({
      lane: MOVE_LANE,
      handle: async (job) => {
        await moveFollowers(world)({
          ...job,
          finish: (command, input) =>
            job.finish(async (unit, given) => {
              await command(unit, given);
              throw new Error('killed');
            }, input) as never,
        });
      },
    });
    await dying.drain();
    expect(await followersOf(newStar)).toBe(AT_ONCE);
    expect(await jobs()).toBe(1);
    world.clock.advance(60_000);
    await settle();
    expect([await followersOf(star), await followersOf(newStar)]).toEqual([0, FOLLOWERS]);
    expect(await jobs()).toBe(0);
  });

  test('of ours moves in the same way, and keeps the rest when the move is taken back', async () => {
    const ours = await world.person('ours');
    await alias(newStar, 'https://here.test/users/ours');
    await crowd(ours);
    await world.commit(moveAccount, { accountId: ours, targetId: newStar });
    await world.commit(undoMove, { accountId: ours });
    await settle();
    expect([await followersOf(ours), await followersOf(newStar)]).toEqual([FOLLOWERS - AT_ONCE, AT_ONCE]);
  });

  test('loses who cannot follow the new one, who hears of it, and comes to an end', async () => {
    const followers = await crowd(star, AT_ONCE + 5);
    const [blocker = 0] = followers.slice(-1);
    await world.commit(blockAccount, { blockerId: blocker, blockedId: newStar });
    await world.commit(receiveMove, { actorId: star, targetId: newStar });
    await settle();
    expect([await followersOf(star), await followersOf(newStar)]).toEqual([0, AT_ONCE + 4]);
    const heard = await world.store.read.hot('select kind from notifications where account_id = $1', blocker);
    expect(heard).toEqual([{ kind: 'moved' }]);
  });
});
