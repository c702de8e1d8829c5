import type { Store } from '#db/store.ts';
import type { Commit } from '#db/unit.ts';
import { evictCachedMedia } from '#domain/media/evict-cached-media.ts';
import { removeFiles, type FilesToRemove, type MediaStorage, type MediaStores } from '#domain/media/media-storage.ts';
import { unknownCopies, unknownUploads } from '#domain/media/served-media.queries.ts';
import { takeUnusedMedia } from '#domain/media/take-unused-media.ts';
import { DAY_MS, type Clock } from '#kernel/clock.ts';

export interface CleanUpMediaParts {
  commit: Commit;
  stores: MediaStores;
  cacheBytesMax: number;
}

/** Removes unused uploads and what the cache holds too much of. To be run every quarter of an hour or so. */
export async function cleanUpMedia({ commit, stores, cacheBytesMax }: CleanUpMediaParts): Promise<void> {
  const repeat = async (batch: () => Promise<FilesToRemove & { more: boolean }>) => {
    for (let more = true; more;) {
      const gone = await batch();
      await removeFiles(stores, gone);
      more = gone.more;
    }
  };
  await repeat(() => commit(takeUnusedMedia, undefined));
  await repeat(() => commit(evictCachedMedia, { bytesMax: cacheBytesMax }));
}

export interface SweepMediaParts {
  store: Pick<Store, 'read' | 'engine'>;
  stores: MediaStores;
  clock: Clock;
}

const NAMES_AT_ONCE = 500;

/**
 * Removes files that no row has: what is left when the process ended between a transaction and its files, or when
 * rows went with an account. Files of the last day are let be, their rows may still come. To be run once a day.
 */
export async function sweepMediaFiles({ store, stores, clock }: SweepMediaParts): Promise<void> {
  const before = clock.now() - DAY_MS;
  await sweep(stores.uploads, before, (names) => unknownUploads(store, names));
  await sweep(stores.cache, before, (names) => unknownCopies(store, names));
}

async function sweep(
  storage: MediaStorage,
  before: number,
  unknown: (names: string[]) => Promise<string[]>,
): Promise<void> {
  await storage.removeAbandoned(before);
  let names: string[] = [];
  const judge = async () => {
    for (const name of await unknown(names)) await storage.remove(name);
    names = [];
  };
  for await (const { name, changedAt } of storage.list()) {
    if (changedAt >= before) continue;
    names.push(name);
    if (names.length >= NAMES_AT_ONCE) await judge();
  }
  await judge();
}
