import type { Unit } from '#db/unit.ts';
import { requireStaff } from '#domain/membership/member.ts';
import { outranks, type Permission, type Role } from '#domain/membership/permissions.ts';
import { notAllowed } from '#kernel/errors.ts';

/** Who acts in a staff command: a member of staff, or null for the server's own command line, which may do all. */
export interface StaffInput {
  actorId: number | null;
}

export interface Actor {
  id: number | null;
  /** Null for the command line. */
  role: Role | null;
}

/**
 * The actor, with the role that they have at this moment.
 * @throws not-allowed for who may not do it, or is suspended.
 */
export async function requireActor(unit: Unit, input: StaffInput, permission: Permission): Promise<Actor> {
  if (input.actorId === null) return { id: null, role: null };
  const member = await requireStaff(unit, input.actorId, permission);
  return { id: member.accountId, role: member.role };
}

/** @throws not-allowed when the account is a member of the actor's rank or above, or the instance's own. */
export async function requireRank(unit: Unit, actor: Actor, accountId: number): Promise<void> {
  const rows = await unit.tx.hot<{ role: Role | null; domain: string; kind: string }>(
    'select m.role, a.domain, a.kind from accounts a left join members m on m.account_id = a.id where a.id = $1',
    accountId,
  );
  const [target] = rows;
  if (target?.domain === '' && target.kind === 'application') throw notAllowed('account-of-instance');
  if (actor.role === null || !target || target.domain !== '') return;
  if (!outranks(actor.role, target.role ?? 'user')) throw notAllowed('account-outranks');
}
