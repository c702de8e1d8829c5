import { forgetActivities as forget } from '#domain/retention/forget-activities.ts';
import { inBatches, type ForgetParts } from '#jobs/in-batches.ts';
import { DAY_MS } from '#kernel/clock.ts';

/** Longer than any server that we know of goes on trying. */
const KEPT_MS = 30 * DAY_MS;

/** Forgets the ids of activities that came in a month ago. To be run once a day. */
export async function forgetActivities({ commit, clock, stopping }: ForgetParts): Promise<void> {
  const before = clock.now() - KEPT_MS;
  await inBatches(async (most) => ((await commit(forget, { before, most })) === most ? 'more' : 'through'), stopping);
}
