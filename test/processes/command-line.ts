import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createCommit, type CommitWith } from '#db/commit.ts';
import { openMigrated, type DatabaseTarget } from '#db/open.ts';
import type { Store } from '#db/store.ts';
import { consumersOf } from '#domain/consumers.ts';
import { react } from '#domain/reactions.ts';
import { systemClock } from '#kernel/clock.ts';
import { createIdSource } from '#kernel/ids.ts';
import { ROOT, startArguments } from './bundle.ts';
import type { Server } from './server.ts';

export interface Ended {
  code: number | null;
  out: string;
  /** What went to standard error. */
  said: string;
}

/** Runs `estrade <args>` with the options of a server; `input` comes on standard input. */
export async function runCli(options: Record<string, string>, args: readonly string[], input = ''): Promise<Ended> {
  const program = (startArguments().at(-1) ?? '').replace(/main\.js$/, 'cli.js');
  const child = spawn(process.execPath, [program, ...args], {
    cwd: ROOT,
    // Nothing of the configuration of whoever runs the tests.
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...options },
    stdio: 'pipe',
  });
  child.stdin.end(input);
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, said] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, said };
}

/** Where a server's data are. */
export function databaseOf({ dataDir, options }: Server): DatabaseTarget {
  const url = options['DATABASE_URL'];
  return url === undefined
    ? { engine: 'sqlite', file: join(dataDir, 'estrade.sqlite') }
    : { engine: 'postgresql', url };
}

/** Asks a server's database beside it, on either engine. */
export function ask<T>(server: Server, query: string): Promise<T[]> {
  return inDatabase(databaseOf(server), server.origin, (store) => store.read.hot<T>(query));
}

/** Works on a database beside whatever else does, as one more process. */
export async function inDatabase<T>(
  target: DatabaseTarget,
  origin: string,
  work: (store: Store, commit: CommitWith) => Promise<T>,
): Promise<T> {
  const store = await openMigrated(target);
  const { host } = new URL(origin);
  try {
    const commit = createCommit({
      ...{ store, clock: systemClock, ids: createIdSource(14), site: { origin, host, handleDomain: host } },
      ...{ react, consumersOf, wake: () => undefined },
    });
    return await work(store, commit);
  } finally {
    await store.close();
  }
}
