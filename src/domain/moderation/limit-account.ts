import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { moderatedAccount, type AccountInput } from '#domain/moderation/moderated-account.ts';
import { batchOf } from '#domain/moderation/suspend-account.ts';

/**
 * Takes an account out of public lists; those who follow it see it as before, and following it needs consent.
 * @throws not-allowed, not-found.
 */
export async function limitAccount(unit: Unit, input: AccountInput): Promise<void> {
  const account = await moderatedAccount(unit, input);
  // One that is limited with its domain is limited by itself from now on.
  if (account.limitedAt !== null && !account.limitedByDomain) return;
  await setLimit(unit, account.id, unit.now);
  await recordAudit(unit, { actorId: input.actorId, action: 'account-limited', target: `account:${account.id}` });
}

/** Limits all of them or, if it may not be done to one, none. @throws as `limitAccount`; invalid for too many. */
export async function limitAccounts(
  unit: Unit,
  input: { actorId: number | null; accountIds: readonly number[] },
): Promise<void> {
  for (const accountId of batchOf(input.accountIds)) await limitAccount(unit, { actorId: input.actorId, accountId });
}

/** Lifts the account's own limit; that of its domain stays. @throws not-allowed, not-found. */
export async function unlimitAccount(unit: Unit, input: AccountInput): Promise<void> {
  const account = await moderatedAccount(unit, input);
  if (account.limitedAt === null || account.limitedByDomain) return;
  await setLimit(unit, account.id, account.policy.severity === 'limit' ? account.policy.since : null);
  await recordAudit(unit, { actorId: input.actorId, action: 'account-unlimited', target: `account:${account.id}` });
}

async function setLimit(unit: Unit, accountId: number, at: number | null): Promise<void> {
  await unit.tx.hot('update accounts set limited_at = $1, version = version + 1 where id = $2', at, accountId);
}
