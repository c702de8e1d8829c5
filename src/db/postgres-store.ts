import { randomUUID } from 'node:crypto';
import { sql, type SQL } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Client } from 'pg';
import { withoutValues } from '#db/query-failed.ts';
import { postgresSchema } from '#db/schema.ts';
import type { HotValue, Query, Store, Transaction } from '#db/store.ts';
import { insideWrite, runInsideWrite } from '#db/write-scope.ts';

const RETRIES_MAX = 5;
const CHANNEL = 'estrade_commit';
const LISTEN_AGAIN_MS = 1000;

type Database = PgDatabase<PgQueryResultHKT>;

interface Listener {
  /** Returns the way to stop. */
  listen(channel: string, heard: (from: string) => void): () => void;
}

/** A PostgreSQL of version 15 or newer; its pool of connections belongs to the store. */
export async function openPostgresStore(url: string): Promise<Store> {
  const { default: pg } = await import('pg');
  // Raw bigint and count(*) come as text otherwise; all of ours are below 2^53.
  pg.types.setTypeParser(20, Number);
  const { drizzle } = await import('drizzle-orm/node-postgres');
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  pool.on('error', () => undefined);
  const listener = createListener(() => new pg.Client({ connectionString: url }));
  return createPostgresStore(drizzle(pool), listener, () => pool.end());
}

/** Listens on a connection of its own, and on a new one when that is lost: the database may be started anew. */
function createListener(newClient: () => Client): Listener {
  return {
    listen(channel, heard) {
      let present: Client | null = null;
      let timer: NodeJS.Timeout | undefined;
      let stopped = false;
      const connect = async () => {
        const client = newClient();
        present = client;
        client.on('notification', (message) => heard(message.payload ?? ''));
        client.on('error', () => undefined);
        client.once('end', () => {
          if (!stopped && present === client) timer = setTimeout(() => void listenAgain(), LISTEN_AGAIN_MS);
        });
        await client.connect();
        await client.query(`LISTEN ${channel}`);
      };
      const listenAgain = async () => {
        await connect().catch(() => undefined);
        // Whatever was said meanwhile was not heard.
        if (!stopped) heard('');
      };
      connect().catch(() => undefined);
      return () => {
        stopped = true;
        clearTimeout(timer);
        present?.end().catch(() => undefined);
      };
    },
  };
}

/** The same store on any PostgreSQL that drizzle speaks to; tests bring PGlite. */
export function createPostgresStore(database: Database, listener: Listener | null, end: () => Promise<void>): Store {
  // Several processes may have one number, each in a container of its own.
  const me = randomUUID();
  const stops = new Set<() => void>();
  const open = queryOn(database);
  return {
    engine: 'postgresql',
    schema: postgresSchema,
    read: open,
    async write(work) {
      if (insideWrite()) throw new Error('write inside write: pass the transaction on instead');
      return withRetry(() =>
        database.transaction(async (tx) => {
          const result = await runInsideWrite(() => work(queryOn(tx as unknown as Database) as Transaction));
          if (listener) await tx.execute(sql`select pg_notify(${CHANNEL}, ${me})`);
          return result;
        }),
      );
    },
    commitMark: () => null,
    onForeignCommit(heard) {
      const stop = listener?.listen(CHANNEL, (from) => from !== me && heard()) ?? (() => undefined);
      stops.add(stop);
      return () => {
        stop();
        stops.delete(stop);
      };
    },
    async size() {
      const rows = await open.rows<{ bytes: number }>(sql`select pg_database_size(current_database()) as bytes`);
      return Number(rows[0]?.bytes ?? 0);
    },
    async close() {
      for (const stop of stops) stop();
      await end();
    },
  };
}

function queryOn(database: Database): Query {
  const run = async (query: SQL): Promise<unknown> => {
    try {
      return await database.execute(query);
    } catch (error) {
      throw withoutValues(error);
    }
  };
  return Object.assign(Object.create(database) as object, {
    async rows(query: SQL) {
      return rowsOf(await run(query));
    },
    async hot(text: string, ...values: HotValue[]) {
      const parts = text.split(/\$(\d+)/);
      const query = sql.join(
        parts.map((part, index) => (index % 2 === 1 ? sql`${values[Number(part) - 1]}` : sql.raw(part))),
      );
      return rowsOf(await run(query));
    },
  }) as unknown as Query;
}

function rowsOf(result: unknown): unknown[] {
  return (result as { rows: unknown[] }).rows;
}

/** Serialization failures and deadlocks are PostgreSQL's way to ask for another try. */
async function withRetry<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!isRetriable(error) || attempt >= RETRIES_MAX) throw withoutValues(error);
      await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 5));
    }
  }
}

function isRetriable(error: unknown): boolean {
  const codes = [error, (error as { cause?: unknown } | null)?.cause].map((e) => (e as { code?: string } | null)?.code);
  return codes.includes('40001') || codes.includes('40P01');
}
