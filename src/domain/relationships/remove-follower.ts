import type { Unit } from '#db/unit.ts';
import { deleteFollow } from '#domain/relationships/follow-rows.ts';
import { lockPair } from '#domain/relationships/parties.ts';

/** A local person sends a follower away, or one who still waits; they may ask again. */
export async function removeFollower(unit: Unit, input: { followeeId: number; followerId: number }): Promise<void> {
  const [followee] = await lockPair(unit, input.followeeId, input.followerId);
  if (!followee.local) return;
  const follow = await deleteFollow(unit, input.followerId, input.followeeId);
  if (!follow) return;
  unit.emit({ type: 'follow-rejected', followerId: input.followerId, followeeId: input.followeeId, uri: follow.uri });
}
