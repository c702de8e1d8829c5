import type { BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../chromium.ts';
import type { PageLocale } from './inspect.ts';
import type { Role } from './visits.ts';

const LANGUAGES: Record<PageLocale, string> = { en: 'en-GB', fr: 'fr-FR' };

/** For a click to have its effect, on a machine that is busy. */
const ACTION_MS = 60_000;

/** Windows of one browser, each of somebody who reads in some language. */
export interface Windows {
  /** Lends a window that nobody else uses meanwhile. */
  use<T>(role: Role, locale: PageLocale, work: (page: Page) => Promise<T>): Promise<T>;
  /** What went wrong in them besides what is on the pages. */
  complaints: readonly string[];
  close(): Promise<void>;
}

export interface WindowOptions {
  origin: string;
  sessions: Partial<Record<Role, string>>;
  javaScriptEnabled?: boolean;
  /** What every page begins with, before its own scripts. */
  initScript?: string;
  deviceScaleFactor?: number;
}

export async function openWindows({ origin, sessions, initScript, ...look }: WindowOptions): Promise<Windows> {
  const browser = await launchChromium();
  const free = new Map<string, Page[]>();
  const complaints: string[] = [];
  const open = async (role: Role, locale: PageLocale) => {
    const context = await browser.newContext({ locale: LANGUAGES[locale], reducedMotion: 'reduce', ...look });
    const session = sessions[role];
    if (session) await context.addCookies([{ name: 'session', value: session, url: origin }]);
    if (initScript !== undefined) await context.addInitScript(initScript);
    const page = await context.newPage();
    page.setDefaultTimeout(ACTION_MS);
    listen(page, context, (what) => complaints.push(`${page.url()} (${role}, ${locale}): ${what}`));
    return page;
  };
  return {
    complaints,
    async use(role, locale, work) {
      const key = `${role} ${locale}`;
      const shelf = free.get(key) ?? [];
      free.set(key, shelf);
      const page = shelf.pop() ?? (await open(role, locale));
      try {
        return await work(page);
      } finally {
        shelf.push(page);
      }
    },
    close: () => browser.close(),
  };
}

function listen(page: Page, context: BrowserContext, complain: (what: string) => void): void {
  page.on('pageerror', (error) => complain(String(error)));
  page.on('console', (message) => {
    // A page that is not there is asked for on purpose.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complain(message.text());
  });
  context.on('response', (response) => {
    const request = response.request();
    if (response.status() >= 400 && request.resourceType() !== 'document' && request.method() === 'GET')
      complain(`${response.url()} answered ${response.status()}`);
  });
}
