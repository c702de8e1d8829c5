import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { readMigrations } from '#db/migrate.ts';
import type { DatabaseTarget } from '#db/open.ts';

export interface MigrationState {
  /** In the order in which they were applied; empty where there is no database yet. */
  applied: string[];
  /** What this version would still apply. */
  pending: string[];
  /** What a newer version has applied: this one must leave the database alone. */
  newer: string[];
}

const APPLIED = 'select name from applied_migrations order by applied_at, name';

/** How far a database is, without changing it. */
export async function migrationState(target: DatabaseTarget, migrationsFolder: string): Promise<MigrationState> {
  const folder = target.engine === 'sqlite' ? 'sqlite' : 'postgres';
  const known = readMigrations(join(migrationsFolder, folder)).map(({ name }) => name);
  const applied = target.engine === 'sqlite' ? appliedInFile(target.file) : await appliedAt(target.url);
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    newer: applied.filter((name) => !known.includes(name)),
  };
}

function appliedInFile(file: string): string[] {
  if (!existsSync(file)) return [];
  const db = new Sqlite(file, { readonly: true });
  try {
    const table = db.prepare(`select 1 from sqlite_schema where name = 'applied_migrations'`).get();
    return table ? (db.prepare(APPLIED).pluck().all() as string[]) : [];
  } finally {
    db.close();
  }
}

async function appliedAt(url: string): Promise<string[]> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const table = await client.query<{ name: string | null }>(`select to_regclass('applied_migrations')::text as name`);
    if (!table.rows[0]?.name) return [];
    return (await client.query<{ name: string }>(APPLIED)).rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
