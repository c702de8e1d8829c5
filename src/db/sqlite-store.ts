import Sqlite from 'better-sqlite3';
import type { SQL } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { createGroupCommit } from '#db/group-commit.ts';
import { withoutValues } from '#db/query-failed.ts';
import { sqliteSchema } from '#db/schema.ts';
import type { HotValue, Query, Store, Transaction } from '#db/store.ts';
import { insideWrite } from '#db/write-scope.ts';

/** How often another process's commits are looked for. */
const FOREIGN_COMMIT_POLL_MS = 250;

/*
 * FULL: an acknowledged write survives a loss of power. trusted_schema off: a schema from elsewhere runs
 * no function. No mmap_size: it is the only known suspect of a crash.
 */
const WRITER_PRAGMAS = [
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  'busy_timeout = 5000',
  'trusted_schema = OFF',
  'cell_size_check = ON',
  'journal_size_limit = 67108864',
];

/**
 * Opens a migrated SQLite file with one writing and one reading connection: reads see committed data only,
 * also while a transaction is open.
 */
export function openSqliteStore(file: string, options: { synchronous?: 'FULL' | 'OFF' } = {}): Store {
  const writer = new Sqlite(file);
  for (const pragma of WRITER_PRAGMAS) writer.pragma(pragma);
  if (options.synchronous) writer.pragma(`synchronous = ${options.synchronous}`);
  const reader = new Sqlite(file);
  for (const pragma of ['busy_timeout = 5000', 'query_only = ON', 'trusted_schema = OFF']) reader.pragma(pragma);

  const tx = queryOn(writer) as Transaction;
  const group = createGroupCommit(writer);
  const foreign = watchForeignCommits(reader);

  return {
    engine: 'sqlite',
    schema: sqliteSchema,
    read: queryOn(reader),
    write(work) {
      if (insideWrite()) return Promise.reject(new Error('write inside write: pass the transaction on instead'));
      return group
        .write(() => work(tx))
        .catch((error: unknown) => {
          throw withoutValues(error);
        });
    },
    commitMark: () => group.count() + foreign.count(),
    onForeignCommit: foreign.listen,
    async size() {
      const pages = reader.pragma('page_count', { simple: true }) as number;
      return pages * (reader.pragma('page_size', { simple: true }) as number);
    },
    async close() {
      await group.idle();
      foreign.stop();
      reader.close();
      writer.pragma('optimize');
      writer.pragma('wal_checkpoint(TRUNCATE)');
      writer.close();
    },
  };
}

function queryOn(connection: Sqlite.Database): Query {
  const database = drizzle(connection, { schema: sqliteSchema });
  const prepared = new Map<string, Sqlite.Statement>();
  const prepare = (text: string) => {
    let statement = prepared.get(text);
    if (!statement) {
      // Numbered parameters may repeat, which better-sqlite3 allows for named ones only. The plus changes no value and
      // hides it from the planner: SQLite with STAT4 plans a join anew for every value that is bound to it, which
      // takes longer than most queries.
      statement = connection.prepare(text.replaceAll(/\$(\d+)/g, '(+@p$1)'));
      prepared.set(text, statement);
    }
    return statement;
  };
  return Object.assign(database, {
    async rows(query: SQL) {
      return database.all(query);
    },
    async hot(text: string, ...values: HotValue[]) {
      const statement = prepare(text);
      const bound: Record<string, HotValue> = {};
      for (const [index, value] of values.entries()) bound[`p${index + 1}`] = value;
      if (statement.reader) return statement.all(bound);
      statement.run(bound);
      return [];
    },
  }) as unknown as Query;
}

/** To the reading connection the commits of our own writer are foreign, too: they are told of a second time. */
function watchForeignCommits(reader: Sqlite.Database) {
  const dataVersion = reader.prepare('PRAGMA data_version').pluck();
  const listeners = new Set<() => void>();
  let last = dataVersion.get();
  let count = 0;
  const timer = setInterval(() => {
    const version = dataVersion.get();
    if (version === last) return;
    last = version;
    count += 1;
    for (const heard of listeners) heard();
  }, FOREIGN_COMMIT_POLL_MS);
  timer.unref();
  return {
    count: () => count,
    listen(heard: () => void) {
      listeners.add(heard);
      return () => {
        listeners.delete(heard);
      };
    },
    stop: () => clearInterval(timer),
  };
}
