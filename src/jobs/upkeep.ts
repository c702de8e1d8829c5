import { join } from 'node:path';
import type { Config } from '#config/config.ts';
import type { Store } from '#db/store.ts';
import type { Commit } from '#db/unit.ts';
import type { Ballast } from '#domain/media/media-storage.ts';
import { sweepMembership } from '#domain/membership/sweep-membership.ts';
import { forgetActivities } from '#jobs/forget-activities.ts';
import { forgetDeadJobs } from '#jobs/forget-dead-jobs.ts';
import { forgetPeers } from '#jobs/forget-peers.ts';
import { forgetPublishKeys } from '#jobs/forget-publish-keys.ts';
import { forgetRemotePosts } from '#jobs/forget-remote-posts.ts';
import { forgetTombstones } from '#jobs/forget-tombstones.ts';
import type { Recurring } from '#jobs/schedule.ts';
import { scheduledBackup } from '#jobs/scheduled-backup.ts';
import { createTendDisk } from '#jobs/tend-disk.ts';
import { HOUR_MS, MINUTE_MS, type Clock } from '#kernel/clock.ts';

export interface UpkeepParts {
  config: Pick<Config, 'dataDir' | 'database' | 'retention' | 'backup'>;
  store: Store;
  commit: Commit;
  clock: Clock;
  ballast: Ballast;
  log(message: string, details: Record<string, unknown>): void;
}

/** Several times a day, since a process may not live for a whole one. */
const FORGET_EVERY_MS = 6 * HOUR_MS;

/** The work that keeps an instance fit: it forgets what has had its time, copies the database and minds the disk. */
export function upkeepJobs({ config, store, commit, clock, ballast, log }: UpkeepParts): Recurring[] {
  const { dataDir, database, retention, backup } = config;
  const jobs: Recurring[] = [
    { name: 'tend-disk', everyMs: MINUTE_MS, run: createTendDisk({ ballast, log }) },
    { name: 'sweep-membership', everyMs: HOUR_MS, run: () => commit(sweepMembership, undefined) },
    {
      name: 'forget-remote-posts',
      everyMs: FORGET_EVERY_MS,
      run: (stopping) => forgetRemotePosts({ store, commit, clock, retention, stopping }),
    },
    {
      name: 'forget-activities',
      everyMs: FORGET_EVERY_MS,
      run: (stopping) => forgetActivities({ commit, clock, stopping }),
    },
    {
      name: 'forget-tombstones',
      everyMs: FORGET_EVERY_MS,
      run: (stopping) => forgetTombstones({ commit, clock, stopping }),
    },
    {
      name: 'forget-dead-jobs',
      everyMs: FORGET_EVERY_MS,
      run: (stopping) => forgetDeadJobs({ commit, clock, stopping }),
    },
    {
      name: 'forget-publish-keys',
      everyMs: FORGET_EVERY_MS,
      run: (stopping) => forgetPublishKeys({ commit, clock, stopping }),
    },
    {
      name: 'forget-peers',
      everyMs: FORGET_EVERY_MS,
      run: (stopping) => forgetPeers({ commit, clock, stopping }),
    },
  ];
  if (database.engine === 'sqlite') {
    const folder = join(dataDir, 'backups');
    jobs.push({
      name: 'backup',
      everyMs: 15 * MINUTE_MS,
      run: (stopping) => scheduledBackup({ file: database.file, folder, ...backup, clock, log, stopping }),
    });
  }
  return jobs;
}
