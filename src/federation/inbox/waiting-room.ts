import { LRUCache } from 'lru-cache';
import type { Query } from '#db/store.ts';
import { registrableDomainOf } from '#federation/domain-shares.ts';
import type { Clock } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { atMost } from '#kernel/lru-bound.ts';

/** What each registrable domain may still have waiting here. */
export interface WaitingRoom {
  /** False while as much of this domain waits as may. */
  hasRoom(hostname: string): Promise<boolean>;
  /** Told of each activity that now waits. */
  entered(hostname: string, bytes: number): void;
}

interface Count {
  at: number;
  full: boolean;
  /** How many more, and how many more bytes, come in before it is counted again. */
  activities: number;
  bytes: number;
}

const DOMAINS_MAX = 10_000;

/**
 * Whoever sends faster than it is worked off is asked to wait, so that one domain can fill neither the disk nor the
 * time of everybody else. It is what waits that is bounded, not what comes in a time: a large server that is back after
 * an outage may send as fast as this one can take it in.
 *
 * All processes count in the same table, but none at every activity: a count is good for some hundred of them. So a
 * domain may exceed its bound by that much, once a process.
 */
export function createWaitingRoom(read: Query, clock: Clock): WaitingRoom {
  const counts = new LRUCache<string, Count>(atMost(DOMAINS_MAX));
  const counting = new Map<string, Promise<Count>>();

  const isGood = (count: Count) => {
    const age = clock.now() - count.at;
    if (count.full) return age < limits.inboxFullMs;
    return age < limits.inboxUncounted.forMs && count.activities > 0 && count.bytes > 0;
  };
  const countAnew = async (domain: string): Promise<Count> => {
    const rows = await read.hot<{ activities: number; bytes: number | null }>(
      `select count(*) as activities, sum(bytes) as bytes from jobs where sender_domain = $1 and dead_at is null`,
      domain,
    );
    const { activities, bytes } = limits.inboxWaitingPerDomain;
    const room = { activities: activities - (rows[0]?.activities ?? 0), bytes: bytes - Number(rows[0]?.bytes ?? 0) };
    const count = {
      at: clock.now(),
      full: room.activities <= 0 || room.bytes <= 0,
      activities: Math.min(room.activities, limits.inboxUncounted.activities),
      bytes: Math.min(room.bytes, limits.inboxUncounted.bytes),
    };
    counts.set(domain, count);
    return count;
  };

  return {
    async hasRoom(hostname) {
      const domain = registrableDomainOf(hostname);
      const known = counts.get(domain);
      if (known && isGood(known)) return !known.full;
      // Those who come meanwhile wait for the same count.
      const running = counting.get(domain) ?? countAnew(domain).finally(() => counting.delete(domain));
      counting.set(domain, running);
      return !(await running).full;
    },
    entered(hostname, bytes) {
      const count = counts.get(registrableDomainOf(hostname));
      if (!count) return;
      count.activities -= 1;
      count.bytes -= bytes;
    },
  };
}
