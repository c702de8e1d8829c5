import MarkdownIt from 'markdown-it';
import { escapeHtml } from '#web/jsx/html.ts';
import { safeUrl } from '#web/safe-html.ts';

/** Quotes in lists in quotes …: what lies deeper is left out. */
const NESTING_MAX = 20;

/*
 * CommonMark without HTML and pictures and without addresses that stand elsewhere in the text; bare addresses are links.
 * What is not known is shown as it was typed.
 */
const markdown = new MarkdownIt('commonmark', { xhtmlOut: false, linkify: true, maxNesting: NESTING_MAX });
markdown.enable('linkify').disable(['image', 'reference', 'html_block', 'html_inline']);
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true, fuzzyIP: false });
markdown.validateLink = (address) => linkAddress(address) !== null;
markdown.normalizeLink = (address) => linkAddress(address) ?? '';

/** The page has a heading of its own: those of the text begin below it, and leave out no level. */
markdown.core.ruler.push('level_headings', ({ tokens }) => {
  const headings = tokens.filter(({ type }) => type === 'heading_open' || type === 'heading_close');
  const used = [...new Set(headings.map(({ tag }) => tag))].toSorted();
  for (const heading of headings) heading.tag = `h${Math.min(6, used.indexOf(heading.tag) + 2)}`;
});

markdown.renderer.rules['link_open'] = (tokens, index, options, _, renderer) => {
  const link = tokens[index];
  const address = String(link?.attrGet('href') ?? '');
  // `[words]()` leads nowhere, and not to the page that it stands on.
  if (link && !address) link.attrs = null;
  else if (!address.startsWith('/')) link?.attrSet('rel', 'noopener noreferrer');
  return renderer.renderToken(tokens, index, options);
};
// The language behind a fence would become a class, of which there is none for it.
markdown.renderer.rules['fence'] = (tokens, index) =>
  `<pre><code>${escapeHtml(tokens[index]?.content ?? '')}</code></pre>\n`;

/**
 * The long texts of an instance as HTML: headings, paragraphs, lists, quotes, code, rules, links, emphasis. HTML in
 * them is shown as it was typed, so the result is safe whoever wrote the text.
 */
export function renderMarkdown(text: string): string {
  return markdown.render(text);
}

/** Null for addresses that no link may have. */
function linkAddress(address: string): string | null {
  return /^mailto:[^\s@<>"]{1,64}@[^\s@<>"]{1,253}$/i.test(address) ? address : safeUrl(address);
}
