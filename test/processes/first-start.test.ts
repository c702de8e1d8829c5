import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../chromium.ts';
import { openPerson } from './person.ts';
import { freePort, openServers, runToItsEnd, type Server } from './server.ts';

/** What a person with an empty folder waits for. */
const READY_WITHIN_MS = 5000;
/** A supervisor that waits ten seconds, as Docker does, kills nobody. */
const STOPPED_WITHIN_MS = 10_000;

let servers: Record<'a', Server> & { close(): Promise<void> };

beforeEach(async () => {
  servers = await openServers(['a']);
});

afterEach(() => servers.close());

describe('the first start', () => {
  test('answers within five seconds and prints where, and how to set it up', async () => {
    const { a } = servers;
    const tookMs = await a.start();
    console.log(`from an empty folder to the first answer: ${Math.round(tookMs)} ms`);
    expect(tookMs).toBeLessThan(READY_WITHIN_MS);
    expect(a.said()).toContain(`is ready at ${a.origin}\n`);
    expect(await a.setUpLink()).toMatch(new RegExp(`^${a.origin}/set-up\\?token=[\\w-]{20,}$`));
    expect(a.said()).toContain('it cannot reach the rest of the fediverse');
  });

  test('each start prints a new link, and the old one opens nothing any more', async () => {
    const { a } = servers;
    await a.start();
    const old = await a.setUpLink();
    await a.stop();
    await a.start();
    const present = await a.setUpLink();
    const statusOf = async (link: string) => {
      const { pathname, search } = new URL(link);
      return (await fetch(`http://127.0.0.1:${a.port}${pathname}${search}`)).status;
    };
    expect(present).not.toBe(old);
    expect(await statusOf(old)).toBe(403);
    expect(await statusOf(present)).toBe(200);
  });

  test('a stop ends it with code 0, in time, and it starts again where it was', async () => {
    const { a } = servers;
    await a.start();
    const begun = performance.now();
    expect(await a.stop()).toBe(0);
    expect(performance.now() - begun).toBeLessThan(STOPPED_WITHIN_MS);
    await a.start();
    expect(a.said()).toContain('is ready at');
  });
});

describe('a start that cannot be', () => {
  test('a second server on the same data says so in one line, and the first goes on', async () => {
    const { a } = servers;
    await a.start();
    const port = await freePort();
    const second = await runToItsEnd({ ORIGIN: a.origin, PORT: String(port), DATA_DIR: a.dataDir });
    expect(second.code).toBe(1);
    expect(second.said.trimEnd()).toBe(
      `Another Estrade server is running on ${a.dataDir}. Stop it first, or set another DATA_DIR.`,
    );
    expect((await fetch(`http://127.0.0.1:${a.port}/readyz`)).status).toBe(200);
  });

  test('after kill -9 nothing has to be tidied up before the next start', async () => {
    const { a } = servers;
    await a.start();
    await a.kill();
    await a.start();
    expect(a.said()).toContain('is ready at');
  });

  test('a port that is taken is named', async () => {
    const { a } = servers;
    await a.start();
    const dataDir = mkdtempSync(join(tmpdir(), 'estrade-second-'));
    try {
      const second = await runToItsEnd({ ORIGIN: a.origin, PORT: String(a.port), DATA_DIR: dataDir });
      expect(second.code).toBe(1);
      expect(second.said).toContain(`PORT: ${a.port} is used by another program`);
      expect(second.said.trimEnd().split('\n')).toHaveLength(2);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  test('all that is wrong with the configuration is said at once, a line each, without its secrets', async () => {
    const { code, said } = await runToItsEnd({
      ORIGIN: 'http://social.example.org',
      PORT: '70000',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://estrade:hush-hush@localhost/estrade',
      SMTP_URL: 'smtp://mail.example.org',
      DATA_DIR: servers.a.dataDir,
    });
    expect(code).toBe(1);
    const [head, ...faults] = said.trimEnd().split('\n');
    expect(head).toBe('The configuration cannot be used:');
    expect(faults.map((line) => /^ {2}(\w+): /.exec(line)?.[1])).toEqual([
      'ORIGIN',
      'PORT',
      'DATABASE_URL',
      'LOG_LEVEL',
      'MAIL_FROM',
    ]);
    expect(said).not.toContain('hush-hush');
  });
});

describe('with a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser?.close());

  test('the printed link leads through set-up to a first post, and then nowhere', async () => {
    const { a } = servers;
    await a.start();
    const link = await a.setUpLink();
    const owner = await openPerson(browser, a, 'olga');
    await owner.setUp('A First Stage', link);
    expect(await owner.page.locator('main').innerText()).toContain('Your instance is ready. Welcome!');
    await owner.post('Is this thing on?');
    await owner.finds('/home', 'Is this thing on?');
    await owner.finds('/@olga', 'Is this thing on?');

    const other = await openPerson(browser, a, 'nobody');
    await other.page.goto(link);
    expect(new URL(other.page.url()).pathname).not.toBe('/set-up');
    expect(await other.page.locator('form[action="/set-up"]').count()).toBe(0);
    expect(owner.complaints).toEqual([]);
  });

  test('once it is set up, another ORIGIN is refused, both named, and the old one still starts', async () => {
    const { a } = servers;
    await a.start();
    await (await openPerson(browser, a, 'olga')).setUp('A First Stage', await a.setUpLink());
    await a.stop();
    const other = `http://elsewhere.localhost:${a.port}`;
    const { code, said } = await runToItsEnd({ ORIGIN: other, PORT: String(a.port), DATA_DIR: a.dataDir });
    expect(code).toBe(1);
    expect(said).toContain(a.origin);
    expect(said).toContain(other);
    expect(said.trimEnd().split('\n')).toHaveLength(2);
    await a.start();
    expect(a.said()).not.toContain('/set-up?token=');
  });
});
