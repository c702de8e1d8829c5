import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { forgetTotp } from '#domain/membership/disable-totp.ts';
import { endAllSessions } from '#domain/membership/end-sessions.ts';
import { findMember, type Member } from '#domain/membership/member.ts';
import type { AccountInput } from '#domain/moderation/moderated-account.ts';
import { requireActor, requireRank } from '#domain/moderation/staff-actor.ts';
import { conflict, notFound } from '#kernel/errors.ts';

/** No password has this hash. */
const NO_PASSWORD = 'none';

/**
 * Takes the second factor off somebody who has lost it and every recovery code; they are told by mail. The password
 * stays, so staff gets no way in.
 * @throws not-allowed; not-found, also for a remote account; conflict when there is none.
 */
export async function removeSecondFactor(unit: Unit, input: AccountInput): Promise<void> {
  const member = await lockedOut(unit, input);
  if (member.totpEnabledAt === null) throw conflict('totp-off');
  await forgetTotp(unit, member);
  await recordAudit(unit, { actorId: input.actorId, action: 'totp-reset', target: `account:${input.accountId}` });
}

/**
 * Ends every session, makes the password useless and sends a link by which a new one is chosen: for an account that
 * somebody else has got into. What that one could still use, such as a link sent to another address, is void.
 * @throws not-allowed; not-found, also for a remote account.
 */
export async function forcePasswordReset(unit: Unit, input: AccountInput): Promise<void> {
  const { accountId, email } = await lockedOut(unit, input);
  await unit.tx.hot('update members set password_hash = $1 where account_id = $2', NO_PASSWORD, accountId);
  await unit.tx.hot('delete from mail_tokens where account_id = $1', accountId);
  await endAllSessions(unit, { accountId });
  await recordAudit(unit, { actorId: input.actorId, action: 'password-reset-forced', target: `account:${accountId}` });
  unit.emit({ type: 'mail-requested', accountId, purpose: 'reset', email });
}

async function lockedOut(unit: Unit, input: AccountInput): Promise<Member> {
  const actor = await requireActor(unit, input, 'accounts.access');
  const standing = await unit.tx.hot(
    'select 1 as stands from accounts where id = $1 and deleted_at is null',
    input.accountId,
  );
  if (standing.length === 0) throw notFound('account-gone');
  await requireRank(unit, actor, input.accountId);
  return findMember(unit, input.accountId);
}
