import type { Unit } from '#db/unit.ts';
import { findAnswered, type FollowAnswer } from '#domain/relationships/follow-answer.ts';
import { acceptRow } from '#domain/relationships/follow-rows.ts';

/** Only whom we asked can accept; everything else is ignored (false). */
export async function receiveAccept(unit: Unit, answer: FollowAnswer): Promise<boolean> {
  const answered = await findAnswered(unit, answer);
  if (!answered || !(await acceptRow(unit, answered.follow))) return false;
  const { follow, followee } = answered;
  unit.emit({
    type: 'follow-accepted',
    followerId: follow.follower_id,
    followeeId: follow.followee_id,
    uri: follow.uri,
    byRequest: followee.locked,
  });
  return true;
}
