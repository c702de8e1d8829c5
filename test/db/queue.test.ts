import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLane, enqueueJobs, LeaseLost, PermanentFailure, queueDepth, type NewJob } from '#db/queue.ts';
import type { Unit } from '#db/unit.ts';
import { deadJobs } from '#domain/instance/jobs.queries.ts';
import { firstPage } from '#kernel/page.ts';
import { openWorld, type World } from '../world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const enqueue = (...jobs: NewJob[]) => world.commit((unit: Unit, input: NewJob[]) => enqueueJobs(unit, input), jobs);

/** Jobs that a lane would take now. */
async function waitingOrDue({ store, clock }: World): Promise<number> {
  const [row] = await store.read.hot<{ n: number }>(
    `select count(*) as n from jobs j where dead_at is null and due_at <= $1 and not exists (
       select 1 from jobs p where p.order_key = j.order_key and p.id < j.id and p.dead_at is null)`,
    clock.now(),
  );
  return Number(row?.n);
}

describe('a lane', () => {
  test('handles each job once and forgets it', async () => {
    const seen: unknown[] = [];
    const lane = world.lane({ lane: 'work', handle: async (job) => void seen.push(job.data) });
    await enqueue(
      { lane: 'work', data: { n: 1 } },
      { lane: 'work', data: { n: 2 } },
      { lane: 'other', data: { n: 3 } },
    );
    await lane.drain();
    expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await queueDepth(world.store.read)).toEqual([{ lane: 'other', waiting: 1, dead: 0 }]);
  });

  test('keeps the order of jobs with one key, however many workers there are', async () => {
    const seen: number[] = [];
    const lane = world.lane({
      lane: 'work',
      concurrency: 8,
      handle: async (job) => {
        await new Promise((resolve) => setTimeout(resolve, 5 - Number(job.data['n'])));
        seen.push(Number(job.data['n']));
      },
    });
    await enqueue(...[1, 2, 3, 4].map((n) => ({ lane: 'work', orderKey: 'same', data: { n } })));
    await lane.drain();
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  test('tries a failed job again after its pause, and gives up in the end', async () => {
    let tries = 0;
    const lane = world.lane({
      lane: 'work',
      triesMax: 3,
      handle: async () => {
        tries += 1;
        throw new Error('no luck');
      },
    });
    await enqueue({ lane: 'work', data: {} });
    for (let round = 0; round < 5; round += 1) {
      await lane.drain();
      world.clock.advance(1000);
    }
    expect(tries).toBe(3);
    expect(await queueDepth(world.store.read)).toEqual([{ lane: 'work', waiting: 0, dead: 1 }]);
  });

  test('gives up what ends its process every time, shows it to staff, and goes on with what waits behind it', async () => {
    const begun: unknown[] = [];
    const failures: unknown[] = [];
    const start = () =>
      createLane(
        {
          ...world,
          failed: ({ id, tries }, error, dead) => void failures.push([id, tries, String(error), dead]),
        },
        {
          lane: 'doomed',
          concurrency: 4,
          leaseMs: 60_000,
          triesMax: 3,
          backoffMs: () => 1000,
          handle: (job) => {
            begun.push(job.data['n']);
            // As a process that runs out of memory: it never comes back to say so.
            return job.data['n'] === 1 ? new Promise(() => undefined) : Promise.resolve();
          },
        },
      );
    await enqueue({ lane: 'doomed', orderKey: 'k', data: { n: 1 } }, { lane: 'doomed', orderKey: 'k', data: { n: 2 } });
    for (let life = 1; life <= 6; life += 1) {
      // Its worker looks again when the test is over: hence a lane that no other test has.
      start()
        .drain()
        .catch(() => undefined);
      await expect.poll(async () => (await waitingOrDue(world)) === 0, { timeout: 10_000 }).toBe(true);
      world.clock.advance(60_000);
    }
    expect(begun).toEqual([1, 1, 1, 2]);
    const [dead] = (await deadJobs(world.store.read, firstPage(10))).items;
    expect(dead).toMatchObject({ lane: 'doomed', tries: 3, lastError: expect.stringContaining('never') });
    expect(failures).toEqual([[dead?.id, 3, expect.stringContaining('never'), true]]);
    expect(await queueDepth(world.store.read)).toEqual([{ lane: 'doomed', waiting: 0, dead: 1 }]);
  });

  test('loses nothing of what was only in hand together with what ends the process', async () => {
    const done: unknown[] = [];
    const buried: unknown[] = [];
    /** One life of the process: it is over as soon as it begins with the second job. */
    const live = async () => {
      let over = false;
      const lane = createLane(
        { ...world, failed: ({ id }, _error, dead) => void (dead && buried.push(id)) },
        {
          lane: 'deadly',
          concurrency: 4,
          leaseMs: 60_000,
          triesMax: 4,
          backoffMs: () => 1000,
          async handle(job) {
            over ||= job.data['n'] === 2;
            await new Promise(setImmediate);
            if (over) await new Promise(() => undefined);
            done.push(job.data['n']);
          },
        },
      );
      let rests = false;
      lane
        .drain()
        .then(() => (rests = true))
        .catch(() => undefined);
      await expect.poll(() => over || rests, { timeout: 10_000 }).toBe(true);
    };
    await enqueue(...[1, 2, 3, 4].map((n) => ({ lane: 'deadly', data: { n } })));
    for (let life = 0; life < 30 && buried.length + done.length < 4; life += 1) {
      await live();
      world.clock.advance(life % 2 ? 60_000 : 5000);
    }
    expect(new Set(done)).toEqual(new Set([1, 3, 4]));
    const dead = await world.store.read.hot<{ id: number; data: string }>('select id, data from jobs');
    expect(dead).toEqual([{ id: buried[0], data: '{"n":2}' }]);
  });

  test('does not try again what can never succeed', async () => {
    let tries = 0;
    const lane = world.lane({
      lane: 'work',
      handle: async () => {
        tries += 1;
        throw new PermanentFailure('nonsense');
      },
    });
    await enqueue({ lane: 'work', data: {} });
    await lane.drain();
    world.clock.advance(60_000);
    await lane.drain();
    expect(tries).toBe(1);
  });

  test('commits the outcome and the acknowledgement together', async () => {
    const { tombstones } = world.store.schema;
    const lane = world.lane({
      lane: 'work',
      handle: async (job) => {
        await job.finish(async (unit) => {
          await unit.tx.insert(tombstones).values({ uri: 'https://a.test/1', deletedAt: unit.now });
        }, undefined);
      },
    });
    await enqueue({ lane: 'work', data: {} });
    await lane.drain();
    expect(await world.store.read.$count(tombstones)).toBe(1);
    expect(await queueDepth(world.store.read)).toEqual([]);
  });

  test('gives a job to another worker when the first is silent for longer than its lease, and undoes the late one', async () => {
    const { tombstones } = world.store.schema;
    let late: Promise<unknown> | undefined;
    let release = () => undefined as void;
    const waiting = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = world.lane({
      lane: 'work',
      leaseMs: 60_000,
      handle: async (job) => {
        await waiting;
        late = job.finish((unit) => unit.tx.insert(tombstones).values({ uri: 'late', deletedAt: 1 }), undefined);
        await late;
      },
    });
    const second = world.lane({
      lane: 'work',
      handle: async (job) =>
        void (await job.finish(
          (unit) => unit.tx.insert(tombstones).values({ uri: 'taken over', deletedAt: 1 }),
          undefined,
        )),
    });
    await enqueue({ lane: 'work', data: {} });
    const drained = first.drain();
    const leased = () => world.store.read.hot('select 1 as leased from jobs where lease <> 0');
    await expect.poll(async () => (await leased()).length, { timeout: 10_000 }).toBe(1);
    world.clock.advance(61_000);
    await second.drain();
    release();
    await drained;
    await expect(late).rejects.toThrow(LeaseLost);
    expect(await world.store.read.select({ uri: tombstones.uri }).from(tombstones)).toEqual([{ uri: 'taken over' }]);
  });

  test('does not take the same work twice while the first waits', async () => {
    await enqueue({ lane: 'work', onceKey: 'a', data: {} });
    await enqueue({ lane: 'work', onceKey: 'a', data: {} });
    expect(await queueDepth(world.store.read)).toEqual([{ lane: 'work', waiting: 1, dead: 0 }]);
  });
});
