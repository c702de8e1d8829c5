import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { findMember, requireStaff } from '#domain/membership/member.ts';
import { outranks, type Role } from '#domain/membership/permissions.ts';
import { notAllowed } from '#kernel/errors.ts';

/**
 * Gives a member a role. Staff changes only those below and gives only what is below its own; an owner may make
 * another owner, and nobody can unmake one but by deleting the own account.
 * @throws not-allowed, not-found.
 */
export async function changeRole(unit: Unit, input: { actorId: number; accountId: number; role: Role }): Promise<void> {
  const actor = await requireStaff(unit, input.actorId, 'accounts.role');
  const member = await findMember(unit, input.accountId);
  const maySee = outranks(actor.role, member.role);
  const mayGive = actor.role === 'owner' || outranks(actor.role, input.role);
  if (!maySee || !mayGive) throw notAllowed();
  if (member.role === input.role) return;
  const { members } = unit.schema;
  await unit.tx.update(members).set({ role: input.role }).where(eq(members.accountId, member.accountId));
  await recordAudit(unit, {
    actorId: input.actorId,
    action: 'role-changed',
    target: `account:${member.accountId}`,
    details: { from: member.role, to: input.role },
  });
}
