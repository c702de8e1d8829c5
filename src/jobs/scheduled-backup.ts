import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copySqlite } from '#db/copy-sqlite.ts';
import { HOUR_MS, type Clock } from '#kernel/clock.ts';

export interface ScheduledBackupParts {
  /** The database. */
  file: string;
  /** `DATA_DIR/backups`; made where it is missing. */
  folder: string;
  /** As in the configuration; null for never. */
  everyHours: number | null;
  keep: number;
  clock: Clock;
  log(message: string, details: Record<string, unknown>): void;
  stopping?: AbortSignal;
}

const NAME = /^estrade-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})Z\.sqlite$/;
const UNFINISHED = /^estrade-.*\.sqlite\.unfinished$/;

/**
 * Copies the SQLite database when the newest copy is old enough, and then removes the oldest beyond `keep`. To be run
 * every few minutes: what counts is the age of the copies, not how long the process lives.
 */
export async function scheduledBackup(parts: ScheduledBackupParts): Promise<void> {
  const { file, folder, everyHours, keep, clock, log, stopping } = parts;
  if (everyHours === null) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const now = clock.now();
  const newest = (await copiesIn(folder)).at(-1);
  // A copy from the future was made by a clock that was wrong.
  if (newest && newest.madeAt <= now && now - newest.madeAt < everyHours * HOUR_MS) return;
  for (const name of await readdir(folder)) {
    if (UNFINISHED.test(name)) await rm(join(folder, name), { force: true });
  }
  const name = nameAt(now);
  const { bytes } = await copySqlite(file, join(folder, name), stopping);
  log('the database was backed up', { name, bytes });
  for (const old of (await copiesIn(folder)).slice(0, -keep)) await rm(join(folder, old.name), { force: true });
}

/** The copies in a folder, the oldest first; other files are none of ours. */
export async function copiesIn(folder: string): Promise<{ name: string; madeAt: number }[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => {
      const [, day, hours, minutes, seconds] = NAME.exec(name) ?? [];
      return day ? [{ name, madeAt: Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`) }] : [];
    })
    .toSorted((a, b) => a.madeAt - b.madeAt);
}

function nameAt(now: number): string {
  return `estrade-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}Z.sqlite`;
}
