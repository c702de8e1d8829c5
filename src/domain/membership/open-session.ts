import type { Unit } from '#db/unit.ts';
import { limits } from '#kernel/limits.ts';
import { hashToken, newToken } from '#kernel/tokens.ts';

/** Where a request comes from, as far as the door knows. */
export interface Visit {
  address: string | null;
  userAgent: string;
}

/**
 * Opens a session under a new secret and returns it: the cookie's value, which only its hash in the database knows.
 * The oldest sessions end when there are too many. The caller has checked who it is.
 */
export async function openSession(unit: Unit, input: { accountId: number; visit: Visit }): Promise<string> {
  const { sessions } = unit.schema;
  const { accountId, visit } = input;
  const token = newToken();
  await unit.tx.insert(sessions).values({
    id: unit.newId(),
    accountId,
    tokenHash: hashToken(token),
    csrfToken: newToken(),
    createdAt: unit.now,
    lastSeenAt: unit.now,
    expiresAt: unit.now + limits.sessionIdleMs,
    address: visit.address,
    userAgent: visit.userAgent.slice(0, limits.userAgentCharacters),
  });
  await unit.tx.hot(
    `delete from sessions where account_id = $1 and id not in (
       select id from sessions where account_id = $1 order by last_seen_at desc, id desc limit $2)`,
    accountId,
    limits.sessionsPerAccount,
  );
  return token;
}
