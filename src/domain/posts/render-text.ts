import { LinkifyIt } from 'linkify-it';

/** Whom a text names, as found in it: `domain` is null for `@name` without one. */
export interface FoundMention {
  handle: string;
  domain: string | null;
}

/** Where a mention leads, by its key (see `mentionKey`). */
export interface MentionTarget {
  url: string;
  acct: string;
}

const MENTION =
  /(?<![\p{L}\p{N}_/.@])@([a-zA-Z0-9_](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9_])?)(?:@([\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?(?::\d{1,5})?))?/gu;
const HASHTAG = /(?<![\p{L}\p{N}_/&#])#([\p{L}\p{N}_\u{30fb}\u{200c}]*[\p{L}_][\p{L}\p{N}_\u{30fb}\u{200c}]*)/gu;
const VISIBLE_URL_CHARACTERS = 30;

const linkify = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });

export function mentionKey({ handle, domain }: FoundMention): string {
  return domain ? `${handle}@${domain}`.toLowerCase() : handle.toLowerCase();
}

/** The mentions of a text, each once, outside of its links. */
export function findMentions(text: string): FoundMention[] {
  const found = new Map<string, FoundMention>();
  for (const { text: part, link } of splitLinks(text)) {
    if (link) continue;
    for (const [, handle = '', domain] of part.matchAll(MENTION)) {
      const mention = { handle, domain: domain ?? null };
      if (!found.has(mentionKey(mention))) found.set(mentionKey(mention), mention);
    }
  }
  return [...found.values()];
}

/** The hashtags of a text without `#`, as written, each once whatever its case. */
export function findHashtags(text: string): string[] {
  const found = new Map<string, string>();
  for (const { text: part, link } of splitLinks(text)) {
    if (link) continue;
    for (const [, name = ''] of part.matchAll(HASHTAG)) if (!found.has(foldTag(name))) found.set(foldTag(name), name);
  }
  return [...found.values()];
}

/** One spelling for look-up: case, width and accents folded. */
export function foldTag(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase();
}

/**
 * What a person typed as HTML: paragraphs, links, mentions that are known, hashtags. Everything else is
 * escaped, so the result is safe to show and to send.
 */
export function renderText(text: string, mentions: ReadonlyMap<string, MentionTarget>, origin: string): string {
  const paragraphs = text
    .replaceAll('\r\n', '\n')
    .trim()
    .split(/\n{2,}/);
  if (paragraphs.length === 1 && paragraphs[0] === '') return '';
  return paragraphs.map((paragraph) => `<p>${renderInline(paragraph, mentions, origin)}</p>`).join('');
}

/** The same without paragraphs, for a profile field: its links claim to be of the same person (`rel="me"`). */
export function renderField(text: string, mentions: ReadonlyMap<string, MentionTarget>, origin: string): string {
  return renderInline(text, mentions, origin, 'me nofollow noopener noreferrer');
}

function renderInline(
  text: string,
  mentions: ReadonlyMap<string, MentionTarget>,
  origin: string,
  rel = 'nofollow noopener noreferrer',
): string {
  return splitLinks(text)
    .map(({ text: part, link }) => (link ? renderLink(link, rel) : renderWords(part, mentions, origin)))
    .join('');
}

function splitLinks(text: string): { text: string; link: string | null }[] {
  const parts: { text: string; link: string | null }[] = [];
  let at = 0;
  for (const match of linkify.match(text) ?? []) {
    if (!/^https?:\/\//i.test(match.url) || !URL.canParse(match.url)) continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index), link: null });
    parts.push({ text: match.text, link: match.url });
    at = match.lastIndex;
  }
  if (at < text.length) parts.push({ text: text.slice(at), link: null });
  return parts;
}

function renderLink(url: string, rel: string): string {
  const shown = url.replace(/^https?:\/\/(www\.)?/i, '');
  const prefix = url.slice(0, url.length - shown.length);
  const visible = shown.slice(0, VISIBLE_URL_CHARACTERS);
  const rest = shown.slice(VISIBLE_URL_CHARACTERS);
  return (
    `<a href="${escapeHtml(url)}" target="_blank" rel="${rel}">` +
    `<span class="invisible">${escapeHtml(prefix)}</span>` +
    `<span${rest ? ' class="ellipsis"' : ''}>${escapeHtml(visible)}</span>` +
    `${rest ? `<span class="invisible">${escapeHtml(rest)}</span>` : ''}</a>`
  );
}

function renderWords(text: string, mentions: ReadonlyMap<string, MentionTarget>, origin: string): string {
  const marks = [
    ...[...text.matchAll(MENTION)].map((match) => ({ match, kind: 'mention' as const })),
    ...[...text.matchAll(HASHTAG)].map((match) => ({ match, kind: 'hashtag' as const })),
  ].toSorted((a, b) => a.match.index - b.match.index);
  let html = '';
  let at = 0;
  for (const { match, kind } of marks) {
    if (match.index < at) continue;
    const rendered = kind === 'mention' ? renderMention(match, mentions) : renderHashtag(match[1] ?? '', origin);
    if (!rendered) continue;
    html += escapeWithBreaks(text.slice(at, match.index)) + rendered;
    at = match.index + match[0].length;
  }
  return html + escapeWithBreaks(text.slice(at));
}

function renderMention(match: RegExpExecArray, mentions: ReadonlyMap<string, MentionTarget>): string | null {
  const target = mentions.get(mentionKey({ handle: match[1] ?? '', domain: match[2] ?? null }));
  if (!target) return null;
  return (
    `<span class="h-card"><a href="${escapeHtml(target.url)}" class="u-url mention" title="${escapeHtml(target.acct)}">` +
    `@<span>${escapeHtml(match[1] ?? '')}</span></a></span>`
  );
}

function renderHashtag(name: string, origin: string): string {
  const href = `${origin}/tags/${encodeURIComponent(name.toLowerCase())}`;
  return `<a href="${escapeHtml(href)}" class="mention hashtag" rel="tag">#<span>${escapeHtml(name)}</span></a>`;
}

function escapeWithBreaks(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** The words of our own HTML or of sanitised HTML, for search and previews. */
export function textOfHtml(html: string): string {
  return html
    .replaceAll(/<(?:br|\/p|\/li|\/h\d|\/blockquote)[^>]*>/gi, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .trim();
}
