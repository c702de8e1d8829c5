import type { EmojiView } from '#domain/accounts/account-view.ts';
import { escapeHtml, raw, type Markup } from '#web/jsx/html.ts';

/**
 * An address for `href` or `src`: a path of ours or http(s); null for everything else, among them `javascript:`,
 * `data:` and the protocol-relative `//host` and `/\host`, which look like paths.
 */
export function safeUrl(address: string | null | undefined): string | null {
  if (!address) return null;
  if (address.startsWith('/')) return /^\/(?![/\\])/.test(address) && !hasControls(address) ? address : null;
  try {
    const url = new URL(address);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}

/** Browsers drop tabs and newlines inside addresses, which would make `/\t/host` a foreign address. */
function hasControls(address: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\u0000-\u001f\u007f]/.test(address);
}

/** The host of an address as people should see it, or null. */
export function hostOf(address: string | null): string | null {
  const url = safeUrl(address);
  return url && !url.startsWith('/') ? new URL(url).host : null;
}

/**
 * Replaces `:shortcode:` by its picture in HTML that is already escaped or sanitised. Only text between tags is
 * touched, never a tag's inside; emoji with an odd shortcode or address are left as text.
 */
export function withEmoji(html: string, emoji: EmojiView[]): Markup {
  if (emoji.length === 0 || !html.includes(':')) return raw(html);
  const pictures = new Map<string, string>();
  for (const { shortcode, url } of emoji) {
    const src = safeUrl(url);
    if (!src || !/^\w{1,100}$/.test(shortcode)) continue;
    const name = `:${shortcode}:`;
    pictures.set(
      name,
      `<img class="emoji" src="${escapeHtml(src)}" alt="${name}" title="${name}" width="20" height="20" loading="lazy" decoding="async">`,
    );
  }
  const tagOrShortcode = /<(?:"[^"]*"|'[^']*'|[^'">])*>|:\w{1,100}:/g;
  return raw(html.replace(tagOrShortcode, (match) => pictures.get(match) ?? match));
}

/** Plain text with custom emoji, such as a display name or a content warning. */
export function textWithEmoji(text: string, emoji: EmojiView[]): Markup {
  return withEmoji(escapeHtml(text), emoji);
}
