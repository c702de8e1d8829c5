import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import en from '#locales/en.json' with { type: 'json' };
import fr from '#locales/fr.json' with { type: 'json' };

export const LOCALES = ['en', 'fr'] as const;
export type PageLocale = (typeof LOCALES)[number];

const WIDTHS = [390, 1280];
/** 1280 px at a zoom of 400 % (WCAG 1.4.10). */
const NARROW = 320;
const HEIGHT = 900;

/** What axe gives when it runs in the page. */
interface AxeRun {
  violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[];
}

/** Nothing else that axe looks at depends on colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
const BY_DAY = { resultTypes: ['violations'] };
const BY_NIGHT = { ...BY_DAY, runOnly: COLOUR_RULES };
const IN_OTHER_WORDS = { ...BY_DAY, rules: Object.fromEntries(COLOUR_RULES.map((rule) => [rule, { enabled: false }])) };

/**
 * Everything that is wrong with the page that the browser shows, on a phone and on a desk: what axe finds, sideways
 * scrolling, words that are no words or of the wrong language. What only colours can change is looked at by day and by
 * night, in one language; what only words can change, in both.
 */
export async function inspect(page: Page, locale: PageLocale): Promise<string[]> {
  const problems: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    problems.push(...(await sidewaysScrolling(page, width)));
    await page.emulateMedia({ colorScheme: 'light' });
    problems.push(...(await axe(page, locale === 'en' ? BY_DAY : IN_OTHER_WORDS, `${width} px, by day`)));
    if (locale !== 'en') continue;
    await page.emulateMedia({ colorScheme: 'dark' });
    problems.push(...(await axe(page, BY_NIGHT, `${width} px, by night`)));
  }
  await page.setViewportSize({ width: NARROW, height: HEIGHT });
  problems.push(...(await sidewaysScrolling(page, NARROW)), ...(await strangeWords(page, locale)));
  const lang = await page.evaluate(() => document.documentElement.lang);
  if (lang !== locale) problems.push(`the page says that it is in ${lang}`);
  return problems;
}

let axeSource: string | undefined;

/** The builder sends half a megabyte and opens another page for each run; a page that has axe already is asked itself. */
async function axe(page: Page, options: object, how: string): Promise<string[]> {
  if (axeSource === undefined) {
    await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    axeSource = await page.evaluate(() => (window as unknown as { axe: { source: string } }).axe.source);
  }
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate(
    (given) => (window as unknown as { axe: { run(options: object): Promise<AxeRun> } }).axe.run(given),
    options,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(
        ({ target, failureSummary }) =>
          `${how}: ${id} at ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim()}`,
      ),
  );
}

async function sidewaysScrolling(page: Page, width: number): Promise<string[]> {
  const culprits = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
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
