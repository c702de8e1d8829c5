import { join } from 'node:path';
import { migratePostgres, migrateSqlite } from '#db/migrate.ts';
import { openPostgresStore } from '#db/postgres-store.ts';
import { openSqliteStore } from '#db/sqlite-store.ts';
import type { Store } from '#db/store.ts';

export type DatabaseTarget = { engine: 'sqlite'; file: string } | { engine: 'postgresql'; url: string };

/** Migrates the database and opens it. @throws when it was written by a newer version. */
export async function openStore(target: DatabaseTarget, migrationsFolder: string, nowMs: number): Promise<Store> {
  if (target.engine === 'sqlite') {
    migrateSqlite(target.file, join(migrationsFolder, 'sqlite'), nowMs);
    return openSqliteStore(target.file);
  }
  await migrateUrl(target.url, join(migrationsFolder, 'postgres'), nowMs);
  return openPostgresStore(target.url);
}

async function migrateUrl(url: string, folder: string, nowMs: number): Promise<void> {
  const { default: pg } = await import('pg');
  const { drizzle } = await import('drizzle-orm/node-postgres');
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  try {
    await migratePostgres(drizzle(pool) as never, folder, nowMs);
  } finally {
    await pool.end();
  }
}
