import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { enqueueJobs, lanesWithJobs, type NewJob } from '#db/queue.ts';
import type { Unit } from '#db/unit.ts';
import { createRunner } from '#jobs/runner.ts';
import { openWorld, type World } from '../world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const enqueue = (...jobs: NewJob[]) => world.commit((unit: Unit, input: NewJob[]) => enqueueJobs(unit, input), jobs);

function openRunner(names: readonly string[]) {
  const seen: string[] = [];
  const reports: unknown[] = [];
  const lanes = names.map((lane) => world.lane({ lane, handle: async (job) => void seen.push(job.lane) }));
  const { store, clock } = world;
  const runner = createRunner({ store, clock, report: (error) => void reports.push(error) }, lanes);
  return { runner, seen, reports };
}

describe('the runner', () => {
  test('asks the lanes in which something waits, and of the others not one', async () => {
    const { runner, seen } = openRunner(['a', 'b', 'c', 'd', 'e']);
    const asked = vi.spyOn(world.store.read, 'hot');
    await runner.settle();
    expect(asked).toHaveBeenCalledTimes(2);

    await enqueue({ lane: 'd', data: {} }, { lane: 'b', orderKey: 'x', data: {} }, { lane: 'nobody', data: {} });
    expect([...(await lanesWithJobs(world.store.read))].toSorted()).toEqual(['b', 'd', 'nobody']);
    asked.mockClear();
    await runner.settle();
    expect(seen.toSorted()).toEqual(['b', 'd']);
    const lanes = asked.mock.calls.flatMap(([, lane]) => (typeof lane === 'string' ? [lane] : []));
    expect([...new Set(lanes)].toSorted()).toEqual(['b', 'd']);
  });

  test('does what comes while it looks, and not only at the next of its looks', async () => {
    const { runner, seen, reports } = openRunner(['a']);
    const { read } = world.store;
    const ask = read.hot.bind(read);
    let answer = () => undefined as void;
    const answered = new Promise<void>((done) => {
      answer = done;
    });
    const asked = vi.spyOn(read, 'hot').mockImplementationOnce(async (text, ...values) => {
      const rows = await ask(text, ...values);
      await answered;
      return rows;
    });
    runner.start();
    await expect.poll(() => asked.mock.results.length).toBe(1);
    await ask('select 1 as one');
    await enqueue({ lane: 'a', data: {} });
    runner.wake();
    await new Promise(setImmediate);
    answer();
    await expect.poll(() => seen, { timeout: 600 }).toEqual(['a']);
    await runner.stop();
    expect(reports).toEqual([]);
  });
});
