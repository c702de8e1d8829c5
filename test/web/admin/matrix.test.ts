import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { may, outranks, ROLES, type Role } from '#domain/membership/permissions.ts';
import { accountEntries, type Target } from './matrix/account-forms.ts';
import { fillPath, MEMBER, OPEN, ownEntries } from './matrix/member-forms.ts';
import { adminPages } from './matrix/pages.ts';
import { staffEntries } from './matrix/staff-forms.ts';
import { browserAs, openStaffedSite, postRaw, type StaffedSite } from './staff.ts';
import type { Page } from '../browser.ts';

/*
 * Every form of the pages × everybody who could send it × whose it is. The routes are read from the app itself: one
 * without an entry in `matrix/` fails.
 */

const ACTORS: readonly (Role | null)[] = [null, ...ROLES];
const TARGETS: readonly Target[] = [...ROLES, 'remote', 'instance', 'self'];

let site: StaffedSite;
let cells = 0;

beforeAll(async () => {
  site = await openStaffedSite();
});

afterAll(async () => {
  console.log(`the matrix of endpoints and roles has ${cells} cells`);
  await site.close();
});

/** Sends it as somebody, from an address of its own, so that no rate limit answers in the place of the rule. */
async function sendAs(
  role: Role | null,
  path: string,
  fields: Record<string, string>,
  actorId?: number,
  files?: Record<string, Uint8Array<ArrayBuffer>>,
) {
  cells += 1;
  const address = `2001:db8:${cells.toString(16)}::1`;
  const browser = await browserAs(site, actorId ?? (role === null ? null : site.ids[role]), { address });
  return postRaw(site, browser, path, fields, files);
}

function isSentToLogIn(page: Page): boolean {
  if (page.status === 303) return (page.location ?? '').startsWith('/login');
  // What they typed into a form with files is on the page that leads there.
  return page.status === 403 && page.text.includes('href="/login?return_to=');
}

const auditCount = async () => (await site.audited()).length;

test('no form of the pages is forgotten', () => {
  const routes = new Set(site.app.routes.filter(({ method }) => method === 'POST').map(({ path }) => path));
  const known = [
    ...OPEN,
    ...MEMBER,
    ...ownEntries.map(({ path }) => path),
    ...staffEntries.map(({ path }) => path),
    ...accountEntries.map(({ path }) => path),
  ];
  expect([...routes].filter((path) => !known.includes(path))).toEqual([]);
  expect(known.filter((path) => !routes.has(path))).toEqual([]);
  expect(new Set(known).size).toBe(known.length);
  // Nothing answers to whatever method comes but what is there for every page.
  const others = site.app.routes.filter(({ method }) => !['GET', 'POST', 'ALL'].includes(method));
  expect(others).toEqual([]);
});

describe('open to everybody', () => {
  test.each(OPEN)('%s', async (path) => {
    for (const actor of ACTORS) {
      const page = await sendAs(actor, path, {});
      expect({ actor, status: page.status }).not.toMatchObject({ status: expect.toSatisfy(isRefusal) });
    }
  });
});

describe('for whoever is logged in, in whatever role', () => {
  test.each(MEMBER)('%s', async (path) => {
    for (const actor of ACTORS) {
      const targetId = await site.world.person(`someone_${cells}`);
      const page = await sendAs(actor, await fillPath(site, path, targetId), {});
      if (actor === null) expect(isSentToLogIn(page), `${path} for a visitor`).toBe(true);
      else {
        expect(isSentToLogIn(page), `${path} for ${actor}`).toBe(false);
        expect({ actor, status: page.status }).not.toMatchObject({ status: expect.toSatisfy(isRefusal) });
      }
    }
  });
});

describe('for nobody but whose it is', () => {
  test.each(ownEntries)('$path', async ({ make }) => {
    for (const actor of ACTORS) {
      for (const owner of ROLES) {
        const { path, untouched, actorId } = await make(site, actor, owner, cells);
        const page = await sendAs(actor, path, {}, actorId);
        if (actor === null) expect(isSentToLogIn(page)).toBe(true);
        expect(page.status).toBeLessThan(500);
        expect(await untouched(), `${path} of ${owner} as ${actor}`).toBe(true);
      }
    }
  });
});

describe('for staff that may', () => {
  test.each(staffEntries)('$path', async ({ permission, make }) => {
    for (const actor of ACTORS) {
      const { path, fields, files, done } = await make(site);
      const before = await auditCount();
      const page = await sendAs(actor, path, fields, undefined, files);
      const isDone = done ? await done() : (await auditCount()) > before;
      const isAllowed = actor !== null && may(actor, permission);
      expect({ actor, isDone }).toEqual({ actor, isDone: isAllowed });
      expectAnswer(page, actor, isAllowed);
    }
  });
});

describe('for staff that may, on those below', () => {
  test.each(accountEntries)('$path', async ({ permission, make, refuses = [] }) => {
    for (const actor of ACTORS) {
      for (const target of TARGETS) {
        if (target === 'self' && actor === null) continue;
        const { path, fields, targetId, actorId } = await make(site, actor, target, cells);
        const before = await auditCount();
        const page = await sendAs(actor, path, fields, actorId);
        const isAllowed =
          actor !== null && may(actor, permission) && isBelow(actor, target) && !refuses.includes(target);
        const isDone = (await auditCount()) > before;
        expect({ actor, target, isDone }, `${path} on ${targetId}`).toEqual({ actor, target, isDone: isAllowed });
        if (actor === null || !may(actor, permission)) expectAnswer(page, actor, false);
        else expect(isAllowed ? [303] : [403, 404, 409]).toContain(page.status);
      }
    }
  });
});

function isBelow(actor: Role, target: Target): boolean {
  if (target === 'remote') return true;
  return target !== 'instance' && target !== 'self' && outranks(actor, target);
}

/** A visitor is asked to log in; to members the administration is not there; staff hears that it may not. */
function expectAnswer(page: Page, actor: Role | null, isAllowed: boolean): void {
  if (isAllowed) expect(page.status).toBe(303);
  else if (actor === null) expect(isSentToLogIn(page)).toBe(true);
  else expect(page.status).toBe(actor === 'user' ? 404 : 403);
}

function isRefusal(status: number): boolean {
  return status === 401 || status === 403 || status === 404 || status >= 500;
}

describe('the pages of the administration', () => {
  test('each open to exactly those who may', async () => {
    const routes = new Set(
      site.app.routes
        .filter(({ method, path }) => method === 'GET' && path.startsWith('/admin'))
        .map(({ path }) => path),
    );
    expect([...routes].toSorted()).toEqual(adminPages.map(({ path }) => path).toSorted());
    for (const { path, permission, make } of adminPages) {
      for (const actor of ACTORS) {
        cells += 1;
        const browser = await browserAs(site, actor === null ? null : site.ids[actor]);
        const page = await browser.get(make ? await make(site) : path);
        const wanted = actor === null ? 303 : actor === 'user' ? 404 : may(actor, permission) ? 200 : 403;
        expect({ path, actor, status: page.status }).toEqual({ path, actor, status: wanted });
      }
    }
  });
});
