import type { Unit } from '#db/unit.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { undoFollow } from '#domain/relationships/undo-follow.ts';
import { DomainError } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

export interface FollowersToMove {
  fromId: number;
  toId: number;
  /** The follow from which to go on; 0 at the beginning. */
  after: number;
}

/**
 * People of this instance who follow `fromId` follow `toId` instead; whom it does not suit, keeps nothing. As many as
 * one command may move; the event that it emits leads to the next ones (see `moveMoreFollowers`).
 */
export async function moveLocalFollowers(unit: Unit, { fromId, toId, after }: FollowersToMove): Promise<void> {
  const max = limits.followersMovedAtOnce;
  const follows = await unit.tx.hot<{ id: number; follower_id: number }>(
    `select f.id, f.follower_id from follows f join accounts a on a.id = f.follower_id
     where f.followee_id = $1 and f.id > $2 and a.domain = '' order by f.id limit $3`,
    fromId,
    after,
    max + 1,
  );
  const these = follows.slice(0, max);
  for (const { follower_id: followerId } of these) {
    if (followerId !== toId) await followQuietly(unit, followerId, toId);
    await undoFollow(unit, { followerId, followeeId: fromId });
  }
  const last = these.at(-1);
  if (!last) return;
  unit.emit({
    type: 'followers-moved',
    accountId: fromId,
    targetId: toId,
    followerIds: these.map((follow) => follow.follower_id),
    goOnAfter: follows.length > max ? last.id : null,
  });
}

/** Moves the next ones, unless the move was taken back meanwhile or there is nobody left to move to. */
export async function moveMoreFollowers(unit: Unit, input: FollowersToMove): Promise<void> {
  const standing = await unit.tx.hot(
    `select 1 as standing from accounts a join accounts t on t.id = a.moved_to_id
     where a.id = $1 and t.id = $2 and t.suspended_at is null and t.deleted_at is null`,
    input.fromId,
    input.toId,
  );
  if (standing.length > 0) await moveLocalFollowers(unit, input);
}

async function followQuietly(unit: Unit, followerId: number, followeeId: number): Promise<void> {
  try {
    await requestFollow(unit, { followerId, followeeId });
  } catch (error) {
    // Blocked by the new account, or it by the follower: then there is no follow, and no fault.
    if (!(error instanceof DomainError)) throw error;
  }
}
