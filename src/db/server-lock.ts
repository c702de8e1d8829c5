import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Config } from '#config/config.ts';

export interface ServerLock {
  release(): void;
}

/** In `DATA_DIR`; holds nothing but the lock. */
export const LOCK_FILE = 'server.lock';

/** Another server already runs on this data. */
export class AlreadyRunning extends Error {
  override name = 'AlreadyRunning';
}

/**
 * Keeps a second server process away from one `DATA_DIR`: on SQLite a second writer would stop the first one's event
 * loop for as long as it holds the database. The lock is an exclusive transaction on a file of its own, so the system
 * takes it away with the process, however it ends. With PostgreSQL there is nothing to lock.
 * @throws AlreadyRunning
 */
export function acquireServerLock({ dataDir, database }: Pick<Config, 'dataDir' | 'database'>): ServerLock {
  if (database.engine === 'postgresql') return { release: () => undefined };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, LOCK_FILE);
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    lock.pragma('journal_mode = DELETE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) {
      throw new AlreadyRunning(
        `Another Estrade server is running on ${dataDir}. Stop it first, or set another DATA_DIR.`,
      );
    }
    throw error;
  }
  return { release: () => void lock.close() };
}
