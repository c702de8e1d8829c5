import axeCore from 'axe-core';
import type { Page } from 'playwright-core';
import en from '#locales/en.json' with { type: 'json' };
import fr from '#locales/fr.json' with { type: 'json' };

export const LOCALES = ['en', 'fr'] as const;
export type PageLocale = (typeof LOCALES)[number];

const PHONE = 390;
const DESK = 1280;
const WIDTHS = [PHONE, DESK];
/** 1280 px at a zoom of 400 % (WCAG 1.4.10). */
const NARROW = 320;
const HEIGHT = 900;

/** Of which nothing is to be sent back. */
const AXE = `${axeCore.source}; 0`;

/** What axe gives when it runs in the page. */
interface AxeRun {
  violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[];
}

/** Nothing else that axe looks at depends on colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
/** There are no frames, and no rule that reads style sheets by itself. */
const BY_DAY = { resultTypes: ['violations'], iframes: false, preload: false };
const BY_NIGHT = { ...BY_DAY, runOnly: COLOUR_RULES };
const IN_OTHER_WORDS = { ...BY_DAY, rules: Object.fromEntries(COLOUR_RULES.map((rule) => [rule, { enabled: false }])) };

/** One way of looking at a page. */
interface Way {
  width: number;
  scheme: 'light' | 'dark';
  /** What axe looks at. */
  options: object;
}

/** What only colours can change is looked at by day and by night in one language, what only words can change in both. */
const EVERY_WAY: Record<PageLocale, Way[]> = {
  en: WIDTHS.flatMap((width): Way[] => [
    { width, scheme: 'light', options: BY_DAY },
    { width, scheme: 'dark', options: BY_NIGHT },
  ]),
  fr: WIDTHS.map((width) => ({ width, scheme: 'light', options: IN_OTHER_WORDS })),
};
/** Between them, both windows, both lights and both languages. */
const TWO_WAYS: Record<PageLocale, Way[]> = {
  en: [{ width: DESK, scheme: 'light', options: BY_DAY }],
  fr: [{ width: PHONE, scheme: 'dark', options: BY_DAY }],
};

/** With `WAYS=2` each page is looked at in two ways that have nothing in common, which takes a third of the time. */
const isBrief = process.env['WAYS'] === '2';
const WAYS_BY_LOCALE = isBrief ? TWO_WAYS : EVERY_WAY;

/** Windows × light × languages in which each page is looked at. */
export const WAYS = isBrief ? 2 : WIDTHS.length * 2 * LOCALES.length;

/**
 * Everything that is wrong with the page that the browser shows, on a phone and on a desk: what axe finds, sideways
 * scrolling, words that are no words or of the wrong language.
 */
export async function inspect(page: Page, locale: PageLocale): Promise<string[]> {
  const problems: string[] = [];
  for (const { width, scheme, options } of WAYS_BY_LOCALE[locale]) {
    await page.setViewportSize({ width, height: HEIGHT });
    await page.emulateMedia({ colorScheme: scheme });
    problems.push(...(await sidewaysScrolling(page, width)));
    problems.push(...(await axe(page, options, `${locale}, ${width} px, ${scheme}`)));
  }
  await page.setViewportSize({ width: NARROW, height: HEIGHT });
  problems.push(...(await sidewaysScrolling(page, NARROW)), ...(await strangeWords(page, locale)));
  const lang = await page.evaluate(() => document.documentElement.lang);
  if (lang !== locale) problems.push(`the page says that it is in ${lang}`);
  return problems;
}

/** Parts that pages share: the same HTML in the same window looks the same on each of them. */
const SHARED_PARTS = 'article, select, li, footer, .composer, .rail, .site-footer';
/** By how the page is looked at: the parts that were seen in that way already. */
const seenParts = new Map<string, Set<string>>();

async function axe(page: Page, options: object, how: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const seen = seenParts.get(how) ?? new Set();
  seenParts.set(how, seen);
  const parts = await page.evaluate(nameParts, SHARED_PARTS);
  const known = parts.map((part) => seen.has(part));
  for (const part of parts) seen.add(part);
  const { violations } = await page.evaluate(runAxe, { parts: SHARED_PARTS, known, options });
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(
        ({ target, failureSummary }) =>
          `${how}: ${id} at ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim()}`,
      ),
  );
}

/** In the page: what each part is, but for the way back that its forms carry. */
function nameParts(selector: string): string[] {
  return [...document.querySelectorAll(selector)].map((part) => {
    const html = part.outerHTML.replaceAll(/ value="[^"]*"/g, '');
    let hash = 0;
    for (let index = 0; index < html.length; index += 1) hash = (hash * 31 + html.charCodeAt(index)) | 0;
    return `${html.length} ${hash}`;
  });
}

interface AxeWindow {
  axe: { run(context: object, options: object): Promise<AxeRun> };
}

/** In the page. */
async function runAxe(given: { parts: string; known: boolean[]; options: object }): Promise<AxeRun> {
  const known = new Set([...document.querySelectorAll(given.parts)].filter((_, index) => given.known[index]));
  const exclude = [...known].filter((part) => {
    const around = part.parentElement?.closest(given.parts);
    return !around || !known.has(around);
  });
  return (window as unknown as AxeWindow).axe.run({ include: [document], exclude }, given.options);
}

async function sidewaysScrolling(page: Page, width: number): Promise<string[]> {
  const culprits = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    // What sticks out at the beginning of the line can not even be scrolled to.
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
