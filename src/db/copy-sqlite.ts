import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { CopyAnswer, CopyTask, DatabaseCopy } from '#db/copy-sqlite-thread.ts';
import { need } from '#kernel/assert.ts';

export type { DatabaseCopy } from '#db/copy-sqlite-thread.ts';

/**
 * Copies a SQLite database that may be in use into a new file, checks the copy and only then gives it its name. The
 * work is done in a thread with a connection of its own: the event loop and the writers go on meanwhile.
 * @param stopping Breaks it off; what was begun lies beside `into` then, as `.unfinished`.
 * @throws when `into` is there already, or the copy is not sound; then there is no copy.
 */
export async function copySqlite(file: string, into: string, stopping?: AbortSignal): Promise<DatabaseCopy> {
  if (existsSync(into)) throw new Error(`${into} is there already`);
  const answer = await ask({ file, into }, stopping);
  if ('failed' in answer) throw new Error(`the database could not be copied: ${answer.failed}`);
  return answer.copy;
}

function ask(task: CopyTask, stopping?: AbortSignal): Promise<CopyAnswer> {
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
  const places = ['./copy-sqlite-thread.ts', './copy-sqlite-thread.js', '../copy-sqlite-thread.js'];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  return need(found, 'the backup has no thread: copy-sqlite-thread.js must lie beside the program');
}
