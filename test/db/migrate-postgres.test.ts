import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migratePostgres, readMigrations } from '#db/migrate.ts';
import { rowsOf } from '#db/postgres-client.ts';
import { need } from '#kernel/assert.ts';
import { openEmptySchema } from '../engine.ts';
import { openEmptyPostgres, type EmptyPostgres } from './empty-postgres.ts';
import { BREAK, plantMigrations, type PlantedMigration } from './planted-migrations.ts';

const ENGINE = process.env['TEST_ENGINE'];
const ROOT = join(import.meta.dirname, '../..');
const MIGRATIONS = join(ROOT, 'migrations/postgres');

let folder: string;
let postgres: EmptyPostgres | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'migrate-'));
  postgres = ENGINE === 'sqlite' ? undefined : await openEmptyPostgres();
});

afterEach(async () => {
  await postgres?.close();
  rmSync(folder, { recursive: true, force: true });
});

const planted = (...migrations: PlantedMigration[]) => plantMigrations(join(folder, 'planted'), migrations);

describe.runIf(ENGINE !== 'sqlite')('migrations on PostgreSQL', () => {
  test('happen once, change nothing when they fail, and refuse a database of a newer version', async () => {
    const { database, client } = need(postgres, 'PostgreSQL');
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
