import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { replacePassword } from '#domain/membership/change-password.ts';
import { findMember } from '#domain/membership/member.ts';

/**
 * Gives a member a new password at the word of whoever has the server. Every session ends, and the member is told by
 * mail. The second factor stays. The caller has checked the password (`checkPassword`).
 * @throws not-found.
 */
export async function setPassword(unit: Unit, input: { accountId: number; passwordHash: string }): Promise<void> {
  const { accountId } = await findMember(unit, input.accountId);
  await replacePassword(unit, accountId, input.passwordHash);
  await recordAudit(unit, { actorId: null, action: 'password-set', target: `account:${accountId}` });
}
