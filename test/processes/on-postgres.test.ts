import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../web/browser.ts';
import { ask, databaseOf } from './command-line.ts';
import { openTestDatabase, type TestDatabase } from './postgres.ts';
import { openServers, until, type Server } from './server.ts';
import { follow, publish, setUp, visitorOf } from './visitor.ts';

/*
 * The program as it is run with DATABASE_URL, on a real PostgreSQL, with another on SQLite that follows it.
 */

const ARRIVES_WITHIN_MS = 8000;
/** What was in hand when a process died is free when its slot has not been renewed: a minute, and some. */
const AFTER_DEATH_WITHIN_MS = 100_000;

let database: TestDatabase;
let servers: Record<'a' | 'b', Server> & { close(): Promise<void> };
let alice: Browser;
let bob: Browser;

beforeAll(async () => {
  database = await openTestDatabase();
  servers = await openServers(['a', 'b'], { envOf: { a: database.env } });
  await Promise.all([servers.a.start(), servers.b.start()]);
  [alice, bob] = [visitorOf(servers.a), visitorOf(servers.b)];
});

afterAll(async () => {
  await servers?.close();
  await database?.close();
});

const isAtHome = (visitor: Browser, words: string, withinMs = ARRIVES_WITHIN_MS) =>
  until(async () => (await visitor.get('/home')).words.includes(words), withinMs);

describe('an instance on PostgreSQL', () => {
  test('is set up through its printed link, and keeps its data nowhere else', async () => {
    await Promise.all([setUp(servers.a, alice, 'alice'), setUp(servers.b, bob, 'bob')]);
    expect(databaseOf(servers.a).engine).toBe('postgresql');
    expect(await ask(servers.a, `select handle from accounts where handle = 'alice'`)).toEqual([{ handle: 'alice' }]);
  });

  test('is followed from one on SQLite, which gets the next post', async () => {
    await follow(bob, `@alice@${servers.a.host}`);
    await follow(alice, `@bob@${servers.b.host}`);
    await publish(alice, 'Written into PostgreSQL.');
    expect(await isAtHome(bob, 'Written into PostgreSQL.')).toBe(true);
    await publish(bob, 'Written into a file.');
    expect(await isAtHome(alice, 'Written into a file.')).toBe(true);
  });

  test('knows everything after it was stopped and started, and its followers hear of it again', async () => {
    expect(await servers.a.stop()).toBe(0);
    await servers.a.start();
    expect(servers.a.said()).not.toContain('/set-up?token=');
    expect(await isAtHome(alice, 'Written into a file.')).toBe(true);
    expect((await alice.get(`/@bob@${servers.b.host}`)).words).toContain('Unfollow');
    await publish(alice, 'Here again.');
    expect(await isAtHome(bob, 'Here again.')).toBe(true);
  });

  test('loses nothing when it is killed', async () => {
    expect(await publish(alice, 'Just before the end.')).toBe(303);
    await servers.a.kill();
    await servers.a.start();
    expect(await isAtHome(alice, 'Just before the end.')).toBe(true);
    expect(await isAtHome(bob, 'Just before the end.', AFTER_DEATH_WITHIN_MS)).toBe(true);
  });
});
