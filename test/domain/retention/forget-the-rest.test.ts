import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { enqueueJobs } from '#db/queue.ts';
import type { Unit } from '#db/unit.ts';
import { eraseAccount } from '#domain/departures/erase-account.ts';
import { receiveDelete } from '#domain/posts/receive-delete.ts';
import { forgetActivities } from '#jobs/forget-activities.ts';
import { forgetDeadJobs } from '#jobs/forget-dead-jobs.ts';
import { forgetTombstones } from '#jobs/forget-tombstones.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { openWorld, type World } from '../../world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});

afterEach(() => world.close());

const later = (days: number) => world.clock.advance(days * DAY_MS);

async function column(query: string): Promise<unknown[]> {
  return (await world.store.read.hot<{ it: unknown }>(query)).map(({ it }) => it);
}

describe('ids of activities', () => {
  const activities = () => column('select uri as it from activities order by id');

  async function arrive(uri: string, waits = false): Promise<void> {
    await world.commit(async (unit: Unit) => {
      const id = unit.newId();
      await unit.tx.hot(
        'insert into activities (id, uri, actor_uri, raw, received_at) values ($1, $2, $3, $4, $5)',
        ...[id, uri, 'https://there.test/users/ria', '', unit.now],
      );
      if (waits) await enqueueJobs(unit, [{ lane: 'inbox', refId: id, data: {} }]);
    }, undefined);
  }

  test('are kept for a month, and longer while they wait to be worked off', async () => {
    await arrive('old');
    await arrive('waiting', true);
    later(30);
    await forgetActivities(world);
    expect(await activities()).toEqual(['old', 'waiting']);
    later(1);
    await arrive('new');
    await forgetActivities(world);
    expect(await activities()).toEqual(['waiting', 'new']);
  });

  test('go in as many batches as it takes', async () => {
    for (let index = 0; index < 90; index += 1) await arrive(`a${index}`);
    later(31);
    await forgetActivities(world);
    expect(await activities()).toEqual([]);
  });
});

describe('graves', () => {
  const graves = () => column('select uri as it from tombstones order by uri');

  test('of posts of other servers are kept for half a year, ours for ever', async () => {
    const ada = await world.person('ada');
    const ria = await world.remote('ria');
    await world.commit(eraseAccount, ada);
    await world.commit(receiveDelete, { actorId: ria, uri: 'https://there.test/posts/1' });
    later(180);
    await forgetTombstones(world);
    expect(await graves()).toContain('https://there.test/posts/1');
    later(1);
    await world.commit(receiveDelete, { actorId: ria, uri: 'https://there.test/posts/2' });
    await forgetTombstones(world);
    expect(await graves()).toEqual(['https://here.test/users/ada#grave', 'https://there.test/posts/2']);
  });

  test('of a server whose name begins like ours are not ours', async () => {
    const ria = await world.remote('ria');
    await world.commit(receiveDelete, { actorId: ria, uri: 'https://here.test.evil.test/1' });
    later(181);
    await forgetTombstones(world);
    expect(await graves()).toEqual([]);
  });

  test('are walked through to the last', async () => {
    const ria = await world.remote('ria');
    for (let index = 0; index < 90; index += 1) {
      await world.commit(receiveDelete, { actorId: ria, uri: `https://there.test/posts/${index}` });
    }
    later(181);
    await forgetTombstones(world);
    expect(await graves()).toEqual([]);
  });
});

describe('jobs that were given up', () => {
  const jobs = () => column('select lane as it from jobs order by lane');
  const failing = (lane: string) =>
    world.lane({ lane, triesMax: 1, handle: () => Promise.reject(new Error('never')) }).drain();

  test('are kept for a month, and so is the event that only they needed', async () => {
    await world.commit(async (unit: Unit) => {
      // One lane hears of it.
      unit.emit({ type: 'account-unsuspended', accountId: 1 });
      await enqueueJobs(unit, [
        { lane: 'dead', data: {} },
        { lane: 'waiting', data: {} },
      ]);
    }, undefined);
    await failing('dead');
    await failing('event:federation');
    later(30);
    await forgetDeadJobs(world);
    expect(await jobs()).toEqual(['dead', 'event:federation', 'waiting']);
    later(1);
    await forgetDeadJobs(world);
    expect(await jobs()).toEqual(['waiting']);
    expect(await column('select type as it from outbox')).toEqual([]);
  });

  test('leave what others still wait for', async () => {
    await world.commit(async (unit: Unit) => {
      unit.emit({ type: 'account-updated', accountId: 1 });
      for (const [id, body] of [
        [1, 'kept'],
        [2, 'lost'],
      ] as const) {
        await unit.tx.hot('insert into payloads (id, body) values ($1, $2)', id, body);
      }
      await unit.tx.hot(
        `insert into deliveries (id, host, inbox, payload_id, sender_id, activity_type, order_key, due_at, created_at)
         values (3, 'there.test', 'https://there.test/inbox', 1, 4, 'Create', 'k', $1, $1)`,
        unit.now,
      );
    }, undefined);
    later(31);
    await forgetDeadJobs(world);
    expect(await column('select body as it from payloads')).toEqual(['kept']);
    expect(await column('select type as it from outbox')).toEqual(['account-updated']);
  });
});
