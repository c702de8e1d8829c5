import { LRUCache } from 'lru-cache';
import { getDomain } from 'tldts';
import { SECOND_MS, type Clock } from '#kernel/clock.ts';
import { atMost } from '#kernel/lru-bound.ts';

/** How much in how long a time. */
export interface Share {
  tries: number;
  seconds: number;
}

/** What each registrable domain may still cause. */
export interface DomainShares {
  /** Takes one; false when this domain has had its share of the time. */
  take(hostname: string): boolean;
}

/** Nobody's fault and no failure: what is asked for is to be tried again later. */
export class ShareSpent extends Error {
  override name = 'ShareSpent';
}

const DOMAINS_MAX = 10_000;

/**
 * Counts by registrable domain: names below one cost nothing, so a wildcard in the DNS is one domain. Hosters who let
 * people have names of their own (the private part of the public suffix list) do not make them one.
 */
export function createDomainShares({ tries, seconds }: Share, clock: Clock): DomainShares {
  const taken = new LRUCache<string, { count: number; since: number }>(atMost(DOMAINS_MAX));
  return {
    take(hostname) {
      const domain = registrableDomainOf(hostname);
      const now = clock.now();
      const held = taken.get(domain);
      if (!held || now - held.since >= seconds * SECOND_MS) {
        taken.set(domain, { count: 1, since: now });
        return true;
      }
      if (held.count >= tries) return false;
      held.count += 1;
      return true;
    },
  };
}

/** Addresses, and names that are no domain, stand for themselves. */
export function registrableDomainOf(hostname: string): string {
  return getDomain(hostname, { allowPrivateDomains: true }) ?? hostname;
}
