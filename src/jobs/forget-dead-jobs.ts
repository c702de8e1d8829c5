import type { Commit } from '#db/unit.ts';
import { forgetDeadJobs as forget } from '#domain/retention/forget-dead-jobs.ts';
import { inBatches } from '#jobs/in-batches.ts';
import { DAY_MS, type Clock } from '#kernel/clock.ts';

/** Long enough for an admin to look at them. */
const KEPT_MS = 30 * DAY_MS;

/** Forgets jobs that were given up a month ago, and what only they needed. To be run once a day. */
export async function forgetDeadJobs({ commit, clock }: { commit: Commit; clock: Clock }): Promise<void> {
  const before = clock.now() - KEPT_MS;
  await inBatches(async (most) => ((await commit(forget, { before, most })) ? 'more' : 'through'));
}
