import type { AccountView, EmojiView } from '#domain/accounts/account-view.ts';
import type { MediaKind, MediaView } from '#domain/media/media-view.ts';
import type { Visibility } from '#domain/posts/visibility.ts';

export type { MediaKind, MediaView };

export type PostKind = 'note' | 'question' | 'article' | 'page' | 'video' | 'audio' | 'image' | 'event';

export interface PollOptionView {
  title: string;
  /** Null while the result is not to be seen. */
  votesCount: number | null;
}

export interface PollView {
  options: PollOptionView[];
  multiple: boolean;
  votersCount: number;
  votesCount: number;
  expiresAt: number | null;
  closed: boolean;
  /** Positions that the viewer chose; empty when not voted. */
  ownVotes: number[];
  voted: boolean;
}

export interface PostView {
  id: number;
  uri: string;
  /** The post's page at its origin. */
  url: string;
  /** Path of the post's page on this instance. */
  path: string;
  kind: PostKind;
  author: AccountView;
  title: string | null;
  contentHtml: string;
  /** A link to the whole, for kinds that are shown as title and link. */
  link: string | null;
  warning: string | null;
  sensitive: boolean;
  language: string | null;
  visibility: Visibility;
  replyToId: number | null;
  /** Whom it answers, also where the answered post is unknown. */
  replyToAccount: AccountView | null;
  mentions: AccountView[];
  media: MediaView[];
  poll: PollView | null;
  emoji: EmojiView[];
  repliesCount: number;
  boostsCount: number;
  favouritesCount: number;
  createdAt: number;
  editedAt: number | null;
  pinned: boolean;
  /** What the viewer did with it. */
  viewer: PostViewer;
}

export interface PostViewer {
  author: boolean;
  favourited: boolean;
  boosted: boolean;
  bookmarked: boolean;
  canBoost: boolean;
  canReply: boolean;
}

/** One line of a timeline: a post, or somebody's boost of it. */
export interface TimelineItem {
  /** Of the boost, or of the post itself: the timeline's order and cursor. */
  id: number;
  boostedBy: AccountView | null;
  boostedAt: number | null;
  post: PostView;
}
