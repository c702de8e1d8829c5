import type { Unit } from '#db/unit.ts';
import { deleteFollows, type FollowRow } from '#domain/relationships/follow-rows.ts';

/**
 * Removes all that ties an account to others, their counters included. To be called before the account's row
 * goes: its cascade would take the follows and leave the counters.
 */
export async function forgetRelationships(unit: Unit, accountId: number): Promise<void> {
  const follows = await unit.tx.hot<FollowRow>(
    `select id, follower_id, followee_id, uri, state from follows where follower_id = $1 or followee_id = $1`,
    accountId,
  );
  await deleteFollows(unit, follows);
  await unit.tx.hot('delete from severed_follows where follower_id = $1 or followee_id = $1', accountId);
  await unit.tx.hot('delete from blocks where blocker_id = $1 or blocked_id = $1', accountId);
  await unit.tx.hot('delete from mutes where muter_id = $1 or muted_id = $1', accountId);
  await unit.tx.hot('delete from domain_blocks where account_id = $1', accountId);
}
