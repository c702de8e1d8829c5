import type { Unit } from '#db/unit.ts';
import { findFollow, findFollowByUri, insertFollow, type FollowRow } from '#domain/relationships/follow-rows.ts';
import { lockPair, standingOf } from '#domain/relationships/parties.ts';
import { followRefusal, needsConsent } from '#domain/relationships/relationships.policy.ts';
import type { FollowState } from '#domain/relationships/relationships.tables.ts';

export interface ReceivedFollow {
  /** The Follow activity's id. */
  uri: string;
  /** The remote account that sent it. */
  followerId: number;
  followeeId: number;
}

/**
 * A remote account follows a local one. A Follow of a pair that is accepted already is answered again, since its
 * server has not heard our Accept (Mastodon repeats a Follow for that reason); a refused one is answered with a
 * Reject. `ignored`: not for an account of ours, or under the id of somebody else's follow.
 */
export async function receiveFollow(unit: Unit, input: ReceivedFollow): Promise<FollowState | 'rejected' | 'ignored'> {
  const [follower, followee] = await lockPair(unit, input.followerId, input.followeeId);
  if (follower.local || !followee.local) return 'ignored';
  const pair = { followerId: follower.id, followeeId: followee.id, uri: input.uri };
  const holder = await findFollowByUri(unit, input.uri);
  if (holder && (holder.follower_id !== follower.id || holder.followee_id !== followee.id)) return 'ignored';

  const standing = await standingOf(unit, follower, followee);
  if (followRefusal(follower, followee, standing)) {
    unit.emit({ type: 'follow-rejected', ...pair });
    return 'rejected';
  }
  const existing = await findFollow(unit, follower.id, followee.id);
  if (existing) return repeatFollow(unit, existing, input.uri);

  const state = needsConsent(follower, followee, standing) ? 'pending' : 'accepted';
  await insertFollow(unit, { ...pair, id: unit.newId(), state });
  if (state === 'accepted') unit.emit({ type: 'follow-accepted', ...pair, byRequest: false });
  else unit.emit({ type: 'follow-requested', ...pair });
  return state;
}

/** The newest id counts: that is the one which an Undo will name. */
async function repeatFollow(unit: Unit, existing: FollowRow, uri: string): Promise<FollowState> {
  if (existing.uri !== uri) await unit.tx.hot('update follows set uri = $1 where id = $2', uri, existing.id);
  if (existing.state === 'accepted') {
    // As if on request, so that the followee is not told of an old follower again.
    unit.emit({
      type: 'follow-accepted',
      followerId: existing.follower_id,
      followeeId: existing.followee_id,
      uri,
      byRequest: true,
    });
  }
  return existing.state;
}
