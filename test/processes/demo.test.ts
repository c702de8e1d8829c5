import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEMO_PASSWORD, INSTANCES } from '#demo/cast.ts';
import { launchChromium } from '../chromium.ts';
import type { Browser } from '../web/browser.ts';
import { ROOT, startArguments } from './bundle.ts';
import { Person } from './person.ts';
import { until } from './server.ts';
import { follow, logIn, publish, visitorOf } from './visitor.ts';

/* `npm run demo`, as somebody starts it to have a look. Its addresses are fixed, so their ports have to be free. */

const TOLD_WITHIN_MS = 90_000;
const STARTED_WITHIN_MS = 15_000;
const STOPPED_WITHIN_MS = 12_000;
const ARRIVES_WITHIN_MS = 8000;

const [a, b] = [INSTANCES.a, INSTANCES.b].map(({ host, port }) => ({ host, port, origin: `http://${host}` })) as [
  At,
  At,
];

interface At {
  host: string;
  port: number;
  origin: string;
}

let dataDir: string;
let demo: Demo;

interface Demo {
  child: ChildProcess;
  said(): string;
  ended(): boolean;
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'estrade-demo-'));
  demo = startDemo();
  await untilReady(TOLD_WITHIN_MS);
});

afterAll(async () => {
  if (demo && !demo.ended()) {
    demo.child.kill('SIGTERM');
    await until(demo.ended, STOPPED_WITHIN_MS);
  }
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the demo', () => {
  test('tells a story and says where to look, as whom and with which password', () => {
    expect(demo.said()).toContain('Telling the story');
    for (const { name, host, cast } of Object.values(INSTANCES)) {
      expect(demo.said()).toContain(`${name}: http://${host}`);
      for (const { handle } of cast) expect(demo.said()).toContain(handle);
    }
    expect(demo.said()).toContain(DEMO_PASSWORD);
  });

  test('has instances whose handles resolve each other', async () => {
    const [ines, lucien] = [visitorOf(a), visitorOf(b)];
    await logIn(ines, 'ines', DEMO_PASSWORD);
    await logIn(lucien, 'lucien', DEMO_PASSWORD);
    for (const [visitor, there, { cast }] of [
      [ines, b, INSTANCES.b],
      [lucien, a, INSTANCES.a],
    ] as const) {
      for (const { handle, name } of cast) {
        const address = `@${handle}@${there.host}`;
        expect((await visitor.get(`/search?q=${encodeURIComponent(address)}`)).words).toContain(name);
        const actor = await actorOf(there, handle);
        expect(actor).toMatchObject({ type: 'Person', preferredUsername: handle, name });
      }
    }
  });

  test('has people who have read each other for days, with pictures that are there', async () => {
    const chromium = await launchChromium();
    try {
      for (const [at, handle, words] of [
        [a, 'ines', 'Premières fèves au potager'],
        [b, 'aya', 'Welcome to The Loft'],
      ] as const) {
        const context = await chromium.newContext({ locale: 'en-GB' });
        const person = new Person(await context.newPage(), at, handle, DEMO_PASSWORD);
        await person.logIn();
        await person.finds('/home', words);
        const broken = () =>
          person.page.evaluate(() => [...document.images].filter((one) => one.complete && !one.naturalWidth).length);
        const count = await person.page.locator('main img').count();
        expect(count).toBeGreaterThan(3);
        await person.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
        await person.page.waitForLoadState('networkidle');
        expect(await broken()).toBe(0);
        expect(person.complaints).toEqual([]);
      }
    } finally {
      await chromium.close();
    }
  });

  test('lets a person follow somebody by hand and read their next post at home', async () => {
    const [maeve, aya] = [visitorOf(a), visitorOf(b)];
    await logIn(maeve, 'maeve', DEMO_PASSWORD);
    await logIn(aya, 'aya', DEMO_PASSWORD);
    await follow(maeve, `@aya@${b.host}`);
    expect(await publish(aya, 'Le pont, ce matin.')).toBe(303);
    expect(await isAtHome(maeve, 'Le pont, ce matin.')).toBe(true);
  });

  test('is stopped as anything is, and is there at once the next time, as it was left', async () => {
    demo.child.kill('SIGTERM');
    expect(await until(demo.ended, STOPPED_WITHIN_MS)).toBe(true);
    expect(await until(async () => (await isUp(a)) || (await isUp(b)), 500)).toBe(false);
    demo = startDemo();
    await untilReady(STARTED_WITHIN_MS);
    expect(demo.said()).not.toContain('Telling the story');
    const maeve = visitorOf(a);
    await logIn(maeve, 'maeve', DEMO_PASSWORD);
    expect(await isAtHome(maeve, 'Le pont, ce matin.')).toBe(true);
  });
});

function startDemo(): Demo {
  const program = (startArguments().at(-1) ?? '').replace(/main\.js$/, 'demo.js');
  const child = spawn(process.execPath, [program], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  let ended = false;
  child.once('close', () => {
    ended = true;
  });
  return { child, said: () => text, ended: () => ended };
}

async function untilReady(withinMs: number): Promise<void> {
  const isReady = async () => demo.said().includes(DEMO_PASSWORD) && (await isUp(a)) && (await isUp(b));
  await until(async () => demo.ended() || (await isReady()), withinMs);
  if (demo.ended() || !(await isReady())) throw new Error(`the demo is not ready:\n${demo.said()}`);
}

async function isUp({ port }: At): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  await answer?.body?.cancel();
  return answer?.ok === true;
}

/** What somebody's handle leads to, for whoever knows nothing but the handle. */
async function actorOf(at: At, handle: string): Promise<unknown> {
  const get = async (path: string, accept: string) => {
    // The names below `localhost` are the browsers' own knowledge.
    const answer = await fetch(`http://127.0.0.1:${at.port}${path}`, { headers: { accept } });
    return (await answer.json()) as { links?: { rel: string; href: string }[] };
  };
  const found = await get(`/.well-known/webfinger?resource=acct:${handle}@${at.host}`, 'application/jrd+json');
  const self = found.links?.find(({ rel }) => rel === 'self')?.href ?? '';
  expect(self).toContain(`${at.origin}/`);
  return get(new URL(self).pathname, 'application/activity+json');
}

function isAtHome(visitor: Browser, words: string): Promise<boolean> {
  return until(async () => (await visitor.get('/home')).words.includes(words), ARRIVES_WITHIN_MS);
}
