import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium } from '../chromium.ts';
import { liveIn } from '../lived-in/live-in.ts';
import { freePort, openServers, until, type Server } from '../processes/server.ts';
import { openSite } from '../web/site.ts';
import { inspect, LOCALES, type PageLocale } from './inspect.ts';
import { STATES, type State } from './states.ts';
import { NO_PAGES, ROLES, rolesOf, samplesOf, type Role, type Sights } from './visits.ts';

/*
 * Every page of the application, as everybody who may see it, on a server whose people have lived there for a while:
 * on a phone and on a desk, by day and by night, in English and in French.
 */

const PATTERNS = await pagePatterns();
const VISIT_MS = 90_000;

let folder: string;
let server: Server;
let closeServers: () => Promise<void>;
let browser: Browser;
let sights: Sights;
const windows = new Map<string, Page>();
const complaints: string[] = [];

describe.skipIf(!hasChromium)('every page', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'estrade-pages-'));
    const port = await freePort();
    const town = await liveIn(folder, `a.localhost:${port}`);
    // Nobody answers under the names of the others.
    const env = { HOST_MAP: '*.example=http://127.0.0.1:9', BACKUP_EVERY_HOURS: '0', LOG_LEVEL: 'error' };
    const servers = await openServers(['a'], { dataDir: folder, ports: [port], env });
    server = servers.a;
    closeServers = servers.close;
    await server.start();
    browser = await launchChromium();
    for (const role of ROLES) {
      for (const locale of LOCALES) windows.set(`${role} ${locale}`, await openWindow(role, locale, town.sessions));
    }
    sights = { ...town, conversation: await firstConversation(), mailLinks: await linksInMail() };
  });

  afterAll(async () => {
    await browser?.close();
    await closeServers?.();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  for (const pattern of PATTERNS) {
    test(pattern, { timeout: VISIT_MS }, async () => {
      const samples = samplesOf(pattern, sights);
      if (samples === null) throw new Error(`test/browser/visits.ts does not know what to look at for ${pattern}`);
      const problems: string[] = [];
      let seen = 0;
      for (const path of samples) {
        for (const role of rolesOf(pattern)) {
          const visits = await Promise.all(LOCALES.map((locale) => visit(role, locale, path)));
          problems.push(...visits.flatMap((one) => one.problems));
          seen += visits.filter(({ status }) => status === 200).length;
        }
      }
      expect(problems).toEqual([]);
      if (samples.length > 0) expect(seen, 'nobody sees it').toBeGreaterThan(0);
    });
  }

  for (const state of STATES) {
    test(state.name, { timeout: VISIT_MS }, async () => {
      const problems = await Promise.all(LOCALES.map((locale) => arriveAt(state, locale)));
      expect(problems.flat()).toEqual([]);
    });
  }

  test('no page breaks a rule of the content security policy, or fails in its scripts', () => {
    expect(complaints).toEqual([]);
  });
});

/** The addresses of all pages, as the routes say them. */
async function pagePatterns(): Promise<string[]> {
  const site = await openSite();
  const patterns = site.app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path);
  await site.close();
  return [...new Set(patterns)].filter((pattern) => !NO_PAGES.some((none) => none.test(pattern)));
}

async function openWindow(role: Role, locale: PageLocale, sessions: Record<string, string>): Promise<Page> {
  const context = await browser.newContext({ locale: locale === 'en' ? 'en-GB' : 'fr-FR', reducedMotion: 'reduce' });
  const session = sessions[role];
  if (session) await context.addCookies([{ name: 'session', value: session, url: server.origin }]);
  const page = await context.newPage();
  listen(page, context, `${role}, ${locale}`);
  return page;
}

function listen(page: Page, context: BrowserContext, who: string): void {
  const complain = (what: string) => complaints.push(`${page.url()} (${who}): ${what}`);
  page.on('pageerror', (error) => complain(String(error)));
  page.on('console', (message) => {
    // A page that is not there is asked for on purpose.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complain(message.text());
  });
  context.on('response', (response) => {
    if (
      response.status() >= 400 &&
      response.request().resourceType() !== 'document' &&
      response.request().method() === 'GET'
    ) {
      complain(`${response.url()} answered ${response.status()}`);
    }
  });
}

interface Visit {
  /** Null where the visitor is sent elsewhere. */
  status: number | null;
  problems: string[];
}

async function visit(role: Role, locale: PageLocale, path: string): Promise<Visit> {
  const page = windowOf(role, locale);
  if (await isSentElsewhere(role, path)) return { status: null, problems: [] };
  const status = (await page.goto(server.origin + path))?.status() ?? 0;
  const problems = status >= 500 ? [`answers ${status}`] : await inspect(page, locale);
  return { status, problems: problems.map((problem) => `${path} (${role}, ${locale}): ${problem}`) };
}

async function isSentElsewhere(role: Role, path: string): Promise<boolean> {
  const session = (sights.sessions as Partial<Record<Role, string>>)[role];
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    redirect: 'manual',
    headers: session ? { cookie: `session=${session}` } : {},
  });
  await answer.body?.cancel();
  return answer.status >= 300 && answer.status < 400;
}

async function arriveAt(state: State, locale: PageLocale): Promise<string[]> {
  const page = windowOf(state.role, locale);
  await page.setViewportSize({ width: state.width ?? 1280, height: 900 });
  await page.goto(server.origin + state.path);
  await state.reach(page);
  return (await inspect(page, locale)).map((problem) => `(${locale}) ${problem}`);
}

function windowOf(role: Role, locale: PageLocale): Page {
  const page = windows.get(`${role} ${locale}`);
  if (!page) throw new Error(`${role} has no window in ${locale}`);
  return page;
}

async function firstConversation(): Promise<number> {
  const page = windowOf('tobias', 'en');
  await page.goto(`${server.origin}/messages`);
  const href = await page.locator('main a[href^="/messages/"]').first().getAttribute('href');
  return Number(/\d+/.exec(href ?? '')?.[0]);
}

/** The links in what was sent, as paths. */
async function linksInMail(): Promise<string[]> {
  const page = windowOf('visitor', 'en');
  const mails = page.locator('main .card a');
  const isThere = async () => {
    await page.goto(`${server.origin}/dev/mail`);
    return (await mails.count()) > 1;
  };
  if (!(await until(isThere, 10_000))) throw new Error('no mail with a link was caught');
  const links = await mails.evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href));
  return links.map((link) => link.slice(server.origin.length));
}
