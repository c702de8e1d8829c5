import { pgKit, sqliteKit, type Kit } from '#db/kit.ts';
import { storeTables } from '#db/store.tables.ts';
import { accountTables } from '#domain/accounts/accounts.tables.ts';
import { conversationTables } from '#domain/conversations/conversations.tables.ts';
import { emojiTables } from '#domain/emoji/emoji.tables.ts';
import { instanceTables } from '#domain/instance/instance.tables.ts';
import { mediaTables } from '#domain/media/media.tables.ts';
import { membershipTables } from '#domain/membership/membership.tables.ts';
import { moderationTables } from '#domain/moderation/moderation.tables.ts';
import { notificationTables } from '#domain/notifications/notifications.tables.ts';
import { postTables } from '#domain/posts/posts.tables.ts';
import { relationshipTables } from '#domain/relationships/relationships.tables.ts';

function defineSchema(k: Kit) {
  const accounts = accountTables(k);
  const posts = postTables(k, accounts);
  return {
    ...storeTables(k),
    ...instanceTables(k),
    ...emojiTables(k),
    ...accounts,
    ...membershipTables(k, accounts),
    ...relationshipTables(k, accounts),
    ...posts,
    ...mediaTables(k, accounts, posts),
    ...notificationTables(k, accounts, posts),
    ...conversationTables(k, accounts),
    ...moderationTables(k, accounts),
  };
}

/** All tables, typed as SQLite's on both engines. */
export type Schema = ReturnType<typeof defineSchema>;

export const sqliteSchema = defineSchema(sqliteKit);
export const postgresSchema = defineSchema(pgKit);
