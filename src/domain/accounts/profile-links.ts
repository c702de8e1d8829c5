import type { ProfileField } from '#domain/accounts/account-view.ts';

/**
 * The address that a local profile field consists of; null for a field that says anything besides, of which nobody
 * could tell what was confirmed.
 */
export function linkOfField({ valueHtml }: Pick<ProfileField, 'valueHtml'>): string | null {
  const href = /^<a href="(https?:\/\/[^"<>]+)"[^<>]*>(?:<span[^<>]*>[^<>]*<\/span>)*<\/a>$/.exec(valueHtml)?.[1];
  return href === undefined ? null : (URL.parse(href.replaceAll('&amp;', '&').replaceAll('&#39;', "'"))?.href ?? null);
}
