import type { Config } from '#config/config.ts';
import type { Store } from '#db/store.ts';
import type { Commit, Site } from '#db/unit.ts';
import type { SealedKey } from '#domain/accounts/create-account.ts';
import type { BackupFolder } from '#domain/instance/backup-folder.ts';
import type { SettingsCache } from '#domain/instance/settings.ts';
import type { MediaStorage } from '#domain/media/media-storage.ts';
import type { MediaParts } from '#domain/media/prepare-media.ts';
import type { MailPort } from '#domain/membership/mail.ts';
import type { LiveSession } from '#domain/membership/sessions.queries.ts';
import type { RemoteLookup } from '#domain/search/remote-lookup.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Sealer } from '#kernel/seal.ts';
import type { Assets } from '#web/assets.ts';
import type { PolicyTemplates } from '#web/policy-templates.ts';
import type { RateLimits } from '#web/rate-limits.ts';
import type { RemoteMedia } from '#web/remote-media.ts';
import type { Theme } from '#web/themes.ts';
import type { Uploads } from '#web/uploads.ts';
import type { ViewContext } from '#web/view-context.ts';

/** What the pages work with; the composition root brings it. */
export interface WebDeps {
  store: Store;
  commit: Commit;
  clock: Clock;
  config: Pick<Config, 'trustedProxies'>;
  site: Site;
  sealer: Sealer;
  /** Signs proofs of work; the same in every process of the instance. */
  challengeSecret: string;
  settings: SettingsCache;
  mail: MailPort;
  /** A new account's key pairs, sealed. */
  keys(): Promise<SealedKey[]>;
  rateLimits: RateLimits;
  uploads: Uploads;
  media: MediaParts;
  /** Copies of other servers' media, which may go at any time. */
  mediaCache: { storage: MediaStorage; bytesMax: number };
  remoteMedia: RemoteMedia;
  /** Null where the database is backed up by its own tools. */
  backups: BackupFolder | null;
  policyTemplates: PolicyTemplates;
  /** Absent where the instance stands alone: then only what is known here is found. */
  lookup?: RemoteLookup;
  assets: Assets;
  themes: readonly Theme[];
  /** Told of what went wrong on our side; returns the reference that the error page shows. */
  report(error: unknown): string;
}

/** What a handler finds in Hono's context. */
export interface WebEnv {
  /** As `@hono/node-server` passes it; absent in tests that do not say where they come from. */
  Bindings: { incoming?: { socket?: { remoteAddress?: string | undefined } } };
  Variables: {
    /** Null for visitors. */
    session: LiveSession | null;
    /** The visitor's network address, as far as it can be believed. */
    address: string | null;
    ctx: ViewContext;
  };
}
