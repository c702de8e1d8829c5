import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deletePost } from '#domain/posts/delete-post.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';
import { openNetwork, type Network, type NetworkInstance } from '../network.ts';
import { follow, idAt, publish, textsAtHome, uriOf } from './cast.ts';

let net: Network & Record<'a' | 'b' | 'c', NetworkInstance>;
let alice: number;
let bob: number;

beforeEach(async () => {
  net = await openNetwork('a', 'b', 'c');
  alice = await net.a.person('alice');
  bob = await net.b.person('bob');
  await follow(net, net.b, bob, '@alice@a.test');
});

afterEach(() => net.close());

/** Nothing answers at b.test for that long; the sender's queue turns all the while. */
async function awayFor(ms: number, meanwhile: () => Promise<unknown>): Promise<void> {
  await net.offline('b.test');
  await meanwhile();
  const step = ms > DAY_MS ? 4 * HOUR_MS : HOUR_MS / 2;
  for (let passed = 0; passed < ms; passed += step) {
    await net.settle();
    net.clock.advance(step);
  }
  await net.online('b.test');
  // A host that is held is probed once an hour.
  for (let round = 0; round < 8; round += 1) {
    net.clock.advance(30 * MINUTE_MS);
    await net.settle();
  }
}

/** Nothing answers at b.test, where something is to be sent. */
async function silentFor(ms: number): Promise<void> {
  await net.offline('b.test');
  await publish(net.a, alice, 'good morning');
  for (let round = 0; round < 6; round += 1) {
    await net.settle();
    net.clock.advance(ms / 6);
  }
  await net.settle();
}

/** b.test sends something, though nothing may answer there. */
async function sayHello(): Promise<void> {
  const { id } = await publish(net.b, bob, 'hello @alice@a.test', { visibility: 'direct' });
  await net.b.runner.settle();
  await net.a.runner.settle();
  expect(await idAt(net.a, await uriOf(net.b, id))).toBeGreaterThan(0);
}

function hostsAtA() {
  return net.a.store.read.hot<{ next_try_at: number; failures: number }>(
    `select next_try_at, failures from delivery_hosts where host = 'b.test'`,
  );
}

describe('a peer that was away gets everything once and in order', () => {
  test.for([
    ['an hour', HOUR_MS],
    ['three days', 3 * DAY_MS],
    ['eight days', 8 * DAY_MS],
  ] as const)('after %s', async ([, ms]) => {
    await awayFor(ms, async () => {
      for (let n = 1; n <= 5; n += 1) {
        await publish(net.a, alice, `number ${n}`);
        net.clock.advance(1000);
      }
      const { id } = await publish(net.a, alice, 'a slip');
      await net.a.commit(deletePost, { authorId: alice, postId: id });
    });
    expect(await textsAtHome(net.b, bob)).toEqual(['number 5', 'number 4', 'number 3', 'number 2', 'number 1']);
    const received = await net.b.store.read.hot<{ uri: string }>('select uri from activities order by id');
    const creates = received.filter(({ uri }) => uri.endsWith('/activity')).map(({ uri }) => uri);
    expect(creates).toEqual(creates.toSorted());
    expect(await net.a.store.read.$count(net.a.store.schema.deliveries)).toBe(0);
    expect(await net.a.store.read.$count(net.a.store.schema.payloads)).toBe(0);
    expect(await net.a.store.read.$count(net.a.store.schema.deliveryHosts)).toBe(0);
  });

  test('while others are served at once', async () => {
    const carol = await net.c.person('carol');
    await follow(net, net.c, carol, '@alice@a.test');
    await awayFor(0, async () => {
      await publish(net.a, alice, 'good morning');
      await net.settle();
      expect(await textsAtHome(net.c, carol)).toEqual(['good morning']);
    });
    expect(await textsAtHome(net.b, bob)).toEqual(['good morning']);
  });

  test('and at once when it is heard of again, not at the next of its hours', async () => {
    await silentFor(5 * DAY_MS);
    await net.online('b.test');
    const [host] = await hostsAtA();
    expect(host?.next_try_at).toBeGreaterThan(net.clock.now() + 10 * MINUTE_MS);

    await sayHello();
    const atHome = async () => {
      await net.settle();
      return textsAtHome(net.b, bob);
    };
    await expect.poll(atHome, { timeout: 10_000 }).toEqual(['good morning']);
  });

  test('but is not tried at each word of its own while it takes nothing, nor before the time that it asked for', async () => {
    await silentFor(2 * HOUR_MS);
    const [before] = await hostsAtA();
    await sayHello();
    const failures = async () => {
      await net.a.runner.settle();
      return (await hostsAtA())[0]?.failures;
    };
    await expect.poll(failures, { timeout: 10_000 }).toBe((before?.failures ?? 0) + 1);
    const [failing] = await hostsAtA();
    for (let n = 0; n < 3; n += 1) await sayHello();
    expect(await hostsAtA()).toEqual([failing]);

    const later = net.clock.now() + 6 * HOUR_MS;
    await net.a.store.write((tx) => tx.hot('update delivery_hosts set next_try_at = $1, asked_to_wait = 1', later));
    net.clock.advance(HOUR_MS);
    await sayHello();
    await sayHello();
    expect((await hostsAtA())[0]?.next_try_at).toBe(later);
  });

  test('and one that never comes back is given up in the end', async () => {
    await awayFor(19 * DAY_MS, () => publish(net.a, alice, 'is anybody there?'));
    expect(await net.a.store.read.$count(net.a.store.schema.deliveries)).toBe(0);
    expect(net.a.logged.map(({ message }) => message)).toContain('host given up');
  });
});
