import { spawn } from 'node:child_process';
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

/** The options of a server, for another process. */
export function optionsOf({ origin, port, dataDir }: Server): Record<string, string> {
  return { ORIGIN: origin, PORT: String(port), DATA_DIR: dataDir };
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
