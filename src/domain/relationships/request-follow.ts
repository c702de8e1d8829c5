import type { Unit } from '#db/unit.ts';
import { findFollow, insertFollow } from '#domain/relationships/follow-rows.ts';
import { lockPair, standingOf } from '#domain/relationships/parties.ts';
import { followRefusal, needsConsent, type Party } from '#domain/relationships/relationships.policy.ts';
import type { FollowState } from '#domain/relationships/relationships.tables.ts';
import { setFollowOptions } from '#domain/relationships/set-follow-options.ts';
import { assert } from '#kernel/assert.ts';
import { tooMany } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

export interface FollowRequest {
  followerId: number;
  followeeId: number;
  showBoosts?: boolean;
  notify?: boolean;
}

/**
 * A local account follows another: at once here, after the other server's Accept elsewhere, after the person's
 * word where they are locked. Asking again changes nothing but the options that it names.
 * @throws invalid, not-allowed or not-found with the reason of `followRefusal`; too-many beyond the limit.
 */
export async function requestFollow(unit: Unit, input: FollowRequest): Promise<FollowState> {
  const [follower, followee] = await lockPair(unit, input.followerId, input.followeeId);
  assert(follower.local, 'only local accounts request follows');
  const existing = await findFollow(unit, follower.id, followee.id);
  if (existing) {
    if (input.showBoosts !== undefined || input.notify !== undefined) await setFollowOptions(unit, input);
    return existing.state;
  }
  const standing = await standingOf(unit, follower, followee);
  const refusal = followRefusal(follower, followee, standing);
  if (refusal) throw refusal;
  await checkCount(unit, follower.id);

  const state = followee.local && !needsConsent(follower, followee, standing) ? 'accepted' : 'pending';
  const id = unit.newId();
  const uri = followUri(follower, id);
  await insertFollow(unit, { ...input, id, uri, state });
  const pair = { followerId: follower.id, followeeId: followee.id, uri };
  if (state === 'accepted') unit.emit({ type: 'follow-accepted', ...pair, byRequest: false });
  else unit.emit({ type: 'follow-requested', ...pair });
  return state;
}

/** The id of our Follow activity; never the same for a follow that was ended and asked for again. */
export function followUri(follower: Pick<Party, 'uri'>, id: number): string {
  return `${follower.uri}#follows/${id}`;
}

async function checkCount(unit: Unit, followerId: number): Promise<void> {
  const rows = await unit.tx.hot<{ count: number }>(
    'select count(*) as count from follows where follower_id = $1',
    followerId,
  );
  const max = limits.followsPerAccount;
  if (Number(rows[0]?.count) >= max) throw tooMany('follows-too-many', { max });
}
