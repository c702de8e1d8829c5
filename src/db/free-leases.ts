import type { Store, Transaction } from '#db/store.ts';
import { slotLeased } from '#db/slots.ts';
import { IDS_PER_SLOT, SLOTS } from '#kernel/ids.ts';

/** What has been begun so often and never ended may be what kills the process: it keeps its lease, as a pause. */
const BEGUN_MAX = 5;

/**
 * Frees the jobs and deliveries that the process before us on this slot had in hand when it was killed: it is gone, so
 * they need not wait for their leases to end. To be called once the slot is taken, and before anything runs under it.
 */
export async function freeLeases(store: Store, slot: number, now: number): Promise<void> {
  await store.write((tx) => free(tx, slot, now));
}

/** The same for processes that were killed on other slots, once they have not renewed them in time. */
export async function freeLeasesOfTheGone({ read, write }: Store, now: number): Promise<void> {
  // A look locks nothing.
  if ((await read.hot('select 1 as gone from leases where expires_at <= $1 limit 1', now)).length === 0) return;
  await write(async (tx) => {
    const gone = await tx.hot<{ name: string }>('delete from leases where expires_at <= $1 returning name', now);
    for (const { name } of gone) await free(tx, slotLeased(name), now);
  });
}

/**
 * A lease is an id, and so bears the slot of whoever took it. A delivery stays marked by it as one that was begun in
 * vain; a job has other signs.
 */
async function free(tx: Transaction, slot: number, now: number): Promise<void> {
  for (const [table, freed] of Object.entries({ jobs: 'lease = 0, due_at = $1', deliveries: 'due_at = $1' })) {
    await tx.hot(
      `update ${table} set ${freed}
       where lease <> 0 and due_at > $1 and tries < $2 and lease / ${IDS_PER_SLOT} % ${SLOTS} = $3`,
      now,
      BEGUN_MAX,
      slot,
    );
  }
}
