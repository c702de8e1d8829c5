import { ACCOUNT_COLUMNS, accountView, type AccountRow, type Reader } from '#domain/accounts/accounts.queries.ts';
import {
  NOTIFICATION_KINDS,
  type NotificationKind,
  type NotificationView,
} from '#domain/notifications/notification-view.ts';
import { postViews } from '#domain/posts/posts.queries.ts';
import { livesUnder } from '#domain/relationships/relationships.policy.ts';
import { limits } from '#kernel/limits.ts';
import type { Page, PageRequest } from '#kernel/page.ts';

/**
 * What still stands, of `n` sent by `a`: a mute or a block of a domain hides what came before it too, and gives it
 * back when it ends. Staff hears of reports and sign-ups whomever they mute.
 */
const STANDS = `a.suspended_at is null and a.deleted_at is null and (n.kind in ('report', 'sign-up') or (
  not exists (select 1 from mutes x where x.muter_id = n.account_id and x.muted_id = n.from_id
              and x.hide_notifications = 1 and (x.expires_at is null or x.expires_at > $2))
  and not exists (select 1 from domain_blocks x where x.account_id = n.account_id
                  and ${livesUnder('a', 'x.domain')})))`;

interface Row extends AccountRow {
  notification_id: number;
  notification_kind: NotificationKind;
  notification_at: number;
  post_id: number | null;
  read_id: number | null;
}

/**
 * A page of somebody's notifications, newest first, with the posts that they may still see; what is about others is
 * left out, so a page can be shorter than asked for.
 */
export async function listNotifications(
  reader: Reader,
  accountId: number,
  page: PageRequest,
  now: number,
  kinds: readonly NotificationKind[] = NOTIFICATION_KINDS,
): Promise<Page<NotificationView>> {
  const rows = await reader.read.hot<Row>(
    `select ${ACCOUNT_COLUMNS}, n.id as notification_id, n.kind as notification_kind, n.created_at as notification_at,
       n.post_id, (select m.notifications_read_id from members m where m.account_id = n.account_id) as read_id
     from notifications n join accounts a on a.id = n.from_id
     where n.account_id = $1 and n.id < $3 and n.id > $4 and ${kindClause(kinds)} and ${STANDS}
     order by n.id desc limit $5`,
    accountId,
    now,
    page.before ?? Number.MAX_SAFE_INTEGER,
    page.after ?? 0,
    page.limit + 1,
  );
  const shown = rows.slice(0, page.limit);
  const posts = await postViews(
    reader,
    accountId,
    shown.flatMap((row) => row.post_id ?? []),
  );
  const items = shown.flatMap((row): NotificationView[] => {
    const post = row.post_id === null ? null : posts.get(row.post_id);
    return post === undefined ? [] : [{ ...head(row), post }];
  });
  return { items, nextBefore: rows.length > page.limit ? (shown.at(-1)?.notification_id ?? null) : null };
}

function head(row: Row): Omit<NotificationView, 'post'> {
  return {
    id: row.notification_id,
    kind: row.notification_kind,
    at: row.notification_at,
    from: accountView(row),
    read: row.notification_id <= (row.read_id ?? 0),
  };
}

/** The kinds are ours, so they stand in the text; their order is fixed, so that few texts are prepared. */
function kindClause(kinds: readonly NotificationKind[]): string {
  const wanted = NOTIFICATION_KINDS.filter((kind) => kinds.includes(kind));
  if (wanted.length === NOTIFICATION_KINDS.length) return '1 = 1';
  return wanted.length === 0 ? '1 = 0' : `n.kind in (${wanted.map((kind) => `'${kind}'`).join(', ')})`;
}

/** How many are unread, up to `limits.unreadCounted`: every page asks. */
export async function countUnread({ read }: Pick<Reader, 'read'>, accountId: number, now: number): Promise<number> {
  const rows = await read.hot<{ count: number }>(
    `select count(*) as count from (
       select n.id from notifications n join accounts a on a.id = n.from_id
       where n.account_id = $1
         and n.id > coalesce((select m.notifications_read_id from members m where m.account_id = $1), 0)
         and ${STANDS} limit ${limits.unreadCounted}) unread`,
    accountId,
    now,
  );
  return Number(rows[0]?.count ?? 0);
}
