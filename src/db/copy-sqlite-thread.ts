import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { need } from '#kernel/assert.ts';

/*
 * The inside of the thread of `backup.ts`, and an entry of its own in the bundle. It reads the database over a
 * connection of its own and writes nothing but the copy.
 */

/** What the thread is asked. */
export interface CopyTask {
  file: string;
  into: string;
}

/** A copy that was checked. */
export interface DatabaseCopy {
  bytes: number;
  /** Rows of each table. */
  tables: Record<string, number>;
  /** Names of the migrations that it has, in their order. */
  migrations: string[];
}

export type CopyAnswer = { copy: DatabaseCopy } | { failed: string };

need(parentPort, 'copy-sqlite-thread runs as a worker thread only').postMessage(answer(workerData as CopyTask), []);

function answer({ file, into }: CopyTask): CopyAnswer {
  const unfinished = `${into}.unfinished`;
  try {
    copyInto(file, unfinished);
    const copy = check(unfinished);
    sync(unfinished);
    renameSync(unfinished, into);
    sync(dirname(into));
    return { copy };
  } catch (error) {
    rmSync(unfinished, { force: true });
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * `VACUUM INTO` and not the backup API: that one begins anew whenever another connection writes, so on a busy instance
 * it would never end. This reads one snapshot, and writers go on meanwhile.
 */
function copyInto(file: string, unfinished: string): void {
  rmSync(unfinished, { force: true });
  // SQLite fills an empty file; made by us, nobody else can read it at any moment.
  closeSync(openSync(unfinished, 'wx', 0o600));
  const source = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    source.pragma('busy_timeout = 5000');
    source.prepare('VACUUM INTO ?').run(unfinished);
  } finally {
    source.close();
  }
}

function check(file: string): DatabaseCopy {
  const db = new Sqlite(file, { readonly: true });
  try {
    const sound = db.pragma('quick_check(1)', { simple: true });
    if (sound !== 'ok') throw new Error(`the copy is damaged: ${String(sound)}`);
    return { bytes: statSync(file).size, tables: countRows(db), migrations: migrationsOf(db) };
  } finally {
    db.close();
  }
}

function countRows(db: Sqlite.Database): Record<string, number> {
  // Search indexes are virtual tables and their shadows: they are made anew from the rest where they are missing.
  const names = (db.pragma('table_list') as { schema: string; name: string; type: string }[])
    .filter(({ schema, name, type }) => schema === 'main' && type === 'table' && !name.startsWith('sqlite_'))
    .map(({ name }) => name)
    .toSorted();
  return Object.fromEntries(
    names.map((name) => [name, db.prepare(`select count(*) from "${name}"`).pluck().get() as number]),
  );
}

function migrationsOf(db: Sqlite.Database): string[] {
  return db.prepare('select name from applied_migrations order by applied_at, name').pluck().all() as string[];
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
