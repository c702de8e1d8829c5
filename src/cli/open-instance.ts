import { readConfig, type Config } from '#config/config.ts';
import { createCommit, type CommitWith } from '#db/commit.ts';
import { migrationState } from '#db/migration-state.ts';
import { openMigrated } from '#db/open.ts';
import { COMMAND_LINE_SLOT } from '#db/slots.ts';
import type { Store } from '#db/store.ts';
import type { Site } from '#db/unit.ts';
import { consumersOf } from '#domain/consumers.ts';
import { readSettings } from '#domain/instance/settings.ts';
import { react } from '#domain/reactions.ts';
import { systemClock } from '#kernel/clock.ts';
import { createIdSource } from '#kernel/ids.ts';
import { createSealer, type Sealer } from '#kernel/seal.ts';
import { readSecret } from '#ports/secret-file.ts';
import { Refused } from '#cli/command.ts';

/** What a command acts on: the instance's own store, beside a server that may be running. */
export interface OpenInstance {
  config: Config;
  store: Store;
  site: Site;
  sealer: Sealer;
  /** As the server commits; a running one sees within a second that it happened, and does what follows from it. */
  commit: CommitWith;
}

/** @throws Refused where there is no database, it is not up to date, or it was set up under another address. */
export async function withInstance<T>(work: (instance: OpenInstance) => Promise<T>): Promise<T> {
  const config = readConfig();
  const store = await openUpToDate(config);
  try {
    const site = siteOf(config);
    await refuseOtherOrigin(store, site);
    const commit = createCommit({
      store,
      site,
      clock: systemClock,
      ids: createIdSource(COMMAND_LINE_SLOT),
      react,
      consumersOf,
      wake: () => undefined,
    });
    return await work({ config, store, site, commit, sealer: createSealer(readSecret(config)) });
  } finally {
    await store.close();
  }
}

/** @throws Refused. */
export async function openUpToDate({ database, paths }: Config): Promise<Store> {
  const { applied, pending, newer } = await migrationState(database, paths.migrations);
  if (applied.length === 0)
    throw new Refused('There is no database yet. It is made when the server starts for the first time.');
  if (newer.length > 0) throw new Refused(`The database was written by a newer Estrade (${newer.join(', ')}).`);
  if (pending.length > 0)
    throw new Refused('The database is of an older version: stop the server and run "migrate", or start the new one.');
  return openMigrated(database);
}

export function siteOf(config: Config): Site {
  return { origin: config.origin.origin, host: config.origin.host, handleDomain: config.handleDomain };
}

async function refuseOtherOrigin(store: Store, site: Site): Promise<void> {
  const { origin, handleDomain } = await readSettings(store.read);
  if (origin === null || (origin === site.origin && handleDomain === site.handleDomain)) return;
  throw new Refused(
    `This instance was set up as ${origin} with handles at ${handleDomain}; ORIGIN and HANDLE_DOMAIN say ` +
      `${site.origin} and ${site.handleDomain}. Run the command with the same options as the server.`,
  );
}
