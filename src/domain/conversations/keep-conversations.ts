import type { Unit } from '#db/unit.ts';
import {
  deleteConversation,
  findConversation,
  findConversationAt,
  participantsOf,
  topmostDirect,
  type ConversationRow,
} from '#domain/conversations/conversation-rows.ts';
import type { EventOf } from '#domain/events.ts';
import { listenersOf } from '#domain/relationships/listeners.ts';
import { limits } from '#kernel/limits.ts';

type NewPost = EventOf<'post-published'> | EventOf<'post-received'>;
type ChangedPost = EventOf<'post-edited'> | EventOf<'post-refreshed'>;

/**
 * A direct post opens or continues a conversation for its author and those whom it names, as far as they are local and
 * want to hear from the author. An edit brings in those whom it names anew and wakes nobody else.
 */
export async function keepConversations(unit: Unit, event: NewPost | ChangedPost): Promise<void> {
  const post = await findDirectPost(unit, event.postId);
  if (!post) return;
  const isNew = event.type === 'post-published' || event.type === 'post-received';
  const people = await peopleOf(unit, event.postId, event.authorId);
  const others = people.filter((id) => id !== event.authorId);
  const rowsFor = await listenersOf(unit, event.authorId, others, 'all');
  if (post.local !== 0) rowsFor.unshift(event.authorId);
  const threadId = await topmostDirect(unit, event.postId);
  for (const accountId of rowsFor) {
    await keepConversation(unit, {
      accountId,
      threadId,
      postId: event.postId,
      parentId: post.reply_to_id,
      participantIds: people.filter((id) => id !== accountId),
      own: accountId === event.authorId,
      isNew,
    });
  }
}

async function findDirectPost(
  unit: Unit,
  postId: number,
): Promise<{ reply_to_id: number | null; local: number } | null> {
  const rows = await unit.tx.hot<{ reply_to_id: number | null; local: number }>(
    `select reply_to_id, local from posts where id = $1 and visibility = 'direct' and boost_of_id is null`,
    postId,
  );
  return rows[0] ?? null;
}

async function peopleOf(unit: Unit, postId: number, authorId: number): Promise<number[]> {
  const named = await unit.tx.hot<{ account_id: number }>(
    'select account_id from post_mentions where post_id = $1 order by account_id',
    postId,
  );
  return [...new Set([authorId, ...named.map((row) => row.account_id)])];
}

interface Kept {
  accountId: number;
  threadId: number;
  postId: number;
  parentId: number | null;
  participantIds: number[];
  /** The post is this person's own. */
  own: boolean;
  isNew: boolean;
}

async function keepConversation(unit: Unit, kept: Kept): Promise<void> {
  // By its newest post first, which also holds where a post in between was deleted.
  const row =
    (kept.parentId === null ? null : await findConversationAt(unit, kept.accountId, kept.parentId)) ??
    (await findConversation(unit, kept.accountId, kept.threadId));
  const merged = await takeInAnswers(unit, kept, row);
  if (!row) {
    await insertConversation(unit, kept, merged);
    return;
  }
  const participants = [...participantsOf(row), ...kept.participantIds, ...merged.flatMap(participantsOf)];
  const wakes = (kept.isNew && !kept.own) || merged.some((one) => one.unread !== 0);
  await unit.tx.hot(
    `update conversations set last_post_id = $1, participant_ids = $2, unread = case when $3 = 1 then 1 else unread end,
       hidden_at = case when $4 = 1 then null else hidden_at end where id = $5`,
    Math.max(row.last_post_id, kept.postId, ...merged.map((one) => one.last_post_id)),
    JSON.stringify(cap(participants)),
    wakes ? 1 : 0,
    kept.isNew ? 1 : 0,
    row.id,
  );
}

/** Answers that came before what they answer had begun conversations of their own. */
async function takeInAnswers(unit: Unit, kept: Kept, row: ConversationRow | null): Promise<ConversationRow[]> {
  if (!kept.isNew) return [];
  const answers = await unit.tx.hot<{ id: number }>(
    `select id from posts where reply_to_id = $1 and visibility = 'direct' order by id`,
    kept.postId,
  );
  const taken: ConversationRow[] = [];
  for (const answer of answers) {
    const early = await findConversation(unit, kept.accountId, answer.id);
    if (!early || early.id === row?.id) continue;
    await deleteConversation(unit, early.id);
    taken.push(early);
  }
  return taken;
}

async function insertConversation(unit: Unit, kept: Kept, merged: readonly ConversationRow[]): Promise<void> {
  await unit.tx.hot(
    `insert into conversations (id, account_id, thread_id, last_post_id, participant_ids, unread)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (account_id, thread_id) do update set hidden_at = null,
       last_post_id = case when excluded.last_post_id > conversations.last_post_id then excluded.last_post_id
                      else conversations.last_post_id end,
       unread = case when excluded.unread = 1 then 1 else conversations.unread end`,
    unit.newId(),
    kept.accountId,
    kept.threadId,
    Math.max(kept.postId, ...merged.map((row) => row.last_post_id)),
    JSON.stringify(cap([...kept.participantIds, ...merged.flatMap(participantsOf)])),
    !kept.own || merged.some((row) => row.unread !== 0) ? 1 : 0,
  );
}

function cap(ids: number[]): number[] {
  return [...new Set(ids)].slice(0, limits.conversationParticipants);
}
