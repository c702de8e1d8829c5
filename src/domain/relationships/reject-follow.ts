import type { Unit } from '#db/unit.ts';
import { deleteFollow, findFollow } from '#domain/relationships/follow-rows.ts';
import { lockPair } from '#domain/relationships/parties.ts';

/** A local person refuses a request. One that was withdrawn or accepted meanwhile is left alone. */
export async function rejectFollow(unit: Unit, input: { followeeId: number; followerId: number }): Promise<void> {
  const [followee] = await lockPair(unit, input.followeeId, input.followerId);
  const follow = await findFollow(unit, input.followerId, input.followeeId);
  if (!followee.local || follow?.state !== 'pending') return;
  await deleteFollow(unit, input.followerId, input.followeeId);
  unit.emit({ type: 'follow-rejected', followerId: input.followerId, followeeId: input.followeeId, uri: follow.uri });
}
