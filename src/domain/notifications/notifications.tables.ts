import type { Kit } from '#db/kit.ts';
import type { accountTables } from '#domain/accounts/accounts.tables.ts';
import type { postTables } from '#domain/posts/posts.tables.ts';
import type { NotificationKind } from '#domain/notifications/notification-view.ts';

export function notificationTables(
  k: Kit,
  { accounts }: ReturnType<typeof accountTables>,
  { posts }: ReturnType<typeof postTables>,
) {
  const notifications = k.table(
    'notifications',
    {
      id: k.id('id').primaryKey(),
      accountId: k
        .id('account_id')
        .notNull()
        .references(() => accounts.id, { onDelete: 'cascade' }),
      kind: k.text('kind').$type<NotificationKind>().notNull(),
      fromId: k
        .id('from_id')
        .notNull()
        .references(() => accounts.id, { onDelete: 'cascade' }),
      postId: k.id('post_id').references(() => posts.id, { onDelete: 'cascade' }),
      /** One notification for each thing: kind, whom from and what about in one text. */
      onceKey: k.text('once_key').notNull(),
      createdAt: k.time('created_at').notNull(),
    },
    (t) => [
      k.index('notifications_account').on(t.accountId, t.id),
      k.uniqueIndex('notifications_once').on(t.accountId, t.onceKey),
      k.index('notifications_post').on(t.postId),
      k.index('notifications_from').on(t.fromId),
    ],
  );
  return { notifications };
}
