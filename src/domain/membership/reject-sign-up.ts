import { and, eq, isNull } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { requireStaff } from '#domain/membership/member.ts';
import { notFound } from '#kernel/errors.ts';

/** Declines a sign-up and forgets it. @throws not-allowed, not-found when it was decided already. */
export async function rejectSignUp(unit: Unit, input: { actorId: number; accountId: number }): Promise<void> {
  await requireStaff(unit, input.actorId, 'registrations.decide');
  const { members } = unit.schema;
  const [member] = await unit.tx
    .select()
    .from(members)
    .where(and(eq(members.accountId, input.accountId), isNull(members.approvedAt)));
  if (!member) throw notFound();
  await forgetSignUp(unit, input.accountId);
  await recordAudit(unit, { actorId: input.actorId, action: 'sign-up-rejected', target: `account:${input.accountId}` });
  const told = member.emailConfirmedAt !== null;
  if (told) unit.emit({ type: 'sign-up-rejected', email: member.email, locale: member.locale ?? 'en' });
}

/** Removes an account that nobody has seen yet, so that its handle and mail address are free again. */
export async function forgetSignUp(unit: Unit, accountId: number): Promise<void> {
  const { accounts } = unit.schema;
  await unit.tx.delete(accounts).where(eq(accounts.id, accountId));
}
