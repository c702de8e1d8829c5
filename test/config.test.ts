import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '#config/config.ts';
import { options } from '#config/options.ts';
import { CONFIGURATION_PAGE, configurationPage } from '../scripts/generate-configuration-docs.ts';

const root = join(import.meta.dirname, '..');

test('nothing needs to be set to try it out', () => {
  const config = readConfig({});
  expect(config.http).toEqual({ host: '127.0.0.1', port: 3000 });
  expect(config.origin.href).toBe('http://localhost:3000/');
  expect(config.handleDomain).toBe('localhost:3000');
  expect(config.dataDir).toBe(resolve('data'));
  expect(config.database).toEqual({ engine: 'sqlite', file: resolve('data/estrade.sqlite') });
  expect(config.secretKey).toBeNull();
  expect(config.trustedProxies).toEqual([]);
  expect(config.egress).toEqual({ allowPrivate: [], hostMap: new Map(), caFile: null });
  expect(config.mail).toBeNull();
  expect(config.metricsToken).toBeNull();
  expect(config.retention).toEqual({ remotePostDays: 90 });
  expect(config.backup).toEqual({ everyHours: 24, keep: 7 });
  expect(config.media).toEqual({ remoteCacheBytesMax: 2_048_000_000 });
  expect(config.log).toEqual({ level: 'info', format: 'pretty' });
});

test('what comes with the server is found beside it', () => {
  const { paths } = readConfig({});
  expect(paths.migrations).toBe(join(root, 'migrations'));
  expect(paths.themes).toBe(join(root, 'themes'));
  for (const path of Object.values(paths)) expect(existsSync(path), path).toBe(true);
  expect(readConfig({ MIGRATIONS_DIR: 'elsewhere' }).paths.migrations).toBe(resolve('elsewhere'));
});

test('the handle domain follows the origin unless it is set', () => {
  expect(readConfig({ PORT: '8080' }).origin.href).toBe('http://localhost:8080/');
  expect(readConfig({ ORIGIN: 'https://Social.Example.org/' }).handleDomain).toBe('social.example.org');
  expect(readConfig({ ORIGIN: 'http://a.localhost:3001' }).handleDomain).toBe('a.localhost:3001');
  const both = readConfig({ ORIGIN: 'https://social.example.org', HANDLE_DOMAIN: 'Bücher.example' });
  expect(both.handleDomain).toBe('xn--bcher-kva.example');
});

test('an empty value counts as none', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: ' ', SMTP_URL: '' })).toEqual(readConfig({}));
});

test('zero means never or for ever', () => {
  expect(readConfig({ POST_RETENTION_DAYS: '0' }).retention.remotePostDays).toBeNull();
  expect(readConfig({ BACKUP_EVERY_HOURS: '0' }).backup.everyHours).toBeNull();
});

test('PostgreSQL takes the place of SQLite', () => {
  const url = 'postgres://estrade:secret@127.0.0.1:5432/estrade';
  const config = readConfig({ DATABASE_URL: url, SECRET_KEY: 'k'.repeat(32) });
  expect(config.database).toEqual({ engine: 'postgresql', url });
  expect(config.secretKey).toBe('k'.repeat(32));
});

test('mail has a server and a sender', () => {
  const mail = { SMTP_URL: 'smtps://u:p@mail.example.org', MAIL_FROM: 'Estrade <estrade@example.org>' };
  expect(readConfig(mail).mail).toEqual({ url: mail.SMTP_URL, from: mail.MAIL_FROM });
});

test('networks are made whole', () => {
  expect(readConfig({ TRUSTED_PROXIES: '127.0.0.1, ::1,10.0.0.0/8,' }).trustedProxies).toEqual([
    '127.0.0.1/32',
    '::1/128',
    '10.0.0.0/8',
  ]);
});

test('names lead to addresses', () => {
  const map = 'a.test=https://127.0.0.1:4001, *.Peer.test=http://[::1]:80';
  expect(readConfig({ HOST_MAP: map }).egress.hostMap).toEqual(
    new Map([
      ['a.test', { scheme: 'https', address: '127.0.0.1', port: 4001 }],
      ['*.peer.test', { scheme: 'http', address: '::1', port: 80 }],
    ]),
  );
});

test.each([
  ['PORT', 'many', 'is not a port number'],
  ['PORT', '0', 'is not a port number'],
  ['PORT', '65536', 'is not a port number'],
  ['HOST', 'example.org', 'is not an IP address'],
  ['ORIGIN', 'example.org', 'is not an address'],
  ['ORIGIN', 'http://example.org', 'must begin with https://'],
  ['ORIGIN', 'http://notlocalhost', 'must begin with https://'],
  ['ORIGIN', 'ftp://example.org', 'is not an address'],
  ['ORIGIN', 'https://example.org/social', 'did you mean https://example.org?'],
  ['ORIGIN', 'https://user@example.org', 'did you mean https://example.org?'],
  ['HANDLE_DOMAIN', 'https://example.org', 'is not a domain'],
  ['HANDLE_DOMAIN', 'example.org/x', 'is not a domain'],
  ['HANDLE_DOMAIN', 'ana@example.org', 'is not a domain'],
  ['TRUSTED_PROXIES', '10.0.0.0/33', 'has "10.0.0.0/33"'],
  ['TRUSTED_PROXIES', '127.0.0.1,proxy', 'has "proxy"'],
  ['TRUSTED_PROXIES', '10.0.0.0/8/8', 'has "10.0.0.0/8/8"'],
  ['EGRESS_ALLOW_PRIVATE', 'all', 'has "all"'],
  ['HOST_MAP', 'a.test', 'has "a.test"'],
  ['HOST_MAP', 'a.test=127.0.0.1:4001', 'is not like a.test=https://127.0.0.1:4001'],
  ['HOST_MAP', 'a.test=https://b.test:4001', 'is not like'],
  ['HOST_MAP', 'a.test=https://127.0.0.1', 'is not like'],
  ['HOST_MAP', 'a.test=https://127.0.0.1:1,A.test=https://127.0.0.1:2', 'names a.test twice'],
  ['LOG_LEVEL', 'loud', 'is none of trace, debug'],
  ['LOG_FORMAT', 'xml', 'is none of pretty, json'],
  ['BACKUP_KEEP', '0', 'is not a whole number'],
  ['POST_RETENTION_DAYS', '1.5', 'is not a whole number of days'],
  ['MAIL_FROM', 'Estrade', 'is not an address'],
])('%s refuses %s', (name, value, message) => {
  const faults = faultsOf({ [name]: value });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(`${name}: ${JSON.stringify(value)} `);
  expect(faults[0]).toContain(message);
});

test('every fault is told at once', () => {
  const faults = faultsOf({
    PORT: 'x',
    LOG_FORMAT: 'y',
    SMTP_URL: 'smtp://mail.example.org',
    DATABASE_URL: 'postgres://h/d',
  });
  expect(faults.map((fault) => fault.replace(/:.*/, '')).toSorted()).toEqual([
    'LOG_FORMAT',
    'MAIL_FROM',
    'PORT',
    'SECRET_KEY',
  ]);
});

test('secrets are not repeated', () => {
  const secrets = {
    DATABASE_URL: 'mysql://u:hush1@h/d',
    SECRET_KEY: 'hush2',
    SMTP_URL: 'hush3',
    METRICS_TOKEN: 'hush4',
  };
  const faults = faultsOf(secrets);
  expect(faults).toHaveLength(4);
  expect(faults.join('\n')).not.toContain('hush');
  expect(
    faultsOf({ ...secrets, DATABASE_URL: 'postgres://h/d' }).filter((fault) => fault.startsWith('SECRET_KEY')),
  ).toEqual(['SECRET_KEY: the given value is shorter than 32 characters']);
});

test('every example can be used', () => {
  const written = Object.entries(options).filter(([, option]) => !option.example.startsWith('('));
  const example = Object.fromEntries(written.map(([name, option]) => [name, option.example]));
  expect(readConfig({ ...example, SECRET_KEY: 'k'.repeat(44) }).origin.host).toBe('social.example.org');
});

test('the page for admins says what the options are', () => {
  const committed = readFileSync(join(root, CONFIGURATION_PAGE), 'utf8');
  expect(committed, 'run `npm run docs:configuration`').toBe(configurationPage());
});

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}
