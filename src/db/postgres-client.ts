/** One connection to a PostgreSQL, as `pg` and PGlite both offer it. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Runs `work` on a connection of its own, outside of every store. */
export async function withPostgres<T>(url: string, work: (client: PostgresClient) => Promise<T>): Promise<T> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function rowsOf<T>(client: PostgresClient, text: string, ...values: unknown[]): Promise<T[]> {
  return (await client.query(text, values)).rows as T[];
}
