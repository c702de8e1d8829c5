import type { Locator, Page } from 'playwright-core';
import { PASSWORD } from '../lived-in/cast.ts';
import type { Role } from './visits.ts';

const SHEETS_MAX = 3;

/** A form that somebody was shown. */
export interface SeenForm {
  role: Role;
  /** Of the page that shows it. */
  url: string;
  /** As it stands in the page. */
  action: string;
}

/** The buttons of the page that change something, one for each action. */
export async function formsOf(page: Page, role: Role): Promise<SeenForm[]> {
  const actions = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLButtonElement>('form[method=post] button:not([type=button])')].map(
      (button) => button.getAttribute('formaction') ?? button.form?.getAttribute('action') ?? location.pathname,
    ),
  );
  return [...new Set(actions)].map((action) => ({ role, url: page.url(), action }));
}

/** The pages of this server to which the page links, but in what people wrote. */
export function linksOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLAnchorElement>('a[href]')]
      .filter((link) => link.origin === location.origin && link.pathname !== location.pathname)
      .filter((link) => !link.closest('.prose, [data-part=post-content]'))
      .map((link) => link.pathname)
      // Pictures at their full size.
      .filter((path) => !path.startsWith('/media/')),
  );
}

/**
 * Fills the form and sends it as a browser without scripts does; null when the page has it no more.
 * Returns what is wrong with where that leads: an answer is a page that says something, to which one can answer again.
 */
export async function sendForm(page: Page, { url, action }: SeenForm): Promise<string[] | null> {
  await page.goto(url);
  const ownButton = `button[formaction="${action}"]`;
  const button = page.locator(`${ownButton}, form[action="${action}"] button:not([type=button], [formaction])`).first();
  if ((await button.count()) === 0) return null;
  const form = page.locator(`form:has(${ownButton}), form[action="${action}"]`).first();
  await openAround(page, button);
  await fill(form);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    button.click(),
  ]);
  await page.waitForLoadState();
  return problemsOf(page, answer.status(), action);
}

/** Opens the sheets in which the button is, from the outermost on. */
async function openAround(page: Page, button: Locator): Promise<void> {
  const closed = page.locator('details:not([open])', { has: button });
  for (let depth = 0; depth < SHEETS_MAX && (await closed.count()) > 0; depth += 1)
    await closed.first().locator('> summary').click();
}

/** Every field that is empty and visible gets something of its kind; the choices stay as they are proposed. */
async function fill(form: Locator): Promise<void> {
  const fields = form.locator(
    ':is(input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=submit]), textarea)',
  );
  for (const field of await fields.all()) {
    if (!(await field.isVisible()) || !(await field.isEditable()) || (await field.inputValue()) !== '') continue;
    const [type, name] = [await field.getAttribute('type'), await field.getAttribute('name')];
    await field.fill(SAMPLES[name ?? ''] ?? SAMPLES[type ?? 'text'] ?? 'word');
  }
  for (const box of await form.locator('input[type=checkbox][required]').all()) await box.check();
  for (const choice of await form.locator('input[type=radio][required]').all()) {
    if ((await form.locator('input[type=radio]:checked').count()) === 0) await choice.check();
  }
  for (const file of await form.locator('input[type=file][required]').all()) await file.setInputFiles(PICTURE);
}

/** A pixel. */
const PICTURE = {
  name: 'pixel.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
};

/** By the name of the field, or by its type. */
const SAMPLES: Record<string, string> = {
  login: 'maeve',
  code: '000000',
  password: PASSWORD,
  email: 'somebody@example.org',
  number: '3',
  url: 'https://example.org/',
  date: '2027-01-01',
  'datetime-local': '2027-01-01T12:00',
};

/** Refused is a form that is there again, with a word about what is wrong. */
async function problemsOf(page: Page, status: number, action: string): Promise<string[]> {
  const where = `${status} at ${new URL(page.url()).pathname}`;
  if (status >= 500) return [`answers ${where}`];
  if ((await page.locator('h1').count()) === 0) return [`leads to no page of ours: ${where}`];
  if (status < 400) return [];
  const complaint = page.locator('[role=alert], [aria-invalid=true], .notice, .flash');
  const form = page.locator(`form[action="${action}"], form:has([formaction="${action}"])`);
  const isThereAgain = (await form.count()) > 0 && (await complaint.count()) > 0;
  return isThereAgain ? [] : [`is refused, and the form is gone: ${where}`];
}
