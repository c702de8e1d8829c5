import type { Unit } from '#db/unit.ts';
import { findAnswered, type FollowAnswer } from '#domain/relationships/follow-answer.ts';
import { deleteFollow } from '#domain/relationships/follow-rows.ts';

/** Whom we follow, or asked to, sends us away: also long after an Accept. Everything else is ignored (false). */
export async function receiveReject(unit: Unit, answer: FollowAnswer): Promise<boolean> {
  const answered = await findAnswered(unit, answer);
  if (!answered) return false;
  const { follower_id: followerId, followee_id: followeeId, uri } = answered.follow;
  await deleteFollow(unit, followerId, followeeId);
  unit.emit({ type: 'follow-rejected', followerId, followeeId, uri });
  return true;
}
