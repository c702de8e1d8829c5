import type { Hono } from 'hono';
import { accountActionRoutes } from '#web/pages/account-actions.tsx';
import { composeRoutes } from '#web/pages/compose.tsx';
import { editPostRoutes } from '#web/pages/edit-post.tsx';
import { emojiRoutes } from '#web/pages/emoji.tsx';
import { exploreRoutes } from '#web/pages/explore.tsx';
import { homeRoutes } from '#web/pages/home.tsx';
import { markRoutes } from '#web/pages/marks.tsx';
import { messageRoutes } from '#web/pages/messages.tsx';
import { notificationRoutes } from '#web/pages/notifications.tsx';
import { postActionRoutes } from '#web/pages/post-actions.ts';
import { postListRoutes } from '#web/pages/post-lists.tsx';
import { profileListRoutes } from '#web/pages/profile-lists.tsx';
import { profileRoutes } from '#web/pages/profile.tsx';
import { publicTimelineRoutes } from '#web/pages/public-timelines.tsx';
import { reportRoutes } from '#web/pages/report.tsx';
import { requestRoutes } from '#web/pages/requests.tsx';
import { searchRoutes } from '#web/pages/search.tsx';
import { threadRoutes } from '#web/pages/thread.tsx';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** The pages that people read and write on. */
export const READING_PAGES: readonly ((deps: WebDeps) => Hono<WebEnv>)[] = [
  homeRoutes,
  publicTimelineRoutes,
  exploreRoutes,
  composeRoutes,
  emojiRoutes,
  editPostRoutes,
  postActionRoutes,
  accountActionRoutes,
  reportRoutes,
  notificationRoutes,
  messageRoutes,
  requestRoutes,
  markRoutes,
  searchRoutes,
  threadRoutes,
  postListRoutes,
  profileListRoutes,
  profileRoutes,
];
