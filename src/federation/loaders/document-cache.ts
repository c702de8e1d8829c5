import type { RemoteDocument } from '@fedify/vocab-runtime';
import { LRUCache } from 'lru-cache';
import { MINUTE_MS, SECOND_MS } from '#kernel/clock.ts';
import { atMost } from '#kernel/lru-bound.ts';
import { EgressRefused } from '../egress.ts';
import type { FetchedDocument } from './fetch-document.ts';

const KEPT_MS = MINUTE_MS;
const MISSES_KEPT_MS = 15 * SECOND_MS;
const BYTES_MAX = 32 * 1024 * 1024;
/** Read into objects, a document takes several times its text. */
const ENTRY_BYTES = 5000;
const MISSES_MAX = 5000;

export type DocumentCache = (key: string, load: () => Promise<FetchedDocument>) => Promise<RemoteDocument>;

/**
 * Remembers documents and failures for a short while, and lets those who ask at the same time wait for one answer.
 * The key names who asked, too: what one actor may read another may not.
 * Everybody gets a copy of their own.
 */
export function createDocumentCache(now: () => number): DocumentCache {
  const clock = { perf: { now }, ttlResolution: 0 };
  const documents = new LRUCache<string, FetchedDocument>({
    ...clock,
    ttl: KEPT_MS,
    maxSize: BYTES_MAX,
    sizeCalculation: ({ bytes }) => bytes + ENTRY_BYTES,
  });
  const misses = new LRUCache<string, { error: unknown }>({ ...clock, ttl: MISSES_KEPT_MS, ...atMost(MISSES_MAX) });
  const pending = new Map<string, Promise<FetchedDocument>>();

  async function loadOnce(key: string, load: () => Promise<FetchedDocument>): Promise<FetchedDocument> {
    try {
      const fetched = await load();
      documents.set(key, fetched);
      return fetched;
    } catch (error) {
      if (!(error instanceof EgressRefused)) misses.set(key, { error });
      throw error;
    } finally {
      pending.delete(key);
    }
  }

  return async (key, load) => {
    const kept = documents.get(key);
    if (kept) return structuredClone(kept.remote);
    const miss = misses.get(key);
    if (miss) throw miss.error;
    const loading = pending.get(key) ?? loadOnce(key, load);
    pending.set(key, loading);
    return structuredClone((await loading).remote);
  };
}
