import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, runCli } from '../processes/command-line.ts';
import { openTestDatabase, type TestDatabase } from '../processes/postgres.ts';
import { openServers, until, type Server } from '../processes/server.ts';
import { follow, logIn, publish, setUp, visitorOf } from '../processes/visitor.ts';
import type { Browser } from '../web/browser.ts';
import { startWriter, type Writer } from './writers.ts';

/*
 * The worst day of an admin: the disk is gone while people write, and there is nothing but the archive of a while ago.
 * The other side has kept everything; it must hear nothing twice, and everything that comes after.
 */

/** Between two posts of one hand: a person may write three hundred in three hours. */
const PAUSE_MS = 250;
/** The longest lease that may have to end on the other side, and some. */
const ALL_ARRIVED_WITHIN_MS = 3 * 60_000;
const ARRIVES_WITHIN_MS = 10_000;
/** Made anew or emptied by the restore: nobody is logged in, no mail goes out twice, and it is written down. */
const SETTLED = ['sessions', 'mail_tokens', 'jobs', 'leases', 'audit_entries'];

describe.each(['sqlite', 'postgresql'] as const)('an instance on %s whose disk was lost under load', (engine) => {
  let folder: string;
  let archive: string;
  let database: TestDatabase | undefined;
  let servers: Record<'a' | 'b', Server> & { close(): Promise<void> };
  let a: Server;
  let b: Server;
  let bobAtB: Browser;
  let alice: Writer;
  let bob: Writer;
  /** How many posts were acknowledged when the backup began, and how many when the disk was lost. */
  const alicesAt = { backup: 0 };
  const bobsAt = { loss: 0 };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'estrade-restore-'));
    archive = join(folder, 'backup.tar.gz');
    if (engine === 'postgresql') database = await openTestDatabase();
    const env = { LOG_LEVEL: 'warning', BACKUP_EVERY_HOURS: '0' };
    servers = await openServers(['a', 'b'], { env, envOf: { a: database?.env ?? {} } });
    ({ a, b } = servers);
    await Promise.all([a.start(), b.start()]);
    const aliceAtA = visitorOf(a);
    bobAtB = visitorOf(b);
    await Promise.all([setUp(a, aliceAtA, 'alice'), setUp(b, bobAtB, 'bob')]);
    await follow(aliceAtA, `@bob@${b.host}`);
    await follow(bobAtB, `@alice@${a.host}`);
    await Promise.all([aliceAtA.get('/home'), bobAtB.get('/home')]);
    alice = startWriter(aliceAtA, { name: 'Alice', to: `@bob@${b.host}`, marks: [], pauseMs: PAUSE_MS });
    bob = startWriter(bobAtB, { name: 'Bob', to: `@alice@${a.host}`, marks: [], pauseMs: PAUSE_MS });
  });

  afterAll(async () => {
    await servers?.close();
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is restored with the counts of its backup', { timeout: 60_000 }, async () => {
    await until(() => alice.acknowledged.length > 30 && bob.acknowledged.length > 30, 30_000);
    alicesAt.backup = alice.acknowledged.length;
    // While the other side hangs, something waits to be sent in the backup, and is sent before the disk is lost.
    process.kill(b.pid, 'SIGSTOP');
    await until(async () => (await waiting(a)) > 5, 10_000);
    const made = await runCli(a.options, ['backup', archive]);
    process.kill(b.pid, 'SIGCONT');
    expect(made).toMatchObject({ code: 0, said: '' });
    const saved = countsIn(archive);
    expect(saved['deliveries']).toBeGreaterThan(0);
    const atBackup = alice.acknowledged.length;
    // Everything in the backup, and something more, has reached the other side when the disk is lost.
    const hasMore = async () => (await wordsOf(b, 'local = 0', 'Alice')).length > atBackup;
    expect(await until(hasMore, 20_000)).toBe(true);
    await a.kill();
    bobsAt.loss = bob.acknowledged.length;
    await alice.stop();
    expect(await until(() => bob.acknowledged.length > bobsAt.loss + 10, 20_000)).toBe(true);
    await bob.stop();
    renameSync(a.dataDir, join(folder, 'lost'));
    await database?.lose();

    expect(await runCli(a.options, ['restore', archive])).toMatchObject({ code: 0, said: '' });
    const restored = await countsOf(a, Object.keys(saved));
    for (const table of SETTLED) delete restored[table];
    expect(saved).toMatchObject(restored);
    expect(Object.keys(restored).length).toBeGreaterThan(30);
  });

  test('goes on, and nobody gets anything twice', { timeout: ALL_ARRIVED_WITHIN_MS + 30_000 }, async () => {
    await a.start();
    const left = async () => [await waiting(a), await waiting(b)];
    await expect.poll(left, { timeout: ALL_ARRIVED_WITHIN_MS, interval: 500 }).toEqual([0, 0]);

    const alices = await wordsOf(a, 'local = 1', 'Alice');
    expect(alice.acknowledged.slice(0, alicesAt.backup).filter((words) => !alices.includes(words))).toEqual([]);
    const alicesAtB = await wordsOf(b, 'local = 0', 'Alice');
    expect(twice(alicesAtB)).toEqual([]);
    expect(alices.filter((words) => !alicesAtB.includes(words))).toEqual([]);
    // Of what was written after the backup the other side alone still knows.
    expect(alicesAtB.length).toBeGreaterThan(alices.length);

    const bobsAtA = await wordsOf(a, 'local = 0', 'Bob');
    expect(twice(bobsAtA)).toEqual([]);
    // What bob wrote while the instance was gone has waited for it.
    expect(bob.acknowledged.slice(bobsAt.loss).filter((words) => !bobsAtA.includes(words))).toEqual([]);
    for (const server of [a, b]) {
      const mentions = `select count(*) as n, count(distinct post_id) as posts from notifications where kind = 'mention'`;
      const [told] = await ask<{ n: number; posts: number }>(server, mentions);
      expect(Number(told?.n)).toBe(Number(told?.posts));
    }
    const doctor = await runCli(a.options, ['doctor']);
    expect(doctor.out).toContain('counters are right');
  });

  test('has its follows, both ways: each next post reaches the other side', async () => {
    const aliceAgain = visitorOf(a);
    await logIn(aliceAgain, 'alice');
    expect((await aliceAgain.get('/@alice/followers')).words).toContain(`@bob@${b.host}`);
    expect((await aliceAgain.get('/@alice/following')).words).toContain(`@bob@${b.host}`);
    expect(await publish(aliceAgain, 'Back from the archive.')).toBe(303);
    expect(await isAtHome(bobAtB, 'Back from the archive.')).toBe(true);
    expect(await publish(bobAtB, 'Good to have you back.')).toBe(303);
    expect(await isAtHome(aliceAgain, 'Good to have you back.')).toBe(true);
  });
});

async function waiting(server: Server): Promise<number> {
  const [row] = await ask<{ n: number }>(
    server,
    `select (select count(*) from deliveries)
          + (select count(*) from jobs where lane in ('inbox', 'event:federation') and dead_at is null) as n`,
  );
  return Number(row?.n);
}

function countsIn(archive: string): Record<string, number> {
  const manifest = execFileSync('tar', ['-xOzf', archive, 'manifest.json'], { encoding: 'utf8' });
  return (JSON.parse(manifest) as { about: { tables: Record<string, number> } }).about.tables;
}

async function countsOf(server: Server, tables: readonly string[]): Promise<Record<string, number>> {
  const columns = tables.map((table) => `(select count(*) from ${table}) as ${table}`);
  const [row] = await ask<Record<string, number>>(server, `select ${columns.join(', ')}`);
  return Object.fromEntries(Object.entries(row ?? {}).map(([table, count]) => [table, Number(count)]));
}

async function wordsOf(server: Server, condition: string, name: string): Promise<string[]> {
  const rows = await ask<{ content_html: string }>(server, `select content_html from posts where ${condition}`);
  return rows.flatMap(({ content_html }) => new RegExp(`${name} writes number \\d+\\.`).exec(content_html) ?? []);
}

function twice(all: readonly string[]): string[] {
  return all.filter((one, index) => all.indexOf(one) !== index);
}

function isAtHome(visitor: Browser, words: string): Promise<boolean> {
  return until(async () => (await visitor.get('/home')).words.includes(words), ARRIVES_WITHIN_MS);
}
