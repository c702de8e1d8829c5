import { switchEmoji } from '#domain/emoji/switch-emoji.ts';
import { addRule } from '#domain/instance/add-rule.ts';
import { createInvite } from '#domain/membership/create-invite.ts';
import type { Permission } from '#domain/membership/permissions.ts';
import { blockAddress } from '#domain/moderation/block-address.ts';
import { blockEmailDomain } from '#domain/moderation/block-email-domain.ts';
import { reportAccount } from '#domain/moderation/report-account.ts';
import { resolveReport } from '#domain/moderation/resolve-report.ts';
import { setDomainPolicy } from '#domain/moderation/set-domain-policy.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { addMember } from '../../../members.ts';
import { photo } from '../../../ports/media-samples.ts';
import type { StaffedSite } from '../staff.ts';
import { ownEmoji, seenEmoji } from './emoji.ts';
import { exists, type Probe } from './member-forms.ts';

interface StaffEntry {
  path: string;
  permission: Permission;
  make(site: StaffedSite): Promise<{
    path: string;
    fields: Record<string, string>;
    files?: Record<string, Uint8Array<ArrayBuffer>>;
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
    path: '/admin/emoji',
    permission: 'emoji.edit',
    async make(site) {
      await ownEmoji(site);
      const fields = { shortcode: `new_${(made += 1)}`, category: '' };
      return { path: '/admin/emoji', fields, files: { picture: new Uint8Array(await photo()) } };
    },
  },
  ...[
    { step: '', fields: { category: 'Animals' } },
    { step: '/disable', fields: {} },
    { step: '/delete', fields: {} },
  ].map(({ step, fields }): StaffEntry => ({
    path: `/admin/emoji/:id{[0-9]+}${step}`,
    permission: 'emoji.edit',
    make: async (site) => ({ path: `/admin/emoji/${await ownEmoji(site)}${step}`, fields: { ...fields } }),
  })),
  {
    path: '/admin/emoji/:id{[0-9]+}/enable',
    permission: 'emoji.edit',
    async make(site) {
      const id = await ownEmoji(site);
      await site.world.commit(switchEmoji, { actorId: null, id, on: false });
      return { path: `/admin/emoji/${id}/enable`, fields: {} };
    },
  },
  {
    path: '/admin/emoji/copy',
    permission: 'emoji.edit',
    make: async (site) => ({
      path: '/admin/emoji/copy',
      fields: { ...(await seenEmoji(site)), shortcode: `copied_${(made += 1)}`, category: '' },
    }),
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

export function rule(site: StaffedSite): Promise<number> {
  return site.world.commit(addRule, { actorId: null, text: `Rule ${(made += 1)}`, hint: '' });
}

export async function policy(site: StaffedSite): Promise<string> {
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
