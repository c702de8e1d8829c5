/*
 * Takes pictures of the gallery, phone and desktop, light and dark, and says what is wrong with it:
 * axe, sideways scrolling at 320 px, small targets, breaches of the content security policy.
 *   npx tsx scripts/picture-gallery.ts <folder> [page …] [--checks-only]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page as BrowserPage } from 'playwright-core';
import type { Scheme } from '#web/view-context.ts';
import { serveGallery } from './gallery-server.ts';
import { PAGES } from './render-gallery.tsx';

const WINDOWS = [
  { name: 'phone', width: 390, height: 844 },
  { name: 'desktop', width: 1280, height: 900 },
] as const;

const [folder = '/tmp/estrade-pictures', ...rest] = process.argv.slice(2);
const checksOnly = rest.includes('--checks-only');
const wanted = rest.filter((argument) => !argument.startsWith('--'));
const pages = PAGES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

mkdirSync(folder, { recursive: true });
const gallery = await serveGallery();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
let problems = 0;
try {
  for (const { name } of pages) {
    for (const scheme of ['light', 'dark'] as const) {
      for (const window of WINDOWS) problems += await visit(browser, name, scheme, window);
    }
    problems += await narrow(browser, name);
  }
} finally {
  await browser.close();
  gallery.close();
}
console.log(`${pages.length} pages, ${problems} problems; pictures in ${folder}`);
process.exitCode = problems > 0 ? 1 : 0;

async function visit(
  browser: Browser,
  name: string,
  scheme: Scheme,
  window: (typeof WINDOWS)[number],
): Promise<number> {
  const context = await browser.newContext({
    viewport: { width: window.width, height: window.height },
    colorScheme: scheme === 'dark' ? 'dark' : 'light',
    deviceScaleFactor: window.name === 'phone' ? 2 : 1,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/404/.test(message.text())) said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(String(error)));
  await page.goto(`${gallery.origin}/${name}.${scheme}.html`, { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready);
  if (!checksOnly) {
    await loadPictures(page);
    await page.screenshot({ path: join(folder, `${name}.${window.name}.${scheme}.png`), fullPage: true });
  }
  const found = [...said, ...(await axe(page)), ...(window.name === 'phone' ? await smallTargets(page) : [])];
  for (const line of found) console.log(`${name} ${window.name} ${scheme}: ${line}`);
  await context.close();
  return found.length;
}

async function loadPictures(page: BrowserPage): Promise<void> {
  await page.evaluate(async () => {
    for (const image of document.querySelectorAll('img')) image.loading = 'eager';
    await Promise.allSettled([...document.images].map((image) => image.decode()));
  });
}

async function axe(page: BrowserPage): Promise<string[]> {
  const results = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze();
  return results.violations.flatMap((violation) =>
    violation.nodes
      .slice(0, 4)
      .map(
        (node) =>
          `axe ${violation.id}: ${node.target.join(' ')} — ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`,
      ),
  );
}

/** Buttons, links and fields that stand alone need 44 px each way; links inside a line of text do not. */
async function smallTargets(page: BrowserPage): Promise<string[]> {
  return page.evaluate(() => {
    const small: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(
      'a, button, summary, select, input:not([type=hidden]), textarea',
    )) {
      const box = element.getBoundingClientRect();
      if (
        box.width === 0 ||
        getComputedStyle(element).visibility === 'hidden' ||
        element.closest('[aria-hidden=true], .visually-hidden, .skip-link')
      )
        continue;
      // WCAG 2.5.5 excepts targets in a line of text.
      if (element.closest('.prose, p, dd, dt') && !element.matches('.button, .icon-button, button')) continue;
      const label = element.closest('label')?.getBoundingClientRect();
      const before = getComputedStyle(element, '::before');
      const grown = before.content !== 'none' && before.position === 'absolute';
      const width = Math.max(box.width, grown ? parseFloat(before.width) : 0, label?.width ?? 0);
      const height = Math.max(box.height, grown ? parseFloat(before.height) : 0, label?.height ?? 0);
      if (width < 43.5 || height < 43.5)
        small.push(
          `target ${Math.round(width)}×${Math.round(height)}: ${element.tagName} .${element.className} ${element.textContent.trim().slice(0, 30)}`,
        );
    }
    return small;
  });
}

async function narrow(browser: Browser, name: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  await page.goto(`${gallery.origin}/${name}.light.html`, { waitUntil: 'load' });
  const wide = await page.evaluate(() => {
    const excess = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (excess <= 0) return [];
    const culprits = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1,
    );
    return culprits
      .slice(0, 5)
      .map((element) => `320 px: ${excess} px too wide: ${element.tagName}.${element.getAttribute('class') ?? ''}`);
  });
  for (const line of wide) console.log(`${name}: ${line}`);
  if (!checksOnly) await page.screenshot({ path: join(folder, `${name}.narrow.png`) });
  await context.close();
  return wide.length;
}
