import { and, eq, isNull } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { showAccount } from '#domain/accounts/create-account.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { requireStaff } from '#domain/membership/member.ts';
import { notFound } from '#kernel/errors.ts';

/** Lets a person in. @throws not-allowed, not-found when the sign-up was decided already. */
export async function approveSignUp(unit: Unit, input: { actorId: number; accountId: number }): Promise<void> {
  await requireStaff(unit, input.actorId, 'registrations.decide');
  const { members } = unit.schema;
  const approved = await unit.tx
    .update(members)
    .set({ approvedAt: unit.now })
    .where(and(eq(members.accountId, input.accountId), isNull(members.approvedAt)))
    .returning({ confirmedAt: members.emailConfirmedAt });
  if (!approved[0]) throw notFound();
  if (approved[0].confirmedAt !== null) await showAccount(unit, input.accountId);
  await recordAudit(unit, { actorId: input.actorId, action: 'sign-up-approved', target: `account:${input.accountId}` });
  unit.emit({ type: 'member-approved', accountId: input.accountId });
}
