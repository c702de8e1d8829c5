import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig, type Config } from '#config/config.ts';
import { copySqlite } from '#db/copy-sqlite.ts';
import { dumpPostgresTables, type TablesDump } from '#db/dump-tables.ts';
import { withPostgres } from '#db/postgres-client.ts';
import { readSettings } from '#domain/instance/settings.ts';
import { systemClock } from '#kernel/clock.ts';
import { VERSION } from '#kernel/version.ts';
import { isPlainName, writeArchive, type ArchivedFile, type Manifest } from '#ports/backup-archive.ts';
import { readSecretFile, SECRET_FILE } from '#ports/secret-file.ts';
import { DATABASE_IN_ARCHIVE, FOLDERS_IN_ARCHIVE, TABLES_IN_ARCHIVE, type BackupAbout } from '#cli/backup-about.ts';
import { parsed, Refused, UsageError, type CliCommand } from '#cli/command.ts';
import { openUpToDate } from '#cli/open-instance.ts';

export const backup: CliCommand = {
  usage: ['backup <file.tar.gz>'],
  does: 'Writes database, uploads, own themes and secret.key into one archive. The server may go on meanwhile.',
  async run(args) {
    const { positionals } = parsed(() => parseArgs({ args, allowPositionals: true }));
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('It takes the name of one file.');
    const { about, files } = await makeBackup(readConfig(), resolve(file));
    const rows = Object.values(about.tables).reduce((sum, count) => sum + count, 0);
    console.log(`${file}: ${rows} rows and ${files.length} files.`);
    console.log(
      about.secret === 'included'
        ? 'It holds the private keys of everybody here: keep it where nobody else can read it.'
        : 'It is of no use without SECRET_KEY, which is not in it: keep that as well, but apart.',
    );
    return 0;
  },
};

/** @throws Refused where there is nothing to save, or the file is there already. */
export async function makeBackup(config: Config, file: string): Promise<Manifest<BackupAbout>> {
  if (existsSync(file)) throw new Refused(`${file} is there already.`);
  const instance = await describeInstance(config);
  const secretFile = join(config.dataDir, SECRET_FILE);
  const isIncluded = config.secretKey === null;
  if (isIncluded && readSecretFile(secretFile) === null) throw new Refused(`${secretFile} is missing.`);
  const parts = `${file}.parts`;
  await rm(parts, { recursive: true, force: true });
  await mkdir(parts, { recursive: true, mode: 0o700 });
  try {
    // The database first: of media that come or go meanwhile there is then rather a file too much than one too few.
    const { dump, files } = await copyDatabase(config, parts);
    const about: BackupAbout = {
      ...instance,
      ...dump,
      version: VERSION,
      madeAt: new Date(systemClock.now()).toISOString(),
      engine: config.database.engine,
      secret: isIncluded ? 'included' : 'SECRET_KEY',
    };
    const secret = isIncluded ? [{ name: SECRET_FILE, path: secretFile }] : [];
    const manifest = await writeArchive(file, allFiles([...secret, ...files], config.dataDir), about);
    await chmod(file, 0o600);
    return manifest;
  } finally {
    await rm(parts, { recursive: true, force: true });
  }
}

async function describeInstance(config: Config): Promise<Pick<BackupAbout, 'origin' | 'handleDomain'>> {
  const store = await openUpToDate(config);
  try {
    const { origin, handleDomain } = await readSettings(store.read);
    return { origin: origin ?? config.origin.origin, handleDomain: handleDomain ?? config.handleDomain };
  } finally {
    await store.close();
  }
}

async function copyDatabase({ database }: Config, parts: string): Promise<{ dump: TablesDump; files: ArchivedFile[] }> {
  if (database.engine === 'sqlite') {
    const path = join(parts, 'estrade.sqlite');
    const { tables, migrations } = await copySqlite(database.file, path);
    return { dump: { tables, migrations }, files: [{ name: DATABASE_IN_ARCHIVE, path }] };
  }
  const folder = join(parts, TABLES_IN_ARCHIVE);
  const dump = await withPostgres(database.url, (client) => dumpPostgresTables(client, folder));
  const names = Object.keys(dump.tables).map((table) => `${table}.ndjson`);
  return { dump, files: names.map((name) => ({ name: `${TABLES_IN_ARCHIVE}/${name}`, path: join(folder, name) })) };
}

async function* allFiles(first: ArchivedFile[], dataDir: string): AsyncGenerator<ArchivedFile> {
  yield* first;
  for (const folder of FOLDERS_IN_ARCHIVE) yield* filesBelow(folder, join(dataDir, folder));
}

/** What is hidden, linked or not finished is left out. */
async function* filesBelow(name: string, path: string): AsyncGenerator<ArchivedFile> {
  for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
    const one = { name: `${name}/${entry.name}`, path: join(path, entry.name) };
    if (!isPlainName(entry.name) || one.name === 'media/unfinished') continue;
    if (entry.isDirectory()) yield* filesBelow(one.name, one.path);
    else if (entry.isFile()) yield one;
  }
}
