import type { Query } from '#db/store.ts';
import { SET_UP_TOKEN_KEY } from '#domain/membership/complete-set-up.ts';
import { parseEmail } from '#domain/membership/email.ts';
import type { MailPurpose } from '#domain/membership/mail-tokens.ts';
import type { Permission, Role } from '#domain/membership/permissions.ts';
import { may, ROLES } from '#domain/membership/permissions.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { DomainError } from '#kernel/errors.ts';

type Read = Pick<Query, 'hot'>;

/** What a door needs to check who someone is. The secrets in it go no further. */
export interface Credentials {
  accountId: number;
  passwordHash: string;
  totpSealed: string | null;
  totpOn: boolean;
}

const CREDENTIALS = `select m.account_id as "accountId", m.password_hash as "passwordHash", m.totp_sealed as "totpSealed",
  m.totp_enabled_at as "totpEnabledAt" from members m join accounts a on a.id = m.account_id`;

/** By handle (`ana`, `@ana`, `@ana@here`) or mail address; null when nobody here has it. */
export async function findCredentials(read: Read, login: string, handleDomain: string): Promise<Credentials | null> {
  const handle = handleOf(login.trim(), handleDomain);
  if (handle !== null) {
    const sql = `${CREDENTIALS} where a.handle_folded = $1 and a.domain = ''`;
    const found = await credentials(read, sql, handle);
    if (found) return found;
  }
  const folded = foldedOf(login);
  return folded === null ? null : credentials(read, `${CREDENTIALS} where m.email_folded = $1`, folded);
}

export async function credentialsOf(read: Read, accountId: number): Promise<Credentials | null> {
  return credentials(read, `${CREDENTIALS} where m.account_id = $1`, accountId);
}

async function credentials(read: Read, sql: string, value: string | number): Promise<Credentials | null> {
  const rows = await read.hot<Omit<Credentials, 'totpOn'> & { totpEnabledAt: number | null }>(sql, value);
  const [row] = rows;
  if (!row) return null;
  const { totpEnabledAt, ...found } = row;
  return { ...found, totpOn: totpEnabledAt !== null };
}

/** One spelling of all that `findCredentials` takes for the same handle or the same mail address. */
export function foldLogin(login: string, handleDomain: string): string {
  return handleOf(login.trim(), handleDomain) ?? foldedOf(login) ?? login.trim().toLowerCase();
}

function handleOf(login: string, handleDomain: string): string | null {
  const [, handle = '', domain] = /^@?([a-z0-9_]+)(?:@(.+))?$/i.exec(login) ?? [];
  if (handle === '' || (domain !== undefined && domain.toLowerCase() !== handleDomain.toLowerCase())) return null;
  return handle.toLowerCase();
}

function foldedOf(login: string): string | null {
  try {
    return parseEmail(login).folded;
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

/** What a member sees of the own membership. */
export interface OwnMembership {
  email: string;
  role: Role;
  totpEnabledAt: number | null;
  recoveryCodesLeft: number;
  locale: 'en' | 'fr' | null;
  scheme: 'light' | 'dark' | 'auto';
  defaultVisibility: 'public' | 'unlisted' | 'followers';
  defaultLanguage: string | null;
  defaultSensitive: boolean;
  createdAt: number;
}

export async function ownMembership(read: Read, accountId: number): Promise<OwnMembership | null> {
  const rows = await read.hot<Omit<OwnMembership, 'defaultSensitive'> & { defaultSensitive: number }>(
    `select m.email, m.role, m.totp_enabled_at as "totpEnabledAt", m.locale, m.scheme,
       (select count(*) from recovery_codes r where r.account_id = m.account_id and r.used_at is null) as "recoveryCodesLeft",
       m.default_visibility as "defaultVisibility", m.default_language as "defaultLanguage",
       m.default_sensitive as "defaultSensitive", m.created_at as "createdAt"
     from members m where m.account_id = $1`,
    accountId,
  );
  const [row] = rows;
  return row ? { ...row, defaultSensitive: row.defaultSensitive !== 0 } : null;
}

/** The address to which a link was sent, while the link is good; null otherwise. Looking uses nothing up. */
export async function mailTokenEmail(
  read: Read,
  tokenHash: string,
  purposes: readonly MailPurpose[],
  now: number,
): Promise<string | null> {
  const rows = await read.hot<{ email: string; purpose: MailPurpose }>(
    'select email, purpose from mail_tokens where token_hash = $1 and used_at is null and expires_at > $2',
    tokenHash,
    now,
  );
  return rows.find((row) => purposes.includes(row.purpose))?.email ?? null;
}

/** The hash of the set-up token that counts; null where none was issued or the instance is set up. */
export async function setUpTokenHash(read: Read): Promise<string | null> {
  const rows = await read.hot<{ value: string }>('select value from settings where key = $1', SET_UP_TOKEN_KEY);
  return rows[0] ? (JSON.parse(rows[0].value) as string) : null;
}

export interface MailRecipient {
  accountId: number;
  handle: string;
  email: string;
  locale: 'en' | 'fr' | null;
}

const RECIPIENT = `select m.account_id as "accountId", a.handle, m.email, m.locale
  from members m join accounts a on a.id = m.account_id`;

/** Null for somebody who is gone or suspended. */
export async function mailRecipient(read: Read, accountId: number): Promise<MailRecipient | null> {
  const rows = await read.hot<MailRecipient>(
    `${RECIPIENT} where m.account_id = $1 and a.suspended_at is null and a.deleted_at is null`,
    accountId,
  );
  return rows[0] ?? null;
}

/** Everyone who may do it. */
export async function staffWith(read: Read, permission: Permission): Promise<MailRecipient[]> {
  const roles = ROLES.filter((role) => may(role, permission));
  const rows = await read.hot<MailRecipient & { role: Role }>(
    `select m.account_id as "accountId", a.handle, m.email, m.locale, m.role
     from members m join accounts a on a.id = m.account_id
     where m.role <> 'user' and a.suspended_at is null and a.deleted_at is null order by m.account_id`,
  );
  return rows
    .filter((row) => roles.includes(row.role))
    .map(({ accountId, handle, email, locale }) => ({ accountId, handle, email, locale }));
}

export interface MemberCounts {
  total: number;
  activeMonth: number;
  activeHalfYear: number;
}

/** Who may log in, and who has been here of late: NodeInfo's counts of users. */
export async function memberCounts(read: Read, now: number): Promise<MemberCounts> {
  const rows = await read.hot<MemberCounts>(
    `select count(*) as total,
       coalesce(sum(case when m.last_seen_at > $1 then 1 else 0 end), 0) as "activeMonth",
       coalesce(sum(case when m.last_seen_at > $2 then 1 else 0 end), 0) as "activeHalfYear"
     from members m join accounts a on a.id = m.account_id
     where m.approved_at is not null and m.email_confirmed_at is not null
       and a.suspended_at is null and a.deleted_at is null`,
    now - 30 * DAY_MS,
    now - 180 * DAY_MS,
  );
  return rows[0] as MemberCounts;
}
