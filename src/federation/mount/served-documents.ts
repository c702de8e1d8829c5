import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { JsonLd } from '#federation/vocabulary.ts';

export interface ServedDocument {
  version: string;
  etag: string;
  body: string;
}

const DOCUMENTS_MAX = 10_000;
const BYTES_MAX = 64 * 1024 * 1024;

/**
 * Public documents as they go over the wire, valid while their row's version is the same: the row is asked each
 * time, since whoever changed it may be another process.
 */
export function createServedDocuments() {
  const kept = new LRUCache<string, ServedDocument>({
    max: DOCUMENTS_MAX,
    maxSize: BYTES_MAX,
    sizeCalculation: (document) => document.body.length,
  });
  return {
    async get(key: string, version: string, make: () => Promise<JsonLd | null>): Promise<ServedDocument | null> {
      const found = kept.get(key);
      if (found?.version === version) return found;
      const document = await make();
      if (!document) return null;
      const body = JSON.stringify(document);
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
      const fresh = { version, etag, body };
      kept.set(key, fresh);
      return fresh;
    },
  };
}
