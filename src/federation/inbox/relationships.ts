import type { Unit } from '#db/unit.ts';
import { findAccountByUri } from '#domain/accounts/accounts.queries.ts';
import { receiveAccept } from '#domain/relationships/receive-accept.ts';
import { receiveBlock } from '#domain/relationships/receive-block.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import { receiveReject } from '#domain/relationships/receive-reject.ts';
import type { InboxContext, Outcome } from '#federation/inbox/inbox-context.ts';
import { wasUndone } from '#federation/inbox/undone.ts';
import { PROFILE_FRESH_MS } from '#federation/resolve/fetch-profile.ts';
import { planProfile } from '#federation/resolve/plan-profile.ts';
import type { Activity } from '#federation/translate/activity-types.ts';

type Of<K extends Activity['kind']> = Extract<Activity, { kind: K }>;

export async function handleFollow(context: InboxContext, activity: Of<'follow'>): Promise<Outcome> {
  const followee = await findAccountByUri(context.reader, activity.objectUri);
  if (!followee || followee.domain !== '') return 'a follow of nobody here';
  const follow = { uri: activity.uri, followerId: context.actorId, followeeId: followee.id };
  return async (unit) => {
    // Whoever meant it after all is not left waiting for an answer.
    if (await wasUndone(unit, context.actorUri, activity.uri)) return unit.emit({ type: 'follow-rejected', ...follow });
    await receiveFollow(unit, follow);
  };
}

/** The answer to a Follow of ours, by its id or by the pair. */
export async function handleFollowAnswer(context: InboxContext, activity: Of<'accept' | 'reject'>): Promise<Outcome> {
  const follower = activity.followerUri ? await findAccountByUri(context.reader, activity.followerUri) : null;
  const answer = { followeeId: context.actorId, uri: activity.followUri, followerId: follower?.id ?? null };
  if (activity.kind === 'reject') return (unit) => receiveReject(unit, answer);
  const isFollowed = (unit: Unit) =>
    unit.tx.hot(`select 1 as f from follows where followee_id = $1 and state = 'accepted' limit 1`, context.actorId);
  return async (unit) => {
    const before = await isFollowed(unit);
    await receiveAccept(unit, answer);
    // For the first of its followers here.
    if (before.length === 0 && (await isFollowed(unit)).length > 0)
      await planProfile(unit, { accountId: context.actorId, before: unit.now - PROFILE_FRESH_MS });
  };
}

export async function handleBlock(context: InboxContext, activity: Of<'block'>): Promise<Outcome> {
  const blocked = await findAccountByUri(context.reader, activity.objectUri);
  if (!blocked || blocked.domain !== '') return 'a block of nobody here';
  return async (unit) => {
    if (await wasUndone(unit, context.actorUri, activity.uri)) return;
    await receiveBlock(unit, { uri: activity.uri, blockerId: context.actorId, blockedId: blocked.id });
  };
}
