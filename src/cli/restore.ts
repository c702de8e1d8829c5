import { open, readdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig, type Config } from '#config/config.ts';
import { acquireServerLock, LOCK_FILE } from '#db/server-lock.ts';
import { parsed, Refused, UsageError, type CliCommand } from '#cli/command.ts';
import { restoreArchive } from '#cli/restore-archive.ts';
import { restoreCopy } from '#cli/restore-copy.ts';

export const restore: CliCommand = {
  usage: ['restore <file.tar.gz>', 'restore <DATA_DIR/backups/estrade-….sqlite>'],
  does:
    'Restores an archive of "backup" into an empty DATA_DIR, and into an empty database with PostgreSQL; or one of the ' +
    "server's own copies in the place of an SQLite database that is gone.",
  async run(args) {
    const { positionals } = parsed(() => parseArgs({ args, allowPositionals: true }));
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) throw new UsageError('It takes the name of one file.');
    const config = readConfig();
    const file = resolve(name);
    const isCopy = await isSqlite(file);
    const lock = acquireServerLock(config);
    try {
      console.log(isCopy ? await restoreCopy(config, file) : await restoreIntoEmpty(config, file));
      console.log('Everybody has to log in again. Start the server, and never again the one that was lost.');
      return 0;
    } finally {
      lock.release();
    }
  },
};

/** What a new disk or an earlier try may have left. */
const IGNORED: ReadonlySet<string> = new Set([LOCK_FILE, `${LOCK_FILE}-journal`, 'lost+found']);
export const RESTORING = 'restoring';

async function restoreIntoEmpty(config: Config, file: string): Promise<string> {
  const found = (await readdir(config.dataDir).catch(() => [])).filter(
    (name) => !IGNORED.has(name) && name !== RESTORING,
  );
  if (found.length > 0) {
    throw new Refused(`${config.dataDir} is not empty: there is ${found.slice(0, 3).join(', ')}. Nothing was changed.`);
  }
  await rm(`${config.dataDir}/${RESTORING}`, { recursive: true, force: true });
  return restoreArchive(config, file, `${config.dataDir}/${RESTORING}`);
}

async function isSqlite(file: string): Promise<boolean> {
  const handle = await open(file).catch((error: unknown) => {
    if ((error as { code?: string }).code === 'ENOENT') throw new Refused(`There is no file ${file}.`);
    throw error;
  });
  try {
    const head = Buffer.alloc(16);
    await handle.read(head, 0, head.length, 0);
    return head.toString('latin1') === 'SQLite format 3\0';
  } finally {
    await handle.close();
  }
}
