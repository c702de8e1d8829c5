import { describe, expect, test } from 'vitest';
import { inBatches } from '#jobs/in-batches.ts';
import { createSchedule, type Recurring } from '#jobs/schedule.ts';
import { createTendDisk } from '#jobs/tend-disk.ts';
import { ManualClock, MINUTE_MS } from '#kernel/clock.ts';

const until = () => {
  let resolve = () => undefined as void;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
};

describe('the schedule', () => {
  const open = (...jobs: Recurring[]) => {
    const clock = new ManualClock();
    const reports: string[] = [];
    const schedule = createSchedule(jobs, {
      clock,
      report: (name, error) => void reports.push(`${name}: ${String(error)}`),
    });
    return { clock, reports, schedule };
  };

  test('runs what is due, and not before', async () => {
    const runs: string[] = [];
    const job = (name: string, minutes: number): Recurring => ({
      name,
      everyMs: minutes * MINUTE_MS,
      run: async () => runs.push(name),
    });
    const { clock, schedule } = open(job('often', 1), job('seldom', 3));
    await schedule.runDue();
    expect(runs).toEqual([]);
    for (let minute = 0; minute < 3; minute += 1) {
      clock.advance(MINUTE_MS);
      await schedule.runDue();
    }
    expect(runs).toEqual(['often', 'often', 'often', 'seldom']);
  });

  test('runs no job twice at once, and one that takes long holds up no other', async () => {
    const slow = until();
    let slowRuns = 0;
    let quickRuns = 0;
    const { clock, schedule } = open(
      { name: 'slow', everyMs: MINUTE_MS, run: () => ((slowRuns += 1), slow.promise) },
      { name: 'quick', everyMs: MINUTE_MS, run: async () => (quickRuns += 1) },
    );
    const rounds: Promise<void>[] = [];
    for (let minute = 0; minute < 3; minute += 1) {
      clock.advance(MINUTE_MS);
      rounds.push(schedule.runDue());
      await Promise.resolve();
      await Promise.resolve();
    }
    expect([slowRuns, quickRuns]).toEqual([1, 3]);
    slow.resolve();
    await Promise.all(rounds);
    clock.advance(MINUTE_MS);
    await schedule.runDue();
    expect(slowRuns).toBe(2);
  });

  test('reports what fails and tries it again the next time', async () => {
    let runs = 0;
    const failing = { name: 'failing', everyMs: MINUTE_MS, run: () => Promise.reject(new Error(`no ${(runs += 1)}`)) };
    const { clock, schedule, reports } = open(failing);
    for (let minute = 0; minute < 2; minute += 1) {
      clock.advance(MINUTE_MS);
      await schedule.runDue();
    }
    expect(reports).toEqual(['failing: Error: no 1', 'failing: Error: no 2']);
  });

  test('tells what runs that the process is about to end, and waits for it', async () => {
    let left = false;
    const { clock, schedule } = open({
      name: 'long',
      everyMs: MINUTE_MS,
      async run(stopping) {
        await new Promise((resolve) => stopping.addEventListener('abort', resolve));
        left = true;
      },
    });
    clock.advance(MINUTE_MS);
    void schedule.runDue();
    await schedule.stop();
    expect(left).toBe(true);
  });
});

describe('work in batches', () => {
  // Others on the machine may slow a batch down.
  test('takes more while it is quick, and less when it is slow', { retry: 3 }, async () => {
    const sizes: number[] = [];
    await inBatches(async (most) => {
      sizes.push(most);
      if (sizes.length === 5) await new Promise((resolve) => setTimeout(resolve, 12));
      return sizes.length === 6 ? 'through' : 'more';
    });
    expect(sizes.slice(0, 5)).toEqual([20, 40, 80, 160, 320]);
    expect(sizes[5]).toBe(160);
  });

  test('leaves off when the process is about to end', async () => {
    const stopping = new AbortController();
    let batches = 0;
    await inBatches(async () => {
      batches += 1;
      if (batches === 3) stopping.abort();
      return 'more';
    }, stopping.signal);
    expect(batches).toBe(3);
  });
});

test('a disk that is almost full is told of once, and so is that it no longer is', async () => {
  const states: ('kept' | 'released')[] = ['kept', 'released', 'released', 'kept', 'kept'];
  const logged: string[] = [];
  const tend = createTendDisk({
    ballast: { tend: async () => states.shift() ?? 'kept', release: async () => false },
    log: (message) => void logged.push(message),
  });
  for (let minute = 0; minute < 5; minute += 1) await tend();
  expect(logged).toEqual(['the disk is almost full: make room', 'there is room on the disk again']);
});
