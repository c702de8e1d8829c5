import { LRUCache } from 'lru-cache';
import type { Commit } from '#db/unit.ts';
import { noteContacts, type Contact } from '#domain/instance/note-contacts.ts';
import type { Clock } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { atMost } from '#kernel/lru-bound.ts';

/** Who spoke to us and who took what we sent. */
export interface Contacts {
  /** A signature of this host held. Costs no write. */
  heard(host: string): void;
  /** This host took a delivery. Costs no write. */
  delivered(host: string): void;
  /** Writes down what is new since the last time; to be called now and then. */
  write(): Promise<void>;
}

const HOSTS_AT_ONCE = 200;

/**
 * Contacts are collected in memory and written together: each host at most once in a while, however much it sends.
 * A process that is killed forgets those of the last minute, which nothing depends on.
 */
export function createContacts({ commit, clock }: { commit: Commit; clock: Clock }): Contacts {
  const noted = new LRUCache<string, number>(atMost(2 * limits.contactsHeld));
  const waiting = new LRUCache<string, Contact>(atMost(limits.contactsHeld));

  const note = (host: string, what: 'heardAt' | 'deliveredAt') => {
    const now = clock.now();
    const key = `${what} ${host}`;
    const last = noted.get(key);
    if (last !== undefined && now - last < limits.contactNotedMs) return;
    noted.set(key, now);
    waiting.set(host, { ...(waiting.get(host) ?? { host, heardAt: null, deliveredAt: null }), [what]: now });
  };
  return {
    heard: (host) => note(host, 'heardAt'),
    delivered: (host) => note(host, 'deliveredAt'),
    async write() {
      const contacts = [...waiting.values()];
      waiting.clear();
      for (let from = 0; from < contacts.length; from += HOSTS_AT_ONCE) {
        await commit(noteContacts, contacts.slice(from, from + HOSTS_AT_ONCE));
      }
    },
  };
}
