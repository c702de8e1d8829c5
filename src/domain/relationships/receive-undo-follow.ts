import type { Unit } from '#db/unit.ts';
import { deleteFollow, findFollow, findFollowByUri } from '#domain/relationships/follow-rows.ts';
import { lockPair } from '#domain/relationships/parties.ts';

export interface ReceivedUndoFollow {
  /** Who undoes: the account whose server signed the activity. */
  followerId: number;
  /** The id of the Follow, where it is named. */
  uri: string | null;
  /** Whom the embedded Follow names as its object, where one is embedded. */
  followeeId: number | null;
}

/**
 * A remote follower goes. By the pair where the id says nothing: Misskey undoes under another id than it followed
 * with. Somebody else's follow is not touched (false).
 */
export async function receiveUndoFollow(unit: Unit, input: ReceivedUndoFollow): Promise<boolean> {
  const named = input.uri === null ? null : await findFollowByUri(unit, input.uri);
  if (named && named.follower_id !== input.followerId) return false;
  const followeeId = named?.followee_id ?? input.followeeId;
  if (followeeId === null) return false;
  const [follower] = await lockPair(unit, input.followerId, followeeId);
  const follow = await findFollow(unit, input.followerId, followeeId);
  if (!follow || follower.local) return false;
  await deleteFollow(unit, input.followerId, followeeId);
  unit.emit({ type: 'follow-undone', followerId: input.followerId, followeeId, uri: follow.uri });
  return true;
}
