import { publishPolicyText } from '#domain/instance/publish-policy-text.ts';
import type { Permission } from '#domain/membership/permissions.ts';
import { addMember } from '../../../members.ts';
import type { StaffedSite } from '../staff.ts';
import { ownEmoji, seenEmoji } from './emoji.ts';
import { deadJob, policy, report, rule, waiting } from './staff-forms.ts';

let made = 0;

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
  { path: '/admin/emoji', permission: 'emoji.edit' },
  ...['', '/delete'].map((step): AdminPage => ({
    path: `/admin/emoji/:id{[0-9]+}${step}`,
    permission: 'emoji.edit',
    make: async (site) => `/admin/emoji/${await ownEmoji(site)}${step}`,
  })),
  { path: '/admin/emoji/elsewhere', permission: 'emoji.edit' },
  {
    path: '/admin/emoji/copy',
    permission: 'emoji.edit',
    make: async (site) => `/admin/emoji/copy?${new URLSearchParams(await seenEmoji(site)).toString()}`,
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
