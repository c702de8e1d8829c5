import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copySqlite } from '#db/copy-sqlite.ts';
import { dumpSqliteTables } from '#db/dump-tables.ts';
import type { DatabaseTarget } from '#db/open.ts';
import { rowsOf, withPostgres } from '#db/postgres-client.ts';
import { enqueueJobs } from '#db/queue.ts';
import type { Unit } from '#db/unit.ts';
import type { Browser } from '../web/browser.ts';
import { openTestDatabase, type TestDatabase } from './postgres.ts';
import { publishNote } from './publish-note.ts';
import { inDatabase, runCli } from './command-line.ts';
import { openServers, type Server } from './server.ts';
import { setUp, visitorOf } from './visitor.ts';

const PASSWORD = 'a stage of one’s own';
const PICTURE = `${'ab'.repeat(16)}.webp`;

let folder: string;
let archive: string;
let servers: Record<'a', Server> & { close(): Promise<void> };
let a: Server;
let owner: Browser;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'estrade-backup-'));
  archive = join(folder, 'backup.tar.gz');
  servers = await openServers(['a']);
  a = servers.a;
  await a.start();
  owner = visitorOf(a);
  await setUp(a, owner, 'olga');
});

afterEach(async () => {
  await servers.close();
  rmSync(folder, { recursive: true, force: true });
});

const cli = (args: string[], options: Record<string, string> = {}) => runCli({ ...a.options, ...options }, args);
const sqliteOf = (dataDir: string): DatabaseTarget => ({ engine: 'sqlite', file: join(dataDir, 'estrade.sqlite') });

const inside = <T>(work: Parameters<typeof inDatabase<T>>[2], target = sqliteOf(a.dataDir)) =>
  inDatabase(target, a.origin, work);

function ask<T>(query: string, target?: DatabaseTarget): Promise<T[]> {
  return inside((store) => store.read.hot<T>(query), target);
}

/** A post, an upload, a theme, and what waits to be sent: to a server that is away, and by mail. */
async function live(): Promise<void> {
  await inside(async (_, commit) => {
    await commit(publishNote, { handle: 'olga', text: 'Still here\u2028after the storm' });
    await commit(async (unit: Unit) => {
      await unit.tx.hot(`insert into payloads (id, body) values (1, '{"id":"https://a.test/activities/1"}')`);
      await unit.tx.hot(
        `insert into deliveries (id, host, inbox, payload_id, sender_id, activity_type, order_key, due_at, lease, created_at)
         values (2, 'away.test', 'https://away.test/inbox', 1, 3, 'Create', 'k', 1, 4, 1)`,
      );
      await unit.tx.hot(
        `insert into delivery_hosts (host, failures, failing_since, next_try_at) values ('away.test', 3, $1, 9000000000000)`,
        unit.now,
      );
      await enqueueJobs(unit, [
        { lane: 'event:mail', data: {}, delayMs: 1e9 },
        { lane: 'fetch', data: {}, delayMs: 1e9 },
      ]);
    }, undefined);
  });
  const media = join(a.dataDir, 'media', PICTURE.slice(0, 2), PICTURE.slice(2, 4));
  mkdirSync(media, { recursive: true });
  writeFileSync(join(media, PICTURE), 'a picture');
  mkdirSync(join(a.dataDir, 'themes/mine'), { recursive: true });
  writeFileSync(join(a.dataDir, 'themes/mine/theme.css'), ':root {}');
  mkdirSync(join(a.dataDir, 'media-cache'), { recursive: true });
  writeFileSync(join(a.dataDir, 'media-cache/copy.webp'), 'of somebody else');
}

/** The disk is gone, and there is a new one. */
function loseEverything(): void {
  renameSync(a.dataDir, join(folder, 'lost'));
  mkdirSync(a.dataDir, { mode: 0o700 });
}

async function expectAlive(): Promise<void> {
  await a.start();
  const visitor = visitorOf(a);
  await visitor.get('/login');
  const { location } = await visitor.submit('/login', { login: 'olga', password: PASSWORD });
  expect(location).toBe('/home');
  expect((await visitor.get('/@olga')).words).toContain('Still here');
  expect((await visitor.get('/search?q=storm')).words).toContain('Still here');
}

describe('an archive', () => {
  test('made beside a running server brings everything back on a new disk, and the instance goes on', async () => {
    await live();
    const made = await cli(['backup', archive]);
    expect(made).toMatchObject({ code: 0, said: '' });
    expect(statSync(archive).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['backup.tar.gz']);
    const secret = readFileSync(join(a.dataDir, 'secret.key'), 'utf8');
    await a.stop();
    loseEverything();

    const restored = await cli(['restore', archive]);
    expect(restored).toMatchObject({ code: 0, said: '' });
    expect(restored.out).toContain(`Restored ${a.origin}`);
    expect(readdirSync(a.dataDir).toSorted()).toEqual([
      'estrade.sqlite',
      'media',
      'secret.key',
      'server.lock',
      'themes',
    ]);
    expect(readFileSync(join(a.dataDir, 'secret.key'), 'utf8')).toBe(secret);
    expect(statSync(join(a.dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(a.dataDir, 'media/ab/ab', PICTURE), 'utf8')).toBe('a picture');
    expect(readFileSync(join(a.dataDir, 'themes/mine/theme.css'), 'utf8')).toBe(':root {}');

    // What was to be sent goes out under the same ids as before; what has no ids of its own does not go out twice.
    expect(await ask('select body, lease from deliveries d join payloads p on p.id = d.payload_id')).toEqual([
      { body: '{"id":"https://a.test/activities/1"}', lease: 0 },
    ]);
    expect(await ask(`select lane from jobs where lane in ('event:mail', 'fetch')`)).toEqual([{ lane: 'fetch' }]);
    expect(await ask('select 1 as one from sessions')).toEqual([]);
    expect((await cli(['doctor'])).code).toBe(0);
    await expectAlive();
    expect((await owner.get('/settings')).location).toContain('/login');
  });

  test('made while the instance is written has a moment of it, and nothing half', async () => {
    await live();
    const stop = new AbortController();
    const written = inside(async (_, commit) => {
      let count = 0;
      while (!stop.signal.aborted) {
        await commit(publishNote, { handle: 'olga', text: `note ${count}` });
        count += 1;
        await new Promise(setImmediate);
      }
      return count;
    });
    expect(await cli(['backup', archive])).toMatchObject({ code: 0, said: '' });
    stop.abort();
    expect(await written).toBeGreaterThan(10);
    await a.stop();
    loseEverything();
    expect((await cli(['restore', archive])).code).toBe(0);
    const doctor = await cli(['doctor']);
    expect(doctor.out).toContain('ok     counters are right');
    expect(doctor.code).toBe(0);
    const [notes] = await ask<{ n: number; last: number }>(
      `select count(*) as n, max(cast(substr(source, 6) as integer)) as last from posts where source like 'note %'`,
    );
    expect(notes?.last ?? -1).toBe((notes?.n ?? 0) - 1);
  });

  test('can be read by anybody’s tar', async () => {
    await live();
    await cli(['backup', archive]);
    const listed = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).trim().split('\n');
    expect(listed.toSorted()).toEqual([
      'database/estrade.sqlite',
      'manifest.json',
      `media/ab/ab/${PICTURE}`,
      'secret.key',
      'themes/mine/theme.css',
    ]);
    const manifest = execFileSync('tar', ['-xOzf', archive, 'manifest.json'], { encoding: 'utf8' });
    expect(JSON.parse(manifest)).toMatchObject({
      format: 'estrade-backup-1',
      about: { origin: a.origin, engine: 'sqlite', secret: 'included', tables: { posts: 1, payloads: 1 } },
    });
  });

  test('is not made where a file is there already', async () => {
    writeFileSync(archive, 'mine');
    const { code, said } = await cli(['backup', archive]);
    expect(code).toBe(1);
    expect(said).toContain('is there already');
    expect(readFileSync(archive, 'utf8')).toBe('mine');
    expect(readdirSync(folder)).toEqual(['backup.tar.gz']);
  });
});

describe('nothing is restored', () => {
  beforeEach(async () => {
    await live();
    await cli(['backup', archive]);
  });

  const expectRefused = async (why: string, options: Record<string, string> = {}) => {
    const before = readdirSync(a.dataDir).toSorted();
    const { code, said } = await cli(['restore', archive], options);
    expect(said).toContain(why);
    expect({ code, lines: said.trimEnd().split('\n').length }).toEqual({ code: 1, lines: 1 });
    expect(readdirSync(a.dataDir).filter((name) => name !== 'server.lock')).toEqual(
      before.filter((name) => name !== 'server.lock'),
    );
  };

  test('over an instance that is there, running or stopped', async () => {
    await expectRefused('running on');
    await a.stop();
    await expectRefused('is not empty');
    expect(await ask('select 1 as one from posts')).toHaveLength(1);
  });

  test('under another address, or with another secret', async () => {
    await a.stop();
    loseEverything();
    await expectRefused(`Set ORIGIN=${a.origin}`, { ORIGIN: 'http://b.localhost:4999' });
    await expectRefused('does not open the keys', { SECRET_KEY: 'x'.repeat(40) });
  });

  test('of an archive that was cut off, or is none', async () => {
    await a.stop();
    loseEverything();
    truncateSync(archive, Math.floor(statSync(archive).size / 2));
    await expectRefused('cannot be restored: unexpected end of file');
    writeFileSync(archive, 'no archive at all');
    await expectRefused('cannot be restored: incorrect header check');
  });
});

describe('a copy that the server made', () => {
  test('takes the place of a database that is gone, and everything else stays', async () => {
    await live();
    const copy = join(folder, 'estrade-2026-01-15T12-00-00Z.sqlite');
    await copySqlite(join(a.dataDir, 'estrade.sqlite'), copy);
    await a.kill();
    const there = await cli(['restore', copy]);
    expect(there).toMatchObject({ code: 1, out: '' });
    for (const name of ['estrade.sqlite', 'estrade.sqlite-shm']) rmSync(join(a.dataDir, name), { force: true });
    // A log of the lost database beside the new one would be taken for its own.
    writeFileSync(join(a.dataDir, 'estrade.sqlite-wal'), 'of the database that is gone');

    expect(await cli(['restore', copy])).toMatchObject({ code: 0, said: '' });
    expect(existsSync(join(a.dataDir, 'media/ab/ab', PICTURE))).toBe(true);
    expect(readdirSync(a.dataDir).filter((name) => name.includes('restoring'))).toEqual([]);
    await expectAlive();
  });

  test('that is damaged is refused', async () => {
    const copy = join(folder, 'copy.sqlite');
    await copySqlite(join(a.dataDir, 'estrade.sqlite'), copy);
    await a.stop();
    rmSync(join(a.dataDir, 'estrade.sqlite'));
    const bytes = readFileSync(copy);
    writeFileSync(copy, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0xff)]));
    const { code, out } = await cli(['restore', copy]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(existsSync(join(a.dataDir, 'estrade.sqlite'))).toBe(false);
  });
});

describe('with a PostgreSQL server', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await openTestDatabase();
  });

  afterEach(async () => {
    await servers.close();
    await database.close();
  });

  test('an instance moves from SQLite to PostgreSQL and back, and nothing is lost', async () => {
    await live();
    await cli(['backup', archive]);
    await a.stop();
    const secret = readFileSync(join(a.dataDir, 'secret.key'), 'utf8').trim();
    const before = await dumpSqliteTables(join(a.dataDir, 'estrade.sqlite'), join(folder, 'before'));
    const { DATABASE_URL } = database.env;
    const options = { DATABASE_URL, SECRET_KEY: secret };
    const postgres: DatabaseTarget = { engine: 'postgresql', url: DATABASE_URL };
    loseEverything();

    const wrong = await cli(['restore', archive], { ...options, SECRET_KEY: 'x'.repeat(40) });
    expect(wrong.code).toBe(1);
    expect(wrong.said).toContain('tar -xOzf');
    expect(
      await withPostgres(DATABASE_URL, (client) =>
        rowsOf(client, `select 1 from pg_tables where schemaname = 'public'`),
      ),
    ).toEqual([]);

    expect(await cli(['restore', archive], options)).toMatchObject({ code: 0, said: '' });
    expect((await cli(['restore', archive], options)).code).toBe(1);
    expect(await ask('select source from posts', postgres)).toEqual([{ source: 'Still here\u2028after the storm' }]);
    expect((await cli(['doctor'], options)).out).toContain('Nothing is broken.');
    expect((await cli(['account', 'password', 'olga', '--password', PASSWORD], options)).code).toBe(0);

    const second = join(folder, 'second.tar.gz');
    expect(await cli(['backup', second], options)).toMatchObject({ code: 0, said: '' });
    renameSync(a.dataDir, join(folder, 'lost-again'));
    mkdirSync(a.dataDir, { mode: 0o700 });
    writeFileSync(join(folder, 'secret.txt'), secret);
    expect((await cli(['restore', second])).said).toContain('SECRET_KEY');
    expect(await cli(['restore', second], { SECRET_KEY: secret })).toMatchObject({ code: 0, said: '' });
    const after = await dumpSqliteTables(join(a.dataDir, 'estrade.sqlite'), join(folder, 'after'));
    expect(after.migrations).toEqual(before.migrations);
    for (const table of ['accounts', 'posts', 'account_keys', 'deliveries', 'settings', 'members']) {
      expect([table, after.tables[table]]).toEqual([table, before.tables[table]]);
    }
    const posts = (at: string) => readFileSync(join(folder, at, 'posts.ndjson'), 'utf8');
    expect(JSON.parse(posts('after'))).toEqual(JSON.parse(posts('before')));
  });
});
