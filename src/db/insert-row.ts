import { getTableColumns, getTableName, type Table } from 'drizzle-orm';
import type { HotValue, Transaction } from '#db/store.ts';

interface Prepared {
  text: string;
  columns: { key: string; toDriver(value: unknown): unknown }[];
}

const prepared = new WeakMap<Table, Map<string, Prepared>>();

/**
 * Writes one row as `tx.insert(table).values(row)` does, as a hot query: for the tables into which every activity
 * writes. What is left out or undefined gets the column's default in the database.
 */
export async function insertRow<T extends Table>(tx: Transaction, table: T, row: T['$inferInsert']): Promise<void> {
  const values = row as Record<string, unknown>;
  const keys = Object.keys(values).filter((key) => values[key] !== undefined);
  const { text, columns } = prepare(table, keys);
  await tx.hot(text, ...columns.map(({ key, toDriver }) => driverValue(values[key], toDriver)));
}

function driverValue(value: unknown, toDriver: (value: unknown) => unknown): HotValue {
  return value === null ? null : (toDriver(value) as HotValue);
}

function prepare(table: Table, keys: readonly string[]): Prepared {
  const ofTable = prepared.get(table) ?? new Map<string, Prepared>();
  prepared.set(table, ofTable);
  const wanted = keys.join();
  const known = ofTable.get(wanted);
  if (known) return known;
  const all = getTableColumns(table);
  const found = keys.flatMap((key) => {
    const column = all[key];
    return column ? [{ key, name: column.name, toDriver: (value: unknown) => column.mapToDriverValue(value) }] : [];
  });
  const names = found.map(({ name }) => `"${name}"`).join(', ');
  const places = found.map((_, index) => `$${index + 1}`).join(', ');
  const fresh = { text: `insert into "${getTableName(table)}" (${names}) values (${places})`, columns: found };
  ofTable.set(wanted, fresh);
  return fresh;
}
