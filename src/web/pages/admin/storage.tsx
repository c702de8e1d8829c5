import { Hono } from 'hono';
import type { KeptBackup } from '#domain/instance/backup-folder.ts';
import { removeFiles } from '#domain/media/media-storage.ts';
import { emptyMediaCache } from '#domain/moderation/empty-media-cache.ts';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { AdminConfirm } from '#web/components/admin-parts.tsx';
import { Card, KeyValueList, Stat, StatRow } from '#web/components/card.tsx';
import { Notice } from '#web/components/flash.tsx';
import { Table } from '#web/components/table.tsx';
import { Time } from '#web/components/time.tsx';
import { formatBytes, formatPercent } from '#web/i18n.ts';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { ENGINES, machineFacts, type Machine } from '#web/pages/admin/machine.tsx';
import { staffAction } from '#web/pages/admin/staff-action.ts';
import { requirePermission } from '#web/staff.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/storage';

/** What takes room on the machine, and what can be given up. */
export function adminStorageRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const editGuard = requirePermission('instance.edit');

  app.get(PAGE, requirePermission('storage.view'), async (c) => {
    const frame = await frameOf(deps, c);
    const facts = await machineFacts(deps);
    return c.html(<StoragePage frame={frame} facts={facts} cacheBytesMax={deps.mediaCache.bytesMax} />);
  });

  app.get(`${PAGE}/evict`, editGuard, async (c) => {
    const { ctx, groups } = await frameOf(deps, c);
    return c.html(
      <AdminConfirm
        ctx={ctx}
        groups={groups}
        title={ctx.t('storage.evict-title')}
        effects={[ctx.t('admin-effect.purge-copies'), ctx.t('admin-effect.evict-again')]}
        undo={ctx.t('admin-effect.evict-undo')}
        action={`${PAGE}/evict`}
        label={ctx.t('storage.evict')}
        cancel={PAGE}
      />,
    );
  });

  app.post(
    `${PAGE}/evict`,
    editGuard,
    staffAction(deps, PAGE, async ({ c, actorId }) => {
      const stores = { uploads: deps.media.uploads, cache: deps.mediaCache.storage };
      let count = 0;
      for (let more = true; more;) {
        const gone = await deps.commit(emptyMediaCache, { actorId, bytesMax: 0 });
        await removeFiles(stores, gone);
        count += gone.cache.length;
        more = gone.more;
      }
      return { kind: 'success', message: c.get('ctx').t('storage.evicted', { count }) };
    }),
  );

  return app;
}

interface StoragePageProps {
  frame: Frame;
  facts: Machine;
  cacheBytesMax: number;
}

function StoragePage({ frame, facts, cacheBytesMax }: StoragePageProps) {
  const { ctx, groups } = frame;
  const { t, locale } = ctx;
  const { media, disk } = facts;
  const used = disk.totalBytes === 0 ? 0 : 1 - disk.freeBytes / disk.totalBytes;
  return (
    <AdminLayout ctx={ctx} groups={groups} title={t('admin.storage')}>
      {disk.full ? (
        <Notice ctx={ctx} kind="error" title={t('concern.disk')}>
          <p>{t('concern.disk-text')}</p>
        </Notice>
      ) : null}
      <StatRow>
        <Stat
          label={t('admin.free-space')}
          value={formatBytes(locale, disk.freeBytes)}
          hint={t('storage.disk-used', { share: formatPercent(locale, used) })}
        />
        <Stat
          label={t('admin.database')}
          value={formatBytes(locale, facts.databaseBytes)}
          hint={ENGINES[facts.engine]}
        />
        <Stat
          label={t('storage.uploads')}
          value={formatBytes(locale, media.uploads.bytes)}
          hint={t('storage.files', { count: media.uploads.files })}
        />
        <Stat
          label={t('storage.cache')}
          value={formatBytes(locale, media.cache.bytes)}
          hint={t('storage.cache-of', { max: formatBytes(locale, cacheBytesMax) })}
        />
      </StatRow>
      <Card title={t('storage.cache')}>
        <p class="hint">{t('storage.cache-text', { max: formatBytes(locale, cacheBytesMax) })}</p>
        {frame.may('instance.edit') ? (
          <p>
            <a class="button" href={`${PAGE}/evict`}>
              {t('storage.evict')}
            </a>
          </p>
        ) : null}
      </Card>
      <Backups ctx={ctx} backups={facts.backups} />
    </AdminLayout>
  );
}

function Backups({ ctx, backups }: { ctx: ViewContext; backups: Machine['backups'] }) {
  const { t, locale } = ctx;
  if (backups === null) {
    return (
      <Card title={t('storage.backups')}>
        <p class="hint">{t('storage.backups-elsewhere')}</p>
      </Card>
    );
  }
  const { everyHours, kept } = backups;
  return (
    <Card title={t('storage.backups')}>
      <KeyValueList
        items={[
          {
            key: t('storage.backup-every'),
            value: everyHours === null ? t('storage.backup-never') : t('storage.hours', { count: everyHours }),
          },
        ]}
      />
      <Table
        caption={t('storage.backups')}
        columns={[
          { label: t('storage.file'), head: true, cell: ({ name }: KeptBackup) => name },
          { label: t('storage.made'), cell: ({ at }) => <Time ctx={ctx} at={at} show="moment" /> },
          { label: t('storage.size'), numeric: true, cell: ({ bytes }) => formatBytes(locale, bytes) },
        ]}
        rows={kept}
        empty={<p class="hint">{t('admin.backup-none')}</p>}
      />
      <p class="hint">{t('storage.backups-text')}</p>
    </Card>
  );
}
