import { forgetDeadJobs as forget } from '#domain/retention/forget-dead-jobs.ts';
import { inBatches, type ForgetParts } from '#jobs/in-batches.ts';
import { DAY_MS } from '#kernel/clock.ts';

/** Long enough for an admin to look at them. */
const KEPT_MS = 30 * DAY_MS;

/** Forgets jobs that were given up a month ago, and what only they needed. To be run once a day. */
export async function forgetDeadJobs({ commit, clock, stopping }: ForgetParts): Promise<void> {
  const before = clock.now() - KEPT_MS;
  await inBatches(async (most) => ((await commit(forget, { before, most })) ? 'more' : 'through'), stopping);
}
