import type { Unit } from '#db/unit.ts';
import { limits } from '#kernel/limits.ts';

/**
 * Notes that a session is in use, which moves its end: 30 days from now, at most a year from its beginning.
 * Doors call it when `sessionTouchMs` have passed since the last time.
 */
export async function touchSession(unit: Unit, input: { sessionId: number; address: string | null }): Promise<void> {
  const touched = await unit.tx.hot<{ account_id: number }>(
    `update sessions set last_seen_at = $1, address = $2,
       expires_at = case when created_at + $3 < $4 then created_at + $3 else $4 end
     where id = $5 and expires_at > $1 returning account_id`,
    unit.now,
    input.address,
    limits.sessionLifeMs,
    unit.now + limits.sessionIdleMs,
    input.sessionId,
  );
  const accountId = touched[0]?.account_id;
  if (accountId === undefined) return;
  await unit.tx.hot('update members set last_seen_at = $1 where account_id = $2', unit.now, accountId);
}
