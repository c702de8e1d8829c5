import type { Unit } from '#db/unit.ts';
import { findFollow, findFollowByUri, type FollowRow } from '#domain/relationships/follow-rows.ts';
import { lockPair } from '#domain/relationships/parties.ts';
import type { Party } from '#domain/relationships/relationships.policy.ts';

/** A remote account's answer (Accept or Reject) to a Follow that we sent to it. */
export interface FollowAnswer {
  /** Who answers: the account whose server signed the activity. */
  followeeId: number;
  /** The id of the Follow that it answers, where it names one. */
  uri: string | null;
  /** The local account that the embedded Follow names as its actor, where one is embedded. */
  followerId: number | null;
}

/**
 * The follow that is answered, its accounts locked; null where there is none: a follow that we never sent, somebody
 * else's, or one that was ended and asked for again since. Peers that give our Follow an id of their own in the
 * answer are understood by the pair.
 */
export async function findAnswered(
  unit: Unit,
  answer: FollowAnswer,
): Promise<{ follow: FollowRow; followee: Party } | null> {
  const seen = await match(unit, answer);
  if (!seen) return null;
  const [follower, followee] = await lockPair(unit, seen.follower_id, seen.followee_id);
  const follow = await match(unit, answer);
  if (follow?.id !== seen.id || !follower.local || followee.local) return null;
  return { follow, followee };
}

async function match(unit: Unit, answer: FollowAnswer): Promise<FollowRow | null> {
  const named = answer.uri === null ? null : await findFollowByUri(unit, answer.uri);
  if (named) return named.followee_id === answer.followeeId ? named : null;
  // An id of ours that is not in use is that of an earlier follow: the answer comes too late.
  if (answer.followerId === null || answer.uri?.startsWith(`${unit.site.origin}/`)) return null;
  return findFollow(unit, answer.followerId, answer.followeeId);
}
