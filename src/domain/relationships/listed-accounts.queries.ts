import { ACCOUNT_COLUMNS, accountView, type AccountRow, type Reader } from '#domain/accounts/accounts.queries.ts';
import type { AccountView } from '#domain/accounts/account-view.ts';
import { pageOf, type Page, type PageRequest } from '#kernel/page.ts';

/** A line of a list of accounts; `id` and `at` are those of the follow, block or mute, and the page's cursor. */
export interface ListedAccount {
  id: number;
  at: number;
  account: AccountView;
}

export interface MutedAccount extends ListedAccount {
  hideNotifications: boolean;
  until: number | null;
}

const NEWEST = Number.MAX_SAFE_INTEGER;
const STANDING = 'a.suspended_at is null and a.deleted_at is null';
const WINDOW = 'r.id < $2 and r.id > $3 order by r.id desc limit $4';
const COLUMNS = `${ACCOUNT_COLUMNS}, r.id as row_id, r.created_at as at`;

interface Row extends AccountRow {
  row_id: number;
  at: number;
}

type Lister = (reader: Pick<Reader, 'read'>, accountId: number, page: PageRequest) => Promise<Page<ListedAccount>>;

export const listFollowers: Lister = listerOf(
  `select ${COLUMNS} from follows r join accounts a on a.id = r.follower_id
   where r.followee_id = $1 and r.state = 'accepted' and ${STANDING} and ${WINDOW}`,
);

export const listFollowing: Lister = listerOf(
  `select ${COLUMNS} from follows r join accounts a on a.id = r.followee_id
   where r.follower_id = $1 and r.state = 'accepted' and ${STANDING} and ${WINDOW}`,
);

/** Who waits for this person's word. */
export const listFollowRequests: Lister = listerOf(
  `select ${COLUMNS} from follows r join accounts a on a.id = r.follower_id
   where r.followee_id = $1 and r.state = 'pending' and ${STANDING} and ${WINDOW}`,
);

/** Whom this person asked and who has not answered. */
export const listSentRequests: Lister = listerOf(
  `select ${COLUMNS} from follows r join accounts a on a.id = r.followee_id
   where r.follower_id = $1 and r.state = 'pending' and ${STANDING} and ${WINDOW}`,
);

/** Suspended and deleted accounts too: a block outlives a suspension, and can be lifted meanwhile. */
export const listBlocks: Lister = listerOf(
  `select ${COLUMNS} from blocks r join accounts a on a.id = r.blocked_id where r.blocker_id = $1 and ${WINDOW}`,
);

export async function listMutes(
  { read }: Pick<Reader, 'read'>,
  muterId: number,
  page: PageRequest,
  now: number,
): Promise<Page<MutedAccount>> {
  const rows = await read.hot<Row & { hide_notifications: number; expires_at: number | null }>(
    `select ${COLUMNS}, r.hide_notifications, r.expires_at from mutes r join accounts a on a.id = r.muted_id
     where (r.expires_at is null or r.expires_at > $5) and r.muter_id = $1 and ${WINDOW}`,
    muterId,
    page.before ?? NEWEST,
    page.after ?? 0,
    page.limit + 1,
    now,
  );
  const items = rows.map((row) => ({
    ...listed(row),
    hideNotifications: row.hide_notifications !== 0,
    until: row.expires_at,
  }));
  return pageOf(items, page.limit);
}

export interface BlockedDomain {
  id: number;
  domain: string;
  at: number;
}

export async function listDomainBlocks(
  { read }: Pick<Reader, 'read'>,
  accountId: number,
  page: PageRequest,
): Promise<Page<BlockedDomain>> {
  const rows = await read.hot<BlockedDomain>(
    `select r.id, r.domain, r.created_at as at from domain_blocks r where r.account_id = $1 and ${WINDOW}`,
    accountId,
    page.before ?? NEWEST,
    page.after ?? 0,
    page.limit + 1,
  );
  return pageOf(rows, page.limit);
}

/** How many wait for this person's word. */
export async function countFollowRequests({ read }: Pick<Reader, 'read'>, followeeId: number): Promise<number> {
  const rows = await read.hot<{ count: number }>(
    `select count(*) as count from follows r join accounts a on a.id = r.follower_id
     where r.followee_id = $1 and r.state = 'pending' and ${STANDING}`,
    followeeId,
  );
  return Number(rows[0]?.count ?? 0);
}

function listerOf(text: string): Lister {
  return async ({ read }, accountId, page) => {
    const rows = await read.hot<Row>(text, accountId, page.before ?? NEWEST, page.after ?? 0, page.limit + 1);
    return pageOf(rows.map(listed), page.limit);
  };
}

function listed(row: Row): ListedAccount {
  return { id: row.row_id, at: row.at, account: accountView(row) };
}
