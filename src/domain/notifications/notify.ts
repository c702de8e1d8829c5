import { idsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import type { NotificationKind } from '#domain/notifications/notification-view.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';
import { listenersOf } from '#domain/relationships/listeners.ts';
import { limits } from '#kernel/limits.ts';

export interface News {
  kind: NotificationKind;
  /** Who caused it. */
  fromId: number;
  /** What it is about: only those who may see it are told. */
  postId: number | null;
  /** Two with the same key are one, for each person. */
  onceKey: string;
}

/**
 * Tells local people who want to hear from the one who caused it (see `listenersOf`). Nobody hears of themselves, of a
 * post that they may not see, or of anything twice.
 */
export async function notify(unit: Unit, news: News, recipientIds: Iterable<number>): Promise<void> {
  const others = [...new Set(recipientIds)].filter((id) => id !== news.fromId).slice(0, limits.notifiedAtOnce);
  const listeners = await listenersOf(unit, news.fromId, others, 'hiding-notifications');
  const told = news.postId === null ? listeners : await thoseWhoSee(unit, news.postId, listeners);
  for (const id of told) await writeNotification(unit, id, news);
}

/** Tells whoever it is, unasked: for duties (staff) and for what is one's own (a poll's end). */
export async function notifyInAnyCase(unit: Unit, news: News, recipientIds: Iterable<number>): Promise<void> {
  for (const id of new Set(recipientIds)) await writeNotification(unit, id, news);
}

async function thoseWhoSee(unit: Unit, postId: number, ids: readonly number[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await unit.tx.hot<{ id: number }>(
    `select r.id from accounts r, posts p join accounts a on a.id = p.author_id
     where p.id = $1 and r.id in ${idsIn(unit.engine, '$2')} and ${visibleTo(3).replaceAll('$3', 'r.id')} order by r.id`,
    postId,
    JSON.stringify(ids),
  );
  return rows.map((row) => row.id);
}

async function writeNotification(unit: Unit, accountId: number, news: News): Promise<void> {
  await unit.tx.hot(
    `insert into notifications (id, account_id, kind, from_id, post_id, once_key, created_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (account_id, once_key) do nothing`,
    unit.newId(),
    accountId,
    news.kind,
    news.fromId,
    news.postId,
    news.onceKey,
    unit.now,
  );
}

/** Takes back what a cause that is undone had told one person. */
export async function withdraw(unit: Unit, accountId: number, onceKeys: readonly string[]): Promise<void> {
  for (const onceKey of onceKeys) {
    await unit.tx.hot('delete from notifications where account_id = $1 and once_key = $2', accountId, onceKey);
  }
}
