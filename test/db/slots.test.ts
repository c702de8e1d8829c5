import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { COMMAND_LINE_SLOT, takeSlot, type Slot } from '#db/slots.ts';
import type { Store } from '#db/store.ts';
import { ManualClock, MINUTE_MS, SECOND_MS } from '#kernel/clock.ts';
import { openTestStore } from '../engine.ts';

const clock = new ManualClock();
let store: Store;

beforeEach(async () => {
  store = await openTestStore();
});

afterEach(async () => {
  vi.useRealTimers();
  await store.close();
});

test.runIf(process.env['TEST_ENGINE'] === 'sqlite')(
  'on SQLite there is one process, and it has the first',
  async () => {
    expect((await takeSlot(store, clock)).number).toBe(0);
    expect((await takeSlot(store, clock)).number).toBe(0);
  },
);

describe.runIf(process.env['TEST_ENGINE'] !== 'sqlite')('slots', () => {
  test('are each held by one process, and the last is kept for the command line', async () => {
    const slots: Slot[] = [];
    for (let number = 0; number < COMMAND_LINE_SLOT; number += 1) {
      const slot = await takeSlot(store, clock);
      expect(slot.number).toBe(number);
      slots.push(slot);
    }
    await expect(takeSlot(store, clock)).rejects.toThrow('15 processes run on this database already');
    await slots[4]?.release();
    const again = await takeSlot(store, clock);
    expect(again.number).toBe(4);
    for (const slot of [...slots, again]) await slot.release();
    expect(await store.read.hot('select name from leases')).toEqual([]);
  });

  test('of a process that died are free after a minute', async () => {
    const dead = await takeSlot(store, clock);
    expect((await takeSlot(store, clock)).number).toBe(1);
    clock.advance(MINUTE_MS);
    expect((await takeSlot(store, clock)).number).toBe(dead.number);
  });

  test('are renewed while the process lives, and it is told when it has lost its own', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let lost = 0;
    await takeSlot(store, clock, () => {
      lost += 1;
    });
    const leaseEnd = async () => {
      const [row] = await store.read.hot<{ at: number }>(`select expires_at as at from leases where name = 'slot 0'`);
      return row?.at ?? 0;
    };
    const first = await leaseEnd();
    clock.advance(20 * SECOND_MS);
    vi.advanceTimersByTime(20 * SECOND_MS);
    await vi.waitFor(async () => expect(await leaseEnd()).toBe(first + 20 * SECOND_MS));

    await store.write((tx) =>
      tx.hot(`update leases set holder = 'somebody else', expires_at = $1`, clock.now() + MINUTE_MS),
    );
    vi.advanceTimersByTime(20 * SECOND_MS);
    await vi.waitFor(() => expect(lost).toBe(1));
    vi.advanceTimersByTime(MINUTE_MS);
    expect(lost).toBe(1);
  });
});
