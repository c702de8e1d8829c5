import type { EmojiView } from '#domain/accounts/account-view.ts';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import { translateLimits } from '#federation/translate/limits.ts';
import { asArray, asObject, idOf, textOf, typeOf } from '#federation/translate/read.ts';
import type { Json } from '#federation/translate/read.ts';
import { pictureUrl } from '#federation/translate/media.ts';

/** Whom a post names. Smithereen leaves the name away, Minds and Plume the server. */
export function mentionsOf(json: Json): RemotePost['mentions'] {
  const mentions = new Map<string, string | null>();
  for (const tag of tagsOf(json, 'Mention')) {
    const uri = idOf(tag['href']);
    const handle = textOf(tag['name'], translateLimits.handleCharacters * 2)?.replace(/^@/, '') ?? null;
    if (uri !== null && !mentions.has(uri))
      mentions.set(uri, handle && /^[^\s@]+(?:@[^\s@]+)?$/.test(handle) ? handle : null);
  }
  return [...mentions].slice(0, translateLimits.mentions).map(([uri, handle]) => ({ uri, handle }));
}

/** Names as they are written, without `#`; PeerTube never writes it. Two that differ by case are one. */
export function hashtagsOf(json: Json): string[] {
  const hashtags = new Map<string, string>();
  for (const tag of tagsOf(json, 'Hashtag')) {
    const name = textOf(tag['name'], translateLimits.hashtagCharacters + 1)?.replace(/^[#＃]/, '') ?? '';
    const isName = /^[\p{L}\p{M}\p{N}_·・-]+$/u.test(name) && name.length <= translateLimits.hashtagCharacters;
    if (isName && !hashtags.has(name.toLowerCase())) hashtags.set(name.toLowerCase(), name);
  }
  return [...hashtags.values()].slice(0, translateLimits.hashtags);
}

export function emojiOf(json: Json): EmojiView[] {
  const emoji = new Map<string, string>();
  for (const tag of tagsOf(json, 'Emoji')) {
    const shortcode = textOf(tag['name'], translateLimits.shortcodeCharacters + 2)?.replace(/^:|:$/g, '') ?? '';
    const url = pictureUrl(tag['icon']);
    if (url !== null && /^\w{1,100}$/.test(shortcode) && !emoji.has(shortcode)) emoji.set(shortcode, url);
  }
  return [...emoji].slice(0, translateLimits.emoji).map(([shortcode, url]) => ({ shortcode, url }));
}

/**
 * The post that this one quotes: by FEP-044f (`quote`), or as Fedibird, Misskey and others wrote it before, or as a
 * link to an object among the tags (FEP-e232).
 */
export function quoteOf(json: Json): string | null {
  for (const key of ['quote', 'quoteUri', 'quoteUrl', 'quoteURL', '_misskey_quote']) {
    const uri = idOf(json[key]);
    if (uri !== null) return uri;
  }
  const link = tagsOf(json, 'Link').find((tag) => OBJECT_LINK.test(textOf(tag['mediaType'], 200) ?? ''));
  return idOf(link?.['href']);
}

const OBJECT_LINK =
  /^application\/(?:activity\+json|ld\+json\s*;\s*profile="https:\/\/www\.w3\.org\/ns\/activitystreams")/;

function tagsOf(json: Json, type: string): Json[] {
  return asArray(json['tag'], translateLimits.tags).flatMap((one) => {
    const tag = asObject(one);
    return tag && typeOf(tag, [type]) === type ? [tag] : [];
  });
}
