import { join } from 'node:path';
import { createCommit, type CommitWith } from '#db/commit.ts';
import { openStore } from '#db/open.ts';
import type { Store } from '#db/store.ts';
import type { Site } from '#db/unit.ts';
import { consumersOf } from '#domain/consumers.ts';
import { react } from '#domain/reactions.ts';
import type { MediaParts } from '#domain/media/prepare-media.ts';
import type { SealedKey } from '#domain/accounts/create-account.ts';
import { makeKeys } from '#federation/keys.ts';
import { need } from '#kernel/assert.ts';
import { ManualClock, systemClock } from '#kernel/clock.ts';
import { createIdSource } from '#kernel/ids.ts';
import { createSealer, type Sealer } from '#kernel/seal.ts';
import { createImageWorker } from '#ports/image-worker.ts';
import { createMediaDisk } from '#ports/media-disk.ts';
import { readSecret } from '#ports/secret-file.ts';
import { drawAll, type Drawings } from '#demo/drawings.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A data folder in the hands of whoever tells what happened in it; no server runs on it meanwhile. */
export interface Stage {
  store: Store;
  commit: CommitWith;
  clock: ManualClock;
  site: Site;
  sealer: Sealer;
  keys: readonly SealedKey[];
  media: MediaParts;
  drawings: Drawings;
  /** Who is known so far, by handle; those elsewhere as `name@host`. */
  accounts: Map<string, number>;
  close(): Promise<void>;
}

/** @param ago how long before now the telling begins. */
export async function openStage(dataDir: string, host: string, ago: number): Promise<Stage> {
  const clock = new ManualClock(systemClock.now() - ago);
  const sealer = createSealer(readSecret({ secretKey: null, dataDir }));
  const file = join(dataDir, 'estrade.sqlite');
  const store = await openStore({ engine: 'sqlite', file }, join(ROOT, 'migrations'), clock.now());
  const site: Site = { origin: `http://${host}`, host, handleDomain: host };
  const drawings = await drawAll();
  const processor = createImageWorker();
  return {
    store,
    commit: createCommit({ store, clock, ids: createIdSource(0), site, react, consumersOf, wake: () => undefined }),
    clock,
    site,
    sealer,
    // Making them takes seconds, and nobody here depends on having their own.
    keys: await makeKeys(sealer),
    media: { processor, uploads: createMediaDisk({ folder: join(dataDir, 'media') }) },
    drawings,
    accounts: new Map(),
    async close() {
      await processor.close();
      await store.close();
    },
  };
}

export function idOf(stage: Stage, who: string): number {
  return need(stage.accounts.get(who), `${who} is known`);
}
