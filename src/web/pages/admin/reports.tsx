import { Hono } from 'hono';
import { findReport, listReports, type ReportLine, type ReportView } from '#domain/moderation/reports.queries.ts';
import { reopenReport, resolveReport } from '#domain/moderation/resolve-report.ts';
import { findStaffAccount, type StaffAccount } from '#domain/moderation/staff-accounts.queries.ts';
import { notAllowed, notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import { AccountLine } from '#web/components/account-name.tsx';
import { ActionForm } from '#web/components/action-form.tsx';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { Badge } from '#web/components/badge.tsx';
import { Card } from '#web/components/card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Notice } from '#web/components/flash.tsx';
import { Icon } from '#web/components/icon.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { Post } from '#web/components/post.tsx';
import { Tabs } from '#web/components/tabs.tsx';
import { Time } from '#web/components/time.tsx';
import { AccountButtons, StateBadges } from '#web/pages/admin/account-parts.tsx';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { staffAction } from '#web/pages/admin/staff-action.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { requirePermission } from '#web/staff.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/reports';

/** Reports of people here and of other servers. A report on oneself is somebody else's. */
export function adminReportRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const { store, commit } = deps;
  const guard = requirePermission('reports.handle');

  app.get(PAGE, guard, async (c) => {
    const frame = await frameOf(deps, c);
    const resolved = c.req.query('state') === 'resolved';
    const page = await listReports(store, { resolved }, pageRequestOf(c));
    // Who reported the reader is none of the reader's business.
    const items = page.items.filter(({ target }) => target.id !== frame.actorId);
    return c.html(<ReportsPage frame={frame} resolved={resolved} items={items} nextBefore={page.nextBefore} />);
  });

  app.get(`${PAGE}/:id`, guard, async (c) => {
    const report = await findReport(store, parseId(c.req.param('id')) ?? 0);
    if (!report) throw notFound();
    const frame = await frameOf(deps, c);
    if (report.target.id === frame.actorId) throw notAllowed('report-on-oneself');
    const target = await findStaffAccount(store, report.target.id);
    const others = await listReports(store, { targetId: report.target.id }, { ...pageRequestOf(c), before: null });
    return c.html(
      <ReportPage
        frame={frame}
        report={report}
        target={target}
        others={others.items.filter(({ id }) => id !== report.id)}
      />,
    );
  });

  app.post(
    `${PAGE}/:id/resolve`,
    guard,
    staffAction(deps, PAGE, async ({ c, actorId, id }) => {
      await commit(resolveReport, { actorId, reportId: id });
      const { t } = c.get('ctx');
      const undo = { action: `${PAGE}/${id}/reopen`, label: t('admin-reports.reopen'), fields: {} };
      return { kind: 'success', message: t('admin-reports.resolved-done'), undo };
    }),
  );

  app.post(
    `${PAGE}/:id/reopen`,
    guard,
    staffAction(deps, PAGE, async ({ c, actorId, id }) => {
      await commit(reopenReport, { actorId, reportId: id });
      return { kind: 'success', message: c.get('ctx').t('admin-reports.reopened-done') };
    }),
  );

  return app;
}

interface ReportsPageProps {
  frame: Frame;
  resolved: boolean;
  items: ReportLine[];
  nextBefore: number | null;
}

function ReportsPage({ frame: { ctx, groups, waiting }, resolved, items, nextBefore }: ReportsPageProps) {
  const { t } = ctx;
  const tabs = [
    { href: PAGE, label: t('admin-reports.open'), current: !resolved, count: waiting.reports },
    { href: `${PAGE}?state=resolved`, label: t('admin-reports.resolved'), current: resolved },
  ];
  return (
    <AdminLayout ctx={ctx} groups={groups} title={t('admin.reports')}>
      <Tabs ctx={ctx} label={t('admin.reports')} tabs={tabs} />
      {items.length === 0 && nextBefore === null ? (
        <EmptyState
          title={t(resolved ? 'admin-reports.none-resolved' : 'admin-reports.none-open')}
          text={t(resolved ? 'admin-reports.none-resolved-text' : 'admin-reports.none-open-text')}
        />
      ) : null}
      {items.map((report) => (
        <ReportEntry ctx={ctx} report={report} />
      ))}
      <Pagination ctx={ctx} nextBefore={nextBefore} />
    </AdminLayout>
  );
}

/** One report in a list: whom it is about, what was said, and by whom. */
export function ReportEntry({ ctx, report }: { ctx: ViewContext; report: ReportLine }) {
  const { t } = ctx;
  return (
    <article class="admin-entry">
      <div class="admin-entry-head">
        <AccountLine ctx={ctx} account={report.target} link={false} />
        <span class="admin-entry-time">
          <Time ctx={ctx} at={report.createdAt} />
        </span>
      </div>
      <p class="admin-entry-text" dir="auto">
        {report.comment || t('admin-reports.no-comment')}
      </p>
      <p class="admin-entry-foot">
        {t('admin-reports.by', { name: report.reporter.acct })}
        {report.postIds.length > 0 ? ` · ${t('admin-reports.posts', { count: report.postIds.length })}` : null}
      </p>
      <a
        class="button"
        href={`${PAGE}/${report.id}`}
        aria-label={t('admin-reports.look-at', { name: report.target.acct })}
      >
        {t('admin-reports.look')}
      </a>
    </article>
  );
}

interface ReportPageProps {
  frame: Frame;
  report: ReportView;
  target: StaffAccount | null;
  others: ReportLine[];
}

function ReportPage({ frame, report, target, others }: ReportPageProps) {
  const { ctx, groups } = frame;
  const { t } = ctx;
  return (
    <AdminLayout
      ctx={ctx}
      groups={groups}
      title={t('admin-reports.title', { name: report.target.acct })}
      back={{ href: PAGE, label: t('admin.reports') }}
    >
      <ReportState ctx={ctx} report={report} />
      <Card title={t('admin-reports.said')}>
        <p class="admin-quote" dir="auto">
          {report.comment || t('admin-reports.no-comment')}
        </p>
        <p class="hint">
          {t.rich('admin-reports.from', {
            name: <a href={`/admin/accounts/${report.reporter.id}`}>{report.reporter.acct}</a>,
            time: <Time ctx={ctx} at={report.createdAt} show="moment" />,
          })}
        </p>
        {report.forwardedAt === null ? null : (
          <p class="hint">{t('admin-reports.forwarded', { host: report.target.domain ?? '' })}</p>
        )}
      </Card>
      <ReportedPosts ctx={ctx} report={report} />
      <Card title={t('admin-reports.account')}>
        <AccountLine ctx={ctx} account={report.target} />
        {target ? (
          <>
            <StateBadges ctx={ctx} account={target} />
            <AccountButtons frame={frame} account={target} returnTo={`${PAGE}/${report.id}`} />
          </>
        ) : null}
      </Card>
      <Card title={t('admin-reports.decide')}>
        <DecideForm ctx={ctx} report={report} />
      </Card>
      {others.length > 0 ? (
        <Card title={t('admin-reports.others')}>
          {others.slice(0, limits.timelinePage).map((other) => (
            <ReportEntry ctx={ctx} report={other} />
          ))}
        </Card>
      ) : null}
    </AdminLayout>
  );
}

function ReportState({ ctx, report }: { ctx: ViewContext; report: ReportLine }) {
  const { t } = ctx;
  if (report.resolvedAt === null) {
    return (
      <p>
        <Badge ctx={ctx} kind="warning" label={t('admin-reports.is-open')} />
      </p>
    );
  }
  return (
    <Notice ctx={ctx} kind="success">
      <p>
        {t.rich('admin-reports.is-resolved', {
          name: report.resolvedBy?.acct ?? t('audit.command-line'),
          time: <Time ctx={ctx} at={report.resolvedAt} show="moment" />,
        })}
      </p>
    </Notice>
  );
}

function ReportedPosts({ ctx, report }: { ctx: ViewContext; report: ReportView }) {
  const { t } = ctx;
  if (report.postIds.length === 0) return null;
  const gone = report.postIds.length - report.posts.length;
  return (
    <Card title={t('admin-reports.posts', { count: report.postIds.length })}>
      {report.posts.map((post) => (
        <div class="admin-post">
          <Post ctx={ctx} post={post} variant="inset" />
        </div>
      ))}
      {gone > 0 ? <p class="hint">{t('admin-reports.posts-gone', { count: gone })}</p> : null}
    </Card>
  );
}

function DecideForm({ ctx, report }: { ctx: ViewContext; report: ReportLine }) {
  const { t } = ctx;
  const isOpen = report.resolvedAt === null;
  return (
    <>
      <p class="hint">{t(isOpen ? 'admin-reports.resolve-text' : 'admin-reports.reopen-text')}</p>
      <ActionForm ctx={ctx} action={`${PAGE}/${report.id}/${isOpen ? 'resolve' : 'reopen'}`}>
        <button class="button" type="submit" data-kind={isOpen ? 'primary' : undefined}>
          <Icon ctx={ctx} name={isOpen ? 'check' : 'flag'} />
          {t(isOpen ? 'admin-reports.resolve' : 'admin-reports.reopen')}
        </button>
      </ActionForm>
    </>
  );
}
