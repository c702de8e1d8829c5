import type { Unit } from '#db/unit.ts';
import type { EventOf } from '#domain/events.ts';
import { notify, withdraw } from '#domain/notifications/notify.ts';

const followKey = (followerId: number) => `follow:${followerId}`;
const requestKey = (followerId: number) => `follow-request:${followerId}`;
const acceptedKey = (followeeId: number) => `follow-accepted:${followeeId}`;

export async function notifyOfRequest(
  unit: Unit,
  { followerId, followeeId }: EventOf<'follow-requested'>,
): Promise<void> {
  const news = { kind: 'follow-request', fromId: followerId, postId: null, onceKey: requestKey(followerId) } as const;
  await notify(unit, news, [followeeId]);
}

/** Tells the followee of a new follower; where it was asked for, the follower of the answer. */
export async function notifyOfAccept(
  unit: Unit,
  { followerId, followeeId, byRequest }: EventOf<'follow-accepted'>,
): Promise<void> {
  if (!byRequest) {
    const news = { kind: 'follow', fromId: followerId, postId: null, onceKey: followKey(followerId) } as const;
    await notify(unit, news, [followeeId]);
    return;
  }
  await withdraw(unit, followeeId, [requestKey(followerId)]);
  const news = { kind: 'follow-accepted', fromId: followeeId, postId: null, onceKey: acceptedKey(followeeId) } as const;
  await notify(unit, news, [followerId]);
}

/** Whoever ended it: what was told of it is no longer so. */
export async function withdrawFollow(
  unit: Unit,
  { followerId, followeeId }: EventOf<'follow-undone'> | EventOf<'follow-rejected'>,
): Promise<void> {
  await withdraw(unit, followeeId, [followKey(followerId), requestKey(followerId)]);
  await withdraw(unit, followerId, [acceptedKey(followeeId)]);
}

/** A block takes away what the two told each other. */
export async function withdrawBetween(unit: Unit, { blockerId, blockedId }: EventOf<'account-blocked'>): Promise<void> {
  const text = 'delete from notifications where account_id = $1 and from_id = $2';
  await unit.tx.hot(text, blockerId, blockedId);
  await unit.tx.hot(text, blockedId, blockerId);
}

/** Tells people here whom they follow instead now, where that suits both. */
export async function notifyOfMove(
  unit: Unit,
  { accountId, targetId, followerIds }: EventOf<'followers-moved'>,
): Promise<void> {
  const news = { kind: 'moved', fromId: accountId, postId: null, onceKey: `moved:${accountId}:${targetId}` } as const;
  await notify(unit, news, followerIds);
}
