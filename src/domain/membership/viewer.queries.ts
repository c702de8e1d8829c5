import type { Query } from '#db/store.ts';

/** What waits for a person, for the numbers in the navigation. */
export interface Waiting {
  unreadNotifications: number;
  unreadMessages: number;
  followRequests: number;
}

/** Numbers beyond this one are not told apart, so that a flood does not slow every page down. */
const COUNTED_MAX = 100;

export async function waitingFor(
  read: Pick<Query, 'hot'>,
  accountId: number,
  notificationsReadId: number,
): Promise<Waiting> {
  const rows = await read.hot<Waiting>(
    `select
       (select count(*) from (
          select 1 from notifications where account_id = $1 and id > $2 limit $3) as n) as "unreadNotifications",
       (select count(*) from (
          select 1 from conversations where account_id = $1 and unread = 1 and hidden_at is null limit $3) as m)
         as "unreadMessages",
       (select count(*) from (
          select 1 from follows where followee_id = $1 and state = 'pending' limit $3) as f) as "followRequests"`,
    accountId,
    notificationsReadId,
    COUNTED_MAX,
  );
  return rows[0] as Waiting;
}
