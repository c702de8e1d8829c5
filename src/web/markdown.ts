import { LinkifyIt } from 'linkify-it';
import { escapeHtml, safeUrl } from '#web/safe-html.ts';

/** Quotes in lists in quotes …: what lies deeper is shown as text. */
const DEPTH_MAX = 6;
/** How far apart the two ends of an emphasis or a link may be. */
const SPAN_MAX = 2000;

const linkify = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: true, fuzzyIP: false });

/**
 * The long texts of an instance as HTML: headings, paragraphs, lists, quotes, code, rules, links, emphasis. Everything
 * else, HTML above all, is shown as it was typed, so the result is safe whoever wrote the text.
 */
export function renderMarkdown(text: string): string {
  return levelHeadings(renderBlocks(text.replaceAll(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n'), 0));
}

/** The page has a heading of its own: those of the text begin below it, and leave out no level. */
function levelHeadings(html: string): string {
  const used = [...new Set([...html.matchAll(/<h(\d)>/g)].map(([, level = '']) => level))].toSorted();
  return html.replaceAll(/<(\/?)h(\d)>/g, (_, slash: string, level: string) => {
    return `<${slash}h${Math.min(6, used.indexOf(level) + 2)}>`;
  });
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})(?= |$)(.*)$/;
const RULE = /^ {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])( +|$)/;

interface Block {
  html: string;
  /** The line after it. */
  next: number;
}

function renderBlocks(lines: readonly string[], depth: number): string {
  let html = '';
  for (let at = 0; at < lines.length;) {
    if (lines[at]?.trim() === '') at += 1;
    else {
      const block = blockAt(lines, at, depth);
      html += block.html;
      at = block.next;
    }
  }
  return html;
}

function blockAt(lines: readonly string[], at: number, depth: number): Block {
  const line = lines[at] ?? '';
  const fence = FENCE.exec(line)?.[1];
  if (fence !== undefined) return codeBlock(lines, at, fence);
  const heading = HEADING.exec(line);
  if (heading) {
    const level = heading[1]?.length ?? 1;
    return { html: `<h${level}>${renderSpans(withoutClosing(heading[2] ?? ''))}</h${level}>`, next: at + 1 };
  }
  if (RULE.test(line)) return { html: '<hr>', next: at + 1 };
  if (depth < DEPTH_MAX) {
    if (QUOTE.test(line)) return quote(lines, at, depth);
    if (ITEM.test(line)) return list(lines, at, depth);
  }
  return paragraph(lines, at, depth);
}

/** `## Title ##` is closed by as many signs as one likes. */
function withoutClosing(heading: string): string {
  const text = heading.trim();
  let end = text.length;
  while (text.charAt(end - 1) === '#') end -= 1;
  return end === 0 || text.charAt(end - 1) === ' ' ? text.slice(0, end).trimEnd() : text;
}

function codeBlock(lines: readonly string[], at: number, fence: string): Block {
  const isEnd = (line: string) => line.trim().startsWith(fence) && line.trim().replaceAll(fence.charAt(0), '') === '';
  let end = at + 1;
  while (end < lines.length && !isEnd(lines[end] ?? '')) end += 1;
  const code = lines.slice(at + 1, end).join('\n');
  return { html: `<pre><code>${escapeHtml(code)}</code></pre>`, next: end + 1 };
}

function quote(lines: readonly string[], at: number, depth: number): Block {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end] ?? '')) end += 1;
  const inside = lines.slice(at, end).map((line) => line.replace(QUOTE, ''));
  return { html: `<blockquote>${renderBlocks(inside, depth + 1)}</blockquote>`, next: end };
}

function list(lines: readonly string[], at: number, depth: number): Block {
  const first = ITEM.exec(lines[at] ?? '')?.[2] ?? '-';
  const isOrdered = /\d/.test(first);
  const isSibling = (line: string) => {
    const marker = ITEM.exec(line)?.[2];
    return marker !== undefined && /\d/.test(marker) === isOrdered && !RULE.test(line);
  };
  const items: string[][] = [];
  let isLoose = false;
  let next = at;
  while (next < lines.length && isSibling(lines[next] ?? '')) {
    const item = itemAt(lines, next);
    items.push(item.lines);
    // A blank line between two items, or inside one, sets the whole list as paragraphs.
    isLoose ||= item.lines.includes('') || (item.blankAfter && isSibling(lines[item.next] ?? ''));
    next = item.next;
  }
  const inside = items.map(
    (item) => `<li>${isLoose ? renderBlocks(item, depth + 1) : tightItem(item, depth + 1)}</li>`,
  );
  const start = Number.parseInt(first, 10);
  const tag = isOrdered ? 'ol' : 'ul';
  return { html: `<${tag}${isOrdered && start !== 1 ? ` start="${start}"` : ''}>${inside.join('')}</${tag}>`, next };
}

/** The lines of one item without their indentation, and where what comes after it begins. */
function itemAt(lines: readonly string[], at: number): { lines: string[]; next: number; blankAfter: boolean } {
  const [marker = ''] = ITEM.exec(lines[at] ?? '') ?? [];
  const indent = Math.min(marker.length, marker.trimEnd().length + 4);
  const own = [(lines[at] ?? '').slice(marker.length)];
  let next = at + 1;
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? '';
    const isInside = line.startsWith(' '.repeat(indent));
    const isContinued = own.at(-1) !== '' && line.trim() !== '' && !interruptsParagraph(line) && !ITEM.test(line);
    if (line.trim() === '') own.push('');
    else if (isInside) own.push(line.slice(indent));
    else if (isContinued) own.push(line.trimStart());
    else break;
  }
  const blankAfter = own.at(-1) === '';
  while (own.at(-1) === '' && own.length > 1) own.pop();
  return { lines: own, next, blankAfter };
}

/** The text of an item stands without a paragraph, what follows it (a list below) as blocks. */
function tightItem(lines: readonly string[], depth: number): string {
  const end = lines.findIndex((line, index) => index > 0 && (interruptsParagraph(line) || ITEM.test(line)));
  const text = end === -1 ? lines : lines.slice(0, end);
  const [first = ''] = text;
  if (interruptsParagraph(first) || ITEM.test(first)) return renderBlocks(lines, depth);
  return renderLines(text) + (end === -1 ? '' : renderBlocks(lines.slice(end), depth));
}

function paragraph(lines: readonly string[], at: number, depth: number): Block {
  let end = at + 1;
  // As CommonMark has it, a number in the middle of a paragraph begins a list only where it is 1.
  const begins = (line: string) =>
    interruptsParagraph(line) || (depth < DEPTH_MAX && /^ {0,3}(?:[-*+]|1[.)]) +\S/.test(line));
  while (end < lines.length && (lines[end] ?? '').trim() !== '' && !begins(lines[end] ?? '')) end += 1;
  return { html: `<p>${renderLines(lines.slice(at, end))}</p>`, next: end };
}

function interruptsParagraph(line: string): boolean {
  return FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line);
}

/** Lines of one paragraph flow together; two spaces or a backslash at the end break it. */
function renderLines(lines: readonly string[]): string {
  const text = lines
    .map((line, index) => {
      const isLast = index === lines.length - 1;
      if (isLast) return line.trim();
      return line.endsWith('  ') || line.endsWith('\\')
        ? `${line.replace(/\\$/, '').trim()}\u0000`
        : `${line.trim()}\n`;
    })
    .join('');
  return renderSpans(text).replaceAll('\u0000', '<br>');
}

const SPANS = [
  { pattern: /\\([!-/:-@[-`{-~])/y, render: ([, sign = '']: string[]) => escapeHtml(sign) },
  {
    pattern: new RegExp(`(?<!\`)(\`{1,10})(?!\`)([^\`]{1,${SPAN_MAX}})\\1(?!\`)`, 'y'),
    render: ([, , code = '']: string[]) => `<code>${escapeHtml(code.trim() || code)}</code>`,
  },
  {
    pattern: new RegExp(`\\[([^\\[\\]]{1,${SPAN_MAX}})\\]\\(([^\\s()<>]{1,${SPAN_MAX}})\\)`, 'y'),
    render: ([whole = '', words = '', address = '']: string[], depth: number) =>
      renderLink(address, renderSpans(words, depth + 1, false)) ?? escapeHtml(whole),
  },
  {
    pattern: new RegExp(`<([a-z]{2,10}:[^\\s<>]{1,${SPAN_MAX}})>`, 'y'),
    render: ([whole = '', address = '']: string[]) => renderLink(address, escapeHtml(address)) ?? escapeHtml(whole),
  },
  strong('\\*'),
  strong('_'),
  {
    pattern: new RegExp(`\\*(?![\\s*])([^*]{1,${SPAN_MAX}})(?<!\\s)\\*(?!\\*)`, 'y'),
    render: ([, words = '']: string[], depth: number, links: boolean) =>
      `<em>${renderSpans(words, depth + 1, links)}</em>`,
  },
  {
    // A word_with_underscores has no emphasis.
    pattern: new RegExp(`(?<![\\p{L}\\p{N}])_(?![\\s_])([^_]{1,${SPAN_MAX}})(?<!\\s)_(?![\\p{L}\\p{N}_])`, 'uy'),
    render: ([, words = '']: string[], depth: number, links: boolean) =>
      `<em>${renderSpans(words, depth + 1, links)}</em>`,
  },
];

function strong(sign: string) {
  const before = sign === '_' ? '(?<![\\p{L}\\p{N}])' : '';
  return {
    pattern: new RegExp(
      `${before}${sign}{2}(?!\\s)((?:[^${sign}]|${sign}(?!${sign})){1,${SPAN_MAX}}?)(?<!\\s)${sign}{2}`,
      'uy',
    ),
    render: ([, words = '']: string[], depth: number, links: boolean) =>
      `<strong>${renderSpans(words, depth + 1, links)}</strong>`,
  };
}

function renderSpans(text: string, depth = 0, links = true): string {
  if (depth >= DEPTH_MAX) return escapeHtml(text);
  let html = '';
  let plain = '';
  const flush = () => {
    html += links ? renderBareLinks(plain) : escapeHtml(plain);
    plain = '';
  };
  for (let at = 0; at < text.length;) {
    const found = /[\\`[<*_]/.test(text.charAt(at)) ? spanAt(text, at) : null;
    if (!found || (!links && found.isLink)) {
      plain += text.charAt(at);
      at += 1;
      continue;
    }
    flush();
    html += found.render(depth, links);
    at += found.length;
  }
  flush();
  return html;
}

function spanAt(text: string, at: number) {
  for (const { pattern, render } of SPANS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) continue;
    const isLink = match[0].startsWith('[') || match[0].startsWith('<');
    return {
      length: match[0].length,
      isLink,
      render: (depth: number, links: boolean) => render([...match], depth, links),
    };
  }
  return null;
}

/** Addresses and mail addresses that stand in the text as they are. */
function renderBareLinks(text: string): string {
  let html = '';
  let at = 0;
  for (const match of linkify.match(text) ?? []) {
    const link = renderLink(match.url, escapeHtml(match.text));
    if (link === null) continue;
    html += escapeHtml(text.slice(at, match.index)) + link;
    at = match.lastIndex;
  }
  return html + escapeHtml(text.slice(at));
}

/** Null for addresses that no link may have. @param words already HTML. */
function renderLink(address: string, words: string): string | null {
  const href = /^mailto:[^\s@<>"]{1,64}@[^\s@<>"]{1,253}$/i.test(address) ? address : safeUrl(address);
  if (href === null) return null;
  const elsewhere = href.startsWith('/') ? '' : ' rel="noopener noreferrer"';
  return `<a href="${escapeHtml(href)}"${elsewhere}>${words}</a>`;
}
