import type { Unit } from '#db/unit.ts';
import type { EventOf } from '#domain/events.ts';
import { notify, notifyInAnyCase } from '#domain/notifications/notify.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

/** A post that is found later, in a thread that somebody opens, is no news. */
const MENTION_AGE_MAX_MS = 30 * DAY_MS;
const POST_AGE_MAX_MS = DAY_MS;

interface Row {
  author_id: number;
  visibility: Visibility;
  reply_to_uri: string | null;
  reply_to_account_id: number | null;
  created_at: number;
  edited_at: number | null;
}

async function findPost(unit: Unit, postId: number): Promise<Row | null> {
  const rows = await unit.tx.hot<Row>(
    `select author_id, visibility, reply_to_uri, reply_to_account_id, created_at, edited_at from posts where id = $1`,
    postId,
  );
  return rows[0] ?? null;
}

type NewPostEvent = EventOf<'post-published'> | EventOf<'post-received'>;

/** Tells those whom a new post names, and those who asked to be told of its author's posts. */
export async function notifyOfPost(unit: Unit, { postId, authorId }: NewPostEvent): Promise<void> {
  const post = await findPost(unit, postId);
  if (!post) return;
  const age = unit.now - post.created_at;
  if (age > MENTION_AGE_MAX_MS) return;
  const named = await idsOf(unit, 'select account_id as id from post_mentions where post_id = $1', postId);
  await notify(unit, { kind: 'mention', fromId: authorId, postId, onceKey: `mention:${postId}` }, named);

  const toOthers = post.reply_to_uri !== null && post.reply_to_account_id !== authorId;
  if (age > POST_AGE_MAX_MS || toOthers || post.visibility === 'direct') return;
  const waiting = await idsOf(
    unit,
    `select follower_id as id from follows where followee_id = $1 and state = 'accepted' and notify = 1
     order by follows.id limit ${limits.notifiedAtOnce}`,
    authorId,
  );
  const others = waiting.filter((id) => !named.includes(id));
  await notify(unit, { kind: 'post', fromId: authorId, postId, onceKey: `post:${postId}` }, others);
}

/** Tells those who boosted a post that it says something else now; only the newest edit stands in their list. */
export async function notifyOfEdit(
  unit: Unit,
  { postId, authorId }: EventOf<'post-edited'> | EventOf<'post-refreshed'>,
): Promise<void> {
  const post = await findPost(unit, postId);
  if (!post || post.edited_at === null) return;
  const boosters = await idsOf(
    unit,
    `select b.author_id as id from posts b where b.boost_of_id = $1 and b.local = 1 order by b.id
     limit ${limits.notifiedAtOnce}`,
    postId,
  );
  if (boosters.length === 0) return;
  const onceKey = `edit:${postId}:${post.edited_at}`;
  await unit.tx.hot(
    `delete from notifications where post_id = $1 and kind = 'edit' and once_key <> $2`,
    postId,
    onceKey,
  );
  await notify(unit, { kind: 'edit', fromId: authorId, postId, onceKey }, boosters);
}

/** Tells the author, and those who voted. */
export async function notifyOfPollEnd(unit: Unit, { postId, authorId }: EventOf<'poll-ended'>): Promise<void> {
  const voters = await idsOf(
    unit,
    `select b.account_id as id from poll_ballots b join accounts a on a.id = b.account_id
     where b.post_id = $1 and a.domain = '' order by a.id limit ${limits.notifiedAtOnce}`,
    postId,
  );
  const news = { kind: 'poll-ended', fromId: authorId, postId, onceKey: `poll-ended:${postId}` } as const;
  await notify(unit, news, voters);
  const own = await idsOf(
    unit,
    `select id from accounts where id = $1 and domain = '' and suspended_at is null and deleted_at is null`,
    authorId,
  );
  await notifyInAnyCase(unit, news, own);
}

async function idsOf(unit: Unit, text: string, value: number): Promise<number[]> {
  return (await unit.tx.hot<{ id: number }>(text, value)).map((row) => row.id);
}
