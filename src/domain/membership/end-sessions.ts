import { and, eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { notFound } from '#kernel/errors.ts';

/** Ends one session of a person. @throws not-found, also for a session of somebody else. */
export async function endSession(unit: Unit, input: { accountId: number; sessionId: number }): Promise<void> {
  const { sessions } = unit.schema;
  const ended = await unit.tx
    .delete(sessions)
    .where(and(eq(sessions.id, input.sessionId), eq(sessions.accountId, input.accountId)))
    .returning({ id: sessions.id });
  if (ended.length === 0) throw notFound();
}

/** Ends all but the given session and returns how many. */
export async function endOtherSessions(unit: Unit, input: { accountId: number; sessionId: number }): Promise<number> {
  const ended = await unit.tx.hot(
    'delete from sessions where account_id = $1 and id <> $2 returning id',
    input.accountId,
    input.sessionId,
  );
  return ended.length;
}

/** Ends every session of a person: at a new password, a suspension, a deletion. */
export async function endAllSessions(unit: Unit, input: { accountId: number }): Promise<void> {
  await unit.tx.hot('delete from sessions where account_id = $1', input.accountId);
}
