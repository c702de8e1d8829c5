import { createInvite } from '#domain/membership/create-invite.ts';
import { openSession } from '#domain/membership/open-session.ts';
import type { Permission, Role } from '#domain/membership/permissions.ts';
import { addRule } from '#domain/instance/add-rule.ts';
import { publishPolicyText } from '#domain/instance/publish-policy-text.ts';
import { ensureInstanceActor } from '#domain/accounts/ensure-instance-actor.ts';
import { blockAddress } from '#domain/moderation/block-address.ts';
import { blockEmailDomain } from '#domain/moderation/block-email-domain.ts';
import { reportAccount } from '#domain/moderation/report-account.ts';
import { resolveReport } from '#domain/moderation/resolve-report.ts';
import { setDomainPolicy } from '#domain/moderation/set-domain-policy.ts';
import { pinPost } from '#domain/posts/pin-post.ts';
import { publishPost } from '#domain/posts/publish-post.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { addMember } from '../../members.ts';
import { testKeys } from '../../world.ts';
import type { StaffedSite } from './staff.ts';

/** Whose account it is done to. */
export type Target = Role | 'remote' | 'instance' | 'self';

/** Forms that a visitor sends as well as anybody. */
export const OPEN = [
  '/set-up',
  '/sign-up',
  '/confirm-email',
  '/confirm-email/again',
  '/login',
  '/logout',
  '/login/second-factor',
  '/reset-password',
  '/reset-password/new',
];

/** Forms that concern nobody but whoever sends them, or that one may send about anybody. */
export const MEMBER = [
  '/settings/profile',
  '/settings/privacy',
  '/settings/account/email',
  '/settings/account/password',
  '/settings/account/delete',
  '/settings/security/start',
  '/settings/security/codes',
  '/settings/security/stop',
  '/settings/security/confirm',
  '/settings/sessions/others/end',
  '/settings/appearance',
  '/settings/blocks/domains',
  '/settings/blocks/domains/remove',
  '/settings/move/aliases',
  '/settings/move/aliases/remove',
  '/settings/move',
  '/settings/move/undo',
  '/posts',
  '/posts/:id{[0-9]+}/favourite',
  '/posts/:id{[0-9]+}/unfavourite',
  '/posts/:id{[0-9]+}/boost',
  '/posts/:id{[0-9]+}/unboost',
  '/posts/:id{[0-9]+}/bookmark',
  '/posts/:id{[0-9]+}/unbookmark',
  '/posts/:id{[0-9]+}/vote',
  '/accounts/:id{[0-9]+}/unfollow',
  '/accounts/:id{[0-9]+}/remove-follower',
  '/accounts/:id{[0-9]+}/hide-boosts',
  '/accounts/:id{[0-9]+}/show-boosts',
  '/accounts/:id{[0-9]+}/notify',
  '/accounts/:id{[0-9]+}/unnotify',
  '/accounts/:id{[0-9]+}/mute',
  '/accounts/:id{[0-9]+}/unmute',
  '/accounts/:id{[0-9]+}/block',
  '/accounts/:id{[0-9]+}/unblock',
  '/accounts/:id{[0-9]+}/follow',
  '/accounts/:id{[0-9]+}/block-domain',
  '/accounts/:id{[0-9]+}/unblock-domain',
  '/accounts/:id{[0-9]+}/report',
  '/notifications/read',
  '/notifications/clear',
];

/** The path with somebody's post, or somebody, in it. */
export async function fillPath(site: StaffedSite, path: string, targetId: number): Promise<string> {
  const id = path.startsWith('/posts/') ? await post(site, targetId) : targetId;
  return path.replace(':id{[0-9]+}', String(id));
}

async function post(site: StaffedSite, authorId: number, visibility: Visibility = 'public', text = 'Hello') {
  return site.world.commit(publishPost, {
    authorId,
    text,
    warning: null,
    sensitive: false,
    language: null,
    visibility,
    replyToId: null,
    mediaIds: [],
    poll: null,
  });
}

type Probe = () => Promise<boolean>;

async function exists(site: StaffedSite, sql: string, ...values: (string | number)[]): Promise<boolean> {
  return (await site.world.store.read.hot(sql, ...values)).length > 0;
}

interface OwnEntry {
  path: string;
  /** Something of an owner, for somebody else to lay hands on. `actorId` where the actor is of the owner's role. */
  make(
    site: StaffedSite,
    actor: Role | null,
    owner: Role,
    number: number,
  ): Promise<{ path: string; actorId: number | undefined; untouched: Probe }>;
}

/** What belongs to one person: nobody else may, of whatever role. */
export const ownEntries: readonly OwnEntry[] = [
  ...['edit', 'delete', 'redraft', 'pin', 'unpin'].map((step): OwnEntry => ({
    path: `/posts/:id{[0-9]+}/${step}`,
    async make(site, actor, owner, number) {
      const id = await post(site, site.ids[owner]);
      const isPinned = step === 'unpin';
      if (isPinned) {
        await site.world.store.write((tx) => tx.hot('delete from pins'));
        await site.world.commit(pinPost, { accountId: site.ids[owner], postId: id });
      }
      return {
        path: `/posts/${id}/${step}`,
        actorId: await another(site, actor, owner, number),
        untouched: async () =>
          (await exists(
            site,
            `select 1 as x from posts where id = $1 and source = 'Hello' and edited_at is null`,
            id,
          )) && (await exists(site, 'select 1 as x from pins where post_id = $1', id)) === isPinned,
      };
    },
  })),
  {
    path: '/settings/sessions/:id/end',
    async make(site, actor, owner, number) {
      const accountId = site.ids[owner];
      await site.world.commit(openSession, { accountId, visit: { address: null, userAgent: '' } });
      const [row] = await site.world.store.read.hot<{ id: number }>('select max(id) as id from sessions');
      const id = row?.id ?? 0;
      return {
        path: `/settings/sessions/${id}/end`,
        actorId: await another(site, actor, owner, number),
        untouched: () => exists(site, 'select 1 as x from sessions where id = $1', id),
      };
    },
  },
  ...['read', 'hide'].map((step): OwnEntry => ({
    path: `/messages/:id{[0-9]+}/${step}`,
    async make(site, actor, owner, number) {
      const from = await site.world.person(`writer_${number}`);
      await post(site, from, 'direct', `@the_${owner} psst`);
      const [row] = await site.world.store.read.hot<{ id: number }>(
        'select max(id) as id from conversations where account_id = $1',
        site.ids[owner],
      );
      const id = row?.id ?? 0;
      return {
        path: `/messages/${id}/${step}`,
        actorId: await another(site, actor, owner, number),
        untouched: () =>
          exists(site, 'select 1 as x from conversations where id = $1 and unread = 1 and hidden_at is null', id),
      };
    },
  })),
  ...['accept', 'decline'].map((step): OwnEntry => ({
    path: `/requests/:id{[0-9]+}/${step}`,
    async make(site, actor, owner, number) {
      const followeeId = site.ids[owner];
      await site.world.store.write((tx) => tx.hot('update accounts set locked = 1 where id = $1', followeeId));
      const followerId = await site.world.person(`asker_${number}`);
      await site.world.commit(requestFollow, { followerId, followeeId });
      return {
        path: `/requests/${followerId}/${step}`,
        actorId: await another(site, actor, owner, number),
        untouched: () =>
          exists(
            site,
            `select 1 as x from follows where follower_id = $1 and followee_id = $2 and state = 'pending'`,
            followerId,
            followeeId,
          ),
      };
    },
  })),
];

/** Somebody else of the owner's own role, where both have the same. */
async function another(
  site: StaffedSite,
  actor: Role | null,
  owner: Role,
  number: number,
): Promise<number | undefined> {
  return actor !== owner ? undefined : addMember(site.world, `other_${owner}_${number}`, { role: owner });
}

interface StaffEntry {
  path: string;
  permission: Permission;
  make(site: StaffedSite): Promise<{
    path: string;
    fields: Record<string, string>;
    /** Whether it was done; without one, what was done stands in the log. */
    done?: Probe;
  }>;
}

let made = 0;

/** What only staff does, and not to anybody's account. */
export const staffEntries: readonly StaffEntry[] = [
  {
    path: '/admin/reports/:id/resolve',
    permission: 'reports.handle',
    make: async (site) => ({ path: `/admin/reports/${await report(site)}/resolve`, fields: {} }),
  },
  {
    path: '/admin/reports/:id/reopen',
    permission: 'reports.handle',
    async make(site) {
      const reportId = await report(site);
      await site.world.commit(resolveReport, { actorId: null, reportId });
      return { path: `/admin/reports/${reportId}/reopen`, fields: {} };
    },
  },
  {
    path: '/admin/sign-ups/:id{[0-9]+}/approve',
    permission: 'registrations.decide',
    make: async (site) => ({ path: `/admin/sign-ups/${await waiting(site)}/approve`, fields: {} }),
  },
  {
    path: '/admin/sign-ups/:id{[0-9]+}/reject',
    permission: 'registrations.decide',
    make: async (site) => ({ path: `/admin/sign-ups/${await waiting(site)}/reject`, fields: {} }),
  },
  simple('/admin/sign-ups/mode', 'instance.edit', { registrations: 'invite', minimumAge: '18' }),
  simple('/admin/invites', 'invites.create', { comment: '', uses: '1', days: '7' }),
  {
    path: '/admin/invites/:id{[0-9]+}/revoke',
    permission: 'invites.create',
    async make(site) {
      const invite = { creatorId: site.ids.owner, comment: '', usesMax: null, lifeMs: null };
      const { id } = await site.world.commit(createInvite, invite);
      return { path: `/admin/invites/${id}/revoke`, fields: {} };
    },
  },
  simple('/admin/instance', 'instance.edit', {
    name: 'The Stage',
    theme: 'plain',
    defaultLocale: 'en',
    postCharacters: '500',
  }),
  simple('/admin/rules', 'instance.edit', { text: 'Be kind.', hint: '' }),
  ...[
    { step: '', fields: { text: 'Be kinder.', hint: '' } },
    { step: '/retire', fields: {} },
  ].map(({ step, fields }): StaffEntry => ({
    path: `/admin/rules/:id{[0-9]+}${step}`,
    permission: 'instance.edit',
    make: async (site) => ({ path: `/admin/rules/${await rule(site)}${step}`, fields: { ...fields } }),
  })),
  {
    path: '/admin/rules/:id{[0-9]+}/move',
    permission: 'instance.edit',
    async make(site) {
      await site.world.store.write((tx) => tx.hot('delete from rules'));
      await rule(site);
      const id = await rule(site);
      return {
        path: `/admin/rules/${id}/move`,
        fields: { direction: 'up' },
        done: () => exists(site, 'select 1 as x from rules where id = $1 and position = 1', id),
      };
    },
  },
  {
    path: '/admin/texts/:kind/:locale',
    permission: 'instance.edit',
    async make() {
      return { path: '/admin/texts/terms/en', fields: { markdown: `Version ${(made += 1)}` } };
    },
  },
  {
    path: '/admin/domains/policy',
    permission: 'domains.edit',
    async make() {
      const domain = `bad${(made += 1)}.test`;
      return { path: '/admin/domains/policy', fields: { domain, severity: 'limit' } };
    },
  },
  {
    path: '/admin/domains/remove',
    permission: 'domains.edit',
    async make(site) {
      const domain = await policy(site);
      return { path: '/admin/domains/remove', fields: { domain } };
    },
  },
  simple('/admin/domains/purge', 'domains.edit', { domain: 'there.test' }),
  simple('/admin/blocks/addresses', 'blocks.edit', { cidr: '203.0.113.0/24', days: '30', comment: '' }),
  {
    path: '/admin/blocks/addresses/:id{[0-9]+}/remove',
    permission: 'blocks.edit',
    async make(site) {
      const block = { actorId: null, cidr: '198.51.100.1', comment: '', expiresAt: site.world.clock.now() + DAY_MS };
      const id = await site.world.commit(blockAddress, block);
      return { path: `/admin/blocks/addresses/${id}/remove`, fields: {} };
    },
  },
  simple('/admin/blocks/email-domains', 'blocks.edit', { domain: 'trash.test', emailDays: '0', emailComment: '' }),
  {
    path: '/admin/blocks/email-domains/remove',
    permission: 'blocks.edit',
    async make(site) {
      await site.world.commit(blockEmailDomain, { actorId: null, domain: 'gone.test', comment: '', expiresAt: null });
      return { path: '/admin/blocks/email-domains/remove', fields: { domain: 'gone.test' } };
    },
  },
  {
    path: '/admin/peers/try',
    permission: 'instance.edit',
    async make(site) {
      await site.world.store.write((tx) =>
        tx.hot(
          `insert into delivery_hosts (host, failures, failing_since, next_try_at) values ('slow.test', 3, 1, $1)
           on conflict (host) do nothing`,
          site.world.clock.now() + DAY_MS,
        ),
      );
      return { path: '/admin/peers/try', fields: { host: 'slow.test' } };
    },
  },
  ...['retry', 'forget'].map((step): StaffEntry => ({
    path: `/admin/queue/:id{[0-9]+}/${step}`,
    permission: 'instance.edit',
    make: async (site) => ({ path: `/admin/queue/${await deadJob(site)}/${step}`, fields: {} }),
  })),
  simple('/admin/storage/evict', 'instance.edit', {}),
];

function simple(path: string, permission: Permission, fields: Record<string, string>): StaffEntry {
  return { path, permission, make: async () => ({ path, fields: { ...fields } }) };
}

export async function report(site: StaffedSite): Promise<number> {
  const reporterId = await site.world.person(`reporter_${(made += 1)}`);
  const targetId = await site.world.person(`reported_${made}`);
  return site.world.commit(reportAccount, { reporterId, targetId, postIds: [], comment: 'Look.', forward: false });
}

export function waiting(site: StaffedSite): Promise<number> {
  return addMember(site.world, `waiting_${(made += 1)}`, { approved: false });
}

function rule(site: StaffedSite): Promise<number> {
  return site.world.commit(addRule, { actorId: null, text: `Rule ${(made += 1)}`, hint: '' });
}

async function policy(site: StaffedSite): Promise<string> {
  const domain = `policy${(made += 1)}.test`;
  const terms = { severity: 'limit', rejectMedia: false, publicComment: '', privateComment: '' } as const;
  await site.world.commit(setDomainPolicy, { actorId: null, domain, ...terms });
  return domain;
}

export async function deadJob(site: StaffedSite): Promise<number> {
  const id = site.world.ids.next(site.world.clock.now());
  await site.world.store.write((tx) =>
    tx.hot(
      `insert into jobs (id, lane, due_at, lease, tries, dead_at, last_error, data)
       values ($1, 'fetch', 1, 0, 5, 2, 'Error: no answer', '{}')`,
      id,
    ),
  );
  return id;
}

interface AccountEntry {
  path: string;
  permission: Permission;
  /** Targets to which it can not be done by anybody. */
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

interface AdminPage {
  path: string;
  permission: Permission;
  make?(site: StaffedSite): Promise<string>;
}

const account = (step: string) => async (site: StaffedSite) =>
  `/admin/accounts/${await addMember(site.world, `seen_${(made += 1)}`)}${step}`;

export const adminPages: readonly AdminPage[] = [
  { path: '/admin', permission: 'admin.view' },
  { path: '/admin/reports', permission: 'reports.handle' },
  {
    path: '/admin/reports/:id',
    permission: 'reports.handle',
    make: async (site) => `/admin/reports/${await report(site)}`,
  },
  { path: '/admin/accounts', permission: 'accounts.view' },
  {
    path: '/admin/accounts/batch',
    permission: 'accounts.moderate',
    make: async (site) => `/admin/accounts/batch?do=limit&ids=${site.ids.user}`,
  },
  { path: '/admin/accounts/:id{[0-9]+}', permission: 'accounts.view', make: account('') },
  { path: '/admin/accounts/:id{[0-9]+}/limit', permission: 'accounts.moderate', make: account('/limit') },
  { path: '/admin/accounts/:id{[0-9]+}/suspend', permission: 'accounts.moderate', make: account('/suspend') },
  { path: '/admin/accounts/:id{[0-9]+}/unsuspend', permission: 'accounts.moderate', make: account('/unsuspend') },
  { path: '/admin/accounts/:id{[0-9]+}/delete', permission: 'accounts.delete', make: account('/delete') },
  { path: '/admin/accounts/:id{[0-9]+}/reset-totp', permission: 'accounts.access', make: account('/reset-totp') },
  {
    path: '/admin/accounts/:id{[0-9]+}/reset-password',
    permission: 'accounts.access',
    make: account('/reset-password'),
  },
  { path: '/admin/accounts/:id{[0-9]+}/role', permission: 'accounts.role', make: account('/role?role=moderator') },
  { path: '/admin/sign-ups', permission: 'registrations.decide' },
  {
    path: '/admin/sign-ups/:id{[0-9]+}/reject',
    permission: 'registrations.decide',
    make: async (site) => `/admin/sign-ups/${await waiting(site)}/reject`,
  },
  { path: '/admin/invites', permission: 'invites.create' },
  { path: '/admin/instance', permission: 'instance.edit' },
  { path: '/admin/rules', permission: 'instance.edit' },
  {
    path: '/admin/rules/:id{[0-9]+}',
    permission: 'instance.edit',
    make: async (site) => `/admin/rules/${await rule(site)}`,
  },
  {
    path: '/admin/rules/:id{[0-9]+}/retire',
    permission: 'instance.edit',
    make: async (site) => `/admin/rules/${await rule(site)}/retire`,
  },
  { path: '/admin/texts', permission: 'instance.edit' },
  { path: '/admin/texts/:kind/:locale', permission: 'instance.edit', make: async () => '/admin/texts/terms/fr' },
  {
    path: '/admin/texts/versions/:id{[0-9]+}',
    permission: 'instance.edit',
    async make(site) {
      const text = { actorId: null, kind: 'privacy', locale: 'en', markdown: `Text ${(made += 1)}` } as const;
      return `/admin/texts/versions/${await site.world.commit(publishPolicyText, text)}`;
    },
  },
  { path: '/admin/domains', permission: 'domains.edit' },
  {
    path: '/admin/domains/policy',
    permission: 'domains.edit',
    make: async () => '/admin/domains/policy?domain=a.test',
  },
  {
    path: '/admin/domains/remove',
    permission: 'domains.edit',
    make: async (site) => `/admin/domains/remove?domain=${await policy(site)}`,
  },
  { path: '/admin/domains/purge', permission: 'domains.edit', make: async () => '/admin/domains/purge?domain=a.test' },
  { path: '/admin/blocks', permission: 'blocks.edit' },
  { path: '/admin/peers', permission: 'peers.view' },
  { path: '/admin/queue', permission: 'peers.view' },
  {
    path: '/admin/queue/:id{[0-9]+}/forget',
    permission: 'instance.edit',
    make: async (site) => `/admin/queue/${await deadJob(site)}/forget`,
  },
  { path: '/admin/storage', permission: 'storage.view' },
  { path: '/admin/storage/evict', permission: 'instance.edit' },
  { path: '/admin/log', permission: 'audit.view' },
];
