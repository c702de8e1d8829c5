import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { BackupAnswer, BackupTask, DatabaseCopy } from '#db/backup-thread.ts';
import { need } from '#kernel/assert.ts';

export type { DatabaseCopy } from '#db/backup-thread.ts';

/**
 * Copies a SQLite database that may be in use into a new file, checks the copy and only then gives it its name. The
 * work is done in a thread with a connection of its own: the event loop and the writers go on meanwhile.
 * @param stopping Breaks it off; what was begun lies beside `into` then, as `.unfinished`.
 * @throws when `into` is there already, or the copy is not sound; then there is no copy.
 */
export async function backupSqlite(file: string, into: string, stopping?: AbortSignal): Promise<DatabaseCopy> {
  if (existsSync(into)) throw new Error(`${into} is there already`);
  const answer = await ask({ file, into }, stopping);
  if ('failed' in answer) throw new Error(`the database could not be copied: ${answer.failed}`);
  return answer.copy;
}

function ask(task: BackupTask, stopping?: AbortSignal): Promise<BackupAnswer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(findThreadFile(), { workerData: task, name: 'backup' });
    worker.once('message', resolve);
    worker.once('error', reject);
    stopping?.addEventListener('abort', () => void worker.terminate(), { once: true });
    worker.once('exit', (code) => reject(new Error(`the backup's thread ended with ${code}`)));
  });
}

/** From source the thread lies beside this file; bundled, beside the program or, from a chunk, one folder up. */
function findThreadFile(): URL {
  const places = ['./backup-thread.ts', './backup-thread.js', '../backup-thread.js'];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  return need(found, 'the backup has no thread: backup-thread.js must lie beside the program');
}
