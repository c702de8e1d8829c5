import { Hono } from 'hono';
import { endOtherSessions, endSession } from '#domain/membership/end-sessions.ts';
import { sessionsOf, type SessionLine } from '#domain/membership/sessions.queries.ts';
import { notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { ActionForm } from '#web/components/action-form.tsx';
import { Badge } from '#web/components/badge.tsx';
import { SettingsLayout } from '#web/components/settings-layout.tsx';
import { Table, type Column } from '#web/components/table.tsx';
import { Time } from '#web/components/time.tsx';
import { setFlash } from '#web/flash.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import { browserOf } from '#web/user-agent.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/settings/sessions';

/** Where a person is logged in, with a way to end it. */
export function sessionsRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get(PAGE, requireLogin, async (c) => {
    const { id, accountId } = sessionOf(c);
    const sessions = await sessionsOf(deps.store.read, accountId, deps.clock.now());
    return c.html(<SessionsPage ctx={c.get('ctx')} sessions={sessions} currentId={id} />);
  });

  app.post(`${PAGE}/others/end`, requireLogin, async (c) => {
    const { id, accountId } = sessionOf(c);
    const count = await deps.commit(endOtherSessions, { accountId, sessionId: id });
    setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('sessions.ended', { count }) });
    return c.redirect(PAGE, 303);
  });

  app.post(`${PAGE}/:id/end`, requireLogin, async (c) => {
    const sessionId = parseId(c.req.param('id'));
    if (sessionId === null) throw notFound();
    await deps.commit(endSession, { accountId: sessionOf(c).accountId, sessionId });
    setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('sessions.ended', { count: 1 }) });
    return c.redirect(PAGE, 303);
  });

  return app;
}

interface SessionsPageProps {
  ctx: ViewContext;
  sessions: SessionLine[];
  currentId: number;
}

function SessionsPage({ ctx, sessions, currentId }: SessionsPageProps) {
  const { t } = ctx;
  const columns: Column<SessionLine>[] = [
    {
      label: t('sessions.browser'),
      head: true,
      cell: (row) => (
        <>
          {browserOf(row.userAgent) ?? t('sessions.unknown-browser')}{' '}
          {row.id === currentId ? <Badge ctx={ctx} label={t('sessions.this')} kind="success" /> : null}
        </>
      ),
    },
    { label: t('sessions.address'), cell: (row) => row.address ?? t('sessions.unknown-address') },
    { label: t('sessions.last-seen'), cell: (row) => <Time ctx={ctx} at={row.lastSeenAt} /> },
    {
      label: t('sessions.end'),
      quiet: true,
      cell: (row) =>
        row.id === currentId ? null : (
          <ActionForm ctx={ctx} action={`${PAGE}/${row.id}/end`} returnTo={PAGE}>
            <button class="button" type="submit">
              {t('sessions.end')}
            </button>
          </ActionForm>
        ),
    },
  ];
  return (
    <SettingsLayout ctx={ctx} title={t('settings.sessions')} section="sessions" intro={t('sessions.intro')}>
      <Table caption={t('settings.sessions')} columns={columns} rows={sessions} />
      {sessions.length > 1 ? (
        <ActionForm ctx={ctx} action={`${PAGE}/others/end`} returnTo={PAGE}>
          <button class="button" type="submit" data-kind="danger">
            {t('sessions.end-others')}
          </button>
        </ActionForm>
      ) : null}
    </SettingsLayout>
  );
}
