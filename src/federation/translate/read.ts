import { translateLimits } from '#federation/translate/limits.ts';

/*
 * Readers over JSON that a stranger wrote: whatever stands there, the answer is a plain value within its limit or null,
 * and nothing throws. They look one level deep only, so that nesting costs nothing.
 */

export type Json = Record<string, unknown>;

export function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

/** JSON-LD leaves the brackets of a list of one away, and of an empty list everything. */
export function asArray(value: unknown, max: number): unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? (value as unknown[]).slice(0, max) : [value];
}

/**
 * The type of a document: the first of `known` that it names, or else the first it names. The prefixes that stand for
 * the vocabulary of ActivityStreams and its usual extensions are left away.
 */
export function typeOf(value: unknown, known: readonly string[] = []): string | null {
  const named = asArray(asObject(value)?.['type'], translateLimits.types)
    .filter((one) => typeof one === 'string' && one.length <= translateLimits.typeCharacters && TYPE.test(one))
    .map((one) => (one as string).replace(TYPE_PREFIX, ''));
  return named.find((one) => known.includes(one)) ?? named[0] ?? null;
}

const TYPE = /^[\w:/.#-]+$/;
const TYPE_PREFIX = /^(?:https?:\/\/www\.w3\.org\/ns\/activitystreams#|as:|toot:|schema:)/;

/**
 * An identity: the address as it is written, since identities are compared letter by letter. It stands alone, as the
 * `id` of an object, or as the first of a list (`inReplyTo` of some peers). Null for everything that is not http(s).
 */
export function idOf(value: unknown): string | null {
  const first = Array.isArray(value) ? (value[0] as unknown) : value;
  const id = typeof first === 'string' ? first : asObject(first)?.['id'];
  return typeof id === 'string' && !UNWRITTEN.test(id) && parsedUrl(id, translateLimits.idCharacters) ? id : null;
}

/**
 * An address to show or fetch, normalised: a string, a Link's `href`, or the `url` of an Image. Of a list the first
 * that is one. Null for everything that is not http(s), and for addresses with a user's name in them, which are made
 * to look like another host.
 */
export function urlOf(value: unknown): string | null {
  for (const one of asArray(value, translateLimits.links)) {
    const object = asObject(one);
    const inner = object ? (object['href'] ?? object['url']) : one;
    const [address] = asArray(inner, 1);
    const url = parsedUrl(asObject(address)?.['href'] ?? address, translateLimits.urlCharacters);
    if (url && url.href.length <= translateLimits.urlCharacters) return url.href;
  }
  return null;
}

function parsedUrl(value: unknown, max: number): URL | null {
  if (typeof value !== 'string' || value.length > max || !/^https?:\/\/[^/]/i.test(value)) return null;
  const url = HIDDEN.test(value) ? null : URL.parse(value);
  return url && url.username === '' && url.password === '' && HOST.test(url.hostname) ? url : null;
}

/** As the URL parser writes names and addresses of hosts; it lets templates such as `{{DOMAIN}}` pass. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/;

/** The URL parser drops or rewrites them, so that two readers would read two addresses. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\\\ud800-\udfff]/u;

/** Stand in no identity, though some peers write them in the addresses of files. */
const UNWRITTEN = /[\s<>"]/;

/** What identities are compared by for trust: scheme, host and port; null for what is no address. */
export function originOf(uri: string | null): string | null {
  return uri === null ? null : (URL.parse(uri)?.origin ?? null);
}

/** Text as it is written, trimmed and cut; null when nothing is left. Bidirectional marks stay. */
export function textOf(value: unknown, max: number): string | null {
  if (typeof value !== 'string') return null;
  const text = cut(cleanText(value), max).trim();
  return text === '' ? null : text;
}

/** The same as one line: for titles and names. */
export function lineOf(value: unknown, max: number): string | null {
  return typeof value === 'string' ? textOf(cleanText(value.slice(0, max * 2)).replace(/\s+/g, ' '), max) : null;
}

/** Without what no text holds and what PostgreSQL refuses: control characters and halves of surrogate pairs. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(CONTROLS, '');
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

export function cut(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).replace(/[\ud800-\udbff]$/, '');
}

/**
 * A text that may also stand in a language map (`content` and `contentMap`), with its language where the map tells:
 * the map's only key, or the one with the same text. Friendica's map holds another rendering; the plain text wins.
 */
export function languageText(json: Json, key: string): { text: string | null; language: string | null } {
  const plain = typeof json[key] === 'string' && json[key] !== '' ? json[key] : null;
  const map = asObject(json[`${key}Map`]) ?? asObject(json[key]);
  const texts = Object.entries(map ?? {})
    .slice(0, translateLimits.languages)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '');
  const chosen =
    texts.find((entry) => entry[1] === plain) ?? (plain === null || texts.length === 1 ? texts[0] : undefined);
  return { text: plain ?? chosen?.[1] ?? null, language: languageOf(chosen?.[0]) };
}

/** A language tag in its canonical form: `en`, `pt-BR`, or Lemmy's and PeerTube's `{ identifier: 'fr' }`. */
export function languageOf(value: unknown): string | null {
  const tag = asObject(value)?.['identifier'] ?? value;
  if (typeof tag !== 'string' || tag.length > 35) return null;
  const written = tag.replaceAll('_', '-');
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i.test(written) || /^(?:und|mul|zxx|mis)\b/i.test(written)) return null;
  try {
    return Intl.getCanonicalLocales(written)[0] ?? null;
  } catch {
    return null;
  }
}

/**
 * A moment in milliseconds. Zones are often left away (Pleroma's `closed`) and mean UTC then. Null for garbage and for
 * years before 1990, which are zero values of some language.
 */
export function instantOf(value: unknown): number | null {
  const match = typeof value === 'string' && value.length <= 64 ? ISO_DATE.exec(value.trim()) : null;
  if (!match) return null;
  const [, day = '', time = '00:00', seconds = '00', fraction = '', zone = 'Z'] = match;
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const instant = Date.parse(`${day}T${time}:${seconds}.${`${fraction}000`.slice(0, 3)}${offset}`);
  return Number.isFinite(instant) && instant >= EARLIEST ? instant : null;
}

const ISO_DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;
const EARLIEST = Date.UTC(1990, 0, 1);

/** A whole number from 0 to `max`; greater ones are cut to it. Numbers in quotes count. */
export function numberOf(value: unknown, max: number): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) return null;
  return Math.min(Math.trunc(number), max);
}

export function flagOf(value: unknown): boolean {
  return value === true || value === 'true';
}
