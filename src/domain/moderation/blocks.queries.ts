import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { pageOf, type Page, type PageRequest } from '#kernel/page.ts';

export interface AddressBlock {
  id: number;
  cidr: string;
  comment: string;
  createdAt: number;
  expiresAt: number;
}

/** Blocks of network addresses that still hold. */
export async function listAddressBlocks(
  { read }: Pick<Reader, 'read'>,
  page: PageRequest,
  now: number,
): Promise<Page<AddressBlock>> {
  const rows = await read.hot<AddressBlock>(
    `select id, cidr, comment, created_at as "createdAt", expires_at as "expiresAt" from address_blocks
     where id < $1 and id > $2 and expires_at > $3 order by id desc limit $4`,
    page.before ?? Number.MAX_SAFE_INTEGER,
    page.after ?? 0,
    now,
    page.limit + 1,
  );
  return pageOf(rows, page.limit);
}

export interface EmailDomainBlock {
  domain: string;
  comment: string;
  createdAt: number;
  expiresAt: number | null;
}

/** Blocks of mail domains that still hold, by name. */
export async function listEmailDomainBlocks(
  { read }: Pick<Reader, 'read'>,
  page: { after: string | null; limit: number },
  now: number,
): Promise<{ items: EmailDomainBlock[]; nextAfter: string | null }> {
  const rows = await read.hot<EmailDomainBlock>(
    `select domain, comment, created_at as "createdAt", expires_at as "expiresAt" from email_domain_blocks
     where domain > $1 and (expires_at is null or expires_at > $2) order by domain limit $3`,
    page.after ?? '',
    now,
    page.limit + 1,
  );
  const items = rows.slice(0, page.limit);
  return { items, nextAfter: rows.length > page.limit ? (items.at(-1)?.domain ?? null) : null };
}
