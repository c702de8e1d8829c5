import type { Visibility } from '#domain/posts/visibility.ts';

/**
 * What has happened, told once, in the transaction in which it happened. Ids and primitives only: a
 * consumer looks the rest up, and bears that a row may be gone by then. What a consumer could no longer
 * look up (a deleted post's audience) goes along.
 */
export type DomainEvent =
  | { type: 'account-created'; accountId: number }
  | { type: 'account-updated'; accountId: number }
  | { type: 'account-deleted'; accountId: number; uri: string; local: boolean }
  | { type: 'account-suspended'; accountId: number }
  | { type: 'account-unsuspended'; accountId: number }
  | { type: 'account-moved'; accountId: number; targetId: number }
  /** Of the people here who followed, these follow the new account instead; more of them come after that follow. */
  | { type: 'followers-moved'; accountId: number; targetId: number; followerIds: number[]; goOnAfter: number | null }
  | { type: 'sign-up-requested'; accountId: number }
  | { type: 'member-approved'; accountId: number }
  | { type: 'sign-up-rejected'; email: string; locale: 'en' | 'fr' }
  /** Somebody has given the address of this member as theirs. */
  | { type: 'address-claimed'; accountId: number }
  | { type: 'mail-requested'; accountId: number; purpose: 'confirm' | 'reset' | 'change-email'; email: string }
  | {
      type: 'security-noticed';
      accountId: number;
      notice: 'password-changed' | 'totp-enabled' | 'totp-disabled' | 'new-login' | 'email-change-requested';
    }
  | { type: 'post-published'; postId: number; authorId: number }
  | { type: 'post-edited'; postId: number; authorId: number }
  | {
      type: 'post-deleted';
      postId: number;
      uri: string;
      authorId: number;
      visibility: Visibility;
      reachedIds: number[];
      /** Whose followers may have seen it besides its author's: of those who boosted it, and of whom it answers. */
      carriedByIds: number[];
    }
  | { type: 'post-received'; postId: number; authorId: number }
  | { type: 'post-refreshed'; postId: number; authorId: number }
  | { type: 'post-boosted'; boostId: number; postId: number; accountId: number }
  | { type: 'boost-undone'; uri: string; postId: number; accountId: number; visibility: Visibility }
  | { type: 'post-favourited'; postId: number; accountId: number; uri: string }
  | { type: 'favourite-undone'; postId: number; accountId: number; uri: string }
  | { type: 'post-pinned'; postId: number; accountId: number }
  | { type: 'post-unpinned'; postId: number; accountId: number }
  | { type: 'poll-voted'; postId: number; accountId: number; positions: number[] }
  | { type: 'poll-counts-changed'; postId: number; authorId: number }
  | { type: 'poll-ended'; postId: number; authorId: number }
  | { type: 'follow-requested'; followerId: number; followeeId: number; uri: string }
  | { type: 'follow-accepted'; followerId: number; followeeId: number; uri: string; byRequest: boolean }
  | { type: 'follow-rejected'; followerId: number; followeeId: number; uri: string }
  | { type: 'follow-undone'; followerId: number; followeeId: number; uri: string }
  | { type: 'account-blocked'; blockerId: number; blockedId: number; uri: string }
  | { type: 'block-undone'; blockerId: number; blockedId: number; uri: string }
  | { type: 'report-made'; reportId: number; forward: boolean }
  | { type: 'domain-suspended'; domain: string }
  | { type: 'instance-updated' };

export type EventType = DomainEvent['type'];
export type EventOf<T extends EventType> = Extract<DomainEvent, { type: T }>;
