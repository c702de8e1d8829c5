import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../chromium.ts';
import { serveGallery, type Gallery } from '../../scripts/gallery-server.ts';

let gallery: Gallery;
let browser: Browser;
let page: Page;
let complaints: string[];

describe('in a browser', () => {
  beforeAll(async () => {
    gallery = await serveGallery();
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser.close();
    gallery.close();
  });

  afterEach(async () => {
    await page.context().close();
    gallery.posted.length = 0;
    gallery.answerPostsWith = 204;
  });

  async function open(name: string, options: BrowserContextOptions = {}): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    page = await context.newPage();
    complaints = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
        complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${gallery.origin}/${name}.light.html`);
  }

  describe('with script', () => {
    test('a favourite shows at once and is sent as the form', async () => {
      await open('home');
      const button = page.locator('.post').nth(0).locator('[data-action=favourite]');
      await button.click();
      await expect.poll(() => button.getAttribute('aria-pressed')).toBe('true');
      expect(await button.innerText()).toContain('58');
      await expect.poll(() => gallery.posted.length).toBe(1);
      expect(gallery.posted[0]).toMatch(/^\/posts\/\d+\/favourite\?_csrf=gallery-token&return_to=%2Fhome%23post-\d+$/);
      await button.click();
      await expect.poll(() => gallery.posted.at(-1)).toMatch(/\/unfavourite\?/);
      expect(await button.innerText()).toContain('57');
    });

    test('a refused favourite goes back and says so', async () => {
      await open('home');
      gallery.answerPostsWith = 500;
      const button = page.locator('.post').nth(0).locator('[data-action=favourite]');
      await button.click();
      await expect.poll(() => page.locator('.flash-region').innerText()).toContain('did not go through');
      expect(await button.getAttribute('aria-pressed')).toBe('false');
      expect(await button.innerText()).toContain('57');
    });

    test('the counter counts the warning and what people call a character', async () => {
      await open('home');
      const counter = page.locator('[data-counter]');
      expect(await counter.isVisible()).toBe(false);
      await page.fill('.composer-input', 'ab👨‍👩‍👧‍👦');
      expect(await counter.innerText()).toBe('497');
      await page.locator('.composer-option > summary').first().click();
      await page.fill('[name=warning]', 'careful');
      expect(await counter.innerText()).toBe('490');
      await page.fill('.composer-input', 'x'.repeat(500));
      expect(await counter.innerText()).toBe('-7');
      expect(await counter.getAttribute('data-over')).toBe('');
    });

    test('a file without a description is asked about once', async () => {
      await open('home');
      await page.fill('.composer-input', 'Look');
      await page.locator('.composer-option > summary').nth(1).click();
      await page.setInputFiles('#field-media-0', { name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('png') });
      await page.click('.composer button[type=submit]');
      await page.click('dialog[open] button[data-kind=primary]');
      expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('media_description');
      expect(gallery.posted).toEqual([]);
      await page.click('.composer button[type=submit]');
      await page.click('dialog[open] button:not([data-kind])');
      await expect.poll(() => gallery.posted.length).toBe(1);
    });

    test('Ctrl+Enter sends', async () => {
      await open('home');
      await page.fill('.composer-input', 'Quick');
      await page.keyboard.press('Control+Enter');
      await expect.poll(() => gallery.posted[0]).toContain('Quick');
    });

    test('the keys go through the posts and act on them', async () => {
      await open('home');
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('b');
      await expect.poll(() => gallery.posted[0]).toMatch(/^\/posts\/\d+\/boost\?/);
      await page.keyboard.press('k');
      expect(await page.evaluate(() => document.activeElement?.querySelector('.name')?.textContent)).toBe(
        'Inès Charpentier',
      );
      await page.keyboard.press('n');
      await page.keyboard.type('jkf');
      expect(await page.inputValue('.composer-input')).toBe('jkf');
      expect(gallery.posted).toHaveLength(1);
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      expect(await page.locator('#shortcuts').isVisible()).toBe(true);
      await page.keyboard.press('Escape');
      await page.keyboard.press('g');
      await page.keyboard.press('l');
      await page.waitForURL(`${gallery.origin}/local`);
    });

    test('a deletion is confirmed in place, and can be left', async () => {
      await open('home');
      await page.locator('.post .menu > summary').first().click();
      await page.click('a[data-dialog]');
      const dialog = page.locator('dialog[open]');
      await dialog.waitFor();
      expect(await dialog.innerText()).toContain('Delete this post?');
      await dialog.locator('[data-cancel]').click();
      expect(await page.locator('dialog[open]').count()).toBe(0);
      expect(page.url()).toContain('/home.light.html');
      expect(gallery.posted).toEqual([]);
    });

    test('menus close by Escape and by a click elsewhere', async () => {
      await open('home');
      const menu = page.locator('.post .menu').first();
      await menu.locator('summary').click();
      await page.keyboard.press('Escape');
      expect(await menu.getAttribute('open')).toBeNull();
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
      await menu.locator('summary').click();
      await page.click('.page-title');
      expect(await menu.getAttribute('open')).toBeNull();
    });

    test('a handle and a link are copied, and it says so', async () => {
      await open('profile', { permissions: ['clipboard-read', 'clipboard-write'] });
      await page.click('.handle-copy');
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('@tomasz@pomorze.social');
      expect(await page.locator('.handle-copy').innerText()).toContain('Address copied');
      await expect
        .poll(() => page.locator('.handle-copy').innerText(), { timeout: 4000 })
        .toContain('@tomasz@pomorze.social');
    });

    test('a picture opens large with its description, and the focus comes back', async () => {
      await open('home');
      await page.locator('[data-lightbox]').first().click();
      expect(await page.locator('.lightbox p').innerText()).toContain('The harbour at dawn');
      await page.keyboard.press('Escape');
      expect(await page.locator('.lightbox').count()).toBe(0);
      expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-lightbox'))).toBe(true);
    });

    test('moments are shown in the reader’s own time', async () => {
      await open('thread', { timezoneId: 'Asia/Tokyo', locale: 'en-GB' });
      await expect.poll(() => page.locator('.post-foot time').first().innerText()).toContain('15 May 2026 at 00:42');
    });

    test('an emoji is picked by the keyboard alone, and a name that there is not is said to be none', async () => {
      await open('home');
      const list = ['cat', 'cow'].map(
        (name) => `<li data-emoji-choice=":${name}:"><img src="data:," alt=":${name}:"></li>`,
      );
      await page.route('**/emoji', (route) => route.fulfill({ contentType: 'text/html', body: list.join('') }));
      await page.locator('[data-emoji-list]').focus();
      await page.keyboard.press('Enter');
      const dialog = page.locator('dialog[open]');
      await dialog.waitFor();
      await page.keyboard.type('dog');
      expect(await dialog.locator('[role=status]').innerText()).toBe('No emoji of that name.');
      for (const _ of 'dog') await page.keyboard.press('Backspace');
      expect(await dialog.locator('[role=status]').innerText()).toBe('');
      await page.keyboard.type('CO');
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      expect(await page.locator('.composer-input').inputValue()).toBe(':cow: ');
      expect(await page.locator('.composer-input').evaluate((field) => field === document.activeElement)).toBe(true);
    });

    test('a post goes out once, however often its button is pressed while it is on its way', async () => {
      await open('home');
      await page.fill('.composer-input', 'Only once');
      const button = page.locator('.composer button[type=submit]');
      await button.click();
      await expect.poll(() => gallery.posted.length).toBe(1);
      await button.click();
      await page.keyboard.press('Enter');
      await page.waitForTimeout(500);
      expect(gallery.posted).toHaveLength(1);
      // Back from the answer, it is another post.
      await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow')));
      await button.click();
      await expect.poll(() => gallery.posted.length).toBe(2);
    });

    test('breaks no rule of the content security policy', async () => {
      await open('home');
      await page.locator('[data-lightbox]').first().click();
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      expect(complaints).toEqual([]);
    });
  });

  describe('without script', () => {
    test('a favourite is a form that leads back to the post', async () => {
      await open('home', { javaScriptEnabled: false });
      await page.locator('.post').nth(0).locator('[data-action=favourite]').click();
      await expect
        .poll(() => gallery.posted[0])
        .toMatch(/^\/posts\/\d+\/favourite\?_csrf=gallery-token&return_to=%2Fhome%23post-\d+$/);
    });

    test('a post is written with warning, file and poll', async () => {
      await open('home', { javaScriptEnabled: false });
      await page.fill('.composer-input', 'Plain HTML');
      for (const position of [0, 1, 2]) await page.locator('.composer-option > summary').nth(position).click();
      await page.fill('[name=warning]', 'Long');
      await page.setInputFiles('#field-media-0', {
        name: 'x.png',
        mimeType: 'image/png',
        buffer: Buffer.from('PNGDATA'),
      });
      await page.locator('[name=media_description]').first().fill('A pier');
      await page.locator('[name=poll_option]').first().fill('Yes');
      await page.selectOption('[name=visibility]', 'followers');
      await page.click('.composer button[type=submit]');
      await expect.poll(() => gallery.posted.length).toBe(1);
      for (const part of ['Plain HTML', 'Long', 'PNGDATA', 'A pier', 'Yes', 'followers'])
        expect(gallery.posted[0]).toContain(part);
    });

    test('warnings, descriptions and menus open; what needs script is not there', async () => {
      await open('home', { javaScriptEnabled: false });
      await page.locator('.warning > summary').click();
      expect(await page.locator('.warning-content').isVisible()).toBe(true);
      await page.locator('.media-badge').first().click();
      expect(await page.locator('.media-description-text').first().isVisible()).toBe(true);
      await page.locator('.post .menu > summary').first().click();
      expect(await page.locator('.menu[open] .menu-entry').first().isVisible()).toBe(true);
      expect(await page.locator('[data-copy]').first().isVisible()).toBe(false);
    });

    test('a name has room beside a long domain on a phone, and shows that it is refused', async () => {
      await open('sign-up-fr', { javaScriptEnabled: false, viewport: { width: 320, height: 700 } });
      const group = page.locator('.input-group').first();
      await group
        .locator('.input-affix')
        .last()
        .evaluate((affix) => {
          affix.textContent = '@a-rather-long-name.for-a-server.example';
        });
      const { width = 0 } = (await group.locator('.input').boundingBox()) ?? {};
      expect(width).toBeGreaterThan(150);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      const colourOf = () => group.evaluate((element) => getComputedStyle(element).borderTopColor);
      const refused = await colourOf();
      await group.evaluate((element) => element.closest('.field')?.removeAttribute('data-invalid'));
      expect(await colourOf()).not.toBe(refused);
    });

    test('a vote is a form', async () => {
      await open('home', { javaScriptEnabled: false });
      await page.locator('.poll-form .choice').nth(1).click();
      await page.locator('.poll-form button').click();
      await expect
        .poll(() => gallery.posted[0])
        .toMatch(/^\/posts\/\d+\/vote\?_csrf=gallery-token&return_to=%2Fhome&choice=1$/);
    });
  });
});
