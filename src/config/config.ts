import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { options } from '#config/options.ts';
import type { Option, OptionName } from '#config/options.ts';
import type { HostTarget } from '#config/values.ts';
import { need } from '#kernel/assert.ts';

/** Everything an admin decides outside the database, as plain values. */
export interface Config {
  http: { host: string; port: number };
  origin: URL;
  /** With the port when it is not the usual one: `example.org`, `a.localhost:3001`. */
  handleDomain: string;
  /** Networks as `address/bits`. */
  trustedProxies: string[];
  /** Absolute, like all paths here. */
  dataDir: string;
  database: { engine: 'sqlite'; file: string } | { engine: 'postgresql'; url: string };
  /** Present whenever `database` is PostgreSQL. */
  secretKey: string | null;
  paths: { migrations: string; themes: string; assets: string; policies: string };
  egress: { allowPrivate: string[]; hostMap: ReadonlyMap<string, HostTarget>; caFile: string | null };
  mail: { url: string; from: string } | null;
  media: { remoteCacheBytesMax: number };
  /** Null keeps posts of other servers for ever. */
  retention: { remotePostDays: number | null };
  /** `everyHours` is null where no backups are made. */
  backup: { everyHours: number | null; keep: number };
  log: { level: Values['LOG_LEVEL']; format: Values['LOG_FORMAT'] };
  /** Null keeps `/metrics` closed. */
  metricsToken: string | null;
}

export class ConfigError extends Error {
  override name = 'ConfigError';
  /** One line for each option that cannot be used. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/**
 * Reads all options at once; an empty value counts as none, as `docker compose` passes it.
 * @throws ConfigError with every fault, not only the first. Secrets are never repeated in it.
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const faults: Faults = new Map();
  const values = readValues(env, faults);
  checkTogether(values, faults);
  if (faults.size > 0) throw new ConfigError([...faults].map(([name, fault]) => `${name}: ${fault}`));
  return assemble(values);
}

type Faults = Map<OptionName, string>;

/** The value of each option; null only where none is given and no default stands for it. */
type Values = {
  [Name in OptionName]: (typeof options)[Name] extends Option<infer T, infer Default>
    ? T | (Default extends string ? never : null)
    : never;
};

function readValues(env: Record<string, string | undefined>, faults: Faults): Values {
  const values: Partial<Record<OptionName, unknown>> = {};
  for (const [name, option] of Object.entries(options) as [OptionName, Option][]) {
    const text = env[name]?.trim() || option.default;
    values[name] = text === null ? null : valueOf(name, option, text, faults);
  }
  return values as Values;
}

function valueOf(name: OptionName, option: Option, text: string, faults: Faults): unknown {
  const result = option.value.safeParse(text);
  if (result.success) return result.data;
  const shown = option.secret ? 'the given value' : JSON.stringify(text);
  faults.set(name, `${shown} ${result.error.issues[0]?.message ?? 'cannot be read'}`);
  return null;
}

/** What no option shows alone. */
function checkTogether(values: Values, faults: Faults): void {
  if (values.DATABASE_URL !== null && values.SECRET_KEY === null && !faults.has('SECRET_KEY')) {
    faults.set('SECRET_KEY', 'is required with DATABASE_URL; make one with `openssl rand -base64 32` and keep a copy');
  }
  if (values.SMTP_URL !== null && values.MAIL_FROM === null && !faults.has('MAIL_FROM')) {
    faults.set('MAIL_FROM', 'is required with SMTP_URL, like Estrade <estrade@example.org>');
  }
}

function assemble(values: Values): Config {
  const dataDir = resolve(values.DATA_DIR);
  const origin = values.ORIGIN ?? new URL(`http://localhost:${values.PORT}`);
  const root = packageRoot();
  return {
    http: { host: values.HOST, port: values.PORT },
    origin,
    handleDomain: values.HANDLE_DOMAIN ?? origin.host,
    trustedProxies: values.TRUSTED_PROXIES,
    dataDir,
    database:
      values.DATABASE_URL === null
        ? { engine: 'sqlite', file: join(dataDir, 'estrade.sqlite') }
        : { engine: 'postgresql', url: values.DATABASE_URL },
    secretKey: values.SECRET_KEY,
    paths: {
      migrations: resolve(values.MIGRATIONS_DIR ?? join(root, 'migrations')),
      themes: resolve(values.THEMES_DIR ?? join(root, 'themes')),
      assets: resolve(values.ASSETS_DIR ?? join(root, 'src/web/assets')),
      policies: join(root, 'docs/policy'),
    },
    egress: {
      allowPrivate: values.EGRESS_ALLOW_PRIVATE,
      hostMap: values.HOST_MAP,
      caFile: values.EGRESS_CA_FILE === null ? null : resolve(values.EGRESS_CA_FILE),
    },
    mail: values.SMTP_URL === null ? null : { url: values.SMTP_URL, from: need(values.MAIL_FROM, 'no sender of mail') },
    media: { remoteCacheBytesMax: values.REMOTE_MEDIA_CACHE_MB * 1_000_000 },
    retention: { remotePostDays: values.POST_RETENTION_DAYS || null },
    backup: { everyHours: values.BACKUP_EVERY_HOURS || null, keep: values.BACKUP_KEEP },
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT },
    metricsToken: values.METRICS_TOKEN,
  };
}

/** The folder of `package.json`: above `src` when run from source, above `dist` when bundled. */
function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
