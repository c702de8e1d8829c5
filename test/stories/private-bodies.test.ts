import { afterEach, beforeEach, expect, test } from 'vitest';
import { openNetwork, type Network, type NetworkInstance } from '../network.ts';
import { follow, publish } from './cast.ts';

let net: Network & Record<'a' | 'b', NetworkInstance>;
let alice: number;

beforeEach(async () => {
  net = await openNetwork('a', 'b');
  alice = await net.a.person('alice');
  await follow(net, net.b, await net.b.person('bob'), '@alice@a.test');
  // What waits for a host that is away lies in the queue to be looked at.
  await net.offline('b.test');
});

afterEach(() => net.close());

const bodies = async () =>
  (await net.a.store.read.hot<{ body: string }>('select body from payloads order by id')).map(({ body }) => body);

test('a private post proves nothing to whom it leaks, a public one may be passed on', async () => {
  await publish(net.a, alice, 'For friends', { visibility: 'followers' });
  await publish(net.a, alice, 'For everyone');
  await net.settle();
  const [forFriends, forEveryone] = (await bodies()).map((body) => JSON.parse(body) as Record<string, unknown>);
  expect(forFriends).not.toHaveProperty('signature');
  expect(forFriends).not.toHaveProperty('proof');
  expect(forEveryone).toHaveProperty('signature.type', 'RsaSignature2017');
  expect(forEveryone).toHaveProperty('proof.cryptosuite', 'eddsa-jcs-2022');
});

test('no private key lies in the queue', async () => {
  await publish(net.a, alice, 'For everyone');
  await net.settle();
  const tables = await Promise.all(
    ['payloads', 'deliveries', 'jobs', 'outbox', 'activities'].map((table) =>
      net.a.store.read.hot(`select * from ${table}`),
    ),
  );
  expect(tables.flat().length).toBeGreaterThan(1);
  const text = JSON.stringify(tables);
  expect(text).not.toMatch(/\\?"d\\?":|PRIVATE KEY|privateKey/);
});

test('a body is stored once for all its deliveries, and goes with the last of them', async () => {
  await publish(net.a, alice, 'For everyone');
  await net.settle();
  expect(await bodies()).toHaveLength(1);
  await net.online('b.test');
  net.clock.advance(60_000);
  await net.settle();
  expect(await bodies()).toEqual([]);
});
