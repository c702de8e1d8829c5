import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';

/**
 * Makes a database that was restored from a backup fit to go on in place of the one that was lost.
 *
 * Deliveries and jobs stay: whatever of them the lost one had sent already goes out again under the same activity ids,
 * and peers drop what they know. Mail has no such ids, so what waits in `mailLane` is dropped; links are asked for
 * again. Every session and every mailed link ends, for some of them had been ended after the backup.
 */
export async function settleRestoredCopy(unit: Unit, input: { mailLane: string; madeAt: number }): Promise<void> {
  await unit.tx.hot('delete from sessions');
  await unit.tx.hot('delete from mail_tokens');
  await unit.tx.hot('delete from jobs where lane = $1', input.mailLane);
  // Nobody holds these any more: what was in hand is taken up at once.
  await unit.tx.hot('delete from leases');
  await unit.tx.hot('update jobs set lease = 0, due_at = $1 where lease <> 0', unit.now);
  await unit.tx.hot('update deliveries set lease = 0, due_at = $1 where lease <> 0', unit.now);
  await recordAudit(unit, { actorId: null, action: 'backup-restored', details: { madeAt: input.madeAt } });
}
