import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrateSqlite, readMigrations } from '#db/migrate.ts';
import { migrationState } from '#db/migration-state.ts';
import { BREAK, plantMigrations, type PlantedMigration } from './planted-migrations.ts';

/** It brings its databases itself, so once is enough. */
const ONCE = process.env['TEST_ENGINE'] === 'sqlite';

const ROOT = join(import.meta.dirname, '../..');
const MIGRATIONS = join(ROOT, 'migrations');

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'migrate-'));
  file = join(folder, 'estrade.sqlite');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const planted = (...migrations: PlantedMigration[]) => plantMigrations(join(folder, 'planted'), migrations);

function ask<T>(query: string): T[] {
  const db = new Sqlite(file, { readonly: true });
  try {
    return db.prepare(query).all() as T[];
  } finally {
    db.close();
  }
}

function run(...statements: string[]): void {
  const db = new Sqlite(file);
  for (const statement of statements) db.exec(statement);
  db.close();
}

const START = [
  'CREATE TABLE `parents` (`id` integer PRIMARY KEY, `name` text NOT NULL)',
  'CREATE TABLE `children` (`id` integer PRIMARY KEY, `parent_id` integer NOT NULL REFERENCES `parents`(`id`) ON DELETE CASCADE)',
].join(`;${BREAK}`);
/** How drizzle-kit 0.31 changes a column: a new table, the old one dropped. The pragmas do nothing in a transaction. */
const REBUILD = [
  'PRAGMA foreign_keys=OFF;',
  'CREATE TABLE `__new_parents` (`id` integer PRIMARY KEY, `name` text)',
  'INSERT INTO `__new_parents`("id", "name") SELECT "id", "name" FROM `parents`',
  'DROP TABLE `parents`',
  'ALTER TABLE `__new_parents` RENAME TO `parents`',
  'PRAGMA foreign_keys=ON;',
].join(`;${BREAK}`);
const ROWS = [`insert into parents values (1, 'a'), (2, 'b')`, 'insert into children values (10, 1), (11, 1), (12, 2)'];

describe.runIf(ONCE)('migrations on SQLite', () => {
  test('may rebuild a table to which others refer: drizzle-kit’s own way deletes their rows where it is let', () => {
    migrateSqlite(file, planted(['0000_start', START]), 1);
    run(...ROWS);
    cpSync(file, join(folder, 'trapped.sqlite'));
    migrateSqlite(file, planted(['0000_start', START], ['0001_rebuild', REBUILD]), 2);
    expect(ask('select id from children')).toHaveLength(3);
    expect(ask(`select "notnull" as needed from pragma_table_info('parents') where name = 'name'`)).toEqual([
      { needed: 0 },
    ]);

    const trapped = new Sqlite(join(folder, 'trapped.sqlite'));
    trapped.pragma('foreign_keys = ON');
    trapped.exec('BEGIN');
    for (const statement of REBUILD.split(BREAK)) trapped.exec(statement);
    trapped.exec('COMMIT');
    expect(trapped.prepare('select id from children').all()).toEqual([]);
    trapped.close();
  });

  test('that leave a row without its parent, or fail in the middle, change nothing; a copy from before is there', () => {
    migrateSqlite(file, planted(['0000_start', START]), 1);
    run(...ROWS);
    const losing = ['CREATE TABLE `more` (`id` integer)', 'DELETE FROM `parents` WHERE `id` = 2'].join(`;${BREAK}`);
    const failing = ['CREATE TABLE `more` (`id` integer)', 'INSERT INTO `nowhere` VALUES (1)'].join(`;${BREAK}`);
    expect(() => migrateSqlite(file, planted(['0000_start', START], ['0001_losing', losing]), 2)).toThrow(
      'a migration left dangling rows in children',
    );
    expect(() => migrateSqlite(file, planted(['0000_start', START], ['0001_failing', failing]), 3)).toThrow('nowhere');
    expect(ask('select id from parents')).toHaveLength(2);
    expect(ask(`select 1 from sqlite_schema where name = 'more'`)).toEqual([]);
    expect(ask('select name from applied_migrations')).toEqual([{ name: '0000_start' }]);
    const copies = readdirSync(folder).filter((name) => name.startsWith('estrade.sqlite.before-'));
    expect(copies.toSorted()).toEqual(['estrade.sqlite.before-0001_failing-3', 'estrade.sqlite.before-0001_losing-2']);
    for (const copy of copies) expect(statSync(join(folder, copy)).mode & 0o777).toBe(0o600);
  });

  test('happen once, and a database of a newer version is refused by name', async () => {
    const sqlite = join(MIGRATIONS, 'sqlite');
    expect(migrateSqlite(file, sqlite, 1).length).toBeGreaterThan(1);
    expect(migrateSqlite(file, sqlite, 2)).toEqual([]);
    expect(readdirSync(folder).some((name) => name.includes('before'))).toBe(false);
    run(`insert into applied_migrations values ('9999_from_the_future', 3)`);
    expect(() => migrateSqlite(file, sqlite, 4)).toThrow('written by a newer Estrade (9999_from_the_future)');
    const state = await migrationState({ engine: 'sqlite', file }, MIGRATIONS);
    expect(state).toMatchObject({ pending: [], newer: ['9999_from_the_future'] });
  });

  test('by two processes that start at once are applied by one of them, whoever has the file first', async () => {
    const startAt = Date.now() + 1500;
    // Twenty files, so that the two meet at every step.
    const program = `
      import { migrateSqlite } from '#db/migrate.ts';
      const applied = [];
      for (let n = 0; n < 20; n += 1) {
        while (Date.now() < ${startAt} + n * 150);
        applied.push(migrateSqlite(${JSON.stringify(file)} + (n || ''), 'migrations/sqlite', Date.now()).length);
      }
      console.log(JSON.stringify(applied));`;
    const start = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: ROOT });
    const outputs = await Promise.all([start(), start()]);
    const [one = [], other = []] = outputs.map(({ stdout }) => JSON.parse(stdout) as number[]);
    const all = readMigrations(join(MIGRATIONS, 'sqlite')).length;
    expect(one.map((count, n) => [count, other[n]].toSorted((a, b) => Number(a) - Number(b)))).toEqual(
      one.map(() => [0, all]),
    );
    expect(ask('select name from applied_migrations')).toHaveLength(all);
  });
});
