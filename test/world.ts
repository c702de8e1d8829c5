import { createCommit, type CommitWith } from '#db/commit.ts';
import { createLane, type Lane, type LaneOptions } from '#db/queue.ts';
import type { Store } from '#db/store.ts';
import type { Site } from '#db/unit.ts';
import { createAccount, type SealedKey } from '#domain/accounts/create-account.ts';
import { consumersOf } from '#domain/consumers.ts';
import { react } from '#domain/reactions.ts';
import { makeKeys } from '#federation/keys.ts';
import { ManualClock } from '#kernel/clock.ts';
import { createIdSource, type IdSource } from '#kernel/ids.ts';
import { createSealer, type Sealer } from '#kernel/seal.ts';
import { openTestStore } from './engine.ts';

export const TEST_SECRET = 'a secret for tests only';

/** A fresh instance without doors: a store, a clock that stands still, and commands. */
export interface World {
  store: Store;
  commit: CommitWith;
  clock: ManualClock;
  ids: IdSource;
  site: Site;
  sealer: Sealer;
  /** A local person without credentials. */
  person(handle: string): Promise<number>;
  /** A remote account; its host does not exist. @param webHost of its addresses, where handles have another domain. */
  remote(handle: string, host?: string, webHost?: string): Promise<number>;
  lane(options: Partial<LaneOptions> & Pick<LaneOptions, 'lane' | 'handle'>): Lane;
  close(): Promise<void>;
}

let keys: Promise<SealedKey[]> | undefined;

/** Making RSA keys is slow, and no test depends on whose they are. */
export function testKeys(): Promise<SealedKey[]> {
  keys ??= makeKeys(createSealer(TEST_SECRET));
  return keys;
}

export async function openWorld(host = 'here.test'): Promise<World> {
  const store = await openTestStore();
  const clock = new ManualClock();
  const ids = createIdSource(0);
  const site: Site = { origin: `https://${host}`, host, handleDomain: host };
  const commit = createCommit({ store, clock, ids, site, react, consumersOf, wake: () => undefined });
  return {
    store,
    commit,
    clock,
    ids,
    site,
    sealer: createSealer(TEST_SECRET),
    async person(handle) {
      return commit(createAccount, { handle, keys: await testKeys() });
    },
    async remote(handle, remoteHost = 'there.test', webHost = remoteHost) {
      const uri = `https://${webHost}/users/${handle}`;
      const id = ids.next(clock.now());
      const { accounts } = store.schema;
      await store.write((tx) =>
        tx.insert(accounts).values({
          id,
          handle,
          handleFolded: handle.toLowerCase(),
          domain: remoteHost,
          host: webHost,
          uri,
          url: `https://${webHost}/@${handle}`,
          inbox: `${uri}/inbox`,
          sharedInbox: `https://${webHost}/inbox`,
          outbox: `${uri}/outbox`,
          followersUri: `${uri}/followers`,
          createdAt: clock.now(),
          updatedAt: clock.now(),
          fetchedAt: clock.now(),
        }),
      );
      return id;
    },
    lane: (options) =>
      createLane(
        { store, clock, ids, commit, failed: () => undefined },
        { concurrency: 4, leaseMs: 60_000, triesMax: 5, backoffMs: () => 1000, ...options },
      ),
    close: () => store.close(),
  };
}
