import { Hono } from 'hono';
import { failingHosts, type FailingHost } from '#domain/instance/peers.queries.ts';
import { tryHost } from '#domain/instance/try-host.ts';
import { listPeers, type NamePage, type PeerLine } from '#domain/moderation/domains.queries.ts';
import { limits } from '#kernel/limits.ts';
import { ActionForm } from '#web/components/action-form.tsx';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { FilterForm, NamePagination } from '#web/components/admin-parts.tsx';
import { Badge } from '#web/components/badge.tsx';
import { Card } from '#web/components/card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Field } from '#web/components/form.tsx';
import { Table, type Column } from '#web/components/table.tsx';
import { Time } from '#web/components/time.tsx';
import { formatNumber } from '#web/i18n.ts';
import { policyPath, SeverityBadge } from '#web/pages/admin/domain-pages.tsx';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { staffAction } from '#web/pages/admin/staff-action.ts';
import { asStaff, requirePermission } from '#web/staff.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/peers';

/** The servers that are known here, and those that do not answer. */
export function adminPeerRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const guard = requirePermission('peers.view');

  app.get(PAGE, guard, async (c) => {
    const frame = await frameOf(deps, c);
    const text = c.req.query('text')?.trim() ?? '';
    const after = c.req.query('after') ?? null;
    const page = await listPeers(deps.store, { text }, { after, limit: limits.listPage });
    const failing = await failingHosts(deps.store.read, limits.listPage);
    return c.html(<PeersPage frame={frame} page={page} failing={failing} text={text} />);
  });

  app.post(
    `${PAGE}/try`,
    requirePermission('instance.edit'),
    staffAction(deps, PAGE, async ({ c, actorId, entries }) => {
      const host = entries['host'] ?? '';
      await deps.commit(asStaff('instance.edit', tryHost), { actorId, host });
      return { kind: 'success', message: c.get('ctx').t('peers.tried', { host }) };
    }),
  );

  return app;
}

interface PeersPageProps {
  frame: Frame;
  page: NamePage<PeerLine>;
  failing: FailingHost[];
  text: string;
}

function PeersPage({ frame, page, failing, text }: PeersPageProps) {
  const { ctx, groups } = frame;
  const { t } = ctx;
  return (
    <AdminLayout ctx={ctx} groups={groups} title={t('admin.peers')} intro={t('peers.intro')}>
      {failing.length > 0 ? (
        <Card title={t('peers.failing')}>
          <p class="hint">{t('peers.failing-text')}</p>
          <Table caption={t('peers.failing')} columns={failingColumns(frame)} rows={failing} />
        </Card>
      ) : null}
      <Card title={t('peers.known')}>
        <FilterForm ctx={ctx} action={PAGE}>
          <Field
            ctx={ctx}
            name="text"
            type="search"
            label={t('peers.name')}
            value={text}
            optional={false}
            spellcheck={false}
          />
        </FilterForm>
        <Table
          caption={t('peers.known')}
          columns={peerColumns(frame)}
          rows={page.items}
          empty={<EmptyState title={t('peers.none')} text={t('peers.none-text')} />}
        />
        <NamePagination ctx={ctx} nextAfter={page.nextAfter} />
      </Card>
    </AdminLayout>
  );
}

function failingColumns(frame: Frame): Column<FailingHost>[] {
  const { ctx } = frame;
  const { t, locale } = ctx;
  return [
    { label: t('domains.server'), head: true, cell: ({ host }) => host },
    { label: t('peers.since'), cell: ({ failingSince }) => <Time ctx={ctx} at={failingSince} /> },
    {
      label: t('peers.next-try'),
      cell: ({ nextTryAt }) => (nextTryAt <= ctx.now ? t('peers.now') : <Time ctx={ctx} at={nextTryAt} />),
    },
    { label: t('peers.waiting'), numeric: true, cell: ({ deliveries }) => formatNumber(locale, deliveries) },
    { label: t('peers.error'), cell: ({ lastError }) => <span class="admin-error">{lastError ?? '–'}</span> },
    ...(frame.may('instance.edit') ? [tryColumn(frame)] : []),
  ];
}

function tryColumn({ ctx }: Frame): Column<FailingHost> {
  const { t } = ctx;
  return {
    label: t('peers.try'),
    quiet: true,
    cell: ({ host }) => (
      <ActionForm ctx={ctx} action={`${PAGE}/try`} fields={{ host }} returnTo={PAGE}>
        <button class="button" type="submit" aria-label={t('peers.try-host', { host })}>
          {t('peers.try')}
        </button>
      </ActionForm>
    ),
  };
}

function peerColumns({ ctx, may }: Frame): Column<PeerLine>[] {
  const { t, locale } = ctx;
  return [
    {
      label: t('domains.server'),
      head: true,
      cell: ({ host }) => (may('domains.edit') ? <a href={policyPath(host)}>{host}</a> : host),
    },
    {
      label: t('peers.software'),
      cell: ({ software, softwareVersion }) => [software, softwareVersion].filter(Boolean).join(' ') || '–',
    },
    { label: t('admin.accounts'), numeric: true, cell: ({ accounts }) => formatNumber(locale, accounts) },
    { label: t('peers.heard'), cell: ({ lastHeardAt }) => timeOrNever(ctx, lastHeardAt) },
    { label: t('peers.delivered'), cell: ({ lastDeliveredAt }) => timeOrNever(ctx, lastDeliveredAt) },
    {
      label: t('domains.policy'),
      cell: ({ host, severity, policyDomain, failingSince }) => (
        <span class="badges">
          {severity === 'none' ? null : <SeverityBadge ctx={ctx} severity={severity} />}
          {severity === 'none' || policyDomain === null || policyDomain === host ? null : may('domains.edit') ? (
            <a href={policyPath(policyDomain)}>{policyDomain}</a>
          ) : (
            <span>{policyDomain}</span>
          )}
          {failingSince === null ? null : (
            <>
              <Badge ctx={ctx} kind="warning" label={t('peers.does-not-answer')} />
              <Time ctx={ctx} at={failingSince} />
            </>
          )}
          {severity === 'none' && failingSince === null ? t('peers.well') : null}
        </span>
      ),
    },
  ];
}

function timeOrNever(ctx: Frame['ctx'], at: number | null) {
  return at === null ? '–' : <Time ctx={ctx} at={at} />;
}
