import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { requireSamePassword } from '#domain/membership/member.ts';

/** Log-in asks for the password only; secret and recovery codes are forgotten. @throws not-allowed. */
export async function disableTotp(unit: Unit, input: { accountId: number; passwordHash: string }): Promise<void> {
  const member = await requireSamePassword(unit, input.accountId, input.passwordHash);
  const { members, recoveryCodes } = unit.schema;
  const { accountId } = member;
  await unit.tx
    .update(members)
    .set({ totpSealed: null, totpEnabledAt: null, totpLastStep: null })
    .where(eq(members.accountId, accountId));
  await unit.tx.delete(recoveryCodes).where(eq(recoveryCodes.accountId, accountId));
  if (member.totpEnabledAt !== null) unit.emit({ type: 'security-noticed', accountId, notice: 'totp-disabled' });
}
