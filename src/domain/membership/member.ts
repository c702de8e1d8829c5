import { eq } from 'drizzle-orm';
import type { Schema } from '#db/schema.ts';
import type { Unit } from '#db/unit.ts';
import { may, type Permission } from '#domain/membership/permissions.ts';
import { notAllowed, notFound } from '#kernel/errors.ts';

export type Member = Schema['members']['$inferSelect'];

/** @throws not-found when the account is not a member here, or was deleted. */
export async function findMember(unit: Unit, accountId: number): Promise<Member> {
  const { members } = unit.schema;
  const [member] = await unit.tx.select().from(members).where(eq(members.accountId, accountId));
  if (!member) throw notFound();
  return member;
}

/** A member of staff who may do it, and is not suspended. @throws not-allowed. */
export async function requireStaff(unit: Unit, actorId: number, permission: Permission): Promise<Member> {
  const member = await findMember(unit, actorId);
  const standing = await unit.tx.hot(
    'select 1 as stands from accounts where id = $1 and suspended_at is null and deleted_at is null',
    actorId,
  );
  if (standing.length === 0 || !may(member.role, permission)) throw notAllowed();
  return member;
}

/**
 * The member whose password a door has just verified against `passwordHash`.
 * @throws not-allowed when the password has been changed meanwhile.
 */
export async function requireSamePassword(unit: Unit, accountId: number, passwordHash: string): Promise<Member> {
  const member = await findMember(unit, accountId);
  if (member.passwordHash !== passwordHash) throw notAllowed('password-changed-meanwhile');
  return member;
}
