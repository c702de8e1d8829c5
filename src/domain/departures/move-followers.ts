import type { Unit } from '#db/unit.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { undoFollow } from '#domain/relationships/undo-follow.ts';
import { DomainError } from '#kernel/errors.ts';

/** People of this instance who follow `fromId` follow `toId` instead; whom it does not suit, keeps nothing. */
export async function moveLocalFollowers(unit: Unit, fromId: number, toId: number): Promise<void> {
  const followers = await unit.tx.hot<{ follower_id: number }>(
    `select f.follower_id from follows f join accounts a on a.id = f.follower_id
     where f.followee_id = $1 and a.domain = ''`,
    fromId,
  );
  for (const { follower_id: followerId } of followers) {
    if (followerId !== toId) await followQuietly(unit, followerId, toId);
    await undoFollow(unit, { followerId, followeeId: fromId });
  }
}

async function followQuietly(unit: Unit, followerId: number, followeeId: number): Promise<void> {
  try {
    await requestFollow(unit, { followerId, followeeId });
  } catch (error) {
    // Blocked by the new account, or it by the follower: then there is no follow, and no fault.
    if (!(error instanceof DomainError)) throw error;
  }
}
