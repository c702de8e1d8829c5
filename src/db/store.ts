import type { SQL } from 'drizzle-orm';
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import type { Schema } from '#db/schema.ts';

type Database = BaseSQLiteDatabase<'async', unknown, Schema>;

export type Engine = 'sqlite' | 'postgresql';

/** Values that a hand-written query takes. */
export type HotValue = string | number | null;

/** What may be asked of the database: awaited builders only, no transaction of the driver's own. */
export type Query = Pick<Database, 'select' | 'selectDistinct' | '$count'> & {
  /** Runs a composed `sql` template and gives its rows as the engine names them (snake case). */
  rows<T>(query: SQL): Promise<T[]>;
  /**
   * A hot query as text with $1 … $n, prepared once per connection (about 8 µs, where building the same
   * with the builder costs 60 to 90). Columns come back in snake case; booleans as 0 and 1, JSON as text.
   */
  hot<T>(text: string, ...values: HotValue[]): Promise<T[]>;
};

/** A `Query` that may also write; exists only inside `Store.write`. */
export type Transaction = Query & Pick<Database, 'insert' | 'update' | 'delete'>;

export interface Store {
  readonly engine: Engine;
  readonly schema: Schema;
  /** Committed data only; a write through it throws. Not to be used inside `write`. */
  readonly read: Query;
  /**
   * One write transaction. On SQLite they run one after the other on the only writing connection; on
   * PostgreSQL a serialization failure or deadlock runs `work` again, so it must have no effect outside.
   * @throws whatever `work` throws, after the rollback.
   */
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * A number that changes with each commit, and costs nothing to ask: what was read while it was the same still holds.
   * Commits of another process are told within a quarter of a second. Null where the engine does not tell.
   */
  commitMark(): number | null;
  /** Calls `heard` after another process has committed. Returns the way to stop. */
  onForeignCommit(heard: () => void): () => void;
  /** Bytes of the database. */
  size(): Promise<number>;
  close(): Promise<void>;
}
