import type { Kit } from '#db/kit.ts';
import type { accountTables } from '#domain/accounts/accounts.tables.ts';

export function conversationTables(k: Kit, { accounts }: ReturnType<typeof accountTables>) {
  /** A thread of direct posts, as one participant sees it. */
  const conversations = k.table(
    'conversations',
    {
      id: k.id('id').primaryKey(),
      accountId: k
        .id('account_id')
        .notNull()
        .references(() => accounts.id, { onDelete: 'cascade' }),
      threadId: k.id('thread_id').notNull(),
      lastPostId: k.id('last_post_id').notNull(),
      participantIds: k.json<number[]>('participant_ids').notNull(),
      unread: k.bool('unread').notNull().default(k.yes),
      hiddenAt: k.time('hidden_at'),
    },
    (t) => [
      k.uniqueIndex('conversations_pair').on(t.accountId, t.threadId),
      k.index('conversations_last').on(t.accountId, t.lastPostId),
    ],
  );
  return { conversations };
}
