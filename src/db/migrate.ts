import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

export interface Migration {
  name: string;
  statements: string[];
}

const BREAKPOINT = '--> statement-breakpoint';

/** The migrations of a folder in the order of drizzle-kit's journal. @throws for an `upTo` that is not among them. */
export function readMigrations(folder: string, { upTo }: MigrateOptions = {}): Migration[] {
  const journal = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as {
    entries: { tag: string }[];
  };
  const tags = journal.entries.map(({ tag }) => tag);
  if (upTo !== undefined && !tags.includes(upTo)) throw new Error(`the migration ${upTo} is of a newer Estrade`);
  const wanted = upTo === undefined ? tags : tags.slice(0, tags.indexOf(upTo) + 1);
  return wanted.map((tag) => ({
    name: tag,
    statements: readFileSync(join(folder, `${tag}.sql`), 'utf8')
      .split(BREAKPOINT)
      .map((statement) => statement.trim())
      .filter(Boolean),
  }));
}

export interface MigrateOptions {
  /** The last migration to apply, where the newest one is too new: for data that was saved by an older version. */
  upTo?: string;
}

/** How long another process may hold the file. */
const BUSY_MS = 5000;
const PAUSE_MS = 20;

/**
 * Brings a SQLite file up to date and returns the names of what was applied.
 *
 * On its own connection with foreign keys **off**: drizzle-kit rebuilds a table by dropping it, and with
 * foreign keys on every cascading child row would go with it without an error. A populated database is
 * copied first; both checks must be clean before anything is committed, or the file stays as it was.
 * @throws when the file was written by a newer version, or a check finds a fault.
 */
export function migrateSqlite(file: string, folder: string, nowMs: number, options: MigrateOptions = {}): string[] {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const existed = existsSync(file);
  // It holds mail addresses and hashes of passwords; SQLite makes its other files with the mode of this one.
  if (!existed) closeSync(openSync(file, 'a', 0o600));
  const migrations = readMigrations(folder, options);
  const db = new Sqlite(file);
  try {
    db.pragma(`busy_timeout = ${BUSY_MS}`);
    switchToWal(db);
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = OFF');
    db.exec('CREATE TABLE IF NOT EXISTS applied_migrations (name text PRIMARY KEY, applied_at integer NOT NULL)');
    const [next] = pendingOf(migrations, appliedIn(db));
    if (!next) return [];
    if (existed && appliedIn(db).size > 0) copyBefore(db, `${file}.before-${next.name}-${nowMs}`);
    db.exec('BEGIN IMMEDIATE');
    try {
      // Of two processes that start at once the second waited at BEGIN, and finds here that nothing is left to do.
      const pending = pendingOf(migrations, appliedIn(db));
      for (const migration of pending) {
        for (const statement of migration.statements) db.exec(statement);
        db.prepare('INSERT INTO applied_migrations VALUES (?, ?)').run(migration.name, nowMs);
      }
      checkSound(db);
      db.exec('COMMIT');
      return pending.map(({ name }) => name);
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  } finally {
    db.close();
  }
}

/**
 * The change of a file's journal needs it alone, and SQLite refuses it at once instead of waiting while another process
 * that has just started changes it as well.
 */
function switchToWal(db: Sqlite.Database): void {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || waitedMs >= BUSY_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

function appliedIn(db: Sqlite.Database): Set<string> {
  return new Set(db.prepare('SELECT name FROM applied_migrations').pluck().all() as string[]);
}

/** Made beforehand, so that nobody else can read it at any moment: SQLite fills an empty file. */
function copyBefore(db: Sqlite.Database, copy: string): void {
  // A process that began in the same millisecond makes it already.
  if (existsSync(copy)) return;
  closeSync(openSync(copy, 'a', 0o600));
  db.prepare('VACUUM INTO ?').run(copy);
}

function checkSound(db: Sqlite.Database): void {
  const dangling = (db.pragma('foreign_key_check') as { table: string }[]).map(({ table }) => table);
  if (dangling.length > 0) throw new Error(`a migration left dangling rows in ${[...new Set(dangling)].join(', ')}`);
  const integrity = db.pragma('integrity_check', { simple: true });
  if (integrity !== 'ok') throw new Error(`integrity check after the migration: ${String(integrity)}`);
}

/** Brings a PostgreSQL database up to date in one transaction; an advisory lock keeps a second process out. */
export async function migratePostgres(
  database: PgDatabase<PgQueryResultHKT>,
  folder: string,
  nowMs: number,
  options: MigrateOptions = {},
): Promise<string[]> {
  return database.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(7226033)`);
    await tx.execute(
      sql.raw('CREATE TABLE IF NOT EXISTS applied_migrations (name text PRIMARY KEY, applied_at bigint NOT NULL)'),
    );
    const applied = namesIn(await tx.execute(sql.raw('SELECT name FROM applied_migrations')));
    const pending = pendingOf(readMigrations(folder, options), applied);
    for (const migration of pending) {
      for (const statement of migration.statements) await tx.execute(sql.raw(statement));
      await tx.execute(sql`INSERT INTO applied_migrations VALUES (${migration.name}, ${nowMs})`);
    }
    return pending.map(({ name }) => name);
  });
}

function namesIn(result: unknown): Set<string> {
  return new Set((result as { rows: { name: string }[] }).rows.map(({ name }) => name));
}

function pendingOf(migrations: Migration[], applied: ReadonlySet<string>): Migration[] {
  const known = new Set(migrations.map(({ name }) => name));
  const newer = [...applied].filter((name) => !known.has(name));
  if (newer.length > 0) throw new Error(`the database was written by a newer Estrade (${newer.join(', ')})`);
  return migrations.filter(({ name }) => !applied.has(name));
}
