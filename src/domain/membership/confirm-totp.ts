import { and, eq, isNull } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { writeRecoveryCodes } from '#domain/membership/recovery-codes.ts';
import { invalid } from '#kernel/errors.ts';

export interface ConfirmTotp {
  accountId: number;
  /** The secret with which the door has checked the code. */
  totpSealed: string;
  /** The time step of the code. */
  step: number;
}

/**
 * From now on log-in asks for a code. Returns the recovery codes, which cannot be shown again.
 * @throws invalid when the secret has been replaced meanwhile or codes are on already.
 */
export async function confirmTotp(unit: Unit, input: ConfirmTotp): Promise<string[]> {
  const { members } = unit.schema;
  const { accountId } = input;
  const enabled = await unit.tx
    .update(members)
    .set({ totpEnabledAt: unit.now, totpLastStep: input.step })
    .where(
      and(eq(members.accountId, accountId), eq(members.totpSealed, input.totpSealed), isNull(members.totpEnabledAt)),
    )
    .returning({ accountId: members.accountId });
  if (enabled.length === 0) throw invalid('code-wrong', 'code');
  unit.emit({ type: 'security-noticed', accountId, notice: 'totp-enabled' });
  return writeRecoveryCodes(unit, accountId);
}
