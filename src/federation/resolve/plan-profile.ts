import { enqueueJobs } from '#db/queue.ts';
import type { Unit } from '#db/unit.ts';
import { FETCH_LANE } from '#federation/resolve/plan-ancestors.ts';

/** Notes as a job that a remote account's collections are to be read, when they were last read before `before`, or never. */
export async function planProfile(unit: Unit, input: { accountId: number; before: number }): Promise<void> {
  const rows = await unit.tx.hot<{ uri: string }>(
    `select uri from accounts where id = $1 and domain <> '' and suspended_at is null and deleted_at is null
       and (profile_fetched_at is null or profile_fetched_at <= $2)`,
    input.accountId,
    input.before,
  );
  for (const { uri } of rows) {
    await enqueueJobs(unit, [{ lane: FETCH_LANE, onceKey: `profile ${uri}`, data: { profileOf: uri } }]);
  }
}
