import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { moderatedAccount, type AccountInput } from '#domain/moderation/moderated-account.ts';
import { restoreSeveredFollows } from '#domain/relationships/restore-severed-follows.ts';
import { notAllowed } from '#kernel/errors.ts';

/**
 * Lets an account in again; a remote one's follows come back. `moreFollows` tells that some wait: then
 * `restoreSeveredFollows` is to be called until there are none.
 * @throws not-allowed, also while its whole domain is suspended; not-found.
 */
export async function unsuspendAccount(unit: Unit, input: AccountInput): Promise<{ moreFollows: boolean }> {
  const account = await moderatedAccount(unit, input);
  if (account.suspendedAt === null) return { moreFollows: false };
  if (account.policy.severity === 'suspend') throw notAllowed('account-domain-suspended');
  await unit.tx.hot(
    'update accounts set suspended_at = null, updated_at = $1, version = version + 1 where id = $2',
    unit.now,
    account.id,
  );
  const { more } = account.local
    ? { more: false }
    : await restoreSeveredFollows(unit, { cause: `account:${account.id}` });
  await recordAudit(unit, { actorId: input.actorId, action: 'account-unsuspended', target: `account:${account.id}` });
  unit.emit({ type: 'account-unsuspended', accountId: account.id });
  return { moreFollows: more };
}
