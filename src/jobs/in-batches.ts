import { setTimeout as pause } from 'node:timers/promises';
import type { Commit } from '#db/unit.ts';
import { monotonicMs, type Clock } from '#kernel/clock.ts';

/** What the jobs that forget work with. */
export interface ForgetParts {
  commit: Commit;
  clock: Clock;
  stopping?: AbortSignal;
}

/** What one batch may take of the event loop and of the only writer. */
const BUDGET_MS = 5;
const FIRST = 20;
const LEAST = 5;
const MOST = 500;

/**
 * Calls `batch` with how many it may take until it says that it is through. The size follows the time that the last
 * one took, and between two of them others have as long as that, so that a large clean-up is not felt. Leaves off when the
 * process is about to end.
 */
export async function inBatches(
  batch: (most: number) => Promise<'more' | 'through'>,
  stopping?: AbortSignal,
): Promise<void> {
  let most = FIRST;
  for (;;) {
    if (stopping?.aborted) return;
    const started = monotonicMs();
    if ((await batch(most)) === 'through') return;
    const tookMs = monotonicMs() - started;
    if (tookMs > BUDGET_MS) most = Math.max(LEAST, Math.floor(most / 2));
    else if (tookMs < BUDGET_MS / 2) most = Math.min(MOST, most * 2);
    await pause(tookMs);
  }
}
