import { Hono } from 'hono';
import type { Child } from '#web/jsx/html.ts';
import { acceptFollow } from '#domain/relationships/accept-follow.ts';
import {
  listFollowRequests,
  listSentRequests,
  type ListedAccount,
} from '#domain/relationships/listed-accounts.queries.ts';
import { rejectFollow } from '#domain/relationships/reject-follow.ts';
import { relationViews } from '#domain/relationships/relationships.queries.ts';
import { limits } from '#kernel/limits.ts';
import type { Page } from '#kernel/page.ts';
import { act } from '#web/act.ts';
import { AccountCard } from '#web/components/account-card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Layout } from '#web/components/layout.tsx';
import { FollowRequestButtons } from '#web/components/notification-item.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { Tabs } from '#web/components/tabs.tsx';
import { Time } from '#web/components/time.tsx';
import { pageRequestOf } from '#web/page-request.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** Who would like to follow, and whom one has asked. */
export function requestRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/requests', requireLogin, async (c) => {
    const ctx = c.get('ctx');
    const page = await listFollowRequests(deps.store, sessionOf(c).accountId, pageRequestOf(c, limits.listPage));
    return c.html(
      <RequestsPage ctx={ctx} tab="received" page={page}>
        {page.items.map(({ account, at }) => (
          <AccountCard
            ctx={ctx}
            account={account}
            actions={<FollowRequestButtons ctx={ctx} accountId={account.id} />}
            note={<Time ctx={ctx} at={at} />}
          />
        ))}
      </RequestsPage>,
    );
  });

  app.get('/requests/sent', requireLogin, async (c) => {
    const ctx = c.get('ctx');
    const { accountId } = sessionOf(c);
    const page = await listSentRequests(deps.store, accountId, pageRequestOf(c, limits.listPage));
    const ids = page.items.map(({ account }) => account.id);
    const relations = await relationViews(deps.store, accountId, ids, deps.clock.now());
    return c.html(
      <RequestsPage ctx={ctx} tab="sent" page={page}>
        {page.items.map(({ account, at }) => (
          <AccountCard
            ctx={ctx}
            account={account}
            relation={relations.get(account.id)}
            note={<Time ctx={ctx} at={at} />}
          />
        ))}
      </RequestsPage>,
    );
  });

  app.post(
    '/requests/:id{[0-9]+}/accept',
    requireLogin,
    act(deps, 'actPerAccount', async ({ c, accountId, id }) => {
      await deps.commit(acceptFollow, { followeeId: accountId, followerId: id });
      return { kind: 'success', message: c.get('ctx').t('request.accepted') };
    }),
  );

  app.post(
    '/requests/:id{[0-9]+}/decline',
    requireLogin,
    act(deps, 'actPerAccount', async ({ c, accountId, id }) => {
      await deps.commit(rejectFollow, { followeeId: accountId, followerId: id });
      return { kind: 'success', message: c.get('ctx').t('request.declined') };
    }),
  );

  return app;
}

interface RequestsPageProps {
  ctx: ViewContext;
  tab: 'received' | 'sent';
  page: Page<ListedAccount>;
  children?: Child;
}

function RequestsPage({ ctx, tab, page, children }: RequestsPageProps) {
  const { t } = ctx;
  const tabs = [
    { href: '/requests', label: t('request.received'), current: tab === 'received' },
    { href: '/requests/sent', label: t('request.sent'), current: tab === 'sent' },
  ];
  return (
    <Layout ctx={ctx} title={t('nav.requests')} tabs={<Tabs ctx={ctx} label={t('nav.requests')} tabs={tabs} />}>
      {children}
      {page.items.length === 0 ? (
        <EmptyState title={t(`request.empty-${tab}`)} text={t(`request.empty-${tab}-text`)} />
      ) : null}
      <Pagination ctx={ctx} nextBefore={page.nextBefore} />
    </Layout>
  );
}
