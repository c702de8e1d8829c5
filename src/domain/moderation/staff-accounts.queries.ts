import { searchIds } from '#db/dialect.ts';
import type { HotValue } from '#db/store.ts';
import type { AccountView } from '#domain/accounts/account-view.ts';
import { ACCOUNT_COLUMNS, accountView, type AccountRow, type Reader } from '#domain/accounts/accounts.queries.ts';
import { ROLES, type Role } from '#domain/membership/permissions.ts';
import { pageOf, type Page, type PageRequest } from '#kernel/page.ts';

export const ACCOUNT_STATES = ['active', 'pending', 'limited', 'suspended', 'deleted'] as const;

export type AccountState = (typeof ACCOUNT_STATES)[number];

export interface AccountFilter {
  origin?: 'local' | 'remote';
  domain?: string;
  role?: Role;
  /** Everything but the deleted, where none is given. */
  state?: AccountState;
  /** Words of a name, the beginning of a handle, or of a mail address of somebody here. */
  text?: string;
}

/** What staff sees of an account. */
export interface StaffAccount {
  id: number;
  account: AccountView;
  /** Null for remote accounts, as everything up to `lastSeenAt`. */
  role: Role | null;
  email: string | null;
  emailConfirmed: boolean;
  pending: boolean;
  signUpReason: string | null;
  signUpAddress: string | null;
  lastSeenAt: number | null;
  suspendedAt: number | null;
  limitedAt: number | null;
  deletedAt: number | null;
  createdAt: number;
  followersCount: number;
  postsCount: number;
  openReports: number;
}

interface Row extends AccountRow {
  role: Role | null;
  email: string | null;
  email_confirmed_at: number | null;
  approved_at: number | null;
  sign_up_reason: string | null;
  sign_up_address: string | null;
  last_seen_at: number | null;
  created_at: number;
  followers_count: number;
  posts_count: number;
  open_reports: number;
}

const SELECT = `select ${ACCOUNT_COLUMNS}, m.role, m.email, m.email_confirmed_at, m.approved_at, m.sign_up_reason,
    m.sign_up_address, m.last_seen_at, a.created_at, a.followers_count, a.posts_count,
    (select count(*) from reports r where r.target_id = a.id and r.resolved_at is null) as open_reports
  from accounts a left join members m on m.account_id = a.id`;

/** Accounts for the staff's list, the newest known first. */
export async function listStaffAccounts(
  reader: Reader,
  filter: AccountFilter,
  page: PageRequest,
): Promise<Page<StaffAccount>> {
  const values: HotValue[] = [page.before ?? Number.MAX_SAFE_INTEGER, page.after ?? 0, page.limit + 1];
  const bind = (value: HotValue) => `$${values.push(value)}`;
  const rows = await reader.read.hot<Row>(
    `${SELECT} where a.id < $1 and a.id > $2 and not (a.domain = '' and a.kind = 'application')
       and ${conditionsOf(reader, filter, bind).join(' and ')} order by a.id desc limit $3`,
    ...values,
  );
  return pageOf(rows.map(staffAccount), page.limit);
}

export async function findStaffAccount({ read }: Pick<Reader, 'read'>, id: number): Promise<StaffAccount | null> {
  const rows = await read.hot<Row>(`${SELECT} where a.id = $1`, id);
  return rows[0] ? staffAccount(rows[0]) : null;
}

const STATE_CONDITIONS: Record<AccountState, string> = {
  active: `a.suspended_at is null and a.limited_at is null and a.deleted_at is null
    and (m.account_id is null or m.approved_at is not null)`,
  pending: 'm.account_id is not null and m.approved_at is null and a.deleted_at is null',
  limited: 'a.limited_at is not null and a.deleted_at is null',
  suspended: 'a.suspended_at is not null and a.deleted_at is null',
  deleted: 'a.deleted_at is not null',
};

function conditionsOf(reader: Reader, filter: AccountFilter, bind: (value: HotValue) => string): string[] {
  const conditions = [filter.state ? STATE_CONDITIONS[filter.state] : 'a.deleted_at is null'];
  if (filter.origin) conditions.push(filter.origin === 'local' ? `a.domain = ''` : `a.domain <> ''`);
  if (filter.domain) conditions.push(`a.domain = ${bind(filter.domain.toLowerCase())}`);
  if (filter.role && ROLES.includes(filter.role)) conditions.push(`m.role = ${bind(filter.role)}`);
  const text = filter.text?.trim().toLowerCase() ?? '';
  if (text !== '') conditions.push(textCondition(reader, text, bind));
  return conditions;
}

function textCondition(reader: Reader, text: string, bind: (value: HotValue) => string): string {
  const beginsWith = (column: string, start: string) =>
    `(${column} >= ${bind(start)} and ${column} < ${bind(`${start}\u{10ffff}`)})`;
  const ways = [
    beginsWith('a.handle_folded', text.replace(/^@/, '').replace(/@.*$/s, '')),
    beginsWith('m.email_folded', text),
  ];
  const words = text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (words.length > 0) {
    const search = searchIds(reader.engine, 'account_search', words, '?');
    ways.push(`a.id in ${search.sql.replace('?', () => bind(search.value))}`);
  }
  return `(${ways.join(' or ')})`;
}

function staffAccount(row: Row): StaffAccount {
  return {
    id: row.id,
    account: accountView(row),
    role: row.role,
    email: row.email,
    emailConfirmed: row.email_confirmed_at !== null,
    pending: row.role !== null && row.approved_at === null,
    signUpReason: row.sign_up_reason,
    signUpAddress: row.sign_up_address,
    lastSeenAt: row.last_seen_at,
    suspendedAt: row.suspended_at,
    limitedAt: row.limited_at,
    deletedAt: row.deleted_at,
    createdAt: row.created_at,
    followersCount: row.followers_count,
    postsCount: row.posts_count,
    openReports: Number(row.open_reports),
  };
}
