import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freeLeases } from '#db/free-leases.ts';
import type { Unit } from '#db/unit.ts';
import { createDeliveryLane } from '#federation/delivery/delivery-lane.ts';
import { enqueueDeliveries } from '#federation/delivery/enqueue-deliveries.ts';
import type { SendOutcome } from '#federation/delivery/send.ts';
import { openWorld, type World } from '../world.ts';

/* What is sent to there.test, in lives of a process that a body may end. */

let world: World;
let sent: string[];
let logged: { message: string; details: Record<string, unknown> }[];

beforeEach(async () => {
  world = await openWorld();
  sent = [];
  logged = [];
});

afterEach(() => world.close());

const LEASE_MS = 90_000;
const INBOX = { inbox: 'https://there.test/inbox', host: 'there.test' };

async function enqueue(...bodies: { body: string; orderKey?: string }[]): Promise<void> {
  const outgoing = bodies.map(({ body, orderKey = body }) => ({
    ...{ body, orderKey, activityType: 'Create', senderId: 1, inboxes: [INBOX] },
  }));
  await world.commit((unit: Unit) => enqueueDeliveries(unit, outgoing), undefined);
}

/** One life of the process: it lasts until nothing is due, or until it begins to send what ends it. */
async function live(send: (body: string) => SendOutcome | 'the end' = () => ({ kind: 'delivered' })): Promise<void> {
  let over = false;
  const lane = createDeliveryLane({
    ...world,
    sender: {
      async send(_inbox, body) {
        const outcome = send(body);
        over ||= outcome === 'the end';
        await new Promise(setImmediate);
        // As a process that runs out of memory: nothing comes back from it.
        if (over || outcome === 'the end') return new Promise(() => undefined);
        sent.push(body);
        return outcome;
      },
    },
    keys: { of: () => Promise.resolve({ rsa: {}, ed25519: {} } as never), forget: () => undefined } as never,
    followersDigest: () => Promise.resolve(null),
    delivered: () => undefined,
    inboxGone: () => Promise.resolve(),
    log: (message, details) => void logged.push({ message, details }),
  });
  let rests = false;
  const rest = () => {
    rests = true;
  };
  lane.drain().then(rest, rest);
  await expect.poll(() => over || rests, { timeout: 10_000 }).toBe(true);
}

async function waiting(): Promise<string[]> {
  const rows = await world.store.read.hot<{ body: string }>(
    'select p.body from deliveries d join payloads p on p.id = d.payload_id order by d.id',
  );
  return rows.map(({ body }) => body);
}

const givenUp = () => logged.filter(({ message }) => message === 'delivery given up');
const poison = (body: string) => (body === 'poison' ? 'the end' : ({ kind: 'delivered' } as const));

describe('a delivery that ends the process', () => {
  test('is given up in the end, said in the log, and what waits behind it is sent', async () => {
    await enqueue({ body: 'poison', orderKey: 'k' }, { body: 'behind it', orderKey: 'k' });
    for (let life = 0; life < 20; life += 1) {
      await live(poison);
      world.clock.advance(LEASE_MS);
    }
    expect(sent).toEqual(['behind it']);
    expect(await waiting()).toEqual([]);
    expect(await world.store.read.hot('select id from payloads')).toEqual([]);
    expect(givenUp()).toMatchObject([{ details: { inbox: INBOX.inbox, why: expect.stringContaining('process') } }]);
  });

  test('is given up as well where each new process frees at once what the last one had in hand', async () => {
    await enqueue({ body: 'poison' });
    for (let life = 0; life < 20; life += 1) {
      await live(poison);
      await freeLeases(world.store, 0, world.clock.now());
      if (life > 4) world.clock.advance(LEASE_MS);
    }
    expect(await waiting()).toEqual([]);
    expect(givenUp()).toHaveLength(1);
  });

  test('takes nothing along that was only in hand with it', async () => {
    await enqueue(...['one', 'two', 'poison', 'three', 'four'].map((body) => ({ body })));
    for (let life = 0; life < 60 && (await waiting()).length > 0; life += 1) {
      await live(poison);
      world.clock.advance(life % 2 ? LEASE_MS : 5000);
    }
    expect(new Set(sent)).toEqual(new Set(['one', 'two', 'three', 'four']));
    expect(givenUp()).toHaveLength(1);
  });
});

test('after a run of bad starts, what was in hand each time is sent at once, one after the other', async () => {
  const bodies = Array.from({ length: 30 }, (_, n) => `post ${n}`);
  await enqueue(...bodies.map((body) => ({ body })));
  for (let life = 0; life < 3; life += 1) {
    // Sending begins with all of them before the process ends.
    await live(() => 'the end');
    await freeLeases(world.store, 0, world.clock.now());
  }
  await live();
  expect(sent.toSorted()).toEqual(bodies.toSorted());
});

test('a server that is away for long costs a delivery none of its tries', async () => {
  await enqueue({ body: 'patient' });
  for (let hour = 0; hour < 30; hour += 1) {
    await live(() => ({ kind: 'host-failed', why: 'ECONNREFUSED', retryAfterMs: null }));
    world.clock.advance(3 * 3600_000);
  }
  // Then a process ends with it in hand, for another reason.
  await live(() => 'the end');
  world.clock.advance(LEASE_MS);
  sent = [];
  await live();
  expect(sent).toEqual(['patient']);
  expect(givenUp()).toEqual([]);
});

test('what cannot be signed for a while is not taken for what ends the process', async () => {
  await enqueue({ body: 'unsigned' });
  for (let round = 0; round < 15; round += 1) {
    await live(() => {
      throw new Error('the key does not open');
    });
    world.clock.advance(LEASE_MS);
  }
  await live();
  expect(sent).toEqual(['unsigned']);
});
