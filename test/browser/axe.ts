import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { rememberLooks, type LooksWindow } from './looks.ts';

const require = createRequire(import.meta.url);

/**
 * What every page begins with that `runAxe` is to look at. A browser that is given it beforehand keeps it compiled; to
 * be brought into each page, it would take as long as the page does. It is half the size of `axe.source`.
 */
export const AXE_SCRIPT = `${readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')};(${rememberLooks.toString()})();`;

export type Light = 'light' | 'dark';

export type Rules = 'all' | 'colours' | 'all but colours';

/** How a page is looked at. */
export interface Look {
  light: Light;
  rules: Rules;
  /** In words: with the window and the language. */
  how: string;
}

/** Nothing else that axe looks at depends on colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
/** There are no frames, and no rule that reads style sheets by itself. */
const ALL_RULES = { resultTypes: ['violations', 'incomplete'], elementRef: true, iframes: false, preload: false };
const OPTIONS: Record<Rules, object> = {
  all: ALL_RULES,
  colours: { ...ALL_RULES, runOnly: COLOUR_RULES },
  'all but colours': {
    ...ALL_RULES,
    rules: Object.fromEntries(COLOUR_RULES.map((rule) => [rule, { enabled: false }])),
  },
};

/** Parts that pages share: the same HTML in the same window looks the same on each of them. */
const SHARED_PARTS = 'article, select, li, footer, .composer, .rail, .site-footer';
/** By how the page is looked at: the parts that were seen in that way already. */
const seenParts = new Map<string, Set<string>>();

/**
 * What axe finds in what cannot be known from before: neither the same part of another page in the same look, nor what
 * looked the same in this page by the same light in another window.
 */
export async function runAxe(page: Page, { light, rules, how }: Look): Promise<string[]> {
  const seen = seenParts.get(how) ?? new Set();
  seenParts.set(how, seen);
  const parts = await page.evaluate(nameParts, SHARED_PARTS);
  const known = parts.map((part) => seen.has(part));
  for (const part of parts) seen.add(part);
  const violations = await page.evaluate(runInPage, { parts: SHARED_PARTS, known, options: OPTIONS[rules], light });
  return violations.map((violation) => `${how}: ${violation}`);
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

interface AxeNode {
  element: Element;
  target: string[];
  failureSummary?: string;
}

interface AxeWindow extends LooksWindow {
  axe: {
    run(context: object, options: object): Promise<Record<'violations' | 'incomplete', AxeResult[]>>;
  };
}

interface AxeResult {
  id: string;
  nodes: AxeNode[];
}

/** In the page. */
async function runInPage(given: { parts: string; known: boolean[]; options: object; light: Light }): Promise<string[]> {
  const { axe, looks } = window as unknown as AxeWindow;
  const known = new Set([...document.querySelectorAll(given.parts)].filter((_, index) => given.known[index]));
  const exclude = looks.settled(given.light, known);
  const { violations, incomplete } = await axe.run({ include: [document], exclude }, given.options);
  looks.forget(
    given.light,
    incomplete.flatMap(({ nodes }) => nodes.map(({ element }) => element)),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 3)
      .map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim()}`),
  );
}
