import type { Unit } from '#db/unit.ts';
import { receiveAccountDelete } from '#domain/departures/receive-account-delete.ts';
import { DAY_MS } from '#kernel/clock.ts';

/**
 * A remote account's own address answered 410. Once may be a mistake; a second time a day later means that it is gone.
 * A host that is merely away never comes here.
 */
export async function noteGone(unit: Unit, input: { accountId: number }): Promise<void> {
  const rows = await unit.tx.hot<{ gone_at: number | null }>(
    `select gone_at from accounts where id = $1 and domain <> '' and deleted_at is null`,
    input.accountId,
  );
  const [account] = rows;
  if (!account) return;
  if (account.gone_at === null) {
    await unit.tx.hot('update accounts set gone_at = $1 where id = $2', unit.now, input.accountId);
  } else if (account.gone_at <= unit.now - DAY_MS) {
    await receiveAccountDelete(unit, { actorId: input.accountId });
  }
}
