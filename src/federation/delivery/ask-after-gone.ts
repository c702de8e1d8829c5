import { enqueueJobs } from '#db/queue.ts';
import type { Unit } from '#db/unit.ts';
import { FETCH_LANE } from '#federation/resolve/plan-ancestors.ts';
import { DAY_MS, MINUTE_MS } from '#kernel/clock.ts';

/**
 * An inbox answered that it is gone: whether its account is, too, is asked at the account's own address, now and again
 * in a day. A shared inbox says nothing about anyone.
 */
export async function askAfterGone(unit: Unit, input: { inbox: string }): Promise<void> {
  const rows = await unit.tx.hot<{ uri: string }>(
    `select uri from accounts where inbox = $1 and domain <> '' and deleted_at is null`,
    input.inbox,
  );
  for (const { uri } of rows) {
    await enqueueJobs(unit, [
      { lane: FETCH_LANE, onceKey: `gone ${uri}`, data: { checkGone: uri } },
      { lane: FETCH_LANE, onceKey: `gone later ${uri}`, data: { checkGone: uri }, delayMs: DAY_MS + MINUTE_MS },
    ]);
  }
}
