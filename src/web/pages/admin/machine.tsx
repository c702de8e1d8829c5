import { deliveryDepth } from '#domain/instance/peers.queries.ts';
import { laneDepths } from '#domain/instance/jobs.queries.ts';
import type { KeptBackup } from '#domain/instance/backup-folder.ts';
import type { StorageUsage } from '#domain/media/media-storage.ts';
import { storedMedia, type StoredMedia } from '#domain/media/storage.queries.ts';
import type { Engine } from '#db/store.ts';
import { VERSION } from '#kernel/version.ts';
import { KeyValueList } from '#web/components/card.tsx';
import { Time } from '#web/components/time.tsx';
import { formatBytes, formatNumber } from '#web/i18n.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps } from '#web/web-deps.ts';

export interface Machine {
  engine: Engine;
  databaseBytes: number;
  media: StoredMedia;
  disk: StorageUsage;
  /** Null where the database is backed up by its own tools. */
  backups: { everyHours: number | null; kept: KeptBackup[] } | null;
  /** Jobs and deliveries together. */
  waiting: number;
}

export async function machineFacts(deps: WebDeps): Promise<Machine> {
  const { store, media, backups } = deps;
  const [lanes, deliveries] = [await laneDepths(store.read), await deliveryDepth(store.read)];
  return {
    engine: store.engine,
    databaseBytes: await store.size(),
    media: await storedMedia(store.read),
    disk: await media.uploads.usage(),
    backups: backups && { everyHours: backups.everyHours, kept: await backups.list() },
    waiting: lanes.reduce((sum, lane) => sum + lane.waiting, deliveries.waiting),
  };
}

/** The machine in a few lines; the pages below tell more. */
export function MachineFacts({ ctx, facts }: { ctx: ViewContext; facts: Machine }) {
  const { t, locale } = ctx;
  const { media, disk, backups } = facts;
  const newest = backups?.kept[0];
  return (
    <KeyValueList
      items={[
        { key: t('admin.version'), value: `Estrade ${VERSION}` },
        { key: t('admin.database'), value: `${ENGINES[facts.engine]}, ${formatBytes(locale, facts.databaseBytes)}` },
        { key: t('admin.media'), value: formatBytes(locale, media.uploads.bytes + media.cache.bytes) },
        {
          key: t('admin.free-space'),
          value: t('admin.free-of', {
            free: formatBytes(locale, disk.freeBytes),
            total: formatBytes(locale, disk.totalBytes),
          }),
        },
        {
          key: t('admin.last-backup'),
          value:
            backups === null ? (
              t('admin.backup-elsewhere')
            ) : newest ? (
              <Time ctx={ctx} at={newest.at} />
            ) : (
              t('admin.backup-none')
            ),
        },
        { key: t('admin.waits-in-queue'), value: formatNumber(locale, facts.waiting) },
      ]}
    />
  );
}

export const ENGINES: Record<Engine, string> = { sqlite: 'SQLite', postgresql: 'PostgreSQL' };
