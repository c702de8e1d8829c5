import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { SearchIndex } from '#db/dialect.ts';
import { rowsOf, type PostgresClient } from '#db/postgres-client.ts';

/** A database as files: `<table>.ndjson`, one row a line, alike on both engines. */
export interface TablesDump {
  /** Rows of each table. */
  tables: Record<string, number>;
  /** Names of the migrations that it had, in their order. */
  migrations: string[];
}

const SEARCH_INDEXES = ['post_search', 'account_search'] satisfies SearchIndex[];

/** Not data: made again by whoever reads the dump. */
const NOT_DUMPED: ReadonlySet<string> = new Set(['applied_migrations', ...SEARCH_INDEXES]);

const ROWS_AT_ONCE = 1000;

/** Dumps a SQLite file that no server is writing: a copy of `copySqlite`. */
export async function dumpSqliteTables(file: string, folder: string): Promise<TablesDump> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const db = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    const names = (db.pragma('table_list') as { schema: string; name: string; type: string }[])
      .filter(({ schema, name, type }) => schema === 'main' && type === 'table' && !name.startsWith('sqlite_'))
      .map(({ name }) => name)
      .filter((name) => !NOT_DUMPED.has(name));
    const tables: TablesDump['tables'] = {};
    for (const name of names.toSorted()) {
      const rows = db.prepare(`select * from "${name}"`).iterate();
      tables[name] = await writeLines(
        join(folder, `${name}.ndjson`),
        batchesOf(rows, (row) => JSON.stringify(row)),
      );
    }
    const migrations = db.prepare('select name from applied_migrations order by applied_at, name').pluck().all();
    return { tables, migrations: migrations as string[] };
  } finally {
    db.close();
  }
}

/**
 * Dumps a PostgreSQL that may be in use, as it is at one moment. PostgreSQL itself writes the JSON, so that no number
 * passes through another's idea of numbers.
 */
export async function dumpPostgresTables(client: PostgresClient, folder: string): Promise<TablesDump> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await client.query('begin isolation level repeatable read, read only');
  try {
    const tables: TablesDump['tables'] = {};
    for (const name of await tablesIn(client)) {
      tables[name] = await writeLines(join(folder, `${name}.ndjson`), postgresLines(client, name));
    }
    const applied = await rowsOf<{ name: string }>(
      client,
      'select name from applied_migrations order by applied_at, name',
    );
    return { tables, migrations: applied.map(({ name }) => name) };
  } finally {
    await client.query('rollback');
  }
}

/** The tables of the current schema that hold data, by name. */
export async function tablesIn(client: PostgresClient): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(
    client,
    'select tablename::text as name from pg_tables where schemaname = current_schema() order by tablename',
  );
  return rows.map(({ name }) => name).filter((name) => !NOT_DUMPED.has(name));
}

async function* postgresLines(client: PostgresClient, table: string): AsyncGenerator<string[]> {
  await client.query(
    `declare rows_of_table no scroll cursor for select row_to_json(t)::text as line from "${table}" t`,
  );
  for (;;) {
    const rows = await rowsOf<{ line: string }>(client, `fetch ${ROWS_AT_ONCE} from rows_of_table`);
    if (rows.length === 0) break;
    yield rows.map(({ line }) => line);
  }
  await client.query('close rows_of_table');
}

function* batchesOf<Row>(rows: Iterable<Row>, lineOf: (row: Row) => string): Generator<string[]> {
  let lines: string[] = [];
  for (const row of rows) {
    lines.push(lineOf(row));
    if (lines.length < ROWS_AT_ONCE) continue;
    yield lines;
    lines = [];
  }
  yield lines;
}

async function writeLines(path: string, batches: AsyncIterable<string[]> | Iterable<string[]>): Promise<number> {
  const handle: FileHandle = await open(path, 'wx', 0o600);
  let count = 0;
  try {
    for await (const lines of batches) {
      count += lines.length;
      if (lines.length > 0) await handle.writeFile(`${lines.join('\n')}\n`);
    }
  } finally {
    await handle.close();
  }
  return count;
}
