import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { editSettings, writeSettings } from '#domain/instance/edit-settings.ts';
import { createSettingsCache, type EditableSettings } from '#domain/instance/settings.ts';
import type { MailMessage } from '#domain/membership/mail.ts';
import { MAIL_LANE } from '#domain/consumers.ts';
import { sendMail } from '#jobs/send-mail.ts';
import { createImageWorker } from '#ports/image-worker.ts';
import { catchMail } from '#ports/mail.ts';
import { createMediaDisk } from '#ports/media-disk.ts';
import { loadAssets } from '#web/assets.ts';
import { composeMail } from '#web/mail/compose-mail.tsx';
import { loadPolicyTemplates } from '#web/policy-templates.ts';
import { createRateLimits } from '#web/rate-limits.ts';
import { createRemoteMedia } from '#web/remote-media.ts';
import { loadThemes } from '#web/themes.ts';
import { createUploads } from '#web/uploads.ts';
import { createWeb, type WebDeps, type WebEnv } from '#web/web.ts';
import { openWorld, testKeys, type World } from '../world.ts';
import { Browser } from './browser.ts';

const ROOT = join(import.meta.dirname, '../..');
const themes = loadThemes([join(ROOT, 'themes')]);
const policyTemplates = loadPolicyTemplates(join(ROOT, 'docs/policy'));
const assets = loadAssets(join(ROOT, 'src/web/assets'), themes);

/** An instance with pages, set up and empty. */
export interface Site {
  world: World;
  deps: WebDeps;
  app: Hono<WebEnv>;
  /** What other servers send for a picture, by its address; they have none of the others. */
  remotePictures: Map<string, Uint8Array<ArrayBuffer>>;
  browser(options?: { language?: string; address?: string }): Browser;
  edit(changes: Partial<EditableSettings>): Promise<void>;
  /** Sends what waits and returns all mail so far, the oldest first. */
  mail(): Promise<MailMessage[]>;
  close(): Promise<void>;
}

export interface SiteOptions {
  setUp?: boolean;
  deps?: Partial<WebDeps>;
}

export async function openSite({ setUp = true, deps: changed = {} }: SiteOptions = {}): Promise<Site> {
  const world = await openWorld();
  const settings = createSettingsCache(world.store.read);
  const folder = mkdtempSync(join(tmpdir(), 'estrade-web-'));
  const processor = createImageWorker();
  const uploads = createMediaDisk({ folder });
  const cache = createMediaDisk({ folder: join(folder, 'cache') });
  const remotePictures: Site['remotePictures'] = new Map();
  const deps: WebDeps = {
    store: world.store,
    commit: world.commit,
    clock: world.clock,
    site: world.site,
    sealer: world.sealer,
    settings,
    assets,
    themes,
    rateLimits: createRateLimits(),
    uploads: createUploads(),
    keys: testKeys,
    config: { trustedProxies: [] },
    challengeSecret: 'a secret for tests only',
    mail: catchMail(),
    media: {
      processor,
      uploads,
    },
    remoteMedia: createRemoteMedia({
      store: world.store,
      commit: world.commit,
      clock: world.clock,
      processor,
      stores: { uploads, cache },
      bytesMax: 1_000_000,
      async fetch(url) {
        const picture = remotePictures.get(url);
        return picture ? new Response(picture) : new Response(null, { status: 404 });
      },
      report(error) {
        throw error;
      },
    }),
    mediaCache: { storage: cache, bytesMax: 1_000_000 },
    backups: null,
    policyTemplates,
    report(error) {
      throw error;
    },
    ...changed,
  };
  if (setUp) {
    await world.commit(
      async (unit) => writeSettings(unit, { setUpAt: unit.now, origin: world.site.origin }),
      undefined,
    );
  }
  const app = createWeb(deps);
  return {
    world,
    deps,
    app,
    remotePictures,
    browser: (options) => new Browser(app, deps.site.origin, options),
    async edit(changes) {
      await world.commit(editSettings, { actorId: null, changes });
      settings.drop();
    },
    async mail() {
      const handle = sendMail({ ...deps, compose: composeMail });
      await world.lane({ lane: MAIL_LANE, handle }).drain();
      return [...(deps.mail.caught() ?? [])].toReversed();
    },
    async close() {
      await processor.close();
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
