import { LRUCache } from 'lru-cache';
import type { Store } from '#db/store.ts';
import type { Clock } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { atMost } from '#kernel/lru-bound.ts';

/** Notices that a host is back, by what it sends itself. */
export interface Comebacks {
  /** A signature of this host held. Returns at once. */
  heard(host: string): void;
}

interface ComebackParts {
  store: Store;
  clock: Clock;
  wake(): void;
  log(message: string, details: Record<string, unknown>): void;
}

const HOSTS_REMEMBERED = 10_000;

/**
 * A host that did not answer is tried at growing intervals. When it speaks itself, it is there again: what waits for it
 * is tried at once, but for one that asked to be left alone until a time. Its failures stay counted, since one that
 * sends and never takes anything is to be given up all the same.
 *
 * Asks the database once in some minutes for each host, in each process; whichever has heard it writes it down, and
 * whichever sends finds it there.
 */
export function createComebacks({ store, clock, wake, log }: ComebackParts): Comebacks {
  const asked = new LRUCache<string, true>({
    ...atMost(HOSTS_REMEMBERED),
    ttl: limits.hostTriedWhenHeardMs,
    ttlResolution: 0,
    perf: { now: () => clock.now() },
  });
  const tryNow = async (host: string) => {
    const now = clock.now();
    const away = await store.read.hot(
      'select 1 as away from delivery_hosts where host = $1 and failures > 0 and next_try_at > $2 and asked_to_wait = 0',
      host,
      now,
    );
    if (away.length === 0) return;
    await store.write((tx) =>
      tx.hot(
        'update delivery_hosts set next_try_at = $1 where host = $2 and next_try_at > $1 and asked_to_wait = 0',
        now,
        host,
      ),
    );
    wake();
  };

  return {
    heard(host) {
      if (asked.has(host)) return;
      asked.set(host, true);
      tryNow(host).catch((error: unknown) => log('a comeback was not noted', { host, error: String(error) }));
    },
  };
}
