import { and, eq, isNull } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { requireStaff } from '#domain/membership/member.ts';
import { notFound } from '#kernel/errors.ts';

/** Ends an invite, whoever made it; those who came by it stay. @throws not-allowed, not-found. */
export async function revokeInvite(unit: Unit, input: { actorId: number; inviteId: number }): Promise<void> {
  await requireStaff(unit, input.actorId, 'invites.create');
  const { invites } = unit.schema;
  const revoked = await unit.tx
    .update(invites)
    .set({ revokedAt: unit.now })
    .where(and(eq(invites.id, input.inviteId), isNull(invites.revokedAt)))
    .returning({ id: invites.id });
  if (revoked.length === 0) throw notFound();
  await recordAudit(unit, { actorId: input.actorId, action: 'invite-revoked', target: `invite:${input.inviteId}` });
}
