import { existsSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '#config/config.ts';
import { dumpSqliteTables, tablesIn } from '#db/dump-tables.ts';
import { dropPostgresTables, loadPostgresTables, loadSqliteTables } from '#db/load-tables.ts';
import { migrate, type DatabaseTarget } from '#db/open.ts';
import { withPostgres } from '#db/postgres-client.ts';
import { systemClock } from '#kernel/clock.ts';
import { readArchive } from '#ports/backup-archive.ts';
import { SECRET_FILE } from '#ports/secret-file.ts';
import { DATABASE_IN_ARCHIVE, FOLDERS_IN_ARCHIVE, TABLES_IN_ARCHIVE, type BackupAbout } from '#cli/backup-about.ts';
import { Refused } from '#cli/command.ts';
import { settleDatabase } from '#cli/settle-database.ts';

/**
 * Unpacks an archive aside, makes a database of it and only then puts everything in its place, the database last: what
 * was broken off is never taken for an instance. An archive of either engine goes into either engine.
 * @throws Refused, and leaves `DATA_DIR` as it was.
 */
export async function restoreArchive(config: Config, file: string, aside: string): Promise<string> {
  try {
    const { about, files } = await readArchive<BackupAbout>(file, aside);
    checkAddress(config, about);
    const secret = await secretFor(config, about, aside);
    const target: DatabaseTarget =
      config.database.engine === 'sqlite' ? { engine: 'sqlite', file: join(aside, 'new.sqlite') } : config.database;
    await orEmptyAgain(target, async () => {
      const hasIndexes = await fillDatabase(target, config.paths.migrations, about, aside);
      await settleDatabase(config, target, secret, { madeAt: Date.parse(about.madeAt), hasIndexes });
      await putInPlace(config, aside);
    });
    const rows = Object.values(about.tables).reduce((sum, count) => sum + count, 0);
    return `Restored ${about.origin} as it was at ${about.madeAt}: ${rows} rows and ${files.length} files.`;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

function checkAddress(config: Config, about: BackupAbout): void {
  if (about.origin === config.origin.origin && about.handleDomain === config.handleDomain) return;
  throw new Refused(
    `The backup is of ${about.origin} with handles at ${about.handleDomain}, and these are fixed for life. ` +
      `Set ORIGIN=${about.origin} and HANDLE_DOMAIN=${about.handleDomain}, here and for the server.`,
  );
}

/** The secret that the server will use; that it opens the keys is looked at later. */
async function secretFor(config: Config, about: BackupAbout, aside: string): Promise<string> {
  if (config.secretKey !== null) return config.secretKey;
  if (about.secret === 'included') return (await readFile(join(aside, SECRET_FILE), 'utf8')).trim();
  throw new Refused(
    'The keys in this backup are sealed with a SECRET_KEY that is not in it: set the one it was made with.',
  );
}

/** A file that was made aside goes with its folder; a database that was empty before is emptied again. */
async function orEmptyAgain(target: DatabaseTarget, work: () => Promise<void>): Promise<void> {
  if (target.engine === 'postgresql' && (await withPostgres(target.url, tablesIn)).length > 0) {
    throw new Refused('The database is not empty. Make a new one, and name it in DATABASE_URL.');
  }
  try {
    await work();
  } catch (error) {
    if (target.engine === 'postgresql') await withPostgres(target.url, dropPostgresTables);
    throw error;
  }
}

/** Returns whether the database came with its search indexes. */
async function fillDatabase(
  target: DatabaseTarget,
  migrationsFolder: string,
  about: BackupAbout,
  aside: string,
): Promise<boolean> {
  const copy = join(aside, DATABASE_IN_ARCHIVE);
  const now = systemClock.now();
  if (about.engine === 'sqlite' && target.engine === 'sqlite') {
    await rename(copy, target.file);
    await migrate(target, migrationsFolder, now);
    return true;
  }
  const folder = join(aside, TABLES_IN_ARCHIVE);
  const { tables } = about.engine === 'sqlite' ? await dumpSqliteTables(copy, folder) : about;
  // As it was when it was saved, and from there on as any database that is upgraded.
  const last = about.migrations.at(-1);
  await migrate(target, migrationsFolder, now, last === undefined ? {} : { upTo: last });
  if (target.engine === 'sqlite') await loadSqliteTables(target.file, folder, tables);
  else await withPostgres(target.url, (client) => loadPostgresTables(client, folder, tables));
  await migrate(target, migrationsFolder, now);
  return false;
}

async function putInPlace({ dataDir, secretKey, database }: Config, aside: string): Promise<void> {
  for (const folder of FOLDERS_IN_ARCHIVE) {
    if (existsSync(join(aside, folder))) await rename(join(aside, folder), join(dataDir, folder));
  }
  const secretFile = join(aside, SECRET_FILE);
  if (secretKey === null) await rename(secretFile, join(dataDir, SECRET_FILE));
  if (database.engine === 'sqlite') await rename(join(aside, 'new.sqlite'), database.file);
  const handle = await open(dataDir);
  await handle.sync();
  await handle.close();
}
