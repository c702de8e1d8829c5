import type { Hono } from 'hono';
import { adminAccountActionRoutes } from '#web/pages/admin/account-actions.tsx';
import { adminBatchRoutes } from '#web/pages/admin/account-batch.tsx';
import { adminAccountRoutes } from '#web/pages/admin/account.tsx';
import { adminAccountsRoutes } from '#web/pages/admin/accounts.tsx';
import { adminBlockRoutes } from '#web/pages/admin/blocks.tsx';
import { adminDomainRoutes } from '#web/pages/admin/domains.tsx';
import { adminEmojiRoutes } from '#web/pages/admin/emoji.tsx';
import { adminInstanceRoutes } from '#web/pages/admin/instance.tsx';
import { adminInviteRoutes } from '#web/pages/admin/invites.tsx';
import { adminLogRoutes } from '#web/pages/admin/log.tsx';
import { adminOverviewRoutes } from '#web/pages/admin/overview.tsx';
import { adminPeerRoutes } from '#web/pages/admin/peers.tsx';
import { adminQueueRoutes } from '#web/pages/admin/queue.tsx';
import { adminReportRoutes } from '#web/pages/admin/reports.tsx';
import { adminRuleRoutes } from '#web/pages/admin/rules.tsx';
import { adminSeenEmojiRoutes } from '#web/pages/admin/seen-emoji.tsx';
import { adminSignUpRoutes } from '#web/pages/admin/sign-ups.tsx';
import { adminStorageRoutes } from '#web/pages/admin/storage.tsx';
import { adminTextRoutes } from '#web/pages/admin/texts.tsx';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** The pages of those who run the instance. */
export const ADMIN_PAGES: readonly ((deps: WebDeps) => Hono<WebEnv>)[] = [
  adminOverviewRoutes,
  adminReportRoutes,
  adminAccountsRoutes,
  adminBatchRoutes,
  adminAccountActionRoutes,
  adminAccountRoutes,
  adminSignUpRoutes,
  adminInviteRoutes,
  adminInstanceRoutes,
  adminRuleRoutes,
  adminEmojiRoutes,
  adminSeenEmojiRoutes,
  adminTextRoutes,
  adminDomainRoutes,
  adminBlockRoutes,
  adminPeerRoutes,
  adminQueueRoutes,
  adminStorageRoutes,
  adminLogRoutes,
];
