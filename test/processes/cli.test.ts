import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../web/browser.ts';
import { ask as askServer, inDatabase, runCli } from './command-line.ts';
import { openServers, until, type Server } from './server.ts';
import { setUp, visitorOf } from './visitor.ts';

const PASSWORD = 'several words, none of them hers';
/** What the command line does is seen by the server within a second. */
const SEEN_WITHIN_MS = 1500;

let servers: Record<'a', Server> & { close(): Promise<void> };
let owner: Browser;

// One server for all: the tests leave it as they found it, or use people of their own.
beforeAll(async () => {
  servers = await openServers(['a']);
  await servers.a.start();
  owner = visitorOf(servers.a);
  await setUp(servers.a, owner, 'olga');
});

afterAll(() => servers.close());

const cli = (args: string[], input = '', options: Record<string, string> = {}) =>
  runCli({ ...servers.a.options, ...options }, args, input);

async function logIn(login: string, password: string): Promise<Browser> {
  const visitor = visitorOf(servers.a);
  await visitor.get('/login');
  await visitor.submit('/login', { login, password });
  return visitor;
}

const isIn = async (visitor: Browser) => (await visitor.get('/settings')).location?.startsWith('/login') !== true;

const ask = <T>(query: string) => askServer<T>(servers.a, query);

describe('accounts', () => {
  test('are made beside a running server, which lets them in; the password is never seen', async () => {
    const made = await cli(
      ['account', 'create', 'bo', '--email', 'bo@example.org', '--role', 'moderator'],
      `${PASSWORD}\n`,
    );
    expect(made).toMatchObject({ code: 0, said: '', out: `@bo@${servers.a.host} is here, as moderator.\n` });
    expect(await isIn(await logIn('bo', PASSWORD))).toBe(true);
    expect(
      await ask("select role from members m join accounts a on a.id = m.account_id where a.handle = 'bo'"),
    ).toEqual([{ role: 'moderator' }]);
    expect(await ask(`select action, actor_id from audit_entries where action = 'member-added'`)).toEqual([
      { action: 'member-added', actor_id: null },
    ]);
  });

  test.each([
    ['a handle that is taken', ['olga', '--email', 'x@example.org'], PASSWORD, 'This name is taken.'],
    ['an address that is taken', ['eve', '--email', 'olga@example.org'], PASSWORD, 'signed up with this address'],
    ['a short password', ['eve', '--email', 'x@example.org'], 'short', 'at least 10 characters'],
    ['no password', ['eve', '--email', 'x@example.org'], '', 'on standard input'],
  ])('are refused with a line for people: %s', async (_, args, password, why) => {
    const { code, out, said } = await cli(['account', 'create', ...args], password);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(said).toContain(why);
    expect(said.trimEnd().split('\n')).toHaveLength(1);
  });

  test('that are suspended are out of the running server within a second, and in again afterwards', async () => {
    await cli(['account', 'create', 'cy', '--email', 'cy@example.org'], PASSWORD);
    const cy = await logIn('cy', PASSWORD);
    expect(await isIn(cy)).toBe(true);
    expect(await cli(['account', 'suspend', `@cy@${servers.a.host}`])).toMatchObject({ code: 0, said: '' });
    expect(await until(async () => !(await isIn(cy)), SEEN_WITHIN_MS)).toBe(true);
    expect(await isIn(await logIn('cy', PASSWORD))).toBe(false);
    expect(await cli(['account', 'unsuspend', 'cy'])).toMatchObject({ code: 0, said: '' });
    expect(await isIn(await logIn('cy', PASSWORD))).toBe(true);
  });

  test('get a new password, and every session under the old one ends', async () => {
    expect(await isIn(owner)).toBe(true);
    expect(await cli(['account', 'password', 'olga', '--password', PASSWORD])).toMatchObject({ code: 0, said: '' });
    expect(await until(async () => !(await isIn(owner)), SEEN_WITHIN_MS)).toBe(true);
    expect(await isIn(await logIn('olga', PASSWORD))).toBe(true);
  });

  test('are deleted only when it is said twice, and the last owner not at all', async () => {
    await cli(['account', 'create', 'di', '--email', 'di@example.org'], PASSWORD);
    expect(await cli(['account', 'delete', 'di'])).toMatchObject({ code: 2, out: '' });
    expect(await cli(['account', 'delete', 'di', '--yes'])).toMatchObject({ code: 0, out: 'di is deleted.\n' });
    expect(await ask(`select handle from accounts where deleted_at is not null`)).toEqual([{ handle: 'di' }]);
    const last = await cli(['account', 'delete', 'olga', '--yes']);
    expect(last.code).toBe(1);
    expect(last.said).toContain('the only owner');
  });

  test('lose a second factor that was lost', async () => {
    await inDatabase(
      { engine: 'sqlite', file: join(servers.a.dataDir, 'estrade.sqlite') },
      servers.a.origin,
      async (store) =>
        store.write((tx) => tx.hot(`update members set totp_sealed = 'x', totp_enabled_at = 1 where role = 'owner'`)),
    );
    expect(await cli(['account', 'reset-2fa', 'olga'])).toMatchObject({ code: 0, said: '' });
    expect(
      await ask('select 1 as one from members where totp_enabled_at is not null or totp_sealed is not null'),
    ).toEqual([]);
    expect((await cli(['account', 'reset-2fa', 'olga'])).out).toBe('olga has no second factor.\n');
  });
});

describe('the command line', () => {
  test.each([
    [[], 2],
    [['dance'], 2],
    [['account'], 2],
    [['account', 'praise', 'olga'], 2],
    [['account', 'suspend', 'olga', '--role', 'owner'], 2],
    [['account', 'create', 'bo', '--email', 'bo@example.org', '--role', 'king', '--password', PASSWORD], 2],
    [['backup'], 2],
    [['rebuild', 'everything'], 2],
    [['doctor', '--loud'], 2],
    [['account', 'suspend', 'nobody'], 1],
    [['restore', '/nowhere/backup.tar.gz'], 1],
    [['--version'], 0],
    [['help'], 0],
    [['backup', '--help'], 0],
  ])('%j ends with %i', async (args, code) => {
    const ended = await cli(args);
    expect(ended.code).toBe(code);
    expect(ended.out + ended.said).not.toContain('    at ');
    expect(ended.out + ended.said).not.toContain(PASSWORD);
  });

  test('does nothing where the options are another instance’s', async () => {
    const other = await cli(['account', 'suspend', 'olga'], '', { ORIGIN: 'http://b.localhost:4999' });
    expect(other.code).toBe(1);
    expect(other.said).toContain(servers.a.origin);
    const missing = await cli(['account', 'suspend', 'olga'], '', {
      DATA_DIR: join(servers.a.dataDir, 'nothing-here'),
    });
    expect(missing).toMatchObject({ code: 1, out: '' });
    expect(missing.said).toContain('There is no database yet');
    expect(existsSync(join(servers.a.dataDir, 'nothing-here'))).toBe(false);
  });

  test('leaves to a stopped server what only one may do', async () => {
    const refused = await cli(['migrate']);
    expect(refused.code).toBe(1);
    expect(refused.said).toContain(`running on ${servers.a.dataDir}`);
    await servers.a.stop();
    expect(await cli(['migrate'])).toMatchObject({ code: 0, out: 'It is up to date.\n' });
    await servers.a.start();
  });
});

describe('the doctor', () => {
  test('finds nothing broken at an instance that is well, and says what to look at', async () => {
    const { code, out } = await cli(['doctor']);
    expect(out).toContain('Nothing is broken.');
    expect(code).toBe(0);
    expect(out).toContain('ok     the database file is whole');
    expect(out).toContain('ok     the secret opens the signing keys');
    expect(out).toContain('look   no mail');
    expect(out).not.toContain('FAULT');
  });

  test('finds what is broken', async () => {
    await inDatabase(
      { engine: 'sqlite', file: join(servers.a.dataDir, 'estrade.sqlite') },
      servers.a.origin,
      async (store) =>
        store.write(async (tx) => {
          await tx.hot(`update accounts set followers_count = 7 where handle in ('olga', 'instance')`);
          await tx.hot(
            `insert into delivery_hosts (host, failures, failing_since, next_try_at, last_error)
             values ('away.test', 3, 1, 9000000000000, 'no answer')`,
          );
        }),
    );
    chmodSync(join(servers.a.dataDir, 'secret.key'), 0o644);
    const { code, out } = await cli(['doctor'], '', {
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'estrade@example.org',
    });
    expect(code).toBe(1);
    expect(out).toMatch(/^FAULT {2}.*chmod 600/m);
    expect(out).toMatch(/^FAULT {2}the mail server cannot be used/m);
    expect(out).toMatch(/^look {3}2 accounts and 0 posts show wrong counts/m);
    expect(out).toMatch(/^look {3}away\.test: .*no answer/m);
    chmodSync(join(servers.a.dataDir, 'secret.key'), 0o600);

    expect(await cli(['rebuild', 'counters'])).toMatchObject({
      code: 0,
      out: 'Repaired the counters of 2 accounts and 0 posts.\n',
    });
    expect((await cli(['doctor'])).out).toContain('ok     counters are right');
  });

  test('notices a secret that is not the instance’s', async () => {
    const { code, out } = await cli(['doctor'], '', { SECRET_KEY: 'x'.repeat(40) });
    expect(code).toBe(1);
    expect(out).toMatch(/^FAULT {2}the secret does not open the signing keys/m);
  });
});
