export const ROLES = ['owner', 'admin', 'moderator', 'user'] as const;

export type Role = (typeof ROLES)[number];

/** What staff may do. Doors ask for a permission, never for a role. */
export const PERMISSIONS = [
  'admin.view',
  'instance.edit',
  'emoji.edit',
  'accounts.view',
  'accounts.moderate',
  'accounts.role',
  'accounts.access',
  'accounts.delete',
  'registrations.decide',
  'invites.create',
  'reports.handle',
  'domains.edit',
  'blocks.edit',
  'peers.view',
  'storage.view',
  'audit.view',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

const moderator: Permission[] = [
  'admin.view',
  'accounts.view',
  'accounts.moderate',
  'registrations.decide',
  'reports.handle',
  'audit.view',
];
const admin: Permission[] = [
  ...moderator,
  'instance.edit',
  'emoji.edit',
  'accounts.role',
  'accounts.access',
  'accounts.delete',
  'invites.create',
  'domains.edit',
  'blocks.edit',
  'peers.view',
  'storage.view',
];

const granted: Record<Role, ReadonlySet<Permission>> = {
  owner: new Set(PERMISSIONS),
  admin: new Set(admin),
  moderator: new Set(moderator),
  user: new Set(),
};

export function may(role: Role, permission: Permission): boolean {
  return granted[role].has(permission);
}

/** Staff acts only on those below: an owner on all but owners, an admin on moderators and users … */
export function outranks(actor: Role, target: Role): boolean {
  return ROLES.indexOf(actor) < ROLES.indexOf(target);
}
