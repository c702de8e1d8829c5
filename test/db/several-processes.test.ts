import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '#db/open.ts';
import { withPostgres } from '#db/postgres-client.ts';
import { enqueueJobs } from '#db/queue.ts';
import type { Store } from '#db/store.ts';
import { openEmptySchema } from '../engine.ts';
import { openTestDatabase, type TestDatabase } from '../processes/postgres.ts';

/*
 * What one connection cannot show, and PGlite has but one: several processes on one PostgreSQL. It runs on a real one,
 * by `npm run test:postgres`.
 */

const JOBS = 200;
const ORDERS = 5;
const ROOT = join(import.meta.dirname, '../..');
const ENDS_WITHIN_MS = 60_000;

let url: string;
let store: Store;
let children: ChildProcess[];

describe.runIf(process.env['TEST_ENGINE'] === 'postgresql')('several processes on one PostgreSQL', () => {
  beforeEach(async () => {
    children = [];
    url = await openEmptySchema();
    store = await openStore({ engine: 'postgresql', url }, join(ROOT, 'migrations'), 1);
  });

  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await store.close();
  });

  test('do each job once, every one its share, and those of one order one after the other', async () => {
    await enqueue((n) => (n % 2 === 0 ? `order ${(n / 2) % ORDERS}` : null));
    const workers = await startWorkers(3);
    expect(await Promise.all(workers.map(endOf))).toEqual([0, 0, 0]);
    const done = await doneJobs();
    expect(done.map(({ job }) => job).toSorted((a, b) => a - b)).toEqual(numbers());
    for (const slot of [0, 1, 2]) {
      expect(done.filter((one) => one.slot === slot).length).toBeGreaterThan(JOBS / 20);
    }
    for (let order = 0; order < ORDERS; order += 1) {
      const times = done.filter(({ job }) => job % 2 === 0 && (job / 2) % ORDERS === order);
      const byTime = times.toSorted((a, b) => a.at - b.at || a.job - b.job);
      expect(byTime.map(({ job }) => job)).toEqual(times.map(({ job }) => job).toSorted((a, b) => a - b));
    }
  });

  test('take over what one of them had in hand when it was killed, and no job is done twice', async () => {
    await enqueue(() => null);
    const [dying, living] = (await startWorkers(2, 1000)) as [ChildProcess, ChildProcess];
    const haveBothBegun = async () => {
      const done = await doneJobs();
      return done.length > 20 && new Set(done.map(({ slot }) => slot)).size === 2;
    };
    await expect.poll(haveBothBegun, { timeout: ENDS_WITHIN_MS }).toBe(true);
    dying.kill('SIGKILL');
    expect(await endOf(living)).toBe(0);
    const done = await doneJobs();
    expect(done.map(({ job }) => job).toSorted((a, b) => a - b)).toEqual(numbers());
    expect(new Set(done.map(({ slot }) => slot)).size).toBe(2);
  });
});

describe.runIf(process.env['TEST_ENGINE'] === 'postgresql')('two stores on one PostgreSQL', () => {
  let other: Store;
  /** Of their own: a notification is heard in the whole of a database, and other files write to other schemas. */
  let database: TestDatabase;

  beforeEach(async () => {
    database = await openTestDatabase();
    url = database.env.DATABASE_URL;
    const target = { engine: 'postgresql', url } as const;
    [store, other] = [await openStore(target, join(ROOT, 'migrations'), 1), await openStore(target, 'migrations', 1)];
  });

  afterEach(async () => {
    await Promise.all([store.close(), other.close()]);
    await database.close();
  });

  const grave = (to: Store, uri: string) =>
    to.write((tx) => tx.hot('insert into tombstones (uri, deleted_at) values ($1, 1)', uri));

  test('that stand in each other’s way both get through', async () => {
    await Promise.all(['left', 'right'].map((uri) => grave(store, uri)));
    const meeting = Promise.withResolvers<void>();
    let tries = 0;
    const raise = (who: Store, first: string, second: string) =>
      who.write(async (tx) => {
        const rise = (uri: string) => tx.hot('update tombstones set deleted_at = deleted_at + 1 where uri = $1', uri);
        tries += 1;
        await rise(first);
        if (tries === 2) meeting.resolve();
        await meeting.promise;
        await rise(second);
      });
    await Promise.all([raise(store, 'left', 'right'), raise(other, 'right', 'left')]);
    // The database ended one of them, and it was done again from its beginning.
    expect(tries).toBe(3);
    expect(await store.read.hot('select deleted_at from tombstones')).toEqual([{ deleted_at: 3 }, { deleted_at: 3 }]);
  });

  test('hear of each other, and again after the database was started anew', async () => {
    const heard: string[] = [];
    store.onForeignCommit(() => heard.push('other'));
    other.onForeignCommit(() => heard.push('store'));
    await expect
      .poll(
        async () => {
          await grave(store, `own ${heard.length} ${Math.random()}`);
          return heard;
        },
        { timeout: 10_000, interval: 200 },
      )
      .toContain('store');
    expect(heard).not.toContain('other');

    await withPostgres(url, (client) =>
      client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where pid <> pg_backend_pid() and datname = current_database() and query like '%estrade_commit%'`,
      ),
    );
    await expect.poll(() => heard.includes('other'), { timeout: 5000 }).toBe(true);
    heard.length = 0;
    await expect
      .poll(
        async () => {
          await grave(store, `again ${Math.random()}`).catch(() => undefined);
          return heard;
        },
        { timeout: 10_000, interval: 200 },
      )
      .toContain('store');
  });
});

async function enqueue(orderOf: (n: number) => string | null): Promise<void> {
  await store.write(async (tx) => {
    let n = 0;
    const jobs = Array.from({ length: JOBS }, (_, index) => {
      const orderKey = orderOf(index + 1);
      return { lane: 'work', data: {}, ...(orderKey === null ? {} : { orderKey }) };
    });
    // Numbered from 1 on.
    await enqueueJobs({ tx, now: 1, newId: () => (n += 1) }, jobs);
  });
}

function numbers(): number[] {
  return Array.from({ length: JOBS }, (_, index) => index + 1);
}

/** They begin together: the first could do everything while the last is still being started. */
async function startWorkers(count: number, leaseMs = 60_000): Promise<ChildProcess[]> {
  const workers = await Promise.all(Array.from({ length: count }, () => readyWorker(leaseMs)));
  for (const worker of workers) worker.stdin?.end('go');
  return workers;
}

async function readyWorker(leaseMs: number): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./worker-process.ts', import.meta.url)), url, String(leaseMs), '5'],
    {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const [code] = (await once(child, 'exit', { signal: AbortSignal.timeout(ENDS_WITHIN_MS) })) as [number | null];
  return code;
}

/** What was written down of the work. */
async function doneJobs(): Promise<{ slot: number; job: number; at: number }[]> {
  const rows = await store.read.hot<{ uri: string; deleted_at: number }>('select uri, deleted_at from tombstones');
  return rows.map(({ uri, deleted_at }) => {
    const [slot, job] = uri.split(' ').map(Number) as [number, number];
    return { slot, job, at: deleted_at };
  });
}
