import type { EmojiView } from '#domain/media/media-view.ts';

export type { EmojiView };

/** What a list, a post's head or a mention shows of an account. */
export interface AccountView {
  id: number;
  handle: string;
  /** Null for an account of this instance. */
  domain: string | null;
  /** `@name` here, `@name@domain` for others. */
  acct: string;
  uri: string;
  /** The account's page: ours for local accounts, the origin's for remote ones. */
  url: string;
  /** Path of the account's page on this instance. */
  path: string;
  displayName: string;
  avatarUrl: string | null;
  bot: boolean;
  locked: boolean;
  emoji: EmojiView[];
  suspended: boolean;
  limited: boolean;
}

export interface ProfileField {
  name: string;
  valueHtml: string;
  /** Since when the page that it leads to was seen to link back; always null for accounts of other servers. */
  verifiedAt: number | null;
  /** When that page was last asked. */
  checkedAt?: number | null;
  /** Since when it has not answered. */
  silentSince?: number | null;
}

export interface ProfileView extends AccountView {
  bioHtml: string;
  headerUrl: string | null;
  fields: ProfileField[];
  followersCount: number;
  followingCount: number;
  postsCount: number;
  /** False while the server of a remote account was not asked yet what it has posted. */
  asked: boolean;
  countsHidden: boolean;
  createdAt: number;
  movedTo: AccountView | null;
  memorial: boolean;
}

/** How the viewer and an account stand to each other. */
export interface RelationView {
  self: boolean;
  following: boolean;
  requested: boolean;
  followedBy: boolean;
  requestedBy: boolean;
  showBoosts: boolean;
  notify: boolean;
  blocking: boolean;
  blockedBy: boolean;
  muting: boolean;
  mutingUntil: number | null;
  domainBlocking: boolean;
}
