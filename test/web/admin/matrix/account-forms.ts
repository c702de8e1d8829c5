import { ensureInstanceActor } from '#domain/accounts/ensure-instance-actor.ts';
import type { Permission, Role } from '#domain/membership/permissions.ts';
import { addMember } from '../../../members.ts';
import { testKeys } from '../../../world.ts';
import type { StaffedSite } from '../staff.ts';

/** Whose account it is done to. */
export type Target = Role | 'remote' | 'instance' | 'self';

interface AccountEntry {
  path: string;
  permission: Permission;
  /** Targets to which it cannot be done by anybody. */
  refuses?: readonly Target[];
  make(
    site: StaffedSite,
    actor: Role | null,
    target: Target,
    number: number,
  ): Promise<{ path: string; fields: Record<string, string>; targetId: number; actorId: number | undefined }>;
}

/** What staff does to accounts: to those below only, never to the server's own, nor to themselves. */
export const accountEntries: readonly AccountEntry[] = [
  onAccount('limit', 'accounts.moderate'),
  onAccount('unlimit', 'accounts.moderate', { before: 'limited_at = 5' }),
  onAccount('suspend', 'accounts.moderate'),
  onAccount('unsuspend', 'accounts.moderate', { before: 'suspended_at = 5' }),
  onAccount('delete', 'accounts.delete'),
  onAccount('reset-totp', 'accounts.access', { refuses: ['remote'], totp: true }),
  onAccount('reset-password', 'accounts.access', { refuses: ['remote'] }),
  onAccount('role', 'accounts.role', { refuses: ['remote'], fields: (target) => ({ role: otherRole(target) }) }),
  {
    path: '/admin/accounts/batch',
    permission: 'accounts.moderate',
    async make(site, actor, target, number) {
      const { id, actorId } = await accountOf(site, actor, target, number);
      const fields = { do: 'suspend', ids: String(id) };
      return { path: '/admin/accounts/batch', fields, targetId: id, actorId };
    },
  },
];

/** Every role is changed, and to one that an admin may give. */
function otherRole(target: Target): Role {
  return target === 'user' ? 'moderator' : 'user';
}

interface OnAccount {
  before?: string;
  totp?: boolean;
  refuses?: readonly Target[];
  fields?(target: Target): Record<string, string>;
}

function onAccount(step: string, permission: Permission, options: OnAccount = {}): AccountEntry {
  const { before, totp = false, refuses = [], fields = () => ({}) } = options;
  return {
    path: `/admin/accounts/:id{[0-9]+}/${step}`,
    permission,
    refuses,
    async make(site, actor, target, number) {
      const { id, actorId } = await accountOf(site, actor, target, number);
      await site.world.store.write(async (tx) => {
        // Somebody who is suspended has no session to act from.
        if (before && target !== 'self') await tx.hot(`update accounts set ${before} where id = $1`, id);
        if (totp) await tx.hot('update members set totp_enabled_at = 5 where account_id = $1', id);
      });
      return { path: `/admin/accounts/${id}/${step}`, fields: fields(target), targetId: id, actorId };
    },
  };
}

async function accountOf(
  site: StaffedSite,
  actor: Role | null,
  target: Target,
  number: number,
): Promise<{ id: number; actorId: number | undefined }> {
  if (target === 'remote') return { id: await site.world.remote(`remote_${number}`), actorId: undefined };
  if (target === 'instance') {
    const id = await site.world.commit(ensureInstanceActor, { keys: await testKeys() });
    return { id: Number(id), actorId: undefined };
  }
  if (target === 'self') {
    const id = await addMember(site.world, `self_${number}`, { role: actor ?? 'user' });
    return { id, actorId: id };
  }
  return { id: await addMember(site.world, `target_${number}`, { role: target }), actorId: undefined };
}
