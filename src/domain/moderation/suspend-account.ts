import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { moderatedAccount, type AccountInput } from '#domain/moderation/moderated-account.ts';
import { severFollowsOfAccount } from '#domain/relationships/sever-follows.ts';
import { invalid } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

/**
 * Shuts an account out: nothing of it is shown, it can do nothing, and a local person's sessions end with the event. A
 * remote account's follows are cut and kept; a local one's stay, since their owners will want them back.
 * @throws not-allowed, not-found.
 */
export async function suspendAccount(unit: Unit, input: AccountInput): Promise<void> {
  const account = await moderatedAccount(unit, input);
  if (account.suspendedAt !== null && !account.suspendedByDomain) return;
  await unit.tx.hot(
    'update accounts set suspended_at = $1, updated_at = $1, version = version + 1 where id = $2',
    unit.now,
    account.id,
  );
  const followsCut = account.local ? 0 : await severFollowsOfAccount(unit, account.id);
  await recordAudit(unit, {
    actorId: input.actorId,
    action: 'account-suspended',
    target: `account:${account.id}`,
    details: { followsCut },
  });
  unit.emit({ type: 'account-suspended', accountId: account.id });
}

/** Suspends all of them or, if it may not be done to one, none. @throws as `suspendAccount`; invalid for too many. */
export async function suspendAccounts(
  unit: Unit,
  input: { actorId: number | null; accountIds: readonly number[] },
): Promise<void> {
  for (const accountId of batchOf(input.accountIds)) await suspendAccount(unit, { actorId: input.actorId, accountId });
}

/** @throws invalid for none or too many. */
export function batchOf(accountIds: readonly number[]): number[] {
  const ids = [...new Set(accountIds)];
  if (ids.length === 0) throw invalid('batch-empty', 'accounts');
  if (ids.length > limits.accountsPerBatch) {
    throw invalid('batch-too-large', 'accounts', { max: limits.accountsPerBatch });
  }
  return ids;
}
