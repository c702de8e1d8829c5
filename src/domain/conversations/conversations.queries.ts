import { accountViews, type Reader } from '#domain/accounts/accounts.queries.ts';
import type { ConversationView } from '#domain/conversations/conversation-view.ts';
import { postViews } from '#domain/posts/posts.queries.ts';
import { limits } from '#kernel/limits.ts';
import type { Page, PageRequest } from '#kernel/page.ts';

interface Row {
  id: number;
  last_post_id: number;
  participant_ids: string;
  unread: number;
}

/** A person's conversations, the latest first. The page's ids are those of the last posts. */
export async function listConversations(
  reader: Reader,
  accountId: number,
  page: PageRequest,
): Promise<Page<ConversationView>> {
  const rows = await reader.read.hot<Row>(
    `select id, last_post_id, participant_ids, unread from conversations
     where account_id = $1 and hidden_at is null and last_post_id < $2 and last_post_id > $3
     order by last_post_id desc limit $4`,
    accountId,
    page.before ?? Number.MAX_SAFE_INTEGER,
    page.after ?? 0,
    page.limit + 1,
  );
  const shown = rows.slice(0, page.limit);
  const items = await conversationViews(reader, accountId, shown);
  return { items, nextBefore: rows.length > page.limit ? (shown.at(-1)?.last_post_id ?? null) : null };
}

/** One conversation of this person, hidden or not; null for somebody else's. */
export async function findConversationView(
  reader: Reader,
  accountId: number,
  conversationId: number,
): Promise<ConversationView | null> {
  const rows = await reader.read.hot<Row>(
    'select id, last_post_id, participant_ids, unread from conversations where id = $1 and account_id = $2',
    conversationId,
    accountId,
  );
  return (await conversationViews(reader, accountId, rows))[0] ?? null;
}

async function conversationViews(reader: Reader, accountId: number, rows: readonly Row[]): Promise<ConversationView[]> {
  const people = rows.map((row) => JSON.parse(row.participant_ids) as number[]);
  const [accounts, posts] = await Promise.all([
    accountViews(reader, people.flat()),
    postViews(
      reader,
      accountId,
      rows.map((row) => row.last_post_id),
    ),
  ]);
  return rows.flatMap((row, index) => {
    const lastPost = posts.get(row.last_post_id);
    if (!lastPost) return [];
    const participants = (people[index] ?? []).flatMap((id) => accounts.get(id) ?? []);
    return [{ id: row.id, participants, lastPost, unread: row.unread !== 0 }];
  });
}

/** How many conversations are unread, up to `limits.unreadCounted`: every page asks. */
export async function countUnreadConversations({ read }: Pick<Reader, 'read'>, accountId: number): Promise<number> {
  const rows = await read.hot<{ count: number }>(
    `select count(*) as count from (select id from conversations
       where account_id = $1 and unread = 1 and hidden_at is null limit ${limits.unreadCounted}) unread`,
    accountId,
  );
  return Number(rows[0]?.count ?? 0);
}
