import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openServers, type Server } from '../processes/server.ts';
import { follow, setUp, visitorOf } from '../processes/visitor.ts';
import type { Browser } from '../web/browser.ts';
import { waiting } from './database.ts';
import { trace } from './traced.ts';
import { publish } from './writers.ts';

/*
 * A loss of power takes what the system has not yet brought to the disk. No test can pull the plug, but the order of
 * the system calls shows whether anything would be lost: before an acknowledgement leaves the process, what was
 * written to the database's log must have been synced. That the write comes before the acknowledgement at all is
 * shown by killing the process (durability.test.ts).
 */

const POSTS = 20;

let servers: Record<'a' | 'b', Server> & { close(): Promise<void> };
let alice: Browser;

describe('the log of the database is synced before the answer', () => {
  beforeAll(async () => {
    servers = await openServers(['a', 'b'], { env: { LOG_LEVEL: 'warning', BACKUP_EVERY_HOURS: '0' } });
    const { a, b } = servers;
    await Promise.all([a.start(), b.start()]);
    alice = visitorOf(a);
    const bob = visitorOf(b);
    await Promise.all([setUp(a, alice, 'alice'), setUp(b, bob, 'bob')]);
    await follow(bob, `@alice@${a.host}`);
    await alice.get('/home');
  });

  afterAll(() => servers?.close());

  test('to a person who posts, and to a server that delivers', async () => {
    const [sender, receiver] = [await trace(servers.a.pid), await trace(servers.b.pid)];
    for (let count = 0; count < POSTS; count += 1) {
      expect(await publish(alice, `Post number ${count}`)).toBe(303);
    }
    await expect.poll(() => waiting(servers.a), { timeout: 20_000 }).toBe(0);
    const [toPerson, toServer] = [await sender.stop(), await receiver.stop()];

    const posted = toPerson.filter(({ status }) => status === 303);
    expect(posted).toHaveLength(POSTS);
    expect(posted.filter(({ written, synced }) => written === 0 || !synced)).toEqual([]);
    // Deliveries that come in together are written together, so that an answer need not have a write of its own.
    const taken = toServer.filter(({ status }) => status === 202);
    expect(taken).toHaveLength(POSTS);
    expect(taken.filter(({ synced }) => !synced)).toEqual([]);
    expect(taken.filter(({ written }) => written > 0).length).toBeGreaterThan(POSTS / 4);
  });
});
