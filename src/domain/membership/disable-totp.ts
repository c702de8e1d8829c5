import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { requireSamePassword, type Member } from '#domain/membership/member.ts';

/** Log-in asks for the password only; secret and recovery codes are forgotten. @throws not-allowed. */
export async function disableTotp(unit: Unit, input: { accountId: number; passwordHash: string }): Promise<void> {
  await forgetTotp(unit, await requireSamePassword(unit, input.accountId, input.passwordHash));
}

export async function forgetTotp(unit: Unit, { accountId, totpEnabledAt }: Member): Promise<void> {
  const { members, recoveryCodes } = unit.schema;
  await unit.tx
    .update(members)
    .set({ totpSealed: null, totpEnabledAt: null, totpLastStep: null })
    .where(eq(members.accountId, accountId));
  await unit.tx.delete(recoveryCodes).where(eq(recoveryCodes.accountId, accountId));
  if (totpEnabledAt !== null) unit.emit({ type: 'security-noticed', accountId, notice: 'totp-disabled' });
}
