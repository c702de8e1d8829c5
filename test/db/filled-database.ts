/** The database of a test, whichever engine it is. */
export interface RawDatabase {
  engine: 'sqlite' | 'postgresql';
  query<Row>(text: string): Promise<Row[]>;
}

interface Column {
  name: string;
  /** As the engine names it. */
  type: string;
}

/** Enough for a migration that mixes rows up to be noticed. */
export const ROWS_A_TABLE = 3;

/**
 * Fills every table of a database, whatever its tables are, with as many rows; returns the tables. Row `n` holds `n`
 * wherever a number stands, so that it refers to row `n` of every other table.
 */
export async function fillTables(database: RawDatabase): Promise<string[]> {
  const tables = await tablesOf(database);
  let waiting = tables;
  while (waiting.length > 0) {
    const left: string[] = [];
    let refusal: unknown;
    for (const table of waiting) {
      try {
        await database.query(await rowsOfTable(database, table));
      } catch (error) {
        // It refers to rows that are not there yet: after them.
        refusal = error;
        left.push(table);
      }
    }
    if (left.length === waiting.length) throw refusal;
    waiting = left;
  }
  return tables;
}

async function tablesOf({ engine, query }: RawDatabase): Promise<string[]> {
  const rows = await query<{ name: string }>(
    engine === 'sqlite'
      ? `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name`
      : 'select tablename::text as name from pg_tables where schemaname = current_schema() order by 1',
  );
  return rows.map(({ name }) => name).filter((name) => name !== 'applied_migrations');
}

async function rowsOfTable(database: RawDatabase, table: string): Promise<string> {
  const columns = await columnsOf(database, table);
  const rows = Array.from({ length: ROWS_A_TABLE }, (_, index) =>
    columns.map((column) => valueFor(column, index + 1)).join(', '),
  );
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  return `insert into "${table}" (${names}) values ${rows.map((row) => `(${row})`).join(', ')}`;
}

async function columnsOf({ engine, query }: RawDatabase, table: string): Promise<Column[]> {
  return query<Column>(
    engine === 'sqlite'
      ? `select name, lower(type) as type from pragma_table_info('${table}')`
      : `select column_name::text as name, data_type::text as type from information_schema.columns
         where table_schema = current_schema() and table_name = '${table}'`,
  );
}

function valueFor({ name, type }: Column, n: number): string {
  if (type.includes('json')) return `'[]'`;
  if (type === 'blob') return `x'0${n}'`;
  if (type === 'bytea') return `'\\x0${n}'`;
  if (type !== 'text') return String(n);
  return /(?:^|_)(?:uri|url|inbox)$/.test(name) ? `'https://peer-${n}.test/${name}'` : `'${name} ${n}'`;
}
