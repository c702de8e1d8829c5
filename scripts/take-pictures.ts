/*
 * Pictures of the pages of a server whose people have lived there for a while, to be looked at, and those of the docs.
 *   npm run build && npx tsx scripts/take-pictures.ts <folder> [word …]   every page whose address has one of the words
 *   npm run build && npx tsx scripts/take-pictures.ts --docs              docs/pictures
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { LOCALES, type PageLocale } from '../test/browser/inspect.ts';
import { STATES, type State } from '../test/browser/states.ts';
import { openTown, routesOfTheSite, type OpenTown } from '../test/browser/town.ts';
import { rolesOf, samplesOf, type Role } from '../test/browser/visits.ts';
import { openWindows } from '../test/browser/windows.ts';

type Scheme = 'light' | 'dark';

const WINDOWS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 960 } };
type WindowName = keyof typeof WINDOWS;

/** As sharp as a good screen shows it. */
const DOCS_SCALE = 1.5;
const DOCS_FOLDER = join(import.meta.dirname, '../docs/pictures');
/** What somebody who wonders what it looks like wants to see first. */
const DOCS: readonly DocsPicture[] = [
  { name: 'home', role: 'tobias', window: 'desktop', scheme: 'light', locale: 'en', of: '/home' },
  { name: 'profile-dark', role: 'tobias', window: 'desktop', scheme: 'dark', locale: 'en', of: '/@ines' },
  { name: 'front-french', role: 'visitor', window: 'desktop', scheme: 'light', locale: 'fr', of: '/' },
  { name: 'admin', role: 'ines', window: 'desktop', scheme: 'light', locale: 'en', of: '/admin/reports/:id' },
  {
    name: 'thread-phone',
    role: 'tobias',
    window: 'phone',
    scheme: 'light',
    locale: 'en',
    of: '/:at{@[^/]+}/:id{[0-9]+}',
  },
  { name: 'profile-phone', role: 'tobias', window: 'phone', scheme: 'dark', locale: 'en', of: '/@maeve' },
];

interface DocsPicture {
  name: string;
  role: Role;
  window: WindowName;
  scheme: Scheme;
  locale: PageLocale;
  /** The address, or the pattern of which the first sample is taken. */
  of: string;
}

const [target, ...words] = process.argv.slice(2);
if (target === undefined) {
  console.error('Say into which folder, or --docs.');
  process.exit(1);
}
const town = await openTown();
try {
  if (target === '--docs') await pictureDocs(town);
  else await pictureAll(town, target, words);
} finally {
  await town.close();
}

async function pictureDocs({ server, sights }: OpenTown): Promise<void> {
  mkdirSync(DOCS_FOLDER, { recursive: true });
  const { sessions } = sights;
  const windows = await openWindows({ origin: server.origin, sessions, deviceScaleFactor: DOCS_SCALE });
  for (const { name, role, window, scheme, locale, of } of DOCS) {
    const path = samplesOf(of, sights)?.[0] ?? of;
    const png = await windows.use(role, locale, async (page) => {
      await show(page, server.origin + path, window, scheme);
      return page.screenshot();
    });
    const packed = await sharp(png).png({ palette: true, quality: 90, effort: 10 }).toBuffer();
    writeFileSync(join(DOCS_FOLDER, `${name}.png`), packed);
    console.log(`docs/pictures/${name}.png: ${Math.round(packed.length / 1024)} kB`);
  }
  await windows.close();
}

/** Each page in all windows, colours and languages, as the first who may see it; then what becomes of it. */
async function pictureAll(open: OpenTown, folder: string, such: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const isWanted = (text: string) => such.length === 0 || such.some((word) => text.includes(word));
  const { pages } = await routesOfTheSite();
  const sights = pages.flatMap((pattern): State[] => {
    const role = rolesOf(pattern).find((one) => one !== 'visitor') ?? 'visitor';
    const samples = samplesOf(pattern, open.sights) ?? [];
    return samples.map((path) => ({ name: path, path, role, reach: async () => undefined }));
  });
  for (const { name, path, role, reach } of [...sights, ...STATES].filter((sight) => isWanted(sight.name))) {
    for (const locale of LOCALES) {
      await open.windows.use(role, locale, async (page) => {
        const url = path.startsWith('/') ? open.server.origin + path : path;
        for (const window of Object.keys(WINDOWS) as WindowName[]) {
          await show(page, url, window, 'light');
          await reach(page);
          for (const scheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme: scheme });
            const file = `${name.replaceAll(/[^\p{L}\d@.-]+/gu, '-').slice(0, 80)}.${window}.${scheme}.${locale}.png`;
            await page.screenshot({ path: join(folder, file), fullPage: true });
          }
        }
      });
    }
    console.log(name);
  }
}

async function show(page: Page, url: string, window: WindowName, scheme: Scheme): Promise<void> {
  await page.setViewportSize(WINDOWS[window]);
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(url);
  await page.evaluate(async () => {
    for (const image of document.querySelectorAll('img')) image.loading = 'eager';
    await Promise.allSettled([...document.images].map((image) => image.decode()));
    await document.fonts.ready;
  });
}
