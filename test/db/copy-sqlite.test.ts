import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copySqlite } from '#db/copy-sqlite.ts';
import { checkSqlite } from '#db/check-sqlite.ts';
import { openStore } from '#db/open.ts';
import { openSqliteStore } from '#db/sqlite-store.ts';
import type { Store } from '#db/store.ts';
import { copiesIn, scheduledBackup } from '#jobs/scheduled-backup.ts';
import { HOUR_MS, ManualClock, MINUTE_MS } from '#kernel/clock.ts';

/** It brings its databases itself, so once is enough. */
const ONCE = process.env['TEST_ENGINE'] === 'sqlite';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');

let folder: string;
let file: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backup-'));
  file = join(folder, 'estrade.sqlite');
  store = await openStore({ engine: 'sqlite', file }, MIGRATIONS, 1);
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const grave = (uri: string) =>
  store.write((tx) => tx.hot('insert into tombstones (uri, deleted_at) values ($1, 1)', uri));

describe.runIf(ONCE)('a copy of a SQLite database', () => {
  test('has what was committed, is whole, and can be read by nobody else', async () => {
    await grave('https://a.test/1');
    const into = join(folder, 'copy.sqlite');
    const { tables, migrations, bytes } = await copySqlite(file, into);
    expect(tables).toMatchObject({ tombstones: 1, posts: 0 });
    expect(migrations[0]).toBe('0000_start');
    expect(bytes).toBe(statSync(into).size);
    expect(statSync(into).mode & 0o777).toBe(0o600);
    expect(checkSqlite(into)).toEqual({ integrity: 'ok', dangling: [] });
    const copy = openSqliteStore(into);
    expect(await copy.read.hot('select uri from tombstones')).toEqual([{ uri: 'https://a.test/1' }]);
    await copy.close();
  });

  test('is one moment of a database that is written all the while, and writing goes on', async () => {
    // A chain in which each row follows from the one before: a copy of two moments would break it.
    const stop = new AbortController();
    let written = 0;
    const writing = (async () => {
      while (!stop.signal.aborted) {
        await grave(`https://a.test/${String(written).padStart(6, '0')}`);
        written += 1;
        // So that others have their turn, however fast a write is.
        await immediate();
      }
    })();
    const enough = async (): Promise<void> => (written < 50 ? immediate().then(enough) : undefined);
    await enough();
    const before = written;
    const into = join(folder, 'copy.sqlite');
    const { tables } = await copySqlite(file, into);
    const during = written - before;
    stop.abort();
    await writing;
    expect(during).toBeGreaterThan(0);
    expect(tables['tombstones']).toBeGreaterThanOrEqual(before);
    const copy = openSqliteStore(into);
    const [row] = await copy.read.hot<{ n: number; last: string }>(
      'select count(*) as n, max(uri) as last from tombstones',
    );
    expect(row?.last).toBe(`https://a.test/${String((row?.n ?? 0) - 1).padStart(6, '0')}`);
    await copy.close();
  });

  test('never replaces a file, and what fails leaves none', async () => {
    const into = join(folder, 'copy.sqlite');
    writeFileSync(into, 'mine');
    await expect(copySqlite(file, into)).rejects.toThrow('is there already');
    expect(readFileSync(into, 'utf8')).toBe('mine');
    writeFileSync(join(folder, 'broken.sqlite'), Buffer.alloc(8192, 'SQLite format 3\0 and then nothing of the kind'));
    await expect(copySqlite(join(folder, 'broken.sqlite'), join(folder, 'b'))).rejects.toThrow('could not be copied');
    expect(readdirSync(folder).filter((name) => name.startsWith('b.') || name === 'b')).toEqual([]);
  });
});

describe.runIf(ONCE)('scheduled backups', () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 15, 12));
  const logged: string[] = [];
  const run = (options: { everyHours?: number | null; keep?: number } = {}) =>
    scheduledBackup({
      file,
      folder: join(folder, 'backups'),
      everyHours: 6,
      keep: 2,
      clock,
      log: (message) => void logged.push(message),
      ...options,
    });
  const names = async () => (await copiesIn(join(folder, 'backups'))).map(({ name }) => name);

  test('come by the age of the newest copy, not by how long the process lives, and the oldest go', async () => {
    await run();
    expect(await names()).toEqual(['estrade-2026-01-15T12-00-00Z.sqlite']);
    clock.advance(6 * HOUR_MS - MINUTE_MS);
    await run();
    expect(await names()).toHaveLength(1);
    clock.advance(MINUTE_MS);
    await run();
    clock.advance(6 * HOUR_MS);
    await run();
    expect(await names()).toEqual(['estrade-2026-01-15T18-00-00Z.sqlite', 'estrade-2026-01-16T00-00-00Z.sqlite']);
    expect(logged).toHaveLength(3);
  });

  test('leave files of others alone and clear away what was broken off', async () => {
    const backups = join(folder, 'backups');
    mkdirSync(backups);
    for (const name of ['notes.txt', 'estrade-old.sqlite', 'estrade-2025-01-01T00-00-00Z.sqlite.unfinished']) {
      writeFileSync(join(backups, name), 'x');
    }
    await run({ keep: 1 });
    expect(existsSync(join(backups, 'notes.txt'))).toBe(true);
    expect(existsSync(join(backups, 'estrade-old.sqlite'))).toBe(true);
    expect(existsSync(join(backups, 'estrade-2025-01-01T00-00-00Z.sqlite.unfinished'))).toBe(false);
    expect(await names()).toHaveLength(1);
  });

  test('do not happen where they are turned off', async () => {
    await run({ everyHours: null });
    expect(existsSync(join(folder, 'backups'))).toBe(false);
  });
});
