import type { z } from 'zod';
import {
  choice,
  domain,
  hostMap,
  integer,
  listenAddress,
  longText,
  mailbox,
  networks,
  origin,
  path,
  port,
  url,
} from '#config/values.ts';

export const GROUPS = ['Address', 'Storage', 'Network', 'Mail', 'Keeping', 'Watching'] as const;

export interface Option<T = unknown, Default extends string | null = string | null> {
  group: (typeof GROUPS)[number];
  /** What it decides, for the person who runs the server: Markdown, whole sentences. */
  means: string;
  /** The text that stands for it where none is given; null where it is derived or simply absent. */
  default: Default;
  /** Says in words what holds without it, where `default` is null. */
  otherwise?: string;
  example: string;
  /** Never printed, neither in faults nor in logs. */
  secret?: true;
  /** Reads the text; its messages complete the sentence "NAME …". */
  value: z.ZodType<T, string>;
}

function option<T, Default extends string | null>(declared: Option<T, Default>): Option<T, Default> {
  return declared;
}

/**
 * Every option of the server, once. `readConfig` reads the environment by it and
 * `docs/admins/configuration.md` is made from it (`npm run docs:configuration`).
 */
export const options = {
  ORIGIN: option({
    group: 'Address',
    means:
      'Where people reach the instance: scheme, host and, if it is unusual, port. It goes into the address ' +
      'of every account and post, so it cannot be changed once another server has heard of the instance. ' +
      'It must be `https` unless the host is `localhost` or ends with `.localhost`; such an instance is for ' +
      'trying out and can never federate with the world.',
    default: null,
    otherwise: '`http://localhost:` and the value of `PORT`',
    example: 'https://social.example.org',
    value: origin,
  }),
  HANDLE_DOMAIN: option({
    group: 'Address',
    means:
      'What stands after the second @ in handles, when it is not the host of `ORIGIN`: handles like ' +
      '`@ana@example.org` on a server at `social.example.org`. The web server of that domain must then pass ' +
      '`/.well-known/webfinger` on. Like `ORIGIN` it is for ever.',
    default: null,
    otherwise: 'the host of `ORIGIN`',
    example: 'example.org',
    value: domain,
  }),
  PORT: option({
    group: 'Address',
    means: 'The port on which the server listens.',
    default: '3000',
    example: '8080',
    value: port,
  }),
  HOST: option({
    group: 'Address',
    means:
      'The address on which the server listens. By default only the same machine reaches it, which is what ' +
      'a reverse proxy there needs; the server itself speaks plain HTTP and should never be open to a ' +
      'network. In a container set `0.0.0.0` (the image does) and publish the port to the proxy only.',
    default: '127.0.0.1',
    example: '0.0.0.0',
    value: listenAddress,
  }),
  TRUSTED_PROXIES: option({
    group: 'Address',
    means:
      'Networks, separated by commas, whose `X-Forwarded-For` is believed. Give the address of your reverse ' +
      "proxy, and nothing else. Without it the connection's own address counts: behind a proxy all people " +
      'then share one address, and so one rate limit.',
    default: '',
    example: '127.0.0.1,::1',
    value: networks,
  }),

  DATA_DIR: option({
    group: 'Storage',
    means:
      "Where the server keeps what must survive: the SQLite database, uploads, the instance's secrets, " +
      'backups and your own themes (`DATA_DIR/themes`). It must be on a local disk, not on a network share.',
    default: './data',
    example: '/var/lib/estrade',
    value: path,
  }),
  DATABASE_URL: option({
    group: 'Storage',
    means: 'A PostgreSQL database (15 or newer) to be used instead of SQLite.',
    default: null,
    otherwise: 'SQLite, in `DATA_DIR`',
    example: 'postgres://estrade:password@127.0.0.1/estrade',
    secret: true,
    value: url(['postgres:', 'postgresql:'], 'is not an address like postgres://user:password@host/database'),
  }),
  SECRET_KEY: option({
    group: 'Storage',
    means:
      "Wraps the instance's secrets in the database. Required with `DATABASE_URL`, at least 32 characters " +
      "(`openssl rand -base64 32`); keep a copy apart from the database's backups, which are useless " +
      'without it. With SQLite the secrets lie in `DATA_DIR` and no key is needed.',
    default: null,
    otherwise: 'none',
    example: '(the output of `openssl rand -base64 32`)',
    secret: true,
    value: longText(32),
  }),
  MIGRATIONS_DIR: option({
    group: 'Storage',
    means: "The database's migrations.",
    default: null,
    otherwise: '`migrations` beside the program',
    example: '/usr/share/estrade/migrations',
    value: path,
  }),
  THEMES_DIR: option({
    group: 'Storage',
    means: 'The themes that come with the server; your own go to `DATA_DIR/themes`.',
    default: null,
    otherwise: '`themes` beside the program',
    example: '/usr/share/estrade/themes',
    value: path,
  }),
  ASSETS_DIR: option({
    group: 'Storage',
    means: 'Style sheets, fonts, icons and scripts of the pages.',
    default: null,
    otherwise: '`src/web/assets` beside the program',
    example: '/usr/share/estrade/assets',
    value: path,
  }),

  EGRESS_ALLOW_PRIVATE: option({
    group: 'Network',
    means:
      'Private networks, separated by commas, to which the server may connect although strangers can make ' +
      'it do so. Leave it empty but for tests and demonstrations: every service in these networks becomes ' +
      'reachable through posts and profiles.',
    default: '',
    example: '127.0.0.0/8',
    value: networks,
  }),
  HOST_MAP: option({
    group: 'Network',
    means:
      'Names that lead to an address and port instead of being looked up in DNS, as ' +
      '`name=scheme://address:port`, separated by commas; `*.` before a name means all names below it. For ' +
      'tests and demonstrations.',
    default: '',
    example: 'b.localhost=http://127.0.0.1:3002,*.peer.test=https://127.0.0.1:4001',
    value: hostMap,
  }),
  EGRESS_CA_FILE: option({
    group: 'Network',
    means: 'A file of certificate authorities (PEM) that are trusted besides the usual ones. For tests.',
    default: null,
    otherwise: 'only the usual ones',
    example: '/etc/estrade/test-ca.pem',
    value: path,
  }),

  SMTP_URL: option({
    group: 'Mail',
    means:
      'The server that sends mail: `smtp://` (with STARTTLS where it is offered) or `smtps://`, with name ' +
      'and password if it asks for them. Without it nobody can confirm an address or reset a password by ' +
      'mail.',
    default: null,
    otherwise: 'no mail',
    example: 'smtps://estrade:password@mail.example.org',
    secret: true,
    value: url(['smtp:', 'smtps:'], 'is not an address like smtps://user:password@host'),
  }),
  MAIL_FROM: option({
    group: 'Mail',
    means: 'The sender of mail. Required with `SMTP_URL`.',
    default: null,
    otherwise: 'none',
    example: 'Estrade <estrade@example.org>',
    value: mailbox,
  }),

  REMOTE_MEDIA_CACHE_MB: option({
    group: 'Keeping',
    means:
      'How many megabytes of pictures and other media from other servers are kept. The least recently seen ' +
      'go first; what people here uploaded is never touched.',
    default: '2048',
    example: '10240',
    value: integer(0, 100_000_000, 'is not a whole number of megabytes'),
  }),
  POST_RETENTION_DAYS: option({
    group: 'Keeping',
    means:
      'For how many days posts of other servers are kept. Those that somebody here has answered, boosted, ' +
      'favourited, bookmarked, reported or paid for stay. `0` keeps all of them for ever.',
    default: '90',
    example: '30',
    value: integer(0, 36_500, 'is not a whole number of days'),
  }),
  BACKUP_EVERY_HOURS: option({
    group: 'Keeping',
    means:
      'How often the SQLite database is copied to `DATA_DIR/backups`; `0` for never. PostgreSQL is backed ' +
      'up by its own tools.',
    default: '24',
    example: '6',
    value: integer(0, 8760, 'is not a whole number of hours'),
  }),
  BACKUP_KEEP: option({
    group: 'Keeping',
    means: 'How many of these copies are kept.',
    default: '7',
    example: '30',
    value: integer(1, 10_000, 'is not a whole number from 1'),
  }),

  LOG_LEVEL: option({
    group: 'Watching',
    means: 'Lines from this one on are logged: `trace`, `debug`, `info`, `warning`, `error`, `fatal`.',
    default: 'info',
    example: 'debug',
    value: choice(['trace', 'debug', 'info', 'warning', 'error', 'fatal']),
  }),
  LOG_FORMAT: option({
    group: 'Watching',
    means: '`pretty` for people, `json` (one object a line) for programs.',
    default: 'pretty',
    example: 'json',
    value: choice(['pretty', 'json']),
  }),
  METRICS_TOKEN: option({
    group: 'Watching',
    means:
      'Opens `/metrics` (Prometheus) to whoever sends it as a bearer token; at least 16 characters. Without ' +
      'it the page does not exist.',
    default: null,
    otherwise: 'no metrics',
    example: '(the output of `openssl rand -hex 16`)',
    secret: true,
    value: longText(16),
  }),
};

export type OptionName = keyof typeof options;
