import { randomUUID } from 'node:crypto';
import type { Store } from '#db/store.ts';
import { SECOND_MS, type Clock } from '#kernel/clock.ts';
import { SLOTS } from '#kernel/ids.ts';

const LEASE_MS = 60 * SECOND_MS;
const RENEW_MS = 20 * SECOND_MS;

/** The command line's: it is short-lived, and never takes a number away from a server. */
export const COMMAND_LINE_SLOT = SLOTS - 1;

export interface Slot {
  number: number;
  release(): Promise<void>;
}

/**
 * Takes one of the numbers that keep the ids of several processes apart, by a lease of a minute that is renewed three
 * times in it. On SQLite there is one server process and no need.
 * @param lost Called once when the lease could not be renewed in time: another process may have the number by then, so
 * this one must make no more ids and end.
 * @throws when all are taken.
 */
export async function takeSlot(store: Store, clock: Clock, lost: () => void = () => undefined): Promise<Slot> {
  if (store.engine === 'sqlite') return { number: 0, release: async () => undefined };
  const holder = randomUUID();
  for (let number = 0; number < COMMAND_LINE_SLOT; number += 1) {
    if (await take(store, clock, number, holder)) return keepSlot(store, clock, { number, holder, lost });
  }
  throw new Error(`${COMMAND_LINE_SLOT} processes run on this database already, as many as there can be`);
}

async function take(store: Store, clock: Clock, number: number, holder: string): Promise<boolean> {
  const now = clock.now();
  const rows = await store.write((tx) =>
    tx.hot(
      `insert into leases (name, holder, expires_at) values ($1, $2, $3)
       on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
       where leases.expires_at <= $4 or leases.holder = $2 returning name`,
      leaseName(number),
      holder,
      now + LEASE_MS,
      now,
    ),
  );
  return rows.length > 0;
}

function keepSlot(
  store: Store,
  clock: Clock,
  { number, holder, lost }: { number: number; holder: string; lost(): void },
): Slot {
  let heldUntil = clock.now() + LEASE_MS;
  const renew = async () => {
    const askedAt = clock.now();
    try {
      if (await take(store, clock, number, holder)) {
        heldUntil = askedAt + LEASE_MS;
        return;
      }
    } catch {
      // A database that does not answer says nothing about whose the number is; the time does.
      if (clock.now() < heldUntil) return;
    }
    clearInterval(timer);
    lost();
  };
  const timer = setInterval(() => void renew(), RENEW_MS);
  timer.unref();
  return {
    number,
    async release() {
      clearInterval(timer);
      await store.write((tx) =>
        tx.hot('delete from leases where name = $1 and holder = $2', leaseName(number), holder),
      );
    },
  };
}

const PREFIX = 'slot ';

function leaseName(number: number): string {
  return PREFIX + String(number);
}

/** The slot that a row of `leases` is about. */
export function slotLeased(name: string): number {
  return Number(name.slice(PREFIX.length));
}
