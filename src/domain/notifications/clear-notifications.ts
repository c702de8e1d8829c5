import type { Unit } from '#db/unit.ts';
import { notFound } from '#kernel/errors.ts';

/** Empties somebody's list. */
export async function clearNotifications(unit: Unit, input: { accountId: number }): Promise<void> {
  await unit.tx.hot('delete from notifications where account_id = $1', input.accountId);
}

/** Takes one off the list. @throws not-found, also for one of somebody else. */
export async function dismissNotification(
  unit: Unit,
  input: { accountId: number; notificationId: number },
): Promise<void> {
  const rows = await unit.tx.hot(
    'delete from notifications where id = $1 and account_id = $2 returning id',
    input.notificationId,
    input.accountId,
  );
  if (rows.length === 0) throw notFound();
}
