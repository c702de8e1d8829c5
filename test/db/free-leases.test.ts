import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freeLeases, freeLeasesOfTheGone } from '#db/free-leases.ts';
import { enqueueJobs } from '#db/queue.ts';
import type { Unit } from '#db/unit.ts';
import { createIdSource, SLOTS } from '#kernel/ids.ts';
import { openWorld, type World } from '../world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

/** Takes all jobs, and never ends: as the database knows a process that was killed. */
function takeAndDie(): void {
  const lane = world.lane({ lane: 'work', handle: () => new Promise(() => undefined) });
  // It looks again when the test, and with it the store, is over.
  lane.drain().catch(() => undefined);
}

async function handled(): Promise<unknown[]> {
  const seen: unknown[] = [];
  await world.lane({ lane: 'work', handle: async ({ data }) => void seen.push(data['n']) }).drain();
  return seen;
}

async function leases(): Promise<number> {
  const [row] = await world.store.read.hot<{ n: number }>('select count(*) as n from jobs where lease <> 0');
  return Number(row?.n);
}

describe('a server that was killed', () => {
  beforeEach(async () => {
    await world.commit(
      (unit: Unit) =>
        enqueueJobs(
          unit,
          [1, 2, 3].map((n) => ({ lane: 'work', data: { n } })),
        ),
      undefined,
    );
    takeAndDie();
    await expect.poll(leases, { timeout: 10_000 }).toBe(3);
  });

  test('goes on with what it had in hand as soon as it is there again', async () => {
    expect(await handled()).toEqual([]);
    await freeLeases(world.store, 0, world.clock.now());
    expect(await handled()).toEqual([1, 2, 3]);
  });

  test('does not hurry with what may have killed it', async () => {
    await world.store.write((tx) => tx.hot('update jobs set tries = 5 where id = (select min(id) from jobs)'));
    await freeLeases(world.store, 0, world.clock.now());
    expect(await handled()).toEqual([2, 3]);
  });

  test('leaves to others what they have in hand', async () => {
    for (let slot = 1; slot < SLOTS; slot += 1) await freeLeases(world.store, slot, world.clock.now());
    expect(await handled()).toEqual([]);
  });

  test('leaves it to the others once it has not renewed its slot', async () => {
    const now = world.clock.now();
    await world.store.write((tx) =>
      tx.hot(
        `insert into leases (name, holder, expires_at) values ('slot 0', 'dead', $1), ('slot 1', 'alive', $2)`,
        now,
        now + 1,
      ),
    );
    await freeLeasesOfTheGone(world.store, now - 1);
    expect(await handled()).toEqual([]);
    await freeLeasesOfTheGone(world.store, now);
    expect(await handled()).toEqual([1, 2, 3]);
    expect(await world.store.read.hot('select name from leases')).toEqual([{ name: 'slot 1' }]);
  });

  test('sends at once what it was about to send', async () => {
    const now = world.clock.now();
    const [mine, others] = [createIdSource(3).next(now), createIdSource(4).next(now)];
    await world.store.write(async (tx) => {
      await tx.hot(`insert into payloads (id, body) values (1, '{}')`);
      for (const [id, lease, dueAt] of [
        [1, mine, now + 90_000],
        [2, others, now + 90_000],
        [3, 0, now + 5000],
      ] as const) {
        await tx.hot(
          `insert into deliveries (id, host, inbox, payload_id, sender_id, activity_type, order_key, due_at, lease, tries,
             sync_followers, created_at)
           values ($1, 'there.test', 'https://there.test/inbox', 1, 3, 'Create', 'k', $2, $3, 1, 0, 1)`,
          ...[id, dueAt, lease],
        );
      }
    });
    await freeLeases(world.store, 3, now);
    const rows = await world.store.read.hot('select id, lease, due_at from deliveries order by id');
    expect(rows).toEqual([
      // By the lease it is seen that it was begun.
      { id: 1, lease: mine, due_at: now },
      { id: 2, lease: others, due_at: now + 90_000 },
      { id: 3, lease: 0, due_at: now + 5000 },
    ]);
  });
});
