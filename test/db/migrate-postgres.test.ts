import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dumpPostgresTables } from '#db/dump-tables.ts';
import { migratePostgres, readMigrations } from '#db/migrate.ts';
import { rowsOf, type PostgresClient } from '#db/postgres-client.ts';
import { createPostgresStore } from '#db/postgres-store.ts';
import { openEmptySchema } from '../engine.ts';
import { BREAK, plantMigrations, type PlantedMigration } from './planted-migrations.ts';

const ENGINE = process.env['TEST_ENGINE'];
const ROOT = join(import.meta.dirname, '../..');
const MIGRATIONS = join(ROOT, 'migrations/postgres');

let folder: string;
let database: Parameters<typeof migratePostgres>[0];
let client: PostgresClient;
let close: () => Promise<void>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'migrate-'));
  if (ENGINE === 'sqlite') return;
  if (ENGINE === 'pglite') {
    const pglite = await PGlite.create();
    database = drizzlePglite(pglite) as never;
    client = { query: (text, values) => pglite.query(text, values) };
    close = () => pglite.close();
    return;
  }
  const pool = new Pool({ connectionString: await openEmptySchema(), max: 1 });
  database = drizzlePg(pool) as never;
  client = { query: (text, values) => pool.query(text, values) };
  close = () => pool.end();
});

afterEach(async () => {
  await close?.();
  rmSync(folder, { recursive: true, force: true });
});

const planted = (...migrations: PlantedMigration[]) => plantMigrations(join(folder, 'planted'), migrations);

describe.runIf(ENGINE !== 'sqlite')('migrations on PostgreSQL', () => {
  test('happen once, change nothing when they fail, and refuse a database of a newer version', async () => {
    const good: PlantedMigration = ['0000_start', 'CREATE TABLE "one" ("id" bigint)'];
    const bad: PlantedMigration = [
      '0001_bad',
      `CREATE TABLE "two" ("id" bigint);${BREAK}INSERT INTO "nowhere" VALUES (1)`,
    ];
    expect(await migratePostgres(database, planted(good), 1)).toEqual(['0000_start']);
    expect(await migratePostgres(database, planted(good), 2)).toEqual([]);
    await expect(migratePostgres(database, planted(good, bad), 3)).rejects.toThrow('nowhere');
    const tables = await rowsOf(
      client,
      'select tablename as name from pg_tables where schemaname = current_schema() order by 1',
    );
    expect(tables).toEqual([{ name: 'applied_migrations' }, { name: 'one' }]);
    await client.query(`insert into applied_migrations values ('9999_from_the_future', 3)`);
    await expect(migratePostgres(database, planted(good), 4)).rejects.toThrow('9999_from_the_future');
  });

  test('bring a filled database of the first schema up to date without losing a row', async () => {
    const first = readMigrations(MIGRATIONS)[0]?.name ?? '';
    await migratePostgres(database, MIGRATIONS, 1, { upTo: first });
    const store = createPostgresStore(database, null, async () => undefined);
    const { accounts, posts, favourites } = store.schema;
    const account = { handle: 'Ada', handleFolded: 'ada', uri: 'u', url: 'u', inbox: 'i', createdAt: 1, updatedAt: 1 };
    const post = { url: 'p', authorId: 1, local: true, visibility: 'public' as const, createdAt: 1, receivedAt: 1 };
    await store.write(async (tx) => {
      await tx.insert(accounts).values({ ...account, id: 1 });
      for (const id of [2, 3, 4]) await tx.insert(posts).values({ ...post, id, threadId: id, uri: `p${id}` });
      await tx.insert(favourites).values({ id: 5, accountId: 1, postId: 2, uri: 'f', createdAt: 1 });
    });
    const before = (await dumpPostgresTables(client, join(folder, 'before'))).tables;

    const applied = await migratePostgres(database, MIGRATIONS, 2);
    expect(applied).not.toContain(first);
    expect(applied.length).toBeGreaterThan(0);
    expect((await dumpPostgresTables(client, join(folder, 'after'))).tables).toMatchObject(before);
    expect(before).toMatchObject({ accounts: 1, posts: 3, favourites: 1 });
  });
});

describe.runIf(ENGINE === 'postgresql')('migrations on a PostgreSQL server', () => {
  test('by two processes that start at once are applied by one of them', async () => {
    const url = await openEmptySchema();
    const startAt = Date.now() + 1500;
    const program = `
      import { migrate } from '#db/open.ts';
      while (Date.now() < ${startAt});
      console.log(JSON.stringify(await migrate({ engine: 'postgresql', url: ${JSON.stringify(url)} }, 'migrations', 1)));`;
    const start = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: ROOT });
    const outputs = await Promise.all([start(), start()]);
    const applied = outputs.map(({ stdout }) => (JSON.parse(stdout) as string[]).length);
    expect(applied.toSorted((x, y) => x - y)).toEqual([0, readMigrations(MIGRATIONS).length]);
  });
});
