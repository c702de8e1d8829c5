import { Hono } from 'hono';
import { deadJobs, laneDepths, type DeadJob, type LaneDepth } from '#domain/instance/jobs.queries.ts';
import { deliveryDepth, type DeliveryDepth } from '#domain/instance/peers.queries.ts';
import { forgetJob, retryJob } from '#domain/instance/retry-job.ts';
import { parseId } from '#kernel/ids.ts';
import { notFound } from '#kernel/errors.ts';
import type { Page } from '#kernel/page.ts';
import { ActionForm } from '#web/components/action-form.tsx';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { AdminConfirm } from '#web/components/admin-parts.tsx';
import { Card } from '#web/components/card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { Table, type Column } from '#web/components/table.tsx';
import { Time } from '#web/components/time.tsx';
import { formatNumber } from '#web/i18n.ts';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { staffAction } from '#web/pages/admin/staff-action.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { asStaff, requirePermission } from '#web/staff.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/queue';

/** The work that waits, and what was given up. */
export function adminQueueRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const guard = requirePermission('peers.view');
  const editGuard = requirePermission('instance.edit');
  const { read } = deps.store;

  app.get(PAGE, guard, async (c) => {
    const frame = await frameOf(deps, c);
    const lanes = await laneDepths(read);
    const deliveries = await deliveryDepth(read);
    const dead = await deadJobs(read, pageRequestOf(c));
    return c.html(<QueuePage frame={frame} lanes={lanes} deliveries={deliveries} dead={dead} />);
  });

  app.post(
    `${PAGE}/:id{[0-9]+}/retry`,
    editGuard,
    staffAction(deps, PAGE, async ({ c, actorId, id }) => {
      await deps.commit(asStaff('instance.edit', retryJob), { actorId, jobId: id });
      return { kind: 'success', message: c.get('ctx').t('queue.retried') };
    }),
  );

  app.get(`${PAGE}/:id{[0-9]+}/forget`, editGuard, async (c) => {
    const id = parseId(c.req.param('id'));
    if (id === null) throw notFound();
    const { ctx, groups } = await frameOf(deps, c);
    return c.html(
      <AdminConfirm
        ctx={ctx}
        groups={groups}
        title={ctx.t('queue.forget-title')}
        effects={[ctx.t('admin-effect.job-undone')]}
        undo={ctx.t('admin-effect.job-undo')}
        action={`${PAGE}/${id}/forget`}
        label={ctx.t('queue.forget')}
        danger
        cancel={PAGE}
      />,
    );
  });

  app.post(
    `${PAGE}/:id{[0-9]+}/forget`,
    editGuard,
    staffAction(deps, PAGE, async ({ c, actorId, id }) => {
      await deps.commit(asStaff('instance.edit', forgetJob), { actorId, jobId: id });
      return { kind: 'success', message: c.get('ctx').t('queue.forgotten') };
    }),
  );

  return app;
}

interface QueuePageProps {
  frame: Frame;
  lanes: LaneDepth[];
  deliveries: DeliveryDepth;
  dead: Page<DeadJob>;
}

function QueuePage({ frame, lanes, deliveries, dead }: QueuePageProps) {
  const { ctx, groups } = frame;
  const { t } = ctx;
  return (
    <AdminLayout ctx={ctx} groups={groups} title={t('admin.queue')} intro={t('queue.intro')}>
      <Table caption={t('queue.lanes')} columns={laneColumns(ctx)} rows={[...lanes, deliveryLane(deliveries)]} />
      <p class="hint">
        {t('queue.deliveries-text', { count: deliveries.hosts })}{' '}
        {deliveries.failingHosts > 0 ? (
          <a href="/admin/peers">{t('queue.failing', { count: deliveries.failingHosts })}</a>
        ) : null}
      </p>
      <Card title={t('queue.dead')}>
        <Table
          caption={t('queue.dead')}
          columns={deadColumns(frame)}
          rows={dead.items}
          empty={<EmptyState title={t('queue.none-dead')} text={t('queue.none-dead-text')} />}
        />
        <Pagination ctx={ctx} nextBefore={dead.nextBefore} />
      </Card>
    </AdminLayout>
  );
}

/** Deliveries are rows of their own, but for whoever looks here they are a lane like others. */
function deliveryLane({ waiting, oldestAt }: DeliveryDepth): LaneDepth {
  return { lane: 'deliveries', waiting, retrying: 0, dead: 0, oldestDueAt: oldestAt };
}

function laneName({ t }: ViewContext, lane: string): string {
  const key = `lane.${lane.replaceAll(':', '-')}`;
  return t.has(key) ? t(key) : lane;
}

function laneColumns(ctx: ViewContext): Column<LaneDepth>[] {
  const { t, locale } = ctx;
  return [
    { label: t('queue.lane'), head: true, cell: ({ lane }) => laneName(ctx, lane) },
    { label: t('queue.waiting'), numeric: true, cell: ({ waiting }) => formatNumber(locale, waiting) },
    { label: t('queue.retrying'), numeric: true, cell: ({ retrying }) => formatNumber(locale, retrying) },
    { label: t('queue.given-up'), numeric: true, cell: (lane) => formatNumber(locale, lane.dead) },
    {
      label: t('queue.oldest'),
      cell: ({ oldestDueAt }) =>
        oldestDueAt === null || oldestDueAt > ctx.now ? '–' : <Time ctx={ctx} at={oldestDueAt} />,
    },
  ];
}

function deadColumns({ ctx, may }: Frame): Column<DeadJob>[] {
  const { t, locale } = ctx;
  return [
    { label: t('queue.lane'), head: true, cell: ({ lane }) => laneName(ctx, lane) },
    { label: t('queue.tries'), numeric: true, cell: ({ tries }) => formatNumber(locale, tries) },
    { label: t('queue.at'), cell: ({ deadAt }) => <Time ctx={ctx} at={deadAt} /> },
    { label: t('peers.error'), cell: ({ lastError }) => <span class="admin-error">{lastError ?? '–'}</span> },
    ...(may('instance.edit') ? [jobColumn(ctx)] : []),
  ];
}

function jobColumn(ctx: ViewContext): Column<DeadJob> {
  const { t } = ctx;
  return {
    label: t('queue.decide'),
    quiet: true,
    cell: ({ id }) => (
      <div class="admin-buttons">
        <ActionForm ctx={ctx} action={`${PAGE}/${id}/retry`} returnTo={PAGE}>
          <button class="button" type="submit">
            {t('queue.retry')}
          </button>
        </ActionForm>
        <a class="button" href={`${PAGE}/${id}/forget`}>
          {t('queue.forget')}
        </a>
      </div>
    ),
  };
}
