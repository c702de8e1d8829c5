import { idsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import {
  deleteConversation,
  findConversation,
  participantsOf,
  topmostDirect,
  type ConversationRow,
} from '#domain/conversations/conversation-rows.ts';
import type { EventOf } from '#domain/events.ts';

const COLUMNS = 'id, account_id, thread_id, last_post_id, participant_ids, unread';

/** How many one deleted account can leave without their newest post; beyond, they are only not shown. */
const REPAIRED_MAX = 5000;

/** Conversations that began or ended with a deleted post begin or end with another one, or are over. */
export async function shortenConversations(unit: Unit, event: EventOf<'post-deleted'>): Promise<void> {
  if (event.visibility !== 'direct') return;
  const rows = await unit.tx.hot<ConversationRow>(
    `select ${COLUMNS} from conversations where account_id in ${idsIn(unit.engine, '$1')}
       and (last_post_id = $2 or thread_id = $2)`,
    JSON.stringify([event.authorId, ...event.reachedIds]),
    event.postId,
  );
  for (const row of rows) await shorten(unit, row, event.uri);
}

/** A deleted account's posts go without a word of their own. */
export async function repairConversations(unit: Unit): Promise<void> {
  const rows = await unit.tx.hot<ConversationRow>(
    `select ${COLUMNS} from conversations c
     where not exists (select 1 from posts p where p.id = c.last_post_id) limit ${REPAIRED_MAX}`,
  );
  for (const row of rows) await shorten(unit, row, null);
}

async function shorten(unit: Unit, row: ConversationRow, deletedUri: string | null): Promise<void> {
  const lastPostId = await newestOf(unit, row, deletedUri);
  if (lastPostId === null) {
    await deleteConversation(unit, row.id);
    return;
  }
  const threadId = await topmostDirect(unit, lastPostId);
  const twin = await findConversation(unit, row.account_id, threadId);
  if (twin && twin.id !== row.id) {
    await deleteConversation(unit, row.id);
    return;
  }
  await unit.tx.hot(
    'update conversations set last_post_id = $1, thread_id = $2 where id = $3',
    lastPostId,
    threadId,
    row.id,
  );
}

/** The newest direct post of the same thread that is by or for this person, and by somebody of this conversation. */
async function newestOf(unit: Unit, row: ConversationRow, deletedUri: string | null): Promise<number | null> {
  const rows = await unit.tx.hot<{ id: number | null }>(
    `select max(p.id) as id from posts p
     where p.thread_id in (select cast($2 as bigint) union select thread_id from posts where id = $2
                           union select thread_id from posts where reply_to_uri = $3)
       and p.visibility = 'direct' and p.author_id in ${idsIn(unit.engine, '$4')}
       and (p.author_id = $1 or exists (select 1 from post_mentions m where m.post_id = p.id and m.account_id = $1))`,
    row.account_id,
    row.thread_id,
    deletedUri ?? '',
    JSON.stringify([row.account_id, ...participantsOf(row)]),
  );
  return rows[0]?.id ?? null;
}
