import { forgetPeers as forget } from '#domain/retention/forget-peers.ts';
import { inBatches, type ForgetParts } from '#jobs/in-batches.ts';
import { DAY_MS } from '#kernel/clock.ts';

const KEPT_MS = 180 * DAY_MS;

/** Forgets servers that have been silent for half a year. To be run once a day. */
export async function forgetPeers({ commit, clock, stopping }: ForgetParts): Promise<void> {
  const before = clock.now() - KEPT_MS;
  await inBatches(async (most) => ((await commit(forget, { before, most })) ? 'more' : 'through'), stopping);
}
