import type { Reader } from '#domain/accounts/accounts.queries.ts';
import type { ProfileField } from '#domain/accounts/account-view.ts';
import { linkOfField } from '#domain/accounts/profile-links.ts';
import { limits } from '#kernel/limits.ts';

/** A local account with the links of its profile that may be looked at again. */
export interface LinkedAccount {
  id: number;
  /** The two addresses by which a page may mean this account. */
  uri: string;
  url: string;
  links: string[];
}

interface Row {
  id: number;
  uri: string;
  url: string;
  fields: string;
}

const LIVING = `domain = '' and suspended_at is null and deleted_at is null and pending_at is null`;

/** @param before links that were looked at since are left out. */
export async function linkedAccount(
  { read }: Pick<Reader, 'read'>,
  accountId: number,
  before: number,
): Promise<LinkedAccount | null> {
  const [row] = await read.hot<Row>(`select id, uri, url, fields from accounts where id = $1 and ${LIVING}`, accountId);
  return row ? linked(row, before) : null;
}

/** Accounts of which a link was not looked at since, some of them. */
export async function accountsWithOldLinks({ read }: Pick<Reader, 'read'>, before: number): Promise<LinkedAccount[]> {
  const rows = await read.hot<Row>(
    `select id, uri, url, fields from accounts where ${LIVING} and fields like '%href=%' order by id`,
  );
  return rows
    .map((row) => linked(row, before))
    .filter(({ links }) => links.length > 0)
    .slice(0, limits.linkChecksAtOnce);
}

function linked({ fields, ...account }: Row, before: number): LinkedAccount {
  const old = (JSON.parse(fields) as ProfileField[]).filter(({ checkedAt }) => (checkedAt ?? 0) < before);
  return { ...account, links: [...new Set(old.map(linkOfField).filter((link) => link !== null))] };
}
