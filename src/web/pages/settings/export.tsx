import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import {
  EXPORTED_LISTS,
  exportArchive,
  exportList,
  type ExportedList,
} from '#domain/departures/export-data.queries.ts';
import { notFound } from '#kernel/errors.ts';
import { SettingsLayout } from '#web/components/settings-layout.tsx';
import { requireLogin, sessionOf } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/settings/export';
const LISTS = Object.keys(EXPORTED_LISTS) as ExportedList[];

/** All that is kept about oneself, to take along. */
export function exportRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get(PAGE, requireLogin, (c) => c.html(<ExportPage ctx={c.get('ctx')} />));

  app.get(`${PAGE}/archive.ndjson`, requireLogin, async (c) => {
    const { accountId } = sessionOf(c);
    await deps.rateLimits.take('exportPerAccount', accountId);
    c.header('content-type', 'application/x-ndjson; charset=utf-8');
    c.header('content-disposition', 'attachment; filename="estrade-archive.ndjson"');
    return stream(c, async (out) => {
      for await (const line of exportArchive(deps.store, accountId)) await out.write(line);
    });
  });

  app.get(`${PAGE}/:file{[a-z-]+\\.csv}`, requireLogin, async (c) => {
    const list = LISTS.find((name) => `${name}.csv` === c.req.param('file'));
    if (!list) throw notFound();
    const { accountId } = sessionOf(c);
    await deps.rateLimits.take('exportPerAccount', accountId);
    c.header('content-type', 'text/csv; charset=utf-8');
    c.header('content-disposition', `attachment; filename="${list}.csv"`);
    return stream(c, async (out) => {
      for await (const line of exportList(deps.store, accountId, list, deps.site.handleDomain)) await out.write(line);
    });
  });

  return app;
}

function ExportPage({ ctx }: { ctx: ViewContext }) {
  const { t } = ctx;
  return (
    <SettingsLayout ctx={ctx} title={t('settings.export')} section="export" intro={t('export.intro')}>
      <ul class="download-list">
        <li>
          <a class="button" href={`${PAGE}/archive.ndjson`} download>
            {t('export.archive')}
          </a>
          <p>{t('export.archive-hint')}</p>
        </li>
        {LISTS.map((list) => (
          <li>
            <a class="button" href={`${PAGE}/${list}.csv`} download>
              {t(`export.${list}`)}
            </a>
          </li>
        ))}
      </ul>
    </SettingsLayout>
  );
}
