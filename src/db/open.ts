import { join } from 'node:path';
import { migratePostgres, migrateSqlite, type MigrateOptions } from '#db/migrate.ts';
import { openPostgresStore } from '#db/postgres-store.ts';
import { openSqliteStore } from '#db/sqlite-store.ts';
import type { Store } from '#db/store.ts';

export type DatabaseTarget = { engine: 'sqlite'; file: string } | { engine: 'postgresql'; url: string };

/** Migrates the database and opens it. @throws when it was written by a newer version. */
export async function openStore(target: DatabaseTarget, migrationsFolder: string, nowMs: number): Promise<Store> {
  await migrate(target, migrationsFolder, nowMs);
  return openMigrated(target);
}

/** Brings a database up to date, or makes it, and returns the names of what was applied. @throws as `openStore`. */
export async function migrate(
  target: DatabaseTarget,
  migrationsFolder: string,
  nowMs: number,
  options: MigrateOptions = {},
): Promise<string[]> {
  if (target.engine === 'sqlite') return migrateSqlite(target.file, join(migrationsFolder, 'sqlite'), nowMs, options);
  const { default: pg } = await import('pg');
  const { drizzle } = await import('drizzle-orm/node-postgres');
  const pool = new pg.Pool({ connectionString: target.url, max: 1 });
  try {
    return await migratePostgres(drizzle(pool) as never, join(migrationsFolder, 'postgres'), nowMs, options);
  } finally {
    await pool.end();
  }
}

/** Opens a database that is known to be up to date. */
export async function openMigrated(target: DatabaseTarget): Promise<Store> {
  return target.engine === 'sqlite' ? openSqliteStore(target.file) : openPostgresStore(target.url);
}
