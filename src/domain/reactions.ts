import type { Unit } from '#db/unit.ts';
import type { DomainEvent, EventOf, EventType } from '#domain/events.ts';
import { keepConversations } from '#domain/conversations/keep-conversations.ts';
import { repairConversations, shortenConversations } from '#domain/conversations/shorten-conversations.ts';
import { endAllSessions } from '#domain/membership/end-sessions.ts';
import { limitWithDomain } from '#domain/moderation/domain-stamps.ts';
import {
  notifyOfAccept,
  notifyOfMove,
  notifyOfRequest,
  withdrawBetween,
  withdrawFollow,
} from '#domain/notifications/notify-of-follows.ts';
import {
  notifyOfBoost,
  notifyOfFavourite,
  withdrawBoost,
  withdrawFavourite,
} from '#domain/notifications/notify-of-marks.ts';
import { notifyOfEdit, notifyOfPollEnd, notifyOfPost } from '#domain/notifications/notify-of-posts.ts';
import { notifyOfReport, notifyOfSignUp } from '#domain/notifications/notify-staff.ts';

type Reaction<T extends EventType> = (unit: Unit, event: EventOf<T>) => Promise<void>;

/**
 * What follows an event inside its own transaction: whatever its author would miss on the next page.
 * What leaves the process (deliveries, mail) is a consumer of the outbox instead.
 */
const reactions: { [T in EventType]?: readonly Reaction<T>[] } = {
  'account-suspended': [(unit, { accountId }) => endAllSessions(unit, { accountId })],
  'account-deleted': [repairConversations],
  'followers-moved': [notifyOfMove],
  'sign-up-requested': [notifyOfSignUp],

  'post-published': [notifyOfPost, keepConversations],
  'post-received': [limitWithDomain, notifyOfPost, keepConversations],
  'post-edited': [notifyOfEdit, keepConversations],
  'post-refreshed': [notifyOfEdit, keepConversations],
  'post-deleted': [shortenConversations],
  'post-boosted': [notifyOfBoost],
  'boost-undone': [withdrawBoost],
  'post-favourited': [notifyOfFavourite],
  'favourite-undone': [withdrawFavourite],
  'poll-ended': [notifyOfPollEnd],

  'follow-requested': [notifyOfRequest],
  'follow-accepted': [notifyOfAccept],
  'follow-rejected': [withdrawFollow],
  'follow-undone': [withdrawFollow],
  'account-blocked': [withdrawBetween],

  'report-made': [notifyOfReport],
};

export async function react(unit: Unit, event: DomainEvent): Promise<void> {
  for (const reaction of reactions[event.type] ?? []) await (reaction as Reaction<EventType>)(unit, event);
}
