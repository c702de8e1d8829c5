import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import * as sqlite from 'drizzle-orm/sqlite-core';

/*
 * One set of column helpers with two implementations. SQLite's types are *the* types: `pgKit` is cast to
 * them, so the whole program is checked once. What both engines store is alike down to the raw value
 * (booleans are 0 and 1, JSON is text, times are milliseconds), so that hand-written SQL reads the same
 * on both.
 */
const defaults = { no: sql`0`, yes: sql`1`, emptyList: sql`'[]'` };

const sqliteKit = {
  ...defaults,
  table: sqlite.sqliteTable,
  /** A time-sortable integer; `.primaryKey()` makes it the rowid. */
  id: (name: string) => sqlite.integer(name),
  text: (name: string) => sqlite.text(name),
  int: (name: string) => sqlite.integer(name),
  real: (name: string) => sqlite.real(name),
  /** Milliseconds since 1970. */
  time: (name: string) => sqlite.integer(name),
  bool: (name: string) => sqlite.integer(name, { mode: 'boolean' }),
  json: <T>(name: string) => sqlite.text(name, { mode: 'json' }).$type<T>(),
  index: sqlite.index,
  uniqueIndex: sqlite.uniqueIndex,
  primaryKey: sqlite.primaryKey,
};

export type Kit = typeof sqliteKit;

const smallBoolean = pg.customType<{ data: boolean; driverData: number }>({
  dataType: () => 'smallint',
  fromDriver: (value) => Number(value) !== 0,
  toDriver: (value) => (value ? 1 : 0),
});

const jsonText = pg.customType<{ data: unknown; driverData: string }>({
  dataType: () => 'text',
  fromDriver: (value) => JSON.parse(value) as unknown,
  toDriver: (value) => JSON.stringify(value),
});

/** Sorted by bytes, so that both engines page and compare alike. */
const byteText = pg.customType<{ data: string; driverData: string }>({ dataType: () => 'text collate "C"' });

const pgKit = {
  ...defaults,
  table: pg.pgTable,
  id: (name: string) => pg.bigint(name, { mode: 'number' }),
  text: (name: string) => byteText(name),
  int: (name: string) => pg.integer(name),
  real: (name: string) => pg.doublePrecision(name),
  time: (name: string) => pg.bigint(name, { mode: 'number' }),
  bool: (name: string) => smallBoolean(name),
  json: (name: string) => jsonText(name),
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  primaryKey: pg.primaryKey,
} as unknown as Kit;

export { pgKit, sqliteKit };
