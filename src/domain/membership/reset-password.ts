import type { Unit } from '#db/unit.ts';
import { replacePassword } from '#domain/membership/change-password.ts';
import { markConfirmed } from '#domain/membership/confirm-email.ts';
import { spendMailToken } from '#domain/membership/mail-tokens.ts';
import { findMember } from '#domain/membership/member.ts';
import { DomainError } from '#kernel/errors.ts';

/**
 * Sets a new password by a mailed link and ends every session. Whoever read the mail has the address, so it counts as
 * confirmed. The second factor stays.
 * @throws gone for a link that is unknown, used, expired, or was sent to an address that is no longer the member's.
 */
export async function resetPassword(unit: Unit, input: { tokenHash: string; passwordHash: string }): Promise<number> {
  const token = await spendMailToken(unit, input.tokenHash, ['reset']);
  const member = await findMember(unit, token.accountId);
  if (member.email !== token.email) throw new DomainError('gone', 'link-expired');
  await markConfirmed(unit, member);
  await replacePassword(unit, member.accountId, input.passwordHash);
  return member.accountId;
}
