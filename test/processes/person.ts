import type { Browser, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Server } from './server.ts';

const PASSWORD = 'a stage of one’s own';
/** What the other side is given to hear of something, unless a test says less. */
const ARRIVES_WITHIN_MS = 8000;
/** For what a person sees on the page that comes next. */
const SHOWN = { timeout: ARRIVES_WITHIN_MS };

/** Where somebody has an account. */
export type Home = Pick<Server, 'host' | 'origin'>;

/** Somebody with a browser of their own, at home on one server, who does everything by its pages. */
export class Person {
  readonly page: Page;
  readonly server: Home;
  readonly handle: string;
  readonly #password: string;
  readonly #complaints: string[] = [];

  constructor(page: Page, server: Home, handle: string, password = PASSWORD) {
    this.page = page;
    this.server = server;
    this.handle = handle;
    this.#password = password;
    page.on('pageerror', (error) => this.#complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
        this.#complaints.push(message.text());
    });
  }

  /** `@anna@a.localhost:4001` */
  get address(): string {
    return `@${this.handle}@${this.server.host}`;
  }

  /** What the browser's console complained about so far. */
  get complaints(): readonly string[] {
    return this.#complaints;
  }

  /** The path of this person's profile, as seen from a server. */
  profileAt(server: Home): string {
    return server === this.server ? `/@${this.handle}` : `/${this.address}`;
  }

  async visit(path: string): Promise<void> {
    await this.page.goto(new URL(path, this.server.origin).href);
  }

  async read(path: string): Promise<string> {
    await this.visit(path);
    return this.page.locator('main').innerText();
  }

  /** Comes back to a page until it says so. */
  async finds(path: string, words: string | RegExp, withinMs = ARRIVES_WITHIN_MS): Promise<void> {
    const expected = typeof words === 'string' ? expect.stringContaining(words) : expect.stringMatching(words);
    await expect.poll(() => this.read(path), { timeout: withinMs, interval: 100 }).toEqual(expected);
  }

  /** Comes back to a page until it says so no more. */
  async misses(path: string, words: string): Promise<void> {
    await expect.poll(() => this.read(path), { timeout: ARRIVES_WITHIN_MS, interval: 100 }).not.toContain(words);
  }

  /** The post with these words on the present page. */
  postOf(words: string): Locator {
    return this.page.locator('article.post', { hasText: words }).first();
  }

  /** The path of the page of the post with these words, from a page that shows it. */
  async pathOf(from: string, words: string): Promise<string> {
    await this.finds(from, words);
    const href = await this.postOf(words).locator('a.post-time').first().getAttribute('href');
    return new URL(href ?? '', this.server.origin).pathname;
  }

  /** @param link The one that the server has printed. */
  async setUp(instanceName: string, link: string): Promise<void> {
    await this.page.goto(link);
    await this.page.getByLabel('Name', { exact: true }).first().fill(instanceName);
    await this.page.getByRole('radio', { name: /^Everybody/ }).check();
    await this.#fillAccount();
    await this.page.getByRole('button', { name: 'Begin' }).click();
    await this.page.waitForURL(`${this.server.origin}/home`);
  }

  /** Signs up, follows the link in the mail and logs in. */
  async join(): Promise<void> {
    await this.visit('/sign-up');
    await this.#fillAccount();
    await this.page.getByLabel(/I am at least/).check();
    await this.page.getByLabel(/I keep to the rules/).check();
    await this.page.getByRole('button', { name: 'Sign up' }).click();
    await this.page.waitForURL(/\/sign-up\/next/);
    await expect.poll(() => this.read('/dev/mail'), SHOWN).toContain(this.#email);
    await this.page.locator('.card', { hasText: this.#email }).getByRole('link').first().click();
    await this.page.getByRole('button', { name: 'Yes, confirm it' }).click();
    await this.page.waitForURL(/\/login/);
    await this.logIn();
  }

  async logIn(): Promise<void> {
    await this.visit('/login');
    await this.page.getByLabel('Name or mail address').fill(this.handle);
    await this.page.getByLabel('Password').fill(this.#password);
    await this.page.getByRole('main').getByRole('button', { name: 'Log in' }).click();
    await this.page.waitForURL(`${this.server.origin}/home`);
  }

  /** Writes, and presses the button; returns when it was pressed. */
  async post(words: string, options: { visibility?: string; poll?: string[] } = {}): Promise<number> {
    await this.visit('/home');
    const composer = this.page.locator('form.composer');
    await composer.locator('textarea[name=text]').fill(words);
    if (options.visibility) await composer.getByLabel('Who sees it').selectOption({ label: options.visibility });
    if (options.poll) {
      await composer.locator('summary', { hasText: 'Poll' }).click();
      for (const [index, answer] of options.poll.entries())
        await composer.locator('[name=poll_option]').nth(index).fill(answer);
    }
    return this.#send('Post');
  }

  async reply(path: string, words: string): Promise<void> {
    await this.visit(path);
    const field = this.page.locator('form.composer textarea[name=text]');
    await field.fill(`${await field.inputValue()}${words}`);
    await this.#send('Reply');
  }

  /** Presses one of the buttons below a post on its own page, and waits until the server has taken it. */
  async press(path: string, label: 'Boost' | 'Favourite'): Promise<void> {
    await this.visit(path);
    const button = this.focusedPost().getByRole('button', { name: label });
    await this.#answered(() => button.click());
  }

  focusedPost(): Locator {
    return this.page.locator('article.post[data-variant=focused]');
  }

  async edit(path: string, words: string): Promise<void> {
    await this.#fromMenu(path, 'Edit');
    await this.page.locator('form.composer textarea[name=text]').fill(words);
    await this.#send('Save changes');
  }

  async remove(path: string): Promise<void> {
    await this.#fromMenu(path, 'Delete…');
    await this.#answered(() => this.page.getByRole('button', { name: 'Delete the post' }).click());
  }

  /** Types the whole address of somebody elsewhere into the search and opens what is found. */
  async lookUp(address: string): Promise<void> {
    await this.visit('/home');
    await this.page.getByRole('searchbox').first().fill(address);
    await this.page.keyboard.press('Enter');
    await this.page.waitForURL(/\/search\?/);
    await this.page.locator('main').getByRole('link', { name: address }).first().click();
    await this.page.waitForURL((url) => decodeURIComponent(url.pathname) === `/${address}`);
  }

  /** Presses the button of the profile that the browser shows. */
  async pressOnProfile(label: 'Follow' | 'Unfollow'): Promise<void> {
    await this.#answered(() => this.page.locator('.profile-actions').getByRole('button', { name: label }).click());
  }

  async block(profilePath: string): Promise<void> {
    await this.visit(profilePath);
    await this.page.locator('.profile-actions summary').click();
    await this.#answered(() =>
      this.page
        .locator('.profile-actions')
        .getByRole('button', { name: /^Block @/ })
        .click(),
    );
  }

  async nameAlias(address: string): Promise<void> {
    await this.visit('/settings/move');
    await this.page.getByLabel('Your other account').fill(address);
    await this.page.getByRole('button', { name: 'This is mine' }).click();
    await expect.poll(() => this.page.locator('main').innerText(), SHOWN).toContain('counts as yours now');
  }

  async moveTo(address: string): Promise<void> {
    await this.visit('/settings/move');
    await this.page.getByLabel('Your new account').fill(address);
    await this.page.getByLabel('Present password').fill(this.#password);
    await this.page.getByLabel('Take my followers there').check();
    await this.page.getByRole('button', { name: 'Move', exact: true }).click();
    await expect.poll(() => this.page.locator('main').innerText(), SHOWN).toContain('You have moved');
  }

  get #email(): string {
    return `${this.handle}@example.org`;
  }

  async #fillAccount(): Promise<void> {
    await this.page.locator('[name=handle]').fill(this.handle);
    await this.page.locator('[name=email]').fill(this.#email);
    await this.page.locator('[name=password]').fill(this.#password);
  }

  async #fromMenu(path: string, entry: string): Promise<void> {
    await this.visit(path);
    await this.focusedPost().locator('summary', { hasText: 'More' }).click();
    await this.focusedPost().getByRole('link', { name: entry }).click();
  }

  async #send(label: string): Promise<number> {
    const button = this.page.locator('form.composer').getByRole('button', { name: label, exact: true });
    const pressedAt = performance.now();
    await this.#answered(() => button.click());
    await this.page.waitForLoadState();
    return pressedAt;
  }

  /** Does what sends a form, and waits for the server's answer. */
  async #answered(action: () => Promise<unknown>): Promise<void> {
    const answer = this.page.waitForResponse((response) => response.request().method() === 'POST');
    await action();
    const status = (await answer).status();
    if (status >= 400)
      throw new Error(`${this.address} was refused with ${status}: ${await this.page.innerText('main')}`);
  }
}

/** @returns somebody with a fresh browser, who reads English. */
export async function openPerson(browser: Browser, server: Server, handle: string): Promise<Person> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
  return new Person(await context.newPage(), server, handle);
}
