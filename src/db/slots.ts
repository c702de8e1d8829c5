import { randomUUID } from 'node:crypto';
import type { Store } from '#db/store.ts';
import { SECOND_MS, type Clock } from '#kernel/clock.ts';
import { SLOTS } from '#kernel/ids.ts';

const LEASE_MS = 60 * SECOND_MS;
const RENEW_MS = 20 * SECOND_MS;

export interface Slot {
  number: number;
  release(): Promise<void>;
}

/**
 * Takes one of the sixteen numbers that keep the ids of several processes apart. On SQLite there is one server process
 * and no need; the command line takes the last number.
 * @throws when all are taken.
 */
export async function takeSlot(store: Store, clock: Clock): Promise<Slot> {
  if (store.engine === 'sqlite') return { number: 0, release: async () => undefined };
  const holder = randomUUID();
  for (let number = 0; number < SLOTS - 1; number += 1) {
    if (await take(store, clock, number, holder)) return keepSlot(store, clock, number, holder);
  }
  throw new Error('as many server processes as there can be are running on this database');
}

async function take(store: Store, clock: Clock, number: number, holder: string): Promise<boolean> {
  const now = clock.now();
  const rows = await store.write((tx) =>
    tx.hot(
      `insert into leases (name, holder, expires_at) values ($1, $2, $3)
       on conflict (name) do update set holder = $2, expires_at = $3
       where leases.expires_at < $4 or leases.holder = $2 returning name`,
      `slot ${number}`,
      holder,
      now + LEASE_MS,
      now,
    ),
  );
  return rows.length > 0;
}

function keepSlot(store: Store, clock: Clock, number: number, holder: string): Slot {
  const timer = setInterval(() => void take(store, clock, number, holder).catch(() => undefined), RENEW_MS);
  timer.unref();
  return {
    number,
    async release() {
      clearInterval(timer);
      await store.write((tx) => tx.hot('delete from leases where name = $1 and holder = $2', `slot ${number}`, holder));
    },
  };
}
