import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { forgetTotp } from '#domain/membership/disable-totp.ts';
import { findMember } from '#domain/membership/member.ts';

/**
 * Takes the second factor off a member who has lost it, at the word of whoever has the server; the member is told by
 * mail. False when there was none.
 * @throws not-found.
 */
export async function resetTotp(unit: Unit, input: { accountId: number }): Promise<boolean> {
  const member = await findMember(unit, input.accountId);
  if (member.totpEnabledAt === null) return false;
  await forgetTotp(unit, member);
  await recordAudit(unit, { actorId: null, action: 'totp-reset', target: `account:${member.accountId}` });
  return true;
}
