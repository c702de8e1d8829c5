import type { Page } from 'playwright-core';
import en from '#locales/en.json' with { type: 'json' };
import fr from '#locales/fr.json' with { type: 'json' };
import { runAxe, type Light, type Rules } from './axe.ts';

export const LOCALES = ['en', 'fr'] as const;
export type PageLocale = (typeof LOCALES)[number];

const PHONE = 390;
const DESK = 1280;
const WIDTHS = [PHONE, DESK];
/** 1280 px at a zoom of 400 % (WCAG 1.4.10). */
const NARROW = 320;
const HEIGHT = 900;

/** One way of looking at a page. */
interface Way {
  width: number;
  light: Light;
  /** What axe looks at. */
  rules: Rules;
}

/** What only colours can change is looked at by day and by night in one language, what only words can change in both. */
const EVERY_WAY: Record<PageLocale, Way[]> = {
  en: WIDTHS.flatMap((width): Way[] => [
    { width, light: 'light', rules: 'all' },
    { width, light: 'dark', rules: 'colours' },
  ]),
  fr: WIDTHS.map((width) => ({ width, light: 'light', rules: 'all but colours' })),
};
/** Between them, both windows, both lights and both languages. */
const TWO_WAYS: Record<PageLocale, Way[]> = {
  en: [{ width: DESK, light: 'light', rules: 'all' }],
  fr: [{ width: PHONE, light: 'dark', rules: 'all' }],
};

/** With `WAYS=2` each page is looked at in two ways that have nothing in common, which takes a third of the time. */
const isBrief = process.env['WAYS'] === '2';
const WAYS_BY_LOCALE = isBrief ? TWO_WAYS : EVERY_WAY;

/** Windows × light × languages in which each page is looked at. */
export const WAYS = isBrief ? 2 : WIDTHS.length * 2 * LOCALES.length;

/** The languages in which one of those who see a page looks at it: with `WAYS=2` they take turns, where there are several. */
export function localesFor(position: number, lookers: number): readonly [PageLocale, ...PageLocale[]] {
  if (!isBrief || lookers === 1) return LOCALES;
  return position % 2 === 0 ? ['en'] : ['fr'];
}

/** By which light a window shows its pages, where that was said. */
const lights = new WeakMap<Page, Light>();

/**
 * Everything that is wrong with the page that the browser shows, on a phone and on a desk: what axe finds, sideways
 * scrolling, words that are no words or of the wrong language.
 */
export async function inspect(page: Page, locale: PageLocale): Promise<string[]> {
  const problems: string[] = [];
  // Every other width is drawn anew, so that a window in which the page before was narrow begins with that.
  const isNarrow = page.viewportSize()?.width === NARROW;
  if (isNarrow) problems.push(...(await sidewaysScrolling(page, NARROW)));
  for (const { width, light, rules } of WAYS_BY_LOCALE[locale]) {
    await page.setViewportSize({ width, height: HEIGHT });
    if (lights.get(page) !== light) await page.emulateMedia({ colorScheme: light });
    lights.set(page, light);
    problems.push(...(await sidewaysScrolling(page, width)));
    problems.push(...(await runAxe(page, { light, rules, how: `${locale}, ${width} px, ${light}` })));
  }
  if (!isNarrow) {
    await page.setViewportSize({ width: NARROW, height: HEIGHT });
    problems.push(...(await sidewaysScrolling(page, NARROW)));
  }
  problems.push(...(await strangeWords(page, locale)));
  const lang = await page.evaluate(() => document.documentElement.lang);
  if (lang !== locale) problems.push(`the page says that it is in ${lang}`);
  return problems;
}

async function sidewaysScrolling(page: Page, width: number): Promise<string[]> {
  const culprits = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    // What sticks out at the beginning of the line cannot even be scrolled to.
    const cutOff = [...document.querySelectorAll('details[open] > :not(summary), dialog[open]')].filter((sheet) => {
      const { left, right } = sheet.getBoundingClientRect();
      return left < -1 || right > clientWidth + 1;
    });
    if (cutOff.length > 0) return cutOff.map((sheet) => `${sheet.className}, which is cut off`);
    if (scrollWidth <= clientWidth) return null;
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .slice(0, 3)
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`);
  });
  return culprits === null ? [] : [`${width} px: scrolls sideways because of ${culprits.join(', ')}`];
}

const ENGLISH: Record<string, string> = en;
const FRENCH: Record<string, string> = fr;
/** English that is said otherwise in French. */
const UNTRANSLATED = new Set(
  Object.entries(ENGLISH)
    .filter(([key, words]) => words.length > 3 && !words.includes('{') && FRENCH[key] !== words)
    .map(([, words]) => words),
);
for (const words of Object.values(FRENCH)) UNTRANSLATED.delete(words);

/** Keys that stand where their message should, values that were never put in, English on a French page. */
async function strangeWords(page: Page, locale: PageLocale): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found = new Set<string>();
    // What people wrote is theirs.
    const own = '.prose, [data-part=post-content], pre, code, textarea, script, style';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement?.closest(own)) found.add(node.textContent?.trim() ?? '');
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.add(element.getAttribute(name) ?? '');
    }
    return [...found];
  });
  return texts.flatMap((text) => {
    if (Object.hasOwn(ENGLISH, text)) return [`the key ${text} instead of its words`];
    if (/\bundefined\b|\bNaN\b|\[object |\{[a-z]+\}/.test(text)) return [`"${text}" has no value`];
    if (locale === 'fr' && UNTRANSLATED.has(text)) return [`"${text}" is English`];
    return [];
  });
}
