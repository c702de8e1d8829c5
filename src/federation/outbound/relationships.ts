import type { EventOf } from '#domain/events.ts';
import * as activities from '#federation/documents/activities.ts';
import { partyOf, type Party } from '#federation/outbound/parties.ts';
import type { OutboundContext, Plan } from '#federation/outbound/plan.ts';
import type { JsonLd } from '#federation/vocabulary.ts';

export async function followRequested(context: OutboundContext, event: EventOf<'follow-requested'>): Promise<Plan[]> {
  return between(context, event.followerId, event.followeeId, (follower, followee) =>
    activities.follow(event.uri, follower.uri, followee.uri),
  );
}

export async function followUndone(context: OutboundContext, event: EventOf<'follow-undone'>): Promise<Plan[]> {
  return between(context, event.followerId, event.followeeId, (follower, followee) =>
    activities.undo(activities.follow(event.uri, follower.uri, followee.uri)),
  );
}

/** Our people's answers to Follows from elsewhere. */
export async function followAnswered(
  context: OutboundContext,
  event: EventOf<'follow-accepted'> | EventOf<'follow-rejected'>,
): Promise<Plan[]> {
  const type = event.type === 'follow-accepted' ? 'Accept' : 'Reject';
  return between(context, event.followeeId, event.followerId, (followee, follower) =>
    activities.answerFollow(type, context.eventId, event.uri, follower.uri, followee.uri),
  );
}

export async function blockChanged(
  context: OutboundContext,
  event: EventOf<'account-blocked'> | EventOf<'block-undone'>,
): Promise<Plan[]> {
  return between(context, event.blockerId, event.blockedId, (blocker, blocked) => {
    const block = activities.block(event.uri, blocker.uri, blocked.uri);
    return event.type === 'account-blocked' ? block : activities.undo(block);
  });
}

/** From one of ours to somebody elsewhere; everything between the same two keeps its order. */
async function between(
  context: OutboundContext,
  fromId: number,
  toId: number,
  activityOf: (from: Party, to: Party) => JsonLd,
): Promise<Plan[]> {
  const [from, to] = [await partyOf(context.reader, fromId), await partyOf(context.reader, toId)];
  if (!from?.local || !to || to.local) return [];
  return [
    {
      activity: activityOf(from, to),
      senderId: from.id,
      recipients: { accountIds: [to.id] },
      orderKey: `${from.uri} ${to.uri}`,
      forEveryone: false,
    },
  ];
}
