import type { AccountView } from '#domain/accounts/account-view.ts';
import type { PostView } from '#domain/posts/post-view.ts';

/** A line of the messages page. */
export interface ConversationView {
  id: number;
  /** Everyone but the viewer; nobody in a note to oneself. */
  participants: AccountView[];
  lastPost: PostView;
  unread: boolean;
}
