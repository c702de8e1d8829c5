import { join } from 'node:path';
import { Hono } from 'hono';
import type { InstanceCore, InstanceParts } from '#app.ts';
import type { Config } from '#config/config.ts';
import type { Store } from '#db/store.ts';
import type { Site } from '#db/unit.ts';
import { MAIL_LANE } from '#domain/consumers.ts';
import { instanceNumbers } from '#domain/instance/node-info.queries.ts';
import type { SettingsCache } from '#domain/instance/settings.ts';
import type { Ballast, MediaStores } from '#domain/media/media-storage.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import { policyOf } from '#domain/relationships/instance-domain-policy.ts';
import type { Egress } from '#federation/egress.ts';
import { makeKeys } from '#federation/keys.ts';
import { cleanUpMedia, sweepMediaFiles } from '#jobs/clean-up-media.ts';
import type { Recurring } from '#jobs/schedule.ts';
import { sendMail } from '#jobs/send-mail.ts';
import { upkeepJobs } from '#jobs/upkeep.ts';
import { DAY_MS, HOUR_MS, type Clock } from '#kernel/clock.ts';
import { createSealer } from '#kernel/seal.ts';
import { VERSION } from '#kernel/version.ts';
import { openBackupFolder } from '#ports/backup-folder.ts';
import { createImageWorker } from '#ports/image-worker.ts';
import { createMediaFetch } from '#ports/media-fetch.ts';
import { createMediaDisk } from '#ports/media-disk.ts';
import { openMail } from '#ports/mail.ts';
import { loadAssets } from '#web/assets.ts';
import { composeMail } from '#web/mail/compose-mail.tsx';
import { mediaRoutes } from '#web/media-routes.ts';
import { loadPolicyTemplates } from '#web/policy-templates.ts';
import { createRateLimits } from '#web/rate-limits.ts';
import { createRemoteMedia } from '#web/remote-media.ts';
import { resolveSession } from '#web/session.ts';
import { loadThemes } from '#web/themes.ts';
import { createUploads } from '#web/uploads.ts';
import { createWeb, type WebDeps, type WebEnv } from '#web/web.ts';

export interface DoorParts {
  config: Config;
  store: Store;
  clock: Clock;
  site: Site;
  settings: SettingsCache;
  egress: Egress;
  secret: string;
  ballast: Ballast;
  log(message: string, details: Record<string, unknown>): void;
}

/** What an instance has besides federation: pages, media, mail, and the work that comes round. */
export function createDoors(parts: DoorParts): Pick<
  InstanceParts,
  'web' | 'lanes' | 'recurring' | 'nodeInfo' | 'committed'
> & {
  close(): Promise<void>;
} {
  const { config, store, clock, settings } = parts;
  const stores: MediaStores = {
    uploads: createMediaDisk({ folder: join(config.dataDir, 'media') }),
    cache: createMediaDisk({ folder: join(config.dataDir, 'media-cache') }),
  };
  const processor = createImageWorker();
  const mail = openMail(config);
  const report = (error: unknown) => {
    const reference = crypto.randomUUID().slice(0, 8);
    parts.log('something failed', {
      reference,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return reference;
  };

  return {
    committed: () => settings.drop(),
    nodeInfo: () => nodeInfoOf(parts),
    web: (core) => ({ app: createPages(parts, core, { stores, processor, mail, report }) as unknown as Hono<never> }),
    lanes: (core) => ({
      [MAIL_LANE]: sendMail({ store, commit: core.commit, mail, compose: composeMail, site: parts.site, settings }),
    }),
    recurring: (core): Recurring[] => [
      {
        name: 'clean-up-media',
        everyMs: HOUR_MS,
        run: () => cleanUpMedia({ commit: core.commit, stores, cacheBytesMax: config.media.remoteCacheBytesMax }),
      },
      ...upkeepJobs({ ...parts, commit: core.commit }),
      { name: 'sweep-media', everyMs: DAY_MS, run: () => sweepMediaFiles({ store, stores, clock }) },
    ],
    async close() {
      await processor.close();
    },
  };
}

interface PageParts {
  stores: MediaStores;
  processor: ReturnType<typeof createImageWorker>;
  mail: WebDeps['mail'];
  report: WebDeps['report'];
}

function createPages(
  parts: DoorParts,
  core: InstanceCore,
  { stores, processor, mail, report }: PageParts,
): Hono<WebEnv> {
  const { config, store, clock, site, settings } = parts;
  const sealer = createSealer(parts.secret);
  const themes = loadThemes([config.paths.themes, join(config.dataDir, 'themes')], (name, problem) =>
    parts.log('a theme cannot be used', { name, problem }),
  );
  const remote = createRemoteMedia({
    store,
    commit: core.commit,
    clock,
    processor,
    stores,
    fetch: createMediaFetch(parts.egress.media),
    bytesMax: config.media.remoteCacheBytesMax,
    report,
  });
  const deps: WebDeps = {
    store,
    commit: core.commit,
    clock,
    config,
    site,
    sealer,
    challengeSecret: parts.secret,
    settings,
    mail,
    keys: () => makeKeys(sealer),
    rateLimits: createRateLimits(),
    uploads: createUploads(),
    media: { processor, uploads: stores.uploads },
    remoteMedia: remote,
    mediaCache: { storage: stores.cache, bytesMax: config.media.remoteCacheBytesMax },
    backups:
      config.database.engine === 'sqlite'
        ? openBackupFolder(join(config.dataDir, 'backups'), config.backup.everyHours)
        : null,
    policyTemplates: loadPolicyTemplates(config.paths.policies),
    assets: loadAssets(config.paths.assets, themes),
    themes,
    lookup: core.federation.lookup,
    report,
  };
  const app = new Hono<WebEnv>();
  app.route('/', createMediaDoor(deps, stores));
  app.route('/', createWeb(deps));
  return app;
}

/** Media are asked for with the session's cookie, which the pages' own middleware reads. */
function createMediaDoor(deps: WebDeps, stores: MediaStores): Hono<WebEnv> {
  const viewers = new WeakMap<Request, number>();
  const app = new Hono<WebEnv>();
  app.use('/media/*', resolveSession(deps), async (c, next) => {
    const session = c.get('session');
    if (session) viewers.set(c.req.raw, session.accountId);
    await next();
  });
  app.route(
    '/',
    mediaRoutes({
      store: deps.store,
      clock: deps.clock,
      uploads: stores.uploads,
      remote: deps.remoteMedia,
      viewerOf: async (request) => viewers.get(request) ?? null,
      canSeePost: async (viewerId, postId) => (await findPost(deps.store, viewerId, postId)) !== null,
      policyOf: (domain) => policyOf(deps.store, domain),
    }) as unknown as Hono<WebEnv>,
  );
  return app;
}

async function nodeInfoOf({ store, clock, settings }: DoorParts) {
  const { name, description, registrations } = await settings.read();
  const numbers = await instanceNumbers(store.read, clock.now());
  return { ...numbers, version: VERSION, name, description, openRegistrations: registrations === 'open' };
}
