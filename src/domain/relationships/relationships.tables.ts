import type { Kit } from '#db/kit.ts';
import type { accountTables } from '#domain/accounts/accounts.tables.ts';

export type FollowState = 'pending' | 'accepted';

export function relationshipTables(k: Kit, { accounts }: ReturnType<typeof accountTables>) {
  const accountId = (name: string) =>
    k
      .id(name)
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' });

  const follows = k.table(
    'follows',
    {
      id: k.id('id').primaryKey(),
      followerId: accountId('follower_id'),
      followeeId: accountId('followee_id'),
      /** The Follow activity's id; a refollow has a new one. */
      uri: k.text('uri').notNull(),
      state: k.text('state').$type<FollowState>().notNull(),
      showBoosts: k.bool('show_boosts').notNull().default(k.yes),
      notify: k.bool('notify').notNull().default(k.no),
      createdAt: k.time('created_at').notNull(),
      acceptedAt: k.time('accepted_at'),
    },
    (t) => [
      k.uniqueIndex('follows_pair').on(t.followerId, t.followeeId),
      k.index('follows_followee').on(t.followeeId, t.state, t.id),
      k.index('follows_follower').on(t.followerId, t.state, t.id),
      k.uniqueIndex('follows_uri').on(t.uri),
    ],
  );

  const blocks = k.table(
    'blocks',
    {
      id: k.id('id').primaryKey(),
      blockerId: accountId('blocker_id'),
      blockedId: accountId('blocked_id'),
      uri: k.text('uri').notNull(),
      createdAt: k.time('created_at').notNull(),
    },
    (t) => [
      k.uniqueIndex('blocks_pair').on(t.blockerId, t.blockedId),
      k.index('blocks_blocked').on(t.blockedId),
      k.uniqueIndex('blocks_uri').on(t.uri),
    ],
  );

  const mutes = k.table(
    'mutes',
    {
      id: k.id('id').primaryKey(),
      muterId: accountId('muter_id'),
      mutedId: accountId('muted_id'),
      hideNotifications: k.bool('hide_notifications').notNull().default(k.yes),
      createdAt: k.time('created_at').notNull(),
      expiresAt: k.time('expires_at'),
    },
    (t) => [k.uniqueIndex('mutes_pair').on(t.muterId, t.mutedId), k.index('mutes_expiry').on(t.expiresAt)],
  );

  /** A person's own block of a whole domain. */
  const domainBlocks = k.table(
    'domain_blocks',
    {
      id: k.id('id').primaryKey(),
      accountId: accountId('account_id'),
      domain: k.text('domain').notNull(),
      createdAt: k.time('created_at').notNull(),
    },
    (t) => [k.uniqueIndex('domain_blocks_pair').on(t.accountId, t.domain)],
  );

  /** Follows that a suspension of a domain or account cut, kept so that they can be restored. */
  const severedFollows = k.table(
    'severed_follows',
    {
      id: k.id('id').primaryKey(),
      /** `domain:evil.example` or `account:123`. */
      cause: k.text('cause').notNull(),
      followerId: accountId('follower_id'),
      followeeId: accountId('followee_id'),
      /** The Follow activity's id, by which its Undo may still come. */
      uri: k.text('uri').notNull(),
      showBoosts: k.bool('show_boosts').notNull(),
      notify: k.bool('notify').notNull(),
      followedAt: k.time('followed_at').notNull(),
      severedAt: k.time('severed_at').notNull(),
    },
    (t) => [
      k.uniqueIndex('severed_follows_once').on(t.followerId, t.followeeId),
      k.index('severed_follows_followee').on(t.followeeId),
    ],
  );

  return { follows, blocks, mutes, domainBlocks, severedFollows };
}
