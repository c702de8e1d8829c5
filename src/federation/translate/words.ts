import type { PostKind } from '#domain/posts/post-view.ts';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import { translateLimits } from '#federation/translate/limits.ts';
import { cleanText, cut, languageOf, languageText, lineOf, textOf } from '#federation/translate/read.ts';
import type { Json } from '#federation/translate/read.ts';
import { escapeText, hasMarkup, htmlOf, htmlOfText, plainText, sanitize } from '#federation/translate/sanitize.ts';

type Words = Pick<RemotePost, 'title' | 'contentHtml' | 'warning' | 'language'>;

/**
 * What a post says. `summary` is a content warning on notes and polls, and an abstract on everything else, where it
 * stands in for a content or title that is missing.
 */
export function readWords(json: Json, kind: PostKind): Words {
  const content = languageText(json, 'content');
  const name = languageText(json, 'name');
  const summary = languageText(json, 'summary');
  const language =
    content.language ??
    languageOf(json['language']) ??
    languageOf(json['inLanguage']) ??
    name.language ??
    summary.language;
  const named = lineOf(name.text, translateLimits.titleCharacters);
  const abstract = textOfSummary(summary.text);
  const html = htmlOfBody(content.text, json['mediaType']);
  if (kind === 'note' || kind === 'question') {
    // Lotide repeats the name as summary.
    const warning = abstract === named ? null : textOf(abstract, translateLimits.warningCharacters);
    return { title: null, contentHtml: underName(named, html), warning, language };
  }
  const title = named ?? (html === '' ? lineOf(abstract, translateLimits.titleCharacters) : null);
  const contentHtml = html === '' && abstract !== title ? htmlOfBody(summary.text, 'text/html') : html;
  return { title, contentHtml, warning: null, language };
}

/** Notes have no title here, but forums (Discourse, Lotide) name the first one of a thread. */
function underName(name: string | null, html: string): string {
  if (name === null || plainText(html).startsWith(name)) return html;
  return `<p><strong>${escapeText(name)}</strong></p>${html}`;
}

/** The content with what was attached as a link, where the text does not have it already. */
export function withLinks(contentHtml: string, links: string[]): string {
  const missing = links.filter((link) => !contentHtml.includes(`href="${escapeText(link)}"`));
  return contentHtml + sanitize(missing.map((link) => htmlOfText(link)).join(''));
}

/** PeerTube sends Markdown, which reads well enough as text. */
function htmlOfBody(body: string | null, mediaType: unknown): string {
  if (body === null) return '';
  const isText = mediaType === 'text/markdown' || mediaType === 'text/plain';
  const max = translateLimits.htmlCharacters;
  return isText ? sanitize(htmlOfText(cut(cleanText(body), max)), max * 2) : htmlOf(body);
}

/** Mastodon sends plain text in `summary`, others HTML. */
function textOfSummary(summary: string | null): string | null {
  const text = textOf(summary, translateLimits.htmlCharacters);
  return text !== null && hasMarkup(text) ? plainText(text) || null : text;
}
