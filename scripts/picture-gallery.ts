/*
 * Takes pictures of the gallery, phone and desktop, light and dark, and says what is wrong with it:
 * axe, sideways scrolling at 320 px, small targets, breaches of the content security policy.
 *   npx tsx scripts/picture-gallery.ts <folder> [page …] [--checks-only]
 */
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page as BrowserPage } from 'playwright-core';
import { serveAsset } from '#web/assets.ts';
import type { Scheme } from '#web/view-context.ts';
import { galleryPicture } from './gallery-media.ts';
import { galleryAssets, PAGES } from './render-gallery.tsx';

const CSP =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const WINDOWS = [
  { name: 'phone', width: 390, height: 844 },
  { name: 'desktop', width: 1280, height: 900 },
] as const;

const [folder = '/tmp/estrade-pictures', ...rest] = process.argv.slice(2);
const checksOnly = rest.includes('--checks-only');
const wanted = rest.filter((argument) => !argument.startsWith('--'));
const pages = PAGES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

mkdirSync(folder, { recursive: true });
const server = await serveGallery();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
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
  server.close();
}
console.log(`${pages.length} pages, ${problems} problems; pictures in ${folder}`);
process.exitCode = problems > 0 ? 1 : 0;

async function visit(browser: Browser, name: string, scheme: Scheme, window: (typeof WINDOWS)[number]): Promise<number> {
  const context = await browser.newContext({
    viewport: { width: window.width, height: window.height },
    colorScheme: scheme === 'dark' ? 'dark' : 'light',
    deviceScaleFactor: window.name === 'phone' ? 2 : 1,
    reducedMotion: 'reduce',
    bypassCSP: false,
  });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/404/.test(message.text())) said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(String(error)));
  await page.goto(`${origin()}/${name}.${scheme}.html`, { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready);
  if (!checksOnly) {
    await loadPictures(page);
    await page.screenshot({ path: join(folder, `${name}.${window.name}.${scheme}.png`), fullPage: window.name === 'phone' ? await shortEnough(page) : true });
  }
  const found = [...said, ...(await axe(page)), ...(window.name === 'phone' ? await smallTargets(page) : [])];
  for (const line of found) console.log(`${name} ${window.name} ${scheme}: ${line}`);
  await context.close();
  return found.length;
}

/** Full pages of a phone are long; a very long one is cut at the window's height times six by the viewer anyway. */
async function shortEnough(page: BrowserPage): Promise<boolean> {
  return (await page.evaluate(() => document.documentElement.scrollHeight)) < 20_000;
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
    violation.nodes.slice(0, 4).map((node) => `axe ${violation.id}: ${node.target.join(' ')} — ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`),
  );
}

/** Buttons, links and fields that stand alone need 44 px each way; links inside a line of text do not. */
async function smallTargets(page: BrowserPage): Promise<string[]> {
  return page.evaluate(() => {
    const small: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>('a, button, summary, select, input:not([type=hidden]), textarea')) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || getComputedStyle(element).visibility === 'hidden' || element.closest('[aria-hidden=true], .visually-hidden, .skip-link')) continue;
      // WCAG 2.5.5 excepts targets in a line of text.
      if (element.closest('.prose, p, dd, dt') && !element.matches('.button, .icon-button, button')) continue;
      const label = element.closest('label')?.getBoundingClientRect();
      const before = getComputedStyle(element, '::before');
      const grown = before.content !== 'none' && before.position === 'absolute';
      const width = Math.max(box.width, grown ? parseFloat(before.width) : 0, label?.width ?? 0);
      const height = Math.max(box.height, grown ? parseFloat(before.height) : 0, label?.height ?? 0);
      if (width < 43.5 || height < 43.5) small.push(`target ${Math.round(width)}×${Math.round(height)}: ${element.tagName} .${element.className} ${element.textContent.trim().slice(0, 30)}`);
    }
    return small;
  });
}

async function narrow(browser: Browser, name: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  await page.goto(`${origin()}/${name}.light.html`, { waitUntil: 'load' });
  const wide = await page.evaluate(() => {
    const excess = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (excess <= 0) return [];
    const culprits = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
    return culprits.slice(0, 5).map((element) => `320 px: ${excess} px too wide: ${element.tagName}.${element.getAttribute('class') ?? ''}`);
  });
  for (const line of wide) console.log(`${name}: ${line}`);
  if (!checksOnly) await page.screenshot({ path: join(folder, `${name}.narrow.png`) });
  await context.close();
  return wide.length;
}

function origin(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serveGallery(): Promise<Server> {
  const listener = createServer((request, response) => {
    void answer(request.url ?? '/').then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type, 'content-security-policy': CSP, 'x-content-type-options': 'nosniff' });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  return listener;
}

async function answer(path: string): Promise<{ status: number; type: string; body: string | Uint8Array }> {
  const asset = serveAsset(galleryAssets, path);
  if (asset) return { status: 200, type: asset.type, body: asset.body };
  const picture = galleryPicture(path.replace('/media/', ''));
  if (picture) return { status: 200, type: 'image/png', body: await picture };
  const [, name, scheme] = /^\/([\w-]+)\.(light|dark)\.html$/.exec(path) ?? [];
  const page = PAGES.find((candidate) => candidate.name === name);
  if (page) return { status: 200, type: 'text/html; charset=utf-8', body: await page.render(scheme as Scheme) };
  return { status: 404, type: 'text/plain', body: 'not found' };
}
