import type { AccountView } from '#domain/accounts/account-view.ts';
import type { PostView } from '#domain/posts/post-view.ts';

export const NOTIFICATION_KINDS = [
  'mention',
  'follow',
  'follow-request',
  'follow-accepted',
  'boost',
  'favourite',
  'poll-ended',
  'post',
  'edit',
  'report',
  'sign-up',
  'moved',
] as const;

export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

export interface NotificationView {
  id: number;
  kind: NotificationKind;
  at: number;
  from: AccountView;
  post: PostView | null;
  read: boolean;
}
