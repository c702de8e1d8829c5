import sanitizeHtml from 'sanitize-html';
import { layOut } from '#federation/translate/html-layout.ts';
import { translateLimits } from '#federation/translate/limits.ts';
import { cleanText, cut } from '#federation/translate/read.ts';

/**
 * The one door through which other people's HTML comes in. What is not on the list below is gone, with its content
 * where that is no text for people (scripts, styles, vector graphics). Well-formed, never throws.
 */
export function sanitize(html: string, max: number = translateLimits.htmlCharacters): string {
  try {
    const clean = layOut(sanitizeHtml(bounded(html, max), OPTIONS));
    // Escaping and `rel` lengthen it; what then is mostly markup is not worth its room.
    return clean.length <= max * 4 ? clean : escapeText(cut(textOfClean(clean), max));
  } catch {
    return '';
  }
}

/** HTML for what may be either: text without any markup keeps its lines and gets its links. */
export function htmlOf(text: string, max: number = translateLimits.htmlCharacters): string {
  return hasMarkup(text) ? sanitize(text, max) : sanitize(htmlOfText(cut(text, max)), max * 2);
}

/** The same in one line, for values of profile fields. */
export function inlineHtmlOf(text: string, max: number): string {
  return hasMarkup(text) ? sanitize(text, max) : sanitize(linked(cut(text, max)), max * 2);
}

/** HTML for text that is only text: paragraphs, lines and links. PeerTube's Markdown is shown so. */
export function htmlOfText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p>${linked(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('');
}

/** What HTML says, without any: paragraphs and lines become line breaks. Not for putting into HTML unescaped. */
export function plainText(html: string): string {
  return textOfClean(sanitize(html));
}

/** Peers disagree whether a summary is HTML; a text without a single tag or entity is none. */
export function hasMarkup(text: string): boolean {
  return /<[a-z/!]|&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});/i.test(text);
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const CLASSES = ['mention', 'hashtag', 'h-card', 'u-url', 'invisible', 'ellipsis'];

const KEPT = 'p br a span em strong del s u blockquote ul ol li pre code';

/** Laid out afterwards: headings become bold paragraphs, the others only break the line. */
const TO_LAY_OUT =
  'h1 h2 h3 h4 h5 h6 div section article aside header footer main nav address details summary figure figcaption ' +
  'table tr caption dl dt dd center fieldset form hr';

/** What they contain is not for reading. */
const NOT_TEXT =
  'script style textarea option xmp noscript iframe noembed noframes template title svg math object audio video ' +
  'canvas select button';

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: `${KEPT} ${TO_LAY_OUT}`.split(' '),
  allowedAttributes: { a: ['href', 'rel'] },
  allowedClasses: { a: CLASSES, span: CLASSES },
  transformTags: { b: 'strong', i: 'em', strike: 's', a: (_, attributes) => linkTag(attributes) },
  allowedSchemes: ['http', 'https', 'mailto', 'xmpp', 'matrix', 'gemini'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  nestingLimit: translateLimits.htmlDepth,
  nonTextTags: NOT_TEXT.split(' '),
};

/** A link that leads nowhere we know, or to a path of ours, becomes its words. */
function linkTag(attributes: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  const classes: sanitizeHtml.Attributes = attributes['class'] ? { class: attributes['class'] } : {};
  const href = linkTarget(attributes['href']);
  if (href === null) return { tagName: 'span', attribs: classes };
  return { tagName: 'a', attribs: { href, rel: 'nofollow noopener noreferrer ugc', ...classes } };
}

function linkTarget(href: string | undefined): string | null {
  if (!href || href.length > translateLimits.urlCharacters) return null;
  const url = URL.parse(href.trim());
  if (!url || !/^(?:https?|mailto|xmpp|matrix|gemini):$/.test(url.protocol)) return null;
  // `https://bank.example@evil.example` is made to be misread.
  url.username = '';
  url.password = '';
  return url.href;
}

/** Cut by length and by tags: the parser's time grows with the square of badly closed ones. */
function bounded(html: string, max: number): string {
  const text = cut(cleanText(html), max);
  let end = -1;
  for (let tags = 0; tags <= translateLimits.htmlTags; tags += 1) {
    end = text.indexOf('<', end + 1);
    if (end === -1) return text;
  }
  return text.slice(0, end);
}

/** Sanitised HTML has only the tags above and four entities. */
function textOfClean(html: string): string {
  return html
    .replace(/<br \/>/g, '\n')
    .replace(/<\/(?:p|blockquote|ul|ol|pre)>/g, '\n\n')
    .replace(/<\/li>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Escaped text whose web addresses are links. */
function linked(text: string): string {
  let html = '';
  let after = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"'`]+/g)) {
    const address = match[0].replace(/[.,;:!?)\]}]{1,20}$/, '');
    html += `${escapeText(text.slice(after, match.index))}<a href="${escapeText(address)}">${escapeText(address)}</a>`;
    after = match.index + address.length;
  }
  return html + escapeText(text.slice(after));
}
