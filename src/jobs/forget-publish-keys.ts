import { forgetPublishKeys as forget } from '#domain/retention/forget-publish-keys.ts';
import { inBatches, type ForgetParts } from '#jobs/in-batches.ts';
import { DAY_MS } from '#kernel/clock.ts';

/** Nobody sends the same form again on the next day. */
const KEPT_MS = DAY_MS;

/** Forgets under which keys posts were published a day ago. */
export async function forgetPublishKeys({ commit, clock, stopping }: ForgetParts): Promise<void> {
  const before = clock.now() - KEPT_MS;
  await inBatches(async (most) => ((await commit(forget, { before, most })) === most ? 'more' : 'through'), stopping);
}
