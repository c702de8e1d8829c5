import type { Unit } from '#db/unit.ts';
import { receiveAccountDelete } from '#domain/departures/receive-account-delete.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { eraseAccount } from '#domain/departures/erase-account.ts';
import { requireActor, requireRank, type Actor } from '#domain/moderation/staff-actor.ts';
import { batchOf } from '#domain/moderation/suspend-account.ts';
import { notAllowed, notFound } from '#kernel/errors.ts';

/**
 * Deletes accounts for good: all of them or, if it may not be done to one, none. Of a remote account goes what is kept
 * of it here.
 * @throws not-allowed, also for the last owner; not-found; invalid for too many.
 */
export async function deleteAccounts(
  unit: Unit,
  input: { actorId: number | null; accountIds: readonly number[] },
): Promise<void> {
  const actor = await requireActor(unit, input, 'accounts.delete');
  for (const accountId of batchOf(input.accountIds)) await deleteAccount(unit, actor, accountId);
}

async function deleteAccount(unit: Unit, actor: Actor, accountId: number): Promise<void> {
  const [account] = await unit.tx.hot<{ handle: string; domain: string; role: string | null }>(
    `select a.handle, a.domain, m.role from accounts a left join members m on m.account_id = a.id
     where a.id = $1 and a.deleted_at is null`,
    accountId,
  );
  if (!account) throw notFound('account-gone');
  await requireRank(unit, actor, accountId);
  if (account.role === 'owner' && (await countOwners(unit)) === 1) throw notAllowed('last-owner');
  if (account.domain === '') await eraseAccount(unit, accountId);
  else await receiveAccountDelete(unit, { actorId: accountId });
  await recordAudit(unit, {
    actorId: actor.id,
    action: 'account-deleted',
    target: `account:${accountId}`,
    details: { handle: account.domain === '' ? account.handle : `${account.handle}@${account.domain}` },
  });
}

async function countOwners(unit: Unit): Promise<number> {
  const rows = await unit.tx.hot<{ count: number }>(`select count(*) as count from members where role = 'owner'`);
  return Number(rows[0]?.count ?? 0);
}
