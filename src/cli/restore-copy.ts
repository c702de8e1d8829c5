import { existsSync } from 'node:fs';
import { copyFile, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkSqlite } from '#db/check-sqlite.ts';
import type { Config } from '#config/config.ts';
import { migrate, type DatabaseTarget } from '#db/open.ts';
import { systemClock } from '#kernel/clock.ts';
import { readSecret } from '#ports/secret-file.ts';
import { Refused } from '#cli/command.ts';
import { settleDatabase } from '#cli/settle-database.ts';

/**
 * Puts one of the server's own copies in the place of a database that is gone; everything else in `DATA_DIR` stays.
 * @throws Refused while there is a database.
 */
export async function restoreCopy(config: Config, file: string): Promise<string> {
  const { database } = config;
  if (database.engine !== 'sqlite') throw new Refused('This is a copy of an SQLite database, and DATABASE_URL is set.');
  if (existsSync(database.file)) throw new Refused(`${database.file} is there. Move it away first.`);
  const aside: DatabaseTarget = { engine: 'sqlite', file: `${database.file}.restoring` };
  await removeDatabase(aside.file);
  try {
    await copyFile(file, aside.file);
    const { integrity } = checkSqlite(aside.file);
    if (integrity !== 'ok') throw new Refused(`${file} is damaged: ${integrity}`);
    await migrate(aside, config.paths.migrations, systemClock.now());
    // What the lost one has left beside it belongs to no other.
    for (const suffix of ['-wal', '-shm']) await rm(database.file + suffix, { force: true });
    await settleDatabase(config, aside, readSecret(config), { madeAt: systemClock.now(), hasIndexes: true });
    await rename(aside.file, database.file);
    const folder = await open(dirname(database.file));
    await folder.sync();
    await folder.close();
  } finally {
    await removeDatabase(aside.file);
  }
  return `Restored the database from ${file}.`;
}

async function removeDatabase(file: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(file + suffix, { force: true });
}
