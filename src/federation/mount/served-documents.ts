import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Store } from '#db/store.ts';
import type { JsonLd } from '#federation/vocabulary.ts';

export interface ServedDocument {
  etag: string;
  body: string;
}

interface KeptDocument extends ServedDocument {
  version: string;
  /** The store's mark when the version was asked for last. */
  mark: number | null;
}

/** A sixteenth of the memory that the server is given. */
const BYTES_MAX = 16 * 1024 * 1024;
/** What a document takes besides its text. */
const ENTRY_BYTES = 500;

/**
 * Public documents as they go over the wire, valid while their row's version is the same. The row is asked each time,
 * since whoever changed it may be another process; not where the store tells that nothing was committed since.
 */
export function createServedDocuments({ commitMark }: Pick<Store, 'commitMark'>) {
  const kept = new LRUCache<string, KeptDocument>({
    maxSize: BYTES_MAX,
    // One letter that is not Latin makes two bytes of each.
    sizeCalculation: (document) => 2 * document.body.length + ENTRY_BYTES,
  });
  return {
    /**
     * The document of a key; null when `versionOf` or `make` gives null. All that the version depends on must be in the
     * key or in the store.
     */
    async get(
      key: string,
      versionOf: () => Promise<string | null>,
      make: () => Promise<JsonLd | null>,
    ): Promise<ServedDocument | null> {
      const found = kept.get(key);
      // Asked before the row: what is committed meanwhile makes the mark an old one.
      const mark = commitMark();
      if (found && mark !== null && found.mark === mark) return found;
      const version = await versionOf();
      if (version === null) return null;
      if (found?.version === version) {
        found.mark = mark;
        return found;
      }
      const document = await make();
      if (!document) return null;
      const body = JSON.stringify(document);
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
      const fresh = { version, mark, etag, body };
      kept.set(key, fresh);
      return fresh;
    },
  };
}
