import { chromium } from 'playwright-core';
import { serveGallery } from './gallery-server.ts';
const g = await serveGallery();
const b = await chromium.launch({
  executablePath: '/usr/bin/chromium',
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
async function shot(
  name: string,
  page: string,
  w: number,
  h: number,
  act?: (p: import('playwright-core').Page) => Promise<void>,
  dark = false,
) {
  const c = await b.newContext({
    viewport: { width: w, height: h },
    colorScheme: dark ? 'dark' : 'light',
    deviceScaleFactor: w < 500 ? 2 : 1,
  });
  const p = await c.newPage();
  p.on('pageerror', (e) => console.log(name, String(e)));
  p.on('console', (m) => m.type() === 'error' && console.log(name, m.text()));
  await p.goto(`${g.origin}/${page}.${dark ? 'dark' : 'light'}.html`, { waitUntil: 'networkidle' });
  await act?.(p);
  await p.waitForTimeout(150);
  await p.screenshot({ path: `/tmp/pics/x-${name}.png` });
  await c.close();
}
try {
  await shot('drawer', 'home', 390, 844, (p) => p.click('.drawer > summary'));
  await shot('menu', 'home', 1280, 900, (p) => p.locator('.post .menu > summary').nth(1).click());
  await shot(
    'dialog',
    'home',
    1280,
    900,
    async (p) => {
      await p.locator('.post .menu > summary').first().click();
      await p.locator('a[data-dialog]').first().click();
      await p.waitForSelector('dialog[open]');
    },
    true,
  );
  await shot('keys', 'home', 1280, 900, async (p) => {
    await p.keyboard.press('?');
  });
  await shot('keys-fr', 'home-fr', 390, 844, async (p) => {
    await p.keyboard.press('?');
  });
  await shot('focus', 'home', 1280, 900, async (p) => {
    await p.keyboard.press('j');
    await p.keyboard.press('j');
    await p.keyboard.press('f');
  });
  await shot('tablet', 'home', 800, 900);
  await shot('laptop', 'profile', 1000, 900);
  await shot('alt', 'home', 390, 844, async (p) => {
    await p.locator('.media-badge').first().click();
  });
  await shot('composer', 'home', 390, 844, async (p) => {
    for (const i of [0, 0, 0]) void i;
    const s = p.locator('.composer-option > summary');
    await s.nth(1).click();
    await s.nth(2).click();
    await p.fill('.composer-input', 'Hello there, this is a text');
  });
  await shot('lightbox', 'home', 1280, 900, async (p) => {
    await p.locator('a[data-lightbox]').first().click();
  });
  await shot('settings', 'settings', 1280, 900);
  await shot('ballot', 'post-guest', 390, 844);
} finally {
  await b.close();
  g.close();
}
