import { and, eq, isNull } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { DomainError } from '#kernel/errors.ts';

/**
 * Keeps a new secret for codes, sealed, until it is confirmed by a code made with it.
 * @throws conflict when codes are asked for at log-in already.
 */
export async function startTotp(unit: Unit, input: { accountId: number; totpSealed: string }): Promise<void> {
  const { members } = unit.schema;
  const started = await unit.tx
    .update(members)
    .set({ totpSealed: input.totpSealed, totpLastStep: null })
    .where(and(eq(members.accountId, input.accountId), isNull(members.totpEnabledAt)))
    .returning({ accountId: members.accountId });
  if (started.length === 0) throw new DomainError('conflict', 'totp-already-on');
}
