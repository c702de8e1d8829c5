import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT_COUNTERS, differs, POST_COUNTERS } from '#domain/upkeep/counters.ts';
import { openServers, pause, type Server } from '../processes/server.ts';
import { follow, setUp, visitorOf } from '../processes/visitor.ts';
import { query, waiting } from './database.ts';
import { publish, startWriter, type Writer } from './writers.ts';

/*
 * Two servers whose owners follow each other and write without pause, while one or the other is killed in the middle
 * of it, twenty times. A killed process loses what it had in memory, so everything that was acknowledged must have
 * been in the database; that it had also left the system's memory is shown in sync-before-answer.test.ts.
 */

const KILLS = 20;
/** How long a server works between its start and its end: at least, and up to as much again. */
const WORKS_MS = 400;
/** Posts that are there before, to be favourited meanwhile. */
const TO_BE_MARKED = 80;
/** The longest lease and the longest pause after so many failures, and some. */
const ALL_ARRIVED_WITHIN_MS = 7 * 60_000;

let servers: Record<'a' | 'b', Server> & { close(): Promise<void> };
let alice: Writer;
let bob: Writer;

beforeAll(async () => {
  servers = await openServers(['a', 'b'], { env: { LOG_LEVEL: 'warning', BACKUP_EVERY_HOURS: '0' } });
});

afterAll(() => servers?.close());

describe('two servers that are killed in the middle of everything', () => {
  test(`are killed ${KILLS} times under load and come back each time`, { timeout: 300_000 }, async () => {
    const { a, b } = servers;
    await Promise.all([a.start(), b.start()]);
    const [aliceAtA, bobAtB] = [visitorOf(a), visitorOf(b)];
    await Promise.all([setUp(a, aliceAtA, 'alice'), setUp(b, bobAtB, 'bob')]);
    await follow(aliceAtA, `@bob@${b.host}`);
    await follow(bobAtB, `@alice@${a.host}`);
    await Promise.all([aliceAtA.get('/home'), bobAtB.get('/home')]);
    for (let count = 0; count < TO_BE_MARKED; count += 1) {
      await Promise.all([
        publish(aliceAtA, `Alice has written ${count}.`),
        publish(bobAtB, `Bob has written ${count}.`),
      ]);
    }
    const arrived = () => [a, b].map((server) => idsFromElsewhere(server).length);
    await expect.poll(arrived, { timeout: 30_000 }).toEqual([TO_BE_MARKED, TO_BE_MARKED]);
    alice = startWriter(aliceAtA, { name: 'Alice', to: `@bob@${b.host}`, marks: idsFromElsewhere(a) });
    bob = startWriter(bobAtB, { name: 'Bob', to: `@alice@${a.host}`, marks: idsFromElsewhere(b) });

    for (let kill = 0; kill < KILLS; kill += 1) {
      await pause(WORKS_MS * (1 + Math.random()));
      const victims = kill % 5 === 4 ? [a, b] : [kill % 2 === 0 ? a : b];
      await Promise.all(victims.map((victim) => victim.kill()));
      await Promise.all(victims.map((victim) => victim.start()));
    }
    await Promise.all([alice.stop(), bob.stop()]);
    console.log(
      [alice, bob]
        .map(
          ({ acknowledged, unanswered, favourites }) =>
            `${acknowledged.length} posts and ${favourites.length} favourites acknowledged, ${unanswered.length} unanswered`,
        )
        .join('; '),
    );
    // Less would say nothing.
    for (const { acknowledged, favourites } of [alice, bob]) {
      expect(acknowledged.length).toBeGreaterThan(100);
      expect(favourites.length).toBeGreaterThan(TO_BE_MARKED / 4);
    }
  });

  test(
    'deliver everything that was left lying, then stop as usual',
    { timeout: ALL_ARRIVED_WITHIN_MS + 30_000 },
    async () => {
      const { a, b } = servers;
      expect(bob?.acknowledged, 'nothing was written').toBeDefined();
      const begun = performance.now();
      const left = () => [a, b].map(waiting);
      await expect.poll(left, { timeout: ALL_ARRIVED_WITHIN_MS, interval: 500 }).toEqual([0, 0]);
      console.log(`all had arrived ${Math.round((performance.now() - begun) / 1000)} s after the last kill`);
      expect(await Promise.all([a.stop(), b.stop()])).toEqual([0, 0]);
    },
  );

  test('have databases without a fault', () => {
    for (const server of [servers.a, servers.b]) {
      expect(query(server, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      expect(query(server, 'pragma foreign_key_check')).toEqual([]);
      expect(query(server, `select id from accounts where ${differs(ACCOUNT_COUNTERS)}`)).toEqual([]);
      expect(query(server, `select id from posts where ${differs(POST_COUNTERS)}`)).toEqual([]);
      expect(query(server, 'select lane, last_error from jobs where dead_at is not null')).toEqual([]);
    }
  });

  test('have kept every acknowledged post, and no post twice', () => {
    for (const [server, writer] of sides()) {
      const own = wordsOf(server, 'local = 1');
      expect(writer.acknowledged.filter((words) => !own.includes(words))).toEqual([]);
      expect(twice(own)).toEqual([]);
      const known = new Set([...writer.acknowledged, ...writer.unanswered]);
      expect(own.filter((words) => !known.has(words))).toEqual([]);
    }
  });

  test('have every post of the other side once, with one notification', () => {
    for (const [server, , other] of sides()) {
      const own = wordsOf(server, 'local = 1').toSorted();
      expect(wordsOf(other, 'local = 0').toSorted()).toEqual(own);
      const mentions = query<{ n: number; posts: number }>(
        other,
        `select count(*) as n, count(distinct post_id) as posts from notifications where kind = 'mention'`,
      );
      expect(mentions).toEqual([{ n: own.length, posts: own.length }]);
    }
  });

  test('have every acknowledged favourite once, on both sides', () => {
    for (const [server, writer, other] of sides()) {
      const here = query<{ uri: string; id: number }>(
        server,
        'select p.uri, p.id from favourites f join posts p on p.id = f.post_id join accounts a on a.id = f.account_id where a.domain = ?',
        '',
      );
      const ids = new Set(here.map(({ id }) => id));
      expect(writer.favourites.filter((id) => !ids.has(id))).toEqual([]);
      const there = query<{ uri: string }>(
        other,
        'select p.uri from favourites f join posts p on p.id = f.post_id join accounts a on a.id = f.account_id where a.domain <> ?',
        '',
      );
      expect(urisOf(there)).toEqual(urisOf(here));
    }
  });
});

/** Each server, who writes there, and the other one. */
function sides(): [Server, Writer, Server][] {
  return [
    [servers.a, alice, servers.b],
    [servers.b, bob, servers.a],
  ];
}

function idsFromElsewhere(server: Server): number[] {
  return query<{ id: number }>(server, 'select id from posts where local = 0').map(({ id }) => id);
}

/** Of what was written while servers were killed. */
function wordsOf(server: Server, condition: string): string[] {
  const rows = query<{ content_html: string }>(server, `select content_html from posts where ${condition}`);
  return rows.flatMap(({ content_html }) => /\w+ writes number \d+\./.exec(content_html) ?? []);
}

function twice(all: readonly string[]): string[] {
  return all.filter((one, index) => all.indexOf(one) !== index);
}

function urisOf(rows: readonly { uri: string }[]): string[] {
  return rows.map(({ uri }) => uri).toSorted();
}
