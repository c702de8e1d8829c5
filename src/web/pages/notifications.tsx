import { Hono } from 'hono';
import { clearNotifications } from '#domain/notifications/clear-notifications.ts';
import { markNotificationsRead } from '#domain/notifications/mark-notifications-read.ts';
import {
  NOTIFICATION_KINDS,
  type NotificationKind,
  type NotificationView,
} from '#domain/notifications/notification-view.ts';
import { listNotifications } from '#domain/notifications/notifications.queries.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import type { Page } from '#kernel/page.ts';
import { ConfirmPage } from '#web/components/confirm-page.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Icon } from '#web/components/icon.tsx';
import { Layout } from '#web/components/layout.tsx';
import { NotificationItem } from '#web/components/notification-item.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { Tabs } from '#web/components/tabs.tsx';
import { setFlash } from '#web/flash.ts';
import { formEntries } from '#web/forms.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import { isStaff, type ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const FILTERS = {
  all: NOTIFICATION_KINDS,
  mentions: ['mention'],
  follows: ['follow', 'follow-request', 'follow-accepted', 'moved'],
  marks: ['boost', 'favourite'],
  posts: ['post', 'edit', 'poll-ended'],
  staff: ['report', 'sign-up'],
} as const satisfies Record<string, readonly NotificationKind[]>;

type Filter = keyof typeof FILTERS;

/** What concerns a person: who named, followed, boosted and favourited them. */
export function notificationRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/notifications', requireLogin, async (c) => {
    const ctx = c.get('ctx');
    const asked = c.req.query('only') ?? 'all';
    const filter = Object.hasOwn(FILTERS, asked) ? (asked as Filter) : 'all';
    const request = pageRequestOf(c, limits.timelinePage);
    const page = await listNotifications(
      deps.store,
      sessionOf(c).accountId,
      request,
      deps.clock.now(),
      FILTERS[filter],
    );
    return c.html(<NotificationsPage ctx={ctx} filter={filter} page={page} />);
  });

  app.post('/notifications/read', requireLogin, async (c) => {
    const upToId = parseId((await formEntries(c))['up_to']);
    await deps.commit(markNotificationsRead, { accountId: sessionOf(c).accountId, upToId });
    if (c.req.header('x-estrade-island')) return c.body(null, 204);
    return c.redirect('/notifications', 303);
  });

  app.get('/notifications/clear', requireLogin, (c) => {
    const ctx = c.get('ctx');
    const { t } = ctx;
    return c.html(
      <ConfirmPage
        ctx={ctx}
        title={t('notifications.clear-title')}
        text={t('notifications.clear-text')}
        action="/notifications/clear"
        label={t('notifications.clear-confirm')}
        danger
        cancel="/notifications"
      />,
    );
  });

  app.post('/notifications/clear', requireLogin, async (c) => {
    await deps.commit(clearNotifications, { accountId: sessionOf(c).accountId });
    setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('notifications.cleared') });
    return c.redirect('/notifications', 303);
  });

  return app;
}

interface PageProps {
  ctx: ViewContext;
  filter: Filter;
  page: Page<NotificationView>;
}

function NotificationsPage({ ctx, filter, page }: PageProps) {
  const { t } = ctx;
  return (
    <Layout
      ctx={ctx}
      title={t('nav.notifications')}
      tabs={<FilterTabs ctx={ctx} filter={filter} />}
      actions={page.items.length > 0 ? <ListActions ctx={ctx} page={page} /> : null}
    >
      {page.items.map((notification) => (
        <NotificationItem ctx={ctx} notification={notification} />
      ))}
      {page.items.length === 0 && page.nextBefore === null ? (
        <EmptyState
          title={t(filter === 'all' ? 'notifications.empty' : 'notifications.empty-filter')}
          text={t('notifications.empty-text')}
        />
      ) : null}
      <Pagination ctx={ctx} nextBefore={page.nextBefore} />
    </Layout>
  );
}

/** The first form is sent by the `read` island once its page has been seen, so that looking is enough. */
function ListActions({ ctx, page }: Omit<PageProps, 'filter'>) {
  const { t } = ctx;
  const newest = page.items[0]?.id;
  const unread = page.items.some(({ read }) => !read);
  return (
    <>
      {unread ? (
        <form method="post" action="/notifications/read" data-read>
          <input type="hidden" name="_csrf" value={ctx.csrfToken} />
          <input type="hidden" name="up_to" value={newest} />
          <button class="icon-button" type="submit" title={t('notifications.read')}>
            <Icon ctx={ctx} name="check" label={t('notifications.read')} />
          </button>
        </form>
      ) : null}
      <a class="icon-button" href="/notifications/clear" title={t('notifications.clear')} data-dialog>
        <Icon ctx={ctx} name="trash-2" label={t('notifications.clear')} />
      </a>
    </>
  );
}

function FilterTabs({ ctx, filter }: Omit<PageProps, 'page'>) {
  const shown = (Object.keys(FILTERS) as Filter[]).filter((one) => one !== 'staff' || isStaff(ctx));
  return (
    <Tabs
      ctx={ctx}
      label={ctx.t('notifications.filter')}
      tabs={shown.map((one) => ({
        href: one === 'all' ? '/notifications' : `/notifications?only=${one}`,
        label: ctx.t(`notifications.only-${one}`),
        current: one === filter,
      }))}
    />
  );
}
