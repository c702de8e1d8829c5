import type { Query } from '#db/store.ts';
import type { Role } from '#domain/membership/permissions.ts';

type Read = Pick<Query, 'hot'>;

/** A session and what every page wants to know of its person. */
export interface LiveSession {
  id: number;
  accountId: number;
  csrfToken: string;
  lastSeenAt: number;
  role: Role;
  locale: 'en' | 'fr' | null;
  scheme: 'light' | 'dark' | 'auto';
  notificationsReadId: number;
}

/**
 * The session behind a cookie; null for one that has ended. A suspension or deletion ends it at once, whatever else
 * still has to happen.
 */
export async function sessionByTokenHash(read: Read, tokenHash: string, now: number): Promise<LiveSession | null> {
  const rows = await read.hot<LiveSession>(
    `select s.id, s.account_id as "accountId", s.csrf_token as "csrfToken", s.last_seen_at as "lastSeenAt",
       m.role, m.locale, m.scheme, m.notifications_read_id as "notificationsReadId"
     from sessions s join members m on m.account_id = s.account_id join accounts a on a.id = s.account_id
     where s.token_hash = $1 and s.expires_at > $2 and a.suspended_at is null and a.deleted_at is null
       and m.approved_at is not null and m.email_confirmed_at is not null`,
    tokenHash,
    now,
  );
  return rows[0] ?? null;
}

export interface SessionLine {
  id: number;
  createdAt: number;
  lastSeenAt: number;
  address: string | null;
  userAgent: string;
}

/** A person's open sessions, the last used first. */
export async function sessionsOf(read: Read, accountId: number, now: number): Promise<SessionLine[]> {
  return read.hot<SessionLine>(
    `select id, created_at as "createdAt", last_seen_at as "lastSeenAt", address, user_agent as "userAgent"
     from sessions where account_id = $1 and expires_at > $2 order by last_seen_at desc, id desc`,
    accountId,
    now,
  );
}
