import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Server } from '../processes/server.ts';

/** Reads a server's database beside it; the server may run. */
export function query<Row = unknown>(server: Server, text: string, ...values: string[]): Row[] {
  const database = new Sqlite(join(server.dataDir, 'estrade.sqlite'), { readonly: true });
  try {
    return database.prepare(text).all(...values) as Row[];
  } finally {
    database.close();
  }
}

/** How much of what others are to hear, or have said, a server has still to send or to handle. */
export function waiting(server: Server): number {
  const [row] = query<{ n: number }>(
    server,
    `select (select count(*) from deliveries)
          + (select count(*) from jobs where lane in ('inbox', 'event:federation') and dead_at is null) as n`,
  );
  return row?.n ?? -1;
}
