import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { endAllSessions } from '#domain/membership/end-sessions.ts';
import { requireSamePassword } from '#domain/membership/member.ts';
import { openSession, type Visit } from '#domain/membership/open-session.ts';

export interface ChangePassword {
  accountId: number;
  /** The hash against which the door has verified the present password. */
  passwordHash: string;
  newPasswordHash: string;
  visit: Visit;
}

/** Sets a new password, ends every session and returns the secret of a new one. @throws not-allowed. */
export async function changePassword(unit: Unit, input: ChangePassword): Promise<string> {
  const member = await requireSamePassword(unit, input.accountId, input.passwordHash);
  await replacePassword(unit, member.accountId, input.newPasswordHash);
  return openSession(unit, input);
}

/** Every session and every mailed link that would set yet another password ends with the old one. */
export async function replacePassword(unit: Unit, accountId: number, passwordHash: string): Promise<void> {
  const { members } = unit.schema;
  await unit.tx.update(members).set({ passwordHash }).where(eq(members.accountId, accountId));
  await endAllSessions(unit, { accountId });
  await unit.tx.hot(
    `delete from mail_tokens where account_id = $1 and purpose in ('reset', 'change-email')`,
    accountId,
  );
  unit.emit({ type: 'security-noticed', accountId, notice: 'password-changed' });
}
