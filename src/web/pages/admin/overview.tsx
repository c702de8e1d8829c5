import { Hono } from 'hono';
import { instanceNumbers } from '#domain/instance/node-info.queries.ts';
import { memberCounts } from '#domain/membership/membership.queries.ts';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { Card, Stat, StatRow } from '#web/components/card.tsx';
import { Notice } from '#web/components/flash.tsx';
import { formatNumber } from '#web/i18n.ts';
import { findConcerns, type Concern } from '#web/pages/admin/concerns.ts';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { machineFacts, MachineFacts } from '#web/pages/admin/machine.tsx';
import { requirePermission } from '#web/staff.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** The first page of the administration: what needs somebody, how many people there are, how the machine does. */
export function adminOverviewRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/admin', requirePermission('admin.view'), async (c) => {
    const frame = await frameOf(deps, c);
    const { ctx, groups } = frame;
    const concerns = frame.may('instance.edit') ? await findConcerns(deps, ctx) : [];
    const machine = frame.may('storage.view') ? await machineFacts(deps) : null;
    return c.html(
      <AdminLayout ctx={ctx} groups={groups} title={ctx.t('admin.overview')}>
        <Waiting frame={frame} />
        <Concerns frame={frame} concerns={concerns} />
        <People frame={frame} numbers={await peopleNumbers(deps)} />
        {machine ? (
          <Card title={ctx.t('admin.machine')}>
            <MachineFacts ctx={ctx} facts={machine} />
          </Card>
        ) : null}
      </AdminLayout>,
    );
  });

  return app;
}

/** What waits for a decision: the reason to come here. */
function Waiting({ frame: { ctx, waiting } }: { frame: Frame }) {
  const { t, locale } = ctx;
  return (
    <StatRow>
      <Stat
        label={t('admin.open-reports')}
        value={formatNumber(locale, waiting.reports)}
        href="/admin/reports"
        hint={waiting.reports === 0 ? t('admin.nothing-waits') : undefined}
      />
      <Stat
        label={t('admin.waiting-sign-ups')}
        value={formatNumber(locale, waiting.signUps)}
        href="/admin/sign-ups"
        hint={waiting.signUps === 0 ? t('admin.nothing-waits') : undefined}
      />
    </StatRow>
  );
}

function Concerns({ frame, concerns }: { frame: Frame; concerns: readonly Concern[] }) {
  const { ctx } = frame;
  if (!frame.may('instance.edit')) return null;
  return (
    <Card title={ctx.t('admin.concerns')}>
      {concerns.length === 0 ? (
        <Notice ctx={ctx} kind="success">
          <p>{ctx.t('admin.no-concerns')}</p>
        </Notice>
      ) : null}
      {concerns.map(({ kind, title, text, link }) => (
        <Notice ctx={ctx} kind={kind} title={title}>
          <p>{text}</p>
          {link ? (
            <p>
              <a href={link.href}>{link.label}</a>
            </p>
          ) : null}
        </Notice>
      ))}
    </Card>
  );
}

interface PeopleNumbers {
  members: number;
  activeMonth: number;
  activeHalfYear: number;
  posts: number;
  servers: number;
}

async function peopleNumbers({ store, clock }: WebDeps): Promise<PeopleNumbers> {
  const now = clock.now();
  const [counts, numbers] = await Promise.all([memberCounts(store.read, now), instanceNumbers(store.read, now)]);
  return {
    members: Number(counts.total),
    activeMonth: Number(counts.activeMonth),
    activeHalfYear: Number(counts.activeHalfYear),
    posts: numbers.posts,
    servers: numbers.peers,
  };
}

function People({ frame: { ctx }, numbers }: { frame: Frame; numbers: PeopleNumbers }) {
  const { t, locale } = ctx;
  return (
    <Card title={t('admin.people')}>
      <StatRow>
        <Stat label={t('admin.members')} value={formatNumber(locale, numbers.members)} href="/admin/accounts" />
        <Stat
          label={t('admin.active-month')}
          value={formatNumber(locale, numbers.activeMonth)}
          hint={t('admin.active-half-year', { count: numbers.activeHalfYear })}
        />
        <Stat label={t('admin.posts')} value={formatNumber(locale, numbers.posts)} />
        <Stat label={t('admin.known-servers')} value={formatNumber(locale, numbers.servers)} />
      </StatRow>
    </Card>
  );
}
