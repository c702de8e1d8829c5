import type { Unit } from '#db/unit.ts';

/*
 * Rows of `conversations`. `thread_id` is the topmost direct post above, not the whole thread's first post: two people
 * who each answer a public post in private are two conversations.
 */

export interface ConversationRow {
  id: number;
  account_id: number;
  thread_id: number;
  last_post_id: number;
  /** JSON. */
  participant_ids: string;
  unread: number;
}

const COLUMNS = 'id, account_id, thread_id, last_post_id, participant_ids, unread';

/** A chain that is longer is cut there: what comes after it is a conversation of its own. */
const DEPTH_MAX = 1000;

export async function topmostDirect(unit: Unit, postId: number): Promise<number> {
  const rows = await unit.tx.hot<{ id: number }>(
    `with recursive up(id, reply_to_id, depth) as (
       select id, reply_to_id, 0 from posts where id = $1
       union all
       select p.id, p.reply_to_id, up.depth + 1 from posts p join up on p.id = up.reply_to_id
       where p.visibility = 'direct' and up.depth < ${DEPTH_MAX})
     select id from up order by depth desc limit 1`,
    postId,
  );
  return rows[0]?.id ?? postId;
}

export async function findConversation(
  unit: Unit,
  accountId: number,
  threadId: number,
): Promise<ConversationRow | null> {
  const rows = await unit.tx.hot<ConversationRow>(
    `select ${COLUMNS} from conversations where account_id = $1 and thread_id = $2`,
    accountId,
    threadId,
  );
  return rows[0] ?? null;
}

/** The conversation whose newest post is this one. */
export async function findConversationAt(
  unit: Unit,
  accountId: number,
  lastPostId: number,
): Promise<ConversationRow | null> {
  const rows = await unit.tx.hot<ConversationRow>(
    `select ${COLUMNS} from conversations where account_id = $1 and last_post_id = $2`,
    accountId,
    lastPostId,
  );
  return rows[0] ?? null;
}

export async function deleteConversation(unit: Unit, id: number): Promise<void> {
  await unit.tx.hot('delete from conversations where id = $1', id);
}

export function participantsOf(row: Pick<ConversationRow, 'participant_ids'>): number[] {
  return JSON.parse(row.participant_ids) as number[];
}
