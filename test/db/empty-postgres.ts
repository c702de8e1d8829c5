import { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { Pool, types } from 'pg';
import type { migratePostgres } from '#db/migrate.ts';
import type { PostgresClient } from '#db/postgres-client.ts';
import { openEmptySchema } from '../engine.ts';

/** A PostgreSQL without a table, the real one where this run has it: for tests of the migrations themselves. */
export interface EmptyPostgres {
  database: Parameters<typeof migratePostgres>[0];
  client: PostgresClient;
  close(): Promise<void>;
}

export async function openEmptyPostgres(): Promise<EmptyPostgres> {
  if (process.env['TEST_ENGINE'] !== 'postgresql') {
    const pglite = await PGlite.create();
    return {
      database: drizzlePglite(pglite) as never,
      client: { query: (text, values) => pglite.query(text, values) },
      close: () => pglite.close(),
    };
  }
  // As the store has it: ids come as text otherwise.
  types.setTypeParser(20, Number);
  const pool = new Pool({ connectionString: await openEmptySchema(), max: 1 });
  return {
    database: drizzlePg(pool) as never,
    client: { query: (text, values) => pool.query(text, values) },
    close: () => pool.end(),
  };
}
