import { LRUCache } from 'lru-cache';
import { atMost } from '#kernel/lru-bound.ts';
import en from '#locales/en.json' with { type: 'json' };
import fr from '#locales/fr.json' with { type: 'json' };
import { compileMessage, formatMessage, type Message } from '#web/message-format.ts';

export const LOCALES = ['en', 'fr'] as const;

export type Locale = (typeof LOCALES)[number];

export type MessageKey = keyof typeof en;

export type MessageValues = Record<string, string | number>;

export interface Translator {
  (key: MessageKey, values?: MessageValues): string;
  readonly locale: Locale;
  /** The message in pieces, so that a placeholder can be an element: `t.rich('post.boosted-by', { name: <a …/> })`. */
  rich<Piece>(key: MessageKey, pieces: Record<string, Piece | string | number>): (Piece | string)[];
  /** A domain refusal's words, from its `reason`; an unknown reason gets the general apology. */
  error(reason: string, values?: MessageValues): string;
  has(key: string): key is MessageKey;
}

const catalogues: Record<Locale, Record<string, string>> = { en, fr };

const translators = new Map<Locale, Translator>();

/** One translator per locale, made once. A key that a locale lacks falls back to English. */
export function createTranslator(locale: Locale): Translator {
  const known = translators.get(locale);
  if (known) return known;
  const compiled = new Map<string, Message>();
  /** Messages that say the same every time, which most do. */
  const constant = new Map<string, string>();

  function message(key: MessageKey): Message {
    let found = compiled.get(key);
    if (!found) {
      found = compileMessage(catalogues[locale][key] ?? en[key], locale);
      compiled.set(key, found);
    }
    return found;
  }

  const translate = (key: MessageKey, values: MessageValues = {}): string => {
    const known = constant.get(key);
    if (known !== undefined) return known;
    const found = message(key);
    const text = formatMessage(found, values).join('');
    if (found.placeholders.size === 0) constant.set(key, text);
    return text;
  };

  const translator: Translator = Object.assign(translate, {
    locale,
    rich<Piece>(key: MessageKey, pieces: Record<string, Piece | string | number>): (Piece | string)[] {
      return formatMessage(message(key), pieces);
    },
    error(reason: string, values: MessageValues = {}): string {
      const key = `error.${reason}`;
      return isMessageKey(key) ? translate(key, values) : translate('error.unknown');
    },
    has: isMessageKey,
  });
  translators.set(locale, translator);
  return translator;
}

function isMessageKey(key: string): key is MessageKey {
  return Object.hasOwn(en, key);
}

/**
 * The locale of a request: what the person chose, else the best of `Accept-Language` (RFC 9110 §12.5.4,
 * weights respected, regions ignored), else English.
 */
export function pickLocale(acceptLanguage: string | null | undefined, preferred?: string | null): Locale {
  const chosen = asLocale(preferred);
  if (chosen) return chosen;
  const ranges = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((range, position) => {
      const [tag = '', ...parameters] = range.trim().split(';');
      const weight = parameters.map((parameter) => /^\s*q=([0-9.]+)\s*$/i.exec(parameter)?.[1]).find(Boolean);
      return { tag: tag.trim(), weight: weight === undefined ? 1 : Number(weight), position };
    })
    .filter((range) => range.weight > 0)
    .toSorted((a, b) => b.weight - a.weight || a.position - b.position);
  for (const range of ranges) {
    const locale = asLocale(range.tag);
    if (locale) return locale;
  }
  return 'en';
}

function asLocale(tag: string | null | undefined): Locale | null {
  const language = tag?.toLowerCase().split(/[-_]/)[0];
  return LOCALES.find((locale) => locale === language) ?? null;
}

/* British English says days, months and hours the way most of the readers of "en" write them. */
const FORMAT_LOCALES: Record<Locale, string> = { en: 'en-GB', fr: 'fr-FR' };

export function formatNumber(locale: Locale, value: number): string {
  return numberFormat(locale, {}).format(value);
}

/** Counts beside icons: 1,234 stays whole, 12,345 becomes 12K. */
export function formatCount(locale: Locale, value: number): string {
  return numberFormat(locale, Math.abs(value) >= 10_000 ? COMPACT : {}).format(value);
}

/** @param share 0 to 1 */
export function formatPercent(locale: Locale, share: number): string {
  return numberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

export function formatBytes(locale: Locale, bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return numberFormat(locale, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1000 ** power);
}

export type DateStyle = 'day' | 'short-day' | 'day-of-year' | 'short-day-of-year' | 'month' | 'moment' | 'time';

const DATE_OPTIONS: Record<DateStyle, Intl.DateTimeFormatOptions> = {
  day: { day: 'numeric', month: 'long', year: 'numeric' },
  'short-day': { day: 'numeric', month: 'short', year: 'numeric' },
  'day-of-year': { day: 'numeric', month: 'long' },
  'short-day-of-year': { day: 'numeric', month: 'short' },
  month: { month: 'long', year: 'numeric' },
  moment: { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
  time: { hour: '2-digit', minute: '2-digit' },
};

const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** The posts of a page are looked at again and again. */
const formattedDates = new LRUCache<string, string>(atMost(2000));

/** @param timeZone IANA name; UTC unless the person chose one (the `times` island shows the reader's own). */
export function formatDate(locale: Locale, at: number, style: DateStyle = 'moment', timeZone = 'UTC'): string {
  const key = `${locale} ${style} ${timeZone}`;
  // No style tells seconds, so those of one minute are the same.
  const minute = `${key} ${Math.floor(at / 60_000)}`;
  const known = formattedDates.get(minute);
  if (known !== undefined) return known;
  let format = dateFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(FORMAT_LOCALES[locale], { ...DATE_OPTIONS[style], timeZone });
    dateFormats.set(key, format);
  }
  const formatted = format.format(at);
  formattedDates.set(minute, formatted);
  return formatted;
}

const RELATIVE_STEPS = [
  { unit: 'minute', ms: 60_000, below: 60 },
  { unit: 'hour', ms: 3_600_000, below: 24 },
  { unit: 'day', ms: 86_400_000, below: 7 },
] as const;

/**
 * "2 hr ago", "in 3 days"; beyond a week the date itself, with its year when it is another year.
 * `style` short is for a post's head, long for sentences.
 */
export function formatRelative(locale: Locale, at: number, now: number, style: 'short' | 'long' = 'short'): string {
  const difference = at - now;
  const format = relativeFormat(locale, style);
  if (Math.abs(difference) < 60_000) return format.format(0, 'second');
  for (const { unit, ms, below } of RELATIVE_STEPS) {
    const amount = Math.trunc(difference / ms);
    if (Math.abs(amount) < below) return format.format(amount, unit);
  }
  const sameYear = new Date(at).getUTCFullYear() === new Date(now).getUTCFullYear();
  if (style === 'long') return formatDate(locale, at, sameYear ? 'day-of-year' : 'day');
  return formatDate(locale, at, sameYear ? 'short-day-of-year' : 'short-day');
}

/** "3 days left" is made of this: the largest whole unit until `at`, as "3 days". */
export function formatDuration(locale: Locale, ms: number): string {
  const steps = [
    { unit: 'day', ms: 86_400_000 },
    { unit: 'hour', ms: 3_600_000 },
    { unit: 'minute', ms: 60_000 },
  ] as const;
  const step = steps.find((candidate) => ms >= candidate.ms) ?? steps[2];
  return numberFormat(locale, { style: 'unit', unit: step.unit, unitDisplay: 'long' }).format(
    Math.max(1, Math.floor(ms / step.ms)),
  );
}

const languageNames = new Map<Locale, Intl.DisplayNames>();

/** The name of a language in the reader's language, or the tag itself when it names none. */
export function languageName(locale: Locale, tag: string): string {
  let names = languageNames.get(locale);
  if (!names) {
    names = new Intl.DisplayNames(FORMAT_LOCALES[locale], { type: 'language' });
    languageNames.set(locale, names);
  }
  try {
    return names.of(tag) ?? tag;
  } catch {
    // `of` throws RangeError for what is not a language tag, and remote posts carry anything.
    return tag;
  }
}

const COMPACT: Intl.NumberFormatOptions = { notation: 'compact', maximumFractionDigits: 1 };

const numberFormats = new Map<string, Intl.NumberFormat>();

/** Kept, because making one costs more than formatting a page of numbers. */
function numberFormat(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(FORMAT_LOCALES[locale], options);
    numberFormats.set(key, format);
  }
  return format;
}

const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();

function relativeFormat(locale: Locale, style: 'short' | 'long'): Intl.RelativeTimeFormat {
  const key = `${locale} ${style}`;
  let format = relativeFormats.get(key);
  if (!format) {
    format = new Intl.RelativeTimeFormat(FORMAT_LOCALES[locale], { numeric: 'auto', style });
    relativeFormats.set(key, format);
  }
  return format;
}
