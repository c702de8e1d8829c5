import { createHash, randomUUID } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { migratePostgres, migrateSqlite } from '#db/migrate.ts';
import { rowsOf, withPostgres } from '#db/postgres-client.ts';
import { createPostgresStore } from '#db/postgres-store.ts';
import { openStore } from '#db/open.ts';
import { openSqliteStore } from '#db/sqlite-store.ts';
import type { Store } from '#db/store.ts';
import { drizzleOn } from './pglite-client.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const MIGRATIONS = join(ROOT, 'migrations');
/** In memory where the machine has such a folder, so that a fresh database costs a millisecond. */
const SCRATCH = join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'estrade-test');
const NOW = Date.UTC(2026, 0, 1);

/** An empty, migrated database of the engine that this run tests. Closing it removes it. */
export async function openTestStore(): Promise<Store> {
  mkdirSync(SCRATCH, { recursive: true });
  const engine = process.env['TEST_ENGINE'] ?? 'sqlite';
  if (engine === 'sqlite') return openFreshSqlite();
  if (engine === 'pglite') return openFreshPglite();
  return openFreshPostgres(process.env['TEST_DATABASE_URL'] ?? '');
}

function openFreshSqlite(): Store {
  const template = join(SCRATCH, `template-${fingerprint('sqlite')}.db`);
  if (!existsSync(template)) {
    const making = `${template}.${randomUUID()}`;
    migrateSqlite(making, join(MIGRATIONS, 'sqlite'), NOW);
    renameSync(making, template);
  }
  const file = join(SCRATCH, `${randomUUID()}.db`);
  copyFileSync(template, file);
  const store = openSqliteStore(file, { synchronous: 'OFF' });
  return {
    ...store,
    async close() {
      await store.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    },
  };
}

/** Started databases that no test uses: starting one takes half a second, emptying one a few milliseconds. */
const idle: { pglite: PGlite; database: ReturnType<typeof drizzleOn> }[] = [];

async function openFreshPglite(): Promise<Store> {
  const started = idle.pop() ?? (await startPglite());
  const { database } = started;
  await empty(async (text) => (await database.execute<{ tablename: string }>(sql.raw(text))).rows);
  return createPostgresStore(database, null, async () => void idle.push(started));
}

async function startPglite(): Promise<(typeof idle)[number]> {
  const dump = join(SCRATCH, `pglite-${fingerprint('postgres')}.tar`);
  const isMigrated = existsSync(dump);
  const pglite = await PGlite.create(isMigrated ? { loadDataDir: new Blob([readFileSync(dump)]) } : {});
  const database = drizzleOn(pglite);
  if (isMigrated) return { pglite, database };
  await migratePostgres(database, join(MIGRATIONS, 'postgres'), NOW);
  const making = `${dump}.${randomUUID()}`;
  writeFileSync(making, Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer()));
  renameSync(making, dump);
  return { pglite, database };
}

/** Schemas of a real PostgreSQL that no test of this process uses. */
const idleSchemas: string[] = [];
let schemas = 0;

async function openFreshPostgres(url: string): Promise<Store> {
  const schema = idleSchemas.pop() ?? `test_${process.pid}_${(schemas += 1)}`;
  const address = await makeSchema(url, schema);
  const store = await openStore({ engine: 'postgresql', url: address }, MIGRATIONS, NOW);
  await withPostgres(address, (client) => empty((text) => rowsOf<{ tablename: string }>(client, text)));
  return {
    ...store,
    async close() {
      await store.close();
      idleSchemas.push(schema);
    },
  };
}

/** The address of an empty schema on a real PostgreSQL, for tests that open it several times. */
export function openEmptySchema(): Promise<string> {
  return makeSchema(process.env['TEST_DATABASE_URL'] ?? '', `test_${process.pid}_${(schemas += 1)}`);
}

async function makeSchema(url: string, schema: string): Promise<string> {
  await withPostgres(url, (client) => client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`));
  const own = new URL(url);
  own.searchParams.set('options', `-c search_path=${schema}`);
  return own.href;
}

/** How often a database is emptied by deleting before what that leaves behind is cleared away, too. */
const DELETIONS_MAX = 500;
let emptied = 0;
/** Every database of a run has the same ones. */
let tables: string[] | undefined;

/**
 * Deletes what is there, in one statement that a database plans once: all tables are emptied at its end, so their order
 * does not matter. The role of a replica would not ask for it either, but to change the role is to forget all plans.
 */
async function empty(ask: (text: string) => Promise<{ tablename: string }[]>): Promise<void> {
  if (!tables) {
    const found = await ask(
      `select tablename from pg_tables where schemaname = current_schema() and tablename <> 'applied_migrations'`,
    );
    tables = found.map(({ tablename }) => `"${tablename}"`);
  }
  emptied += 1;
  if (emptied % DELETIONS_MAX === 0) await ask(`truncate ${tables.join(', ')} cascade`);
  else await ask(`with ${tables.map((table, index) => `d${index} as (delete from ${table})`).join(', ')} select`);
}

function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  const at = join(MIGRATIONS, folder);
  for (const name of readdirSync(at).toSorted()) {
    if (name.endsWith('.sql')) hash.update(name).update(readFileSync(join(at, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
