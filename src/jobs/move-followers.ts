import type { Job } from '#db/queue.ts';
import type { Store } from '#db/store.ts';
import { moveMoreFollowers } from '#domain/departures/move-followers.ts';
import type { EventOf } from '#domain/events.ts';

/**
 * The handler of the lane of moves: goes on where the last batch of followers ended. Each batch is committed together
 * with the acknowledgement of its job, so a process that dies in between leaves none out.
 */
export function moveFollowers({ store }: { store: Pick<Store, 'read'> }): (job: Job) => Promise<void> {
  return async (job) => {
    const rows = await store.read.hot<{ event: string }>('select event from outbox where id = $1', job.refId ?? 0);
    if (!rows[0]) return;
    const { accountId, targetId, goOnAfter } = JSON.parse(rows[0].event) as EventOf<'followers-moved'>;
    if (goOnAfter === null) return;
    await job.finish(moveMoreFollowers, { fromId: accountId, toId: targetId, after: goOnAfter });
  };
}
