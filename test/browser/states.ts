import type { Page } from 'playwright-core';
import { PASSWORD } from '../lived-in/cast.ts';
import type { Role } from './visits.ts';

/** What a page becomes when something is done on it. */
export interface State {
  name: string;
  role: Role;
  path: string;
  /** Of the window in which it is done; a desk by default. */
  width?: number;
  reach(page: Page): Promise<void>;
}

const PHONE = 390;

export const STATES: readonly State[] = [
  {
    name: 'a log-in that is refused',
    role: 'visitor',
    path: '/login',
    async reach(page) {
      await page.fill('[name=login]', 'nobody-here');
      await page.fill('[name=password]', 'something wrong');
      await submit(page, 'form[action="/login"]');
    },
  },
  {
    name: 'the second step of a log-in',
    role: 'visitor',
    path: '/login',
    async reach(page) {
      await page.fill('[name=login]', 'maeve');
      await page.fill('[name=password]', PASSWORD);
      await submit(page, 'form[action="/login"]');
      await page.waitForURL('**/login/second-factor');
    },
  },
  {
    name: 'a sign-up with everything wrong',
    role: 'visitor',
    path: '/sign-up',
    async reach(page) {
      await page.fill('[name=handle]', 'not a name!');
      await page.fill('[name=email]', 'nobody');
      await page.fill('[name=password]', 'short');
      await submit(page, 'form[action="/sign-up"]');
    },
  },
  {
    name: 'a post that is too long comes back with everything in it',
    role: 'tobias',
    path: '/compose',
    async reach(page) {
      await page.fill('[name=text]', 'word '.repeat(150));
      await page.locator('.composer-option > summary').first().click();
      await page.fill('[name=warning]', 'Long');
      await submit(page, 'form.composer');
    },
  },
  {
    name: 'a poll is being written',
    role: 'tobias',
    path: '/home',
    async reach(page) {
      for (const position of [0, 1, 2]) await page.locator('.composer-option > summary').nth(position).click();
      await page.fill('[name=text]', 'Which?');
    },
  },
  {
    name: 'a profile with a name that is too long',
    role: 'tobias',
    path: '/settings/profile',
    async reach(page) {
      await page.evaluate(() =>
        document.querySelector('[name=displayName], [name=name]')?.removeAttribute('maxlength'),
      );
      await page.locator('main form input[type=text]').first().fill('x'.repeat(80));
      await submit(page, 'main form');
    },
  },
  {
    name: 'a password that is not the present one',
    role: 'tobias',
    path: '/settings/security',
    async reach(page) {
      await page.locator('[name=current_password]').first().fill('not this one');
      await submit(page, 'main form:has([name=current_password])');
    },
  },
  {
    name: 'the menu of a post',
    role: 'tobias',
    path: '/home',
    reach: (page) => page.locator('.post .menu > summary').first().click(),
  },
  {
    name: 'the menu of an account',
    role: 'tobias',
    path: '/@aya@lavoir.example',
    reach: (page) => page.locator('.profile-actions .menu > summary').click(),
  },
  {
    name: 'the drawer of a phone',
    role: 'tobias',
    path: '/home',
    width: PHONE,
    reach: (page) => page.locator('.drawer > summary').click(),
  },
  {
    name: 'the drawer of a visitor’s phone',
    role: 'visitor',
    path: '/explore',
    width: PHONE,
    reach: (page) => page.locator('.drawer > summary').click(),
  },
  {
    name: 'a deletion that is asked about in place',
    role: 'tobias',
    path: '/@tobias',
    async reach(page) {
      await page.locator('.post .menu > summary').first().click();
      await page.locator('.menu[open] a[data-dialog]').click();
      await page.locator('dialog[open]').waitFor();
    },
  },
  {
    name: 'the list of shortcuts',
    role: 'tobias',
    path: '/home',
    async reach(page) {
      await page.keyboard.press('?');
      await page.locator('#shortcuts').waitFor();
    },
  },
  {
    name: 'a picture at its full size',
    role: 'tobias',
    path: '/home',
    async reach(page) {
      await page.locator('[data-lightbox]').first().click();
      await page.locator('.lightbox').waitFor();
    },
  },
  {
    name: 'warnings that are opened',
    role: 'tobias',
    path: '/home',
    async reach(page) {
      for (const summary of await page.locator('.warning > summary').all()) await summary.click();
    },
  },
  {
    name: 'something was done and said',
    role: 'noor',
    path: '/@jonas',
    async reach(page) {
      await page.locator('.profile-actions .menu > summary').click();
      await page.locator('.menu[open] button[type=submit]').last().click();
      await page.locator('.flash').waitFor();
      await page.locator('.flash button').first().click();
      await page.locator('.flash').waitFor();
    },
  },
  { name: 'an address that leads nowhere', role: 'tobias', path: '/nothing/here', reach: async () => undefined },
  { name: 'staff’s pages for those who are none', role: 'tobias', path: '/admin', reach: async () => undefined },
  ...[
    '/bookmarks',
    '/favourites',
    '/settings/blocks',
    '/settings/blocks/mutes',
    '/settings/blocks/domains',
    '/requests',
    '/messages',
  ].map((path) => ({
    name: `${path} of somebody with little`,
    role: 'noor' as const,
    path,
    reach: async () => undefined,
  })),
];

async function submit(page: Page, form: string): Promise<void> {
  // The server's words, not the browser's.
  await page
    .locator(form)
    .first()
    .evaluate((element) => {
      (element as HTMLFormElement).noValidate = true;
    });
  await page.locator(`${form} button[type=submit]`).last().click();
  await page.waitForLoadState();
}
