import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

export interface Migration {
  name: string;
  statements: string[];
}

const BREAKPOINT = '--> statement-breakpoint';

/** The migrations of a folder in the order of drizzle-kit's journal. */
export function readMigrations(folder: string): Migration[] {
  const journal = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as { entries: { tag: string }[] };
  return journal.entries.map(({ tag }) => ({
    name: tag,
    statements: readFileSync(join(folder, `${tag}.sql`), 'utf8')
      .split(BREAKPOINT)
      .map((statement) => statement.trim())
      .filter(Boolean),
  }));
}

/**
 * Brings a SQLite file up to date and returns the names of what was applied.
 *
 * On its own connection with foreign keys **off**: drizzle-kit rebuilds a table by dropping it, and with
 * foreign keys on every cascading child row would go with it without an error. A populated database is
 * copied first; afterwards both checks must be clean, or the file stays as it was.
 * @throws when the file was written by a newer version, or a check finds a fault.
 */
export function migrateSqlite(file: string, folder: string, nowMs: number): string[] {
  mkdirSync(dirname(file), { recursive: true });
  const existed = existsSync(file);
  const db = new Sqlite(file);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = OFF');
    db.pragma('busy_timeout = 5000');
    db.exec('CREATE TABLE IF NOT EXISTS applied_migrations (name text PRIMARY KEY, applied_at integer NOT NULL)');
    const applied = new Set(db.prepare('SELECT name FROM applied_migrations').pluck().all() as string[]);
    const pending = pendingOf(readMigrations(folder), applied);
    if (pending.length === 0) return [];
    if (existed && applied.size > 0) db.prepare('VACUUM INTO ?').run(`${file}.before-${pending[0]?.name}-${nowMs}`);
    // Two processes may start at once: the second waits here and then finds nothing to do.
    db.exec('BEGIN IMMEDIATE');
    try {
      for (const migration of pending) {
        for (const statement of migration.statements) db.exec(statement);
        db.prepare('INSERT INTO applied_migrations VALUES (?, ?)').run(migration.name, nowMs);
      }
      if ((db.pragma('foreign_key_check') as unknown[]).length > 0) throw new Error('a migration left dangling rows');
      db.exec('COMMIT');
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
    const integrity = db.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') throw new Error(`integrity check after the migration: ${String(integrity)}`);
    return pending.map(({ name }) => name);
  } finally {
    db.close();
  }
}

/** Brings a PostgreSQL database up to date in one transaction; an advisory lock keeps a second process out. */
export async function migratePostgres(
  database: PgDatabase<PgQueryResultHKT>,
  folder: string,
  nowMs: number,
): Promise<string[]> {
  return database.transaction(async (tx) => {
    const rows = async (query: ReturnType<typeof sql.raw>) => ((await tx.execute(query)) as unknown as { rows: never[] }).rows;
    await tx.execute(sql`select pg_advisory_xact_lock(7226033)`);
    await tx.execute(
      sql.raw('CREATE TABLE IF NOT EXISTS applied_migrations (name text PRIMARY KEY, applied_at bigint NOT NULL)'),
    );
    const applied = new Set(
      (await rows(sql.raw('SELECT name FROM applied_migrations'))).map((row: { name: string }) => row.name),
    );
    const pending = pendingOf(readMigrations(folder), applied);
    for (const migration of pending) {
      for (const statement of migration.statements) await tx.execute(sql.raw(statement));
      await tx.execute(sql`INSERT INTO applied_migrations VALUES (${migration.name}, ${nowMs})`);
    }
    return pending.map(({ name }) => name);
  });
}

function pendingOf(migrations: Migration[], applied: ReadonlySet<string>): Migration[] {
  const known = new Set(migrations.map(({ name }) => name));
  const newer = [...applied].filter((name) => !known.has(name));
  if (newer.length > 0) throw new Error(`the database was written by a newer Estrade (${newer.join(', ')})`);
  return migrations.filter(({ name }) => !applied.has(name));
}
