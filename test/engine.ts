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
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migratePostgres, migrateSqlite } from '#db/migrate.ts';
import { withPostgres } from '#db/postgres-client.ts';
import { createPostgresStore } from '#db/postgres-store.ts';
import { openStore } from '#db/open.ts';
import { openSqliteStore } from '#db/sqlite-store.ts';
import type { Store } from '#db/store.ts';

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
const idle: PGlite[] = [];

async function openFreshPglite(): Promise<Store> {
  const pglite = idle.pop() ?? (await startPglite());
  const database = drizzlePglite(pglite);
  await truncate(
    async (text) => void (await pglite.exec(text)),
    async (text) => (await pglite.query(text)).rows as never,
  );
  return createPostgresStore(database, null, async () => void idle.push(pglite));
}

async function startPglite(): Promise<PGlite> {
  const dump = join(SCRATCH, `pglite-${fingerprint('postgres')}.tar`);
  if (existsSync(dump)) return PGlite.create({ loadDataDir: new Blob([readFileSync(dump)]) });
  const pglite = await PGlite.create();
  await migratePostgres(drizzlePglite(pglite) as never, join(MIGRATIONS, 'postgres'), NOW);
  const making = `${dump}.${randomUUID()}`;
  writeFileSync(making, Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer()));
  renameSync(making, dump);
  return pglite;
}

/** Schemas of a real PostgreSQL that no test of this process uses. */
const idleSchemas: string[] = [];
let schemas = 0;

async function openFreshPostgres(url: string): Promise<Store> {
  const schema = idleSchemas.pop() ?? `test_${process.pid}_${(schemas += 1)}`;
  const store = await openStore({ engine: 'postgresql', url: await makeSchema(url, schema) }, MIGRATIONS, NOW);
  await truncate(
    async (text) => void (await store.read.rows(sql.raw(text))),
    (text) => store.read.rows(sql.raw(text)),
  );
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

async function truncate(
  run: (text: string) => Promise<void>,
  ask: (text: string) => Promise<{ tablename: string }[]>,
): Promise<void> {
  const tables = await ask(
    `select tablename from pg_tables where schemaname = current_schema() and tablename <> 'applied_migrations'`,
  );
  await run(`truncate ${tables.map(({ tablename }) => `"${tablename}"`).join(', ')} cascade`);
}

function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  const at = join(MIGRATIONS, folder);
  for (const name of readdirSync(at).toSorted()) {
    if (name.endsWith('.sql')) hash.update(name).update(readFileSync(join(at, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
