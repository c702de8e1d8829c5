import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { moveLocalFollowers } from '#domain/departures/move-followers.ts';
import { DAY_MS } from '#kernel/clock.ts';

/** An account moves at most this often: a chain of Moves is no way to send people round. */
const MOVE_AGAIN_AFTER_MS = 7 * DAY_MS;

/**
 * A remote account says that it has moved. Believed only when the new account names the old one among its aliases;
 * the door has just read the new one's document.
 */
export async function receiveMove(unit: Unit, input: { actorId: number; targetId: number }): Promise<void> {
  const { accounts } = unit.schema;
  const [actor] = await unit.tx.select().from(accounts).where(eq(accounts.id, input.actorId));
  const [target] = await unit.tx.select().from(accounts).where(eq(accounts.id, input.targetId));
  if (!actor || !target || actor.id === target.id || actor.domain === '') return;
  if (!target.aliases.includes(actor.uri) || target.suspendedAt !== null || target.deletedAt !== null) return;
  if (target.movedToId !== null) return;
  if (actor.movedToId !== null && actor.updatedAt > unit.now - MOVE_AGAIN_AFTER_MS) return;
  await unit.tx
    .update(accounts)
    .set({ movedToId: target.id, updatedAt: unit.now, version: actor.version + 1 })
    .where(eq(accounts.id, actor.id));
  await moveLocalFollowers(unit, { fromId: actor.id, toId: target.id, after: 0 });
  unit.emit({ type: 'account-moved', accountId: actor.id, targetId: target.id });
}
