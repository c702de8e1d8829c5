import type { Unit } from '#db/unit.ts';
import { acceptRow, findFollow } from '#domain/relationships/follow-rows.ts';
import { lockPair } from '#domain/relationships/parties.ts';
import { notFound } from '#kernel/errors.ts';

/** A local person lets someone follow. @throws not-found when nobody asked, or no longer does. */
export async function acceptFollow(unit: Unit, input: { followeeId: number; followerId: number }): Promise<void> {
  const [followee] = await lockPair(unit, input.followeeId, input.followerId);
  const follow = await findFollow(unit, input.followerId, input.followeeId);
  if (!follow || !followee.local) throw notFound('follow-request-gone');
  if (!(await acceptRow(unit, follow))) return;
  unit.emit({
    type: 'follow-accepted',
    followerId: input.followerId,
    followeeId: input.followeeId,
    uri: follow.uri,
    byRequest: true,
  });
}
