import type { EmojiView } from '#domain/accounts/account-view.ts';
import type { MediaKind, PostKind } from '#domain/posts/post-view.ts';
import type { Visibility } from '#domain/posts/visibility.ts';

/** A post as another server tells it, in the product's words: capped, sanitised, plain values. */
export interface RemotePost {
  uri: string;
  url: string | null;
  kind: PostKind;
  authorUri: string;
  title: string | null;
  /** Sanitised. */
  contentHtml: string;
  warning: string | null;
  sensitive: boolean;
  language: string | null;
  visibility: Visibility;
  replyToUri: string | null;
  quoteUri: string | null;
  mentions: { uri: string; handle: string | null }[];
  hashtags: string[];
  emoji: EmojiView[];
  media: RemoteMedia[];
  poll: RemotePoll | null;
  /** Milliseconds; never after now. */
  publishedAt: number;
  editedAt: number | null;
  /** Everyone addressed by name in `to` and `cc`. */
  recipientUris: string[];
}

export interface RemoteMedia {
  url: string;
  kind: MediaKind;
  mimeType: string | null;
  description: string | null;
  width: number | null;
  height: number | null;
  blurhash: string | null;
  focusX: number | null;
  focusY: number | null;
  previewUrl: string | null;
}

export interface RemotePoll {
  multiple: boolean;
  options: { title: string; votesCount: number }[];
  votersCount: number | null;
  expiresAt: number | null;
  closedAt: number | null;
}
