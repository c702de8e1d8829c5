import { enqueueJobs } from '#db/queue.ts';
import type { Store } from '#db/store.ts';
import type { Commit, Unit } from '#db/unit.ts';
import { accountsWithOldLinks } from '#domain/accounts/linked-accounts.queries.ts';
import { LINKS_LANE } from '#domain/consumers.ts';
import type { Clock } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

/** Plans another look at the links of profiles that nobody has looked at for long: pages change hands. */
export async function recheckLinks(parts: { store: Store; commit: Commit; clock: Clock }): Promise<void> {
  const accounts = await accountsWithOldLinks(parts.store, parts.clock.now() - limits.linkRecheckMs);
  if (accounts.length > 0)
    await parts.commit(
      planChecks,
      accounts.map(({ id }) => id),
    );
}

async function planChecks(unit: Unit, accountIds: readonly number[]): Promise<void> {
  const jobs = accountIds.map((accountId) => ({
    lane: LINKS_LANE,
    onceKey: `links ${accountId}`,
    data: { accountId },
  }));
  await enqueueJobs(unit, jobs);
}
