import { expect } from 'vitest';
import type { DomainEvent, EventType } from '#domain/events.ts';
import type { World } from '../world.ts';

/** The events of one kind that consumers are told of, in their order. */
export async function emitted<T extends EventType>(world: World, type: T): Promise<Extract<DomainEvent, { type: T }>[]> {
  const rows = await world.store.read.hot<{ event: string }>('select event from outbox where type = $1 order by id', type);
  return rows.map((row) => JSON.parse(row.event) as Extract<DomainEvent, { type: T }>);
}

export async function forgetEvents(world: World): Promise<void> {
  await world.store.write((tx) => tx.hot('delete from outbox'));
}

/** Where a follow stands: null when there is none. */
export async function followState(world: World, followerId: number, followeeId: number): Promise<string | null> {
  const rows = await world.store.read.hot<{ state: string }>(
    'select state from follows where follower_id = $1 and followee_id = $2',
    followerId,
    followeeId,
  );
  return rows[0]?.state ?? null;
}

export async function followUriOf(world: World, followerId: number, followeeId: number): Promise<string> {
  const rows = await world.store.read.hot<{ uri: string }>(
    'select uri from follows where follower_id = $1 and followee_id = $2',
    followerId,
    followeeId,
  );
  return rows[0]?.uri ?? '';
}

/** The counters of an account. */
export async function counters(world: World, accountId: number): Promise<{ followers: number; following: number }> {
  const rows = await world.store.read.hot<{ followers: number; following: number }>(
    'select followers_count as followers, following_count as following from accounts where id = $1',
    accountId,
  );
  return rows[0] ?? { followers: -1, following: -1 };
}

/** Every account's counters say what the rows say. */
export async function expectExactCounters(world: World): Promise<void> {
  const wrong = await world.store.read.hot(
    `select id, followers_count, following_count from accounts a where
       followers_count <> (select count(*) from follows f where f.followee_id = a.id and f.state = 'accepted')
       or following_count <> (select count(*) from follows f where f.follower_id = a.id and f.state = 'accepted')`,
  );
  expect(wrong).toEqual([]);
}

export async function update(world: World, accountId: number, set: string): Promise<void> {
  await world.store.write((tx) => tx.hot(`update accounts set ${set} where id = $1`, accountId));
}
