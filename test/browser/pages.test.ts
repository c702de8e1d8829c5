import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formsOf, linksOf, sendForm, type SeenForm } from './forms.ts';
import { inspect, LOCALES, localesFor, WAYS, type PageLocale } from './inspect.ts';
import { STATES, type State } from './states.ts';
import { openTown, routesOfTheSite, type OpenTown } from './town.ts';
import { NO_FORMS, PARTING, rolesOf, samplesOf, type Role } from './visits.ts';

/*
 * Every page of the application, as everybody who may see it, on a server whose people have lived there for a while:
 * on a phone and on a desk, by day and by night, in English and in French. Then every form, by a browser without scripts.
 */

const { reading, pages: PATTERNS, actions } = await routesOfTheSite();
const expressionsOfReading = reading.map(expressionOf);
const ACTIONS = actions
  .filter((pattern) => !NO_FORMS.includes(pattern))
  .toSorted((one, other) => PARTING.indexOf(one) - PARTING.indexOf(other));
const VISIT_MS = 300_000;

let town: OpenTown;
let cells = 0;
const seenForms = new Map<string, SeenForm[]>();
/** By path: an address of a page that links to it. */
const seenLinks = new Map<string, string>();

beforeAll(async () => {
  town = await openTown();
});

afterAll(() => town?.close());

describe.concurrent('every page', () => {
  for (const pattern of PATTERNS) {
    test(pattern, { timeout: VISIT_MS }, async ({ expect: local }) => {
      const samples = samplesOf(pattern, town.sights);
      if (samples === null) throw new Error(`test/browser/visits.ts does not know what to look at for ${pattern}`);
      const looks: { role: Role; path: string }[] = [];
      for (const path of samples) {
        for (const role of rolesOf(pattern)) if (!(await isSentElsewhere(role, path))) looks.push({ role, path });
      }
      const visits: Visit[] = [];
      for (const [position, look] of looks.entries()) {
        const [first, ...others] = localesFor(position, looks.length);
        const asFirst = visit({ ...look, locale: first, isFirst: true });
        const asOthers = others.map((locale) => visit({ ...look, locale, isFirst: false }));
        visits.push(...(await Promise.all([asFirst, ...asOthers])));
      }
      local(visits.flatMap(({ problems }) => problems)).toEqual([]);
      const seen = visits.filter(({ status }) => status === 200).length;
      if (samples.length > 0) local(seen, 'nobody sees it').toBeGreaterThan(0);
    });
  }
});

describe.concurrent('what a page becomes when something is done on it', () => {
  for (const state of STATES) {
    test(state.name, { timeout: VISIT_MS }, async ({ expect: local }) => {
      const problems = await Promise.all(LOCALES.map((locale) => arriveAt(state, locale)));
      local(problems.flat()).toEqual([]);
    });
  }
});

describe('all of them', () => {
  test('no page breaks a rule of the content security policy, or fails in its scripts', () => {
    expect(town.windows.complaints).toEqual([]);
  });

  test('every link to another page leads to one', () => {
    const isAnswered = (path: string) => expressionsOfReading.some((expression) => expression.test(path));
    expect([...seenLinks].filter(([path]) => !isAnswered(path))).toEqual([]);
    expect(seenLinks.size).toBeGreaterThan(PATTERNS.length / 2);
  });

  test('none was left out', () => {
    const seen = `${PATTERNS.length} pages and ${STATES.length} states of them`;
    console.log(`${seen}, as all who see them: ${cells} cells of window × light × language`);
    const pages = PATTERNS.filter((pattern) => samplesOf(pattern, town.sights)?.length !== 0);
    expect(cells).toBeGreaterThanOrEqual((pages.length + STATES.length) * WAYS);
  });
});

describe('every form without JavaScript', () => {
  beforeAll(async () => {
    // Where scripts run, some things are read by being looked at; at these nobody has looked.
    const unread = [
      ['tobias', `/messages/${town.sights.conversations.at(-1)}`],
      ['noor', '/notifications'],
    ] as const;
    for (const [role, path] of unread) {
      await town.plainWindows.use(role, 'en', async (page) => {
        await page.goto(town.server.origin + path);
        await remember(page, role);
      });
    }
  });

  for (const pattern of ACTIONS) {
    test(pattern, { timeout: VISIT_MS }, async () => {
      const forms = seenForms.get(pattern) ?? [];
      expect(forms, 'no page shows a form for it').not.toEqual([]);
      for (const form of forms) {
        const problems = await town.plainWindows.use(form.role, 'en', async (page) => {
          const found = await sendForm(page, form);
          // What was done can be undone where it leads.
          if (found !== null) await remember(page, form.role);
          return found;
        });
        if (problems === null) continue;
        expect(problems).toEqual([]);
        return;
      }
      throw new Error(`no page shows its form any more: ${forms.map(({ url }) => url).join(', ')}`);
    });
  }
});

interface Visit {
  status: number;
  problems: string[];
}

/** One look at a page; `isFirst` of the same person at the same page, whose forms and links are noted. */
interface Look {
  role: Role;
  path: string;
  locale: PageLocale;
  isFirst: boolean;
}

async function visit({ role, path, locale, isFirst }: Look): Promise<Visit> {
  return town.windows.use(role, locale, async (page) => {
    const status = (await page.goto(addressOf(path)))?.status() ?? 0;
    const problems = status >= 500 ? [`answers ${status}`] : await inspect(page, locale);
    cells += WAYS / LOCALES.length;
    if (isFirst) await remember(page, role);
    return { status, problems: problems.map((problem) => `${path} (${role}, ${locale}): ${problem}`) };
  });
}

function addressOf(path: string): string {
  return path.startsWith('/') ? town.server.origin + path : path;
}

/** What can be sent and followed from the page. */
async function remember(page: Page, role: Role): Promise<void> {
  for (const form of await formsOf(page, role)) {
    const { pathname } = new URL(form.action, form.url);
    const pattern = actions.find((route) => expressionOf(route).test(pathname)) ?? pathname;
    seenForms.set(pattern, [...(seenForms.get(pattern) ?? []), form]);
  }
  for (const path of await linksOf(page)) seenLinks.set(path, page.url());
}

function expressionOf(route: string): RegExp {
  return new RegExp(`^${route.replaceAll(/:\w+(?:\{([^}]+)\})?/g, (_, such: string | undefined) => such ?? '[^/]+')}$`);
}

async function isSentElsewhere(role: Role, path: string): Promise<boolean> {
  const { pathname, search, hostname } = new URL(addressOf(path));
  const { port } = hostname === 'a.localhost' ? town.server : town.empty;
  const session = (town.sights.sessions as Partial<Record<Role, string>>)[role];
  const answer = await fetch(`http://127.0.0.1:${port}${pathname}${search}`, {
    redirect: 'manual',
    headers: session ? { cookie: `session=${session}` } : {},
  });
  await answer.body?.cancel();
  return answer.status >= 300 && answer.status < 400;
}

async function arriveAt(state: State, locale: PageLocale): Promise<string[]> {
  return town.windows.use(state.role, locale, async (page) => {
    await page.setViewportSize({ width: state.width ?? 1280, height: 900 });
    await page.goto(town.server.origin + state.path);
    await state.reach(page);
    const problems = await inspect(page, locale);
    cells += WAYS / LOCALES.length;
    if (locale === 'en') await remember(page, state.role);
    return problems.map((problem) => `(${locale}) ${problem}`);
  });
}
