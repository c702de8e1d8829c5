import type { EventOf, EventType } from '#domain/events.ts';
import * as accounts from '#federation/outbound/accounts.ts';
import type { OutboundContext, Plan } from '#federation/outbound/plan.ts';
import * as posts from '#federation/outbound/posts.ts';
import * as relationships from '#federation/outbound/relationships.ts';

type Mapper<T extends EventType> = (context: OutboundContext, event: EventOf<T>) => Promise<Plan[]>;

/** How each event reaches other servers. A new event does not compile until somebody decides. */
export const federates: { [T in EventType]: Mapper<T> | 'local-only' } = {
  'account-created': 'local-only',
  'account-updated': accounts.accountChanged,
  'account-deleted': accounts.accountDeleted,
  'account-suspended': accounts.accountChanged,
  'account-unsuspended': accounts.accountChanged,
  'account-moved': accounts.accountMoved,
  'followers-moved': 'local-only',
  'sign-up-requested': 'local-only',
  'member-approved': 'local-only',
  'sign-up-rejected': 'local-only',
  'mail-requested': 'local-only',
  'address-claimed': 'local-only',
  'security-noticed': 'local-only',
  'post-published': posts.postPublished,
  'post-edited': posts.postEdited,
  'post-deleted': posts.postDeleted,
  'post-received': 'local-only',
  'post-refreshed': 'local-only',
  'post-boosted': posts.postBoosted,
  'boost-undone': posts.boostUndone,
  'post-favourited': posts.favouriteChanged,
  'favourite-undone': posts.favouriteChanged,
  'post-pinned': posts.pinChanged,
  'post-unpinned': posts.pinChanged,
  'poll-voted': posts.pollVoted,
  'poll-counts-changed': posts.pollChanged,
  'poll-ended': posts.pollChanged,
  'follow-requested': relationships.followRequested,
  'follow-accepted': relationships.followAnswered,
  'follow-rejected': relationships.followAnswered,
  'follow-undone': relationships.followUndone,
  'account-blocked': relationships.blockChanged,
  'block-undone': relationships.blockChanged,
  'report-made': accounts.reportMade,
  'domain-suspended': 'local-only',
  'instance-updated': 'local-only',
};
