import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { getLogger } from '@logtape/logtape';
import { serve, type ServerType } from '@hono/node-server';
import { createInstance, type Instance } from '#app.ts';
import { createDoors } from '#doors.ts';
import { ConfigError, readConfig, type Config } from '#config/config.ts';
import { freeLeases } from '#db/free-leases.ts';
import { openStore } from '#db/open.ts';
import { takeSlot } from '#db/slots.ts';
import { withSpareRoom } from '#db/spare-room.ts';
import type { Store } from '#db/store.ts';
import type { Site } from '#db/unit.ts';
import { issueSetUpToken } from '#domain/membership/complete-set-up.ts';
import { createSettingsCache, readSettings, type SettingsCache } from '#domain/instance/settings.ts';
import { createEgress } from '#federation/egress.ts';
import { systemClock } from '#kernel/clock.ts';
import { createIdSource } from '#kernel/ids.ts';
import { createSealer } from '#kernel/seal.ts';
import { hashToken, newToken } from '#kernel/tokens.ts';
import { VERSION } from '#kernel/version.ts';
import { configureLogging } from '#logging.ts';
import { createMetrics } from '#metrics.ts';
import { createBallast } from '#ports/ballast.ts';
import { freeSpace } from '#ports/disk-space.ts';
import { acquireServerLock } from '#db/server-lock.ts';
import { readSecret } from '#ports/secret-file.ts';

/** How long a stop may take before it is forced. */
const STOP_MS = 9000;

/**
 * V8 puts objects of a kind that once lived long among the old ones from the start. Under load requests wait for each
 * other, so that everything about them lives long; it takes them for old ever after, and what they refer to as well, and
 * collecting that costs every later request as much again as it costs itself (`npm run bench -- publishing documents`).
 * Node does not take this flag from `NODE_OPTIONS`.
 */
const NO_PRETENURING = '--no-allocation-site-pretenuring';

async function main(): Promise<void> {
  setFlagsFromString(NO_PRETENURING);
  const config = readConfig();
  await configureLogging(config.log);
  const lock = acquireServerLock(config);
  // Besides the usual authorities, not instead of them.
  if (config.egress.caFile)
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(config.egress.caFile, 'utf8')]);
  const egress = createEgress({
    hostMap: config.egress.hostMap,
    allowPrivate: config.egress.allowPrivate,
    userAgent: `Estrade/${VERSION} (+${config.origin.origin})`,
  });
  egress.install();
  const secret = readSecret(config);
  const ballast = createBallast({ file: join(config.dataDir, 'ballast') });
  const store = withSpareRoom(await openStore(config.database, config.paths.migrations, systemClock.now()), () =>
    ballast.release(),
  );
  const site: Site = { origin: config.origin.origin, host: config.origin.host, handleDomain: config.handleDomain };
  await refuseOtherOrigin(store, site);
  const slot = await takeSlot(store, systemClock, endAtOnce);
  await freeLeases(store, slot.number, systemClock.now());
  const settings = createSettingsCache(store.read);
  const log = logger();
  const doors = createDoors({ config, store, clock: systemClock, site, settings, egress, secret, ballast, log });
  const instance = createInstance({
    store,
    clock: systemClock,
    ids: createIdSource(slot.number),
    site,
    sealer: createSealer(secret),
    egress,
    hostMap: config.egress.hostMap,
    userAgent: `Estrade/${VERSION} (+${site.origin})`,
    trustedProxies: config.trustedProxies,
    metrics: createMetrics({ token: config.metricsToken, store, freeSpace: () => freeSpace(config.dataDir) }),
    log,
    ...doors,
  });
  const stopListening = store.onForeignCommit(() => settings.drop());

  const server = await listen(instance, config);
  instance.runner.start();
  instance.schedule.start();
  await announce(instance, config, settings);
  stopOnSignal(async () => {
    await closeServer(server);
    stopListening();
    await instance.schedule.stop();
    await instance.runner.stop();
    await doors.close();
    await slot.release();
    await egress.close();
    await store.close();
    lock.release();
  });
}

/** Another process may make the same ids from now on: none may be made here any more. */
function endAtOnce(): void {
  console.error(
    'The database did not answer for a minute, and the number of this process may be another one’s: it ends.',
  );
  process.exit(1);
}

/** Every id of an instance begins with its origin: with another one, all that others know of it would be dead. */
async function refuseOtherOrigin(store: Store, site: Site): Promise<void> {
  const { origin, handleDomain } = await readSettings(store.read);
  if (origin === null || (origin === site.origin && handleDomain === site.handleDomain)) return;
  throw new ConfigError([
    `ORIGIN: this instance was set up as ${origin} with handles at ${handleDomain}, and its addresses are fixed for life; ` +
      `the configuration now says ${site.origin} and ${site.handleDomain}`,
  ]);
}

function logger() {
  const log = getLogger(['estrade']);
  return (message: string, details: Record<string, unknown>) => log.info(message, details);
}

function listen({ app }: Instance, { http }: Config): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    // `serve` returns before the port is bound.
    const server: ServerType = serve({ fetch: app.fetch, port: http.port, hostname: http.host }, () => resolve(server));
    server.once('error', (error: NodeJS.ErrnoException) => reject(portFault(error, http) ?? error));
  });
}

/** What an admin can mend; null for everything else. */
function portFault({ code }: NodeJS.ErrnoException, { port, host }: Config['http']): ConfigError | null {
  if (code === 'EADDRINUSE')
    return new ConfigError([`PORT: ${port} is used by another program; stop that one, or set another port`]);
  if (code === 'EACCES')
    return new ConfigError([`PORT: this user may not listen on ${port}; set one above 1023, behind a reverse proxy`]);
  if (code === 'EADDRNOTAVAIL') return new ConfigError([`HOST: ${host} is no address of this machine`]);
  return null;
}

/** Prints where the server is and, until it is set up, the only link that can do so. */
async function announce(instance: Instance, config: Config, settings: SettingsCache): Promise<void> {
  console.log(`Estrade ${VERSION} is ready at ${config.origin.origin}`);
  const { setUpAt } = await settings.read();
  if (setUpAt !== null) return;
  const token = newToken();
  await instance.commit(issueSetUpToken, { tokenHash: hashToken(token) });
  console.log(`Set it up here (this link works once): ${config.origin.origin}/set-up?token=${token}`);
  if (config.origin.protocol === 'http:') {
    console.log(
      'At this address it cannot reach the rest of the fediverse: set ORIGIN to its public https address first.',
    );
  }
}

function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeIdleConnections' in server) server.closeIdleConnections();
    setTimeout(() => {
      if ('closeAllConnections' in server) server.closeAllConnections();
    }, 2000).unref();
  });
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      setTimeout(() => process.exit(1), STOP_MS).unref();
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error && error.name !== 'Error' ? error.message : error);
  process.exit(1);
});
