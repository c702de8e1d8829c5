import type { Unit } from '#db/unit.ts';
import { deleteFollow } from '#domain/relationships/follow-rows.ts';
import { lockPair } from '#domain/relationships/parties.ts';

/** A local account ends its follow, or takes its request back. */
export async function undoFollow(unit: Unit, input: { followerId: number; followeeId: number }): Promise<void> {
  const [follower] = await lockPair(unit, input.followerId, input.followeeId);
  if (!follower.local) return;
  const follow = await deleteFollow(unit, input.followerId, input.followeeId);
  if (!follow) return;
  unit.emit({ type: 'follow-undone', followerId: input.followerId, followeeId: input.followeeId, uri: follow.uri });
}
