import { forgetTombstones as forget } from '#domain/retention/forget-tombstones.ts';
import { inBatches, type ForgetParts } from '#jobs/in-batches.ts';
import { DAY_MS } from '#kernel/clock.ts';

const KEPT_MS = 180 * DAY_MS;

/** Forgets that posts of other servers were deleted half a year ago. To be run once a day. */
export async function forgetTombstones({ commit, clock, stopping }: ForgetParts): Promise<void> {
  const before = clock.now() - KEPT_MS;
  let after: string | null = '';
  await inBatches(async (most) => {
    after = await commit(forget, { after: after ?? '', before, most });
    return after === null ? 'through' : 'more';
  }, stopping);
}
