import type { Kit } from '#db/kit.ts';
import type { accountTables } from '#domain/accounts/accounts.tables.ts';

export type DomainSeverity = 'none' | 'limit' | 'suspend';

export function moderationTables(k: Kit, { accounts }: ReturnType<typeof accountTables>) {
  const reports = k.table(
    'reports',
    {
      id: k.id('id').primaryKey(),
      /** The Flag's id for received reports, ours for those made here. */
      uri: k.text('uri').notNull(),
      reporterId: k
        .id('reporter_id')
        .notNull()
        .references(() => accounts.id, { onDelete: 'cascade' }),
      targetId: k
        .id('target_id')
        .notNull()
        .references(() => accounts.id, { onDelete: 'cascade' }),
      postIds: k.json<number[]>('post_ids').notNull(),
      comment: k.text('comment').notNull().default(''),
      /** Whether the target's instance was told. */
      forwardedAt: k.time('forwarded_at'),
      createdAt: k.time('created_at').notNull(),
      resolvedAt: k.time('resolved_at'),
      resolvedById: k.id('resolved_by_id'),
    },
    (t) => [
      k.uniqueIndex('reports_uri').on(t.uri),
      k.index('reports_open').on(t.resolvedAt, t.id),
      k.index('reports_target').on(t.targetId),
    ],
  );

  /** What this instance holds of another one. */
  const domainPolicies = k.table('domain_policies', {
    domain: k.text('domain').primaryKey(),
    severity: k.text('severity').$type<DomainSeverity>().notNull(),
    /** Accounts that it limits or suspends bear this time, which tells them from those limited or suspended alone. */
    severitySince: k.time('severity_since').notNull(),
    rejectMedia: k.bool('reject_media').notNull().default(k.no),
    publicComment: k.text('public_comment').notNull().default(''),
    privateComment: k.text('private_comment').notNull().default(''),
    createdAt: k.time('created_at').notNull(),
    updatedAt: k.time('updated_at').notNull(),
  });

  /** Network addresses that may not sign up or log in; each has an end. */
  const addressBlocks = k.table('address_blocks', {
    id: k.id('id').primaryKey(),
    cidr: k.text('cidr').notNull(),
    comment: k.text('comment').notNull().default(''),
    createdAt: k.time('created_at').notNull(),
    expiresAt: k.time('expires_at').notNull(),
  });

  const emailDomainBlocks = k.table('email_domain_blocks', {
    domain: k.text('domain').primaryKey(),
    comment: k.text('comment').notNull().default(''),
    createdAt: k.time('created_at').notNull(),
    expiresAt: k.time('expires_at'),
  });

  const auditEntries = k.table(
    'audit_entries',
    {
      id: k.id('id').primaryKey(),
      /** Null when the server's command line acted. */
      actorId: k.id('actor_id'),
      action: k.text('action').notNull(),
      target: k.text('target').notNull().default(''),
      details: k.json<Record<string, string | number | boolean | null>>('details').notNull(),
      createdAt: k.time('created_at').notNull(),
    },
    (t) => [k.index('audit_entries_actor').on(t.actorId, t.id)],
  );

  return { reports, domainPolicies, addressBlocks, emailDomainBlocks, auditEntries };
}
