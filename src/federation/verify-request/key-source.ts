import type { KeyCache } from '@fedify/fedify';
import { CryptographicKey } from '@fedify/vocab';
import type { DocumentLoader } from '@fedify/vocab-runtime';
import { LRUCache } from 'lru-cache';
import { HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';
import { contextsFault } from '#federation/guard/contexts-size.ts';
import { isObject } from '#federation/guard/speaker.ts';
import { keyFault, keyTextFault } from './key-faults.ts';
import { ownerFault } from './key-owner.ts';
import { atMost } from '#kernel/lru-bound.ts';

const KEYS_MAX = 10_000;
const KEPT_MS = 6 * HOUR_MS;
const MISSES_KEPT_MS = MINUTE_MS;
/** A signature that does not fit makes us ask for the key again, once in this time: it may have been rotated. */
const REFETCH_MS = 10 * MINUTE_MS;

export interface KeySource {
  /** For Fedify: gives and takes keys. Only sound keys that their owner's document names ever come in. */
  cache: KeyCache;
  /** A key that has come in and is still believed, by its id as `URL` writes it. */
  held(keyId: string): CryptographicKey | null;
  /** For Fedify: loads the documents of these keys and of their owners. */
  loaderFor(keyIds: string[]): DocumentLoader;
  /** Lets those who need the same unknown key wait for the first of them. */
  oneAtATime<T>(keyId: string, work: () => Promise<T>): Promise<T>;
  fetched: number;
}

/** The key is held and was fetched a moment ago: so it is the signature that is wrong. */
export class KeyAskedLately extends Error {
  override name = 'KeyAskedLately';
}

interface Held {
  key: CryptographicKey | null;
  askedAt: number;
}

/** The public keys of others, in memory; `loader` signs its requests, or servers in secure mode would not answer. */
export function createKeySource(loader: () => Promise<DocumentLoader>, now: () => number): KeySource {
  const held = new LRUCache<string, Held>({ ...atMost(KEYS_MAX), ttl: KEPT_MS, perf: { now }, ttlResolution: 0 });
  const pending = new Map<string, Promise<unknown>>();

  async function load(url: string): Promise<Awaited<ReturnType<DocumentLoader>>> {
    source.fetched += 1;
    const remote = await (await loader())(url);
    // An origin speaks for itself only: what a redirect brings from elsewhere is somebody else's word.
    if (originOf(remote.documentUrl) !== originOf(url)) throw new Error(`${url} leads to another origin`);
    const fault = keyTextFault(remote.document) ?? contextsFault(remote.document);
    if (fault !== null) throw new Error(fault);
    return { ...remote, document: keyParts(remote.document) };
  }

  function keepMiss(keyId: string): void {
    // One failed fetch, which anybody can bring about, takes no good key away.
    if (!held.get(keyId)?.key) held.set(keyId, { key: null, askedAt: now() }, { ttl: MISSES_KEPT_MS });
  }

  const source: KeySource = {
    fetched: 0,
    held: (keyId) => held.get(keyId)?.key ?? null,
    cache: {
      get: async (keyId) => held.get(keyId.href)?.key,
      async set(keyId, key) {
        const fault =
          key instanceof CryptographicKey ? (keyFault(key) ?? (await ownerFault(keyId, key, load))) : 'no such key';
        if (fault === null) {
          held.set(keyId.href, { key: key as CryptographicKey, askedAt: now() });
          return;
        }
        keepMiss(keyId.href);
        if (key !== null) throw new Error(fault);
      },
    },
    loaderFor: (keyIds) => async (url) => {
      const known = keyIds.includes(url) ? held.get(url) : undefined;
      if (known?.key) {
        // Fedify asks past the cache after each signature that does not fit.
        if (now() - known.askedAt < REFETCH_MS) throw new KeyAskedLately();
        known.askedAt = now();
      }
      return load(url);
    },
    async oneAtATime(keyId, work) {
      const first = pending.get(keyId);
      if (first) await first;
      if (first || held.has(keyId)) return work();
      const working = work();
      pending.set(
        keyId,
        working.catch(() => null),
      );
      try {
        return await working;
      } finally {
        pending.delete(keyId);
      }
    },
  };
  return source;
}

function originOf(url: string): string | null {
  return URL.parse(url)?.origin ?? null;
}

/** What says whose key it is. The rest of a stranger's document is not worth a second of everybody's time. */
const KEY_PARTS = [
  '@context',
  'id',
  'type',
  'publicKey',
  'assertionMethod',
  'owner',
  'controller',
  'publicKeyPem',
  'publicKeyMultibase',
];
const KEYS_READ = 20;

function keyParts(document: unknown): unknown {
  if (!isObject(document)) return document;
  const parts = Object.entries(document).filter(([name]) => KEY_PARTS.includes(name));
  return Object.fromEntries(
    parts.map(([name, part]) => [
      name,
      Array.isArray(part) && name !== '@context' ? (part as unknown[]).slice(0, KEYS_READ) : part,
    ]),
  );
}
