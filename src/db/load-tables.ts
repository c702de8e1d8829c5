import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { tablesIn, type TablesDump } from '#db/dump-tables.ts';
import { rowsOf, type PostgresClient } from '#db/postgres-client.ts';

const ROWS_AT_ONCE = 500;

/**
 * Fills a migrated, empty SQLite file with a dump: all of it or nothing. Search indexes stay empty.
 * @throws when a table is missing or not empty, a count differs, or a row refers to one that is not there.
 */
export async function loadSqliteTables(file: string, folder: string, tables: TablesDump['tables']): Promise<void> {
  const db = new Sqlite(file, { fileMustExist: true });
  try {
    // Rows come table by table, so a row may come before the one that it refers to; all are checked at the end.
    db.pragma('foreign_keys = OFF');
    db.exec('begin exclusive');
    for (const [table, expected] of Object.entries(tables)) {
      const count = db.prepare(`select count(*) from "${table}"`).pluck();
      if (count.get() !== 0) throw new Error(`the table ${table} is not empty`);
      let statement: Sqlite.Statement | undefined;
      for await (const line of linesOf(join(folder, `${table}.ndjson`))) {
        const row = JSON.parse(line) as Record<string, unknown>;
        statement ??= db.prepare(insertOf(table, Object.keys(row)));
        statement.run(row);
      }
      expectCount(table, expected, count.get() as number);
    }
    const dangling = (db.pragma('foreign_key_check') as { table: string }[]).map((row) => row.table);
    if (dangling.length > 0) throw new Error(`rows without their parents in ${[...new Set(dangling)].join(', ')}`);
    db.exec('commit');
  } finally {
    // Closing gives up what was not committed.
    db.close();
  }
}

function insertOf(table: string, columns: string[]): string {
  const names = columns.map((name) => `"${name}"`).join(', ');
  return `insert into "${table}" (${names}) values (${columns.map((name) => `@${name}`).join(', ')})`;
}

/**
 * Fills a migrated, empty PostgreSQL database with a dump: all of it or nothing. Search indexes stay empty. Foreign
 * keys are taken off and put on again in the same transaction, which checks every row.
 * @throws when a table is missing or not empty, a count differs, or a row refers to one that is not there.
 */
export async function loadPostgresTables(
  client: PostgresClient,
  folder: string,
  tables: TablesDump['tables'],
): Promise<void> {
  const known = await tablesIn(client);
  const unknown = Object.keys(tables).filter((table) => !known.includes(table));
  if (unknown.length > 0) throw new Error(`there are no tables for ${unknown.join(', ')}`);
  await client.query('begin');
  try {
    const foreignKeys = await foreignKeysOf(client);
    for (const { table, name } of foreignKeys) await client.query(`alter table ${table} drop constraint "${name}"`);
    for (const [table, expected] of Object.entries(tables)) {
      if ((await countOf(client, table)) !== 0) throw new Error(`the table ${table} is not empty`);
      await loadPostgresTable(client, table, join(folder, `${table}.ndjson`));
      expectCount(table, expected, await countOf(client, table));
    }
    for (const { table, name, definition } of foreignKeys) {
      await client.query(`alter table ${table} add constraint "${name}" ${definition}`);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Drops every table of the current schema: what is left of a restore that failed, in a database that was empty. */
export async function dropPostgresTables(client: PostgresClient): Promise<void> {
  const tables = await rowsOf<{ name: string }>(
    client,
    'select tablename::text as name from pg_tables where schemaname = current_schema()',
  );
  for (const { name } of tables) await client.query(`drop table if exists "${name}" cascade`);
}

async function foreignKeysOf(client: PostgresClient): Promise<{ table: string; name: string; definition: string }[]> {
  return rowsOf(
    client,
    `select c.conrelid::regclass::text as "table", c.conname::text as name, pg_get_constraintdef(c.oid) as definition
     from pg_constraint c join pg_namespace n on n.oid = c.connamespace
     where c.contype = 'f' and n.nspname = current_schema() order by c.conname`,
  );
}

async function loadPostgresTable(client: PostgresClient, table: string, file: string): Promise<void> {
  let lines: string[] = [];
  const insert = async () => {
    if (lines.length === 0) return;
    const text = `insert into "${table}" select * from json_populate_recordset(null::"${table}", $1::json)`;
    await client.query(text, [`[${lines.join(',')}]`]);
    lines = [];
  };
  for await (const line of linesOf(file)) {
    lines.push(line);
    if (lines.length >= ROWS_AT_ONCE) await insert();
  }
  await insert();
}

async function countOf(client: PostgresClient, table: string): Promise<number> {
  const [row] = await rowsOf<{ count: unknown }>(client, `select count(*) as count from "${table}"`);
  return Number(row?.count);
}

function expectCount(table: string, expected: number, found: number): void {
  if (found !== expected) throw new Error(`the table ${table} has ${found} rows instead of ${expected}`);
}

/** Not by `node:readline`, which also ends a line at U+2028, and JSON may hold that as it is. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let begun = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = (begun + String(chunk)).split('\n');
    begun = lines.pop() ?? '';
    yield* lines;
  }
  if (begun !== '') throw new Error(`${file} ends in the middle of a line`);
}
