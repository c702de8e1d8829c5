import { languageName, type Locale } from '#web/i18n.ts';

/* What people on the fediverse write in most, by tag; the name comes from Intl. */
const TAGS = [
  'ar',
  'bg',
  'bn',
  'br',
  'ca',
  'cs',
  'cy',
  'da',
  'de',
  'el',
  'en',
  'eo',
  'es',
  'et',
  'eu',
  'fa',
  'fi',
  'fr',
  'ga',
  'gl',
  'he',
  'hi',
  'hr',
  'hu',
  'id',
  'is',
  'it',
  'ja',
  'ko',
  'lt',
  'lv',
  'nl',
  'no',
  'oc',
  'pl',
  'pt',
  'ro',
  'ru',
  'sk',
  'sl',
  'sq',
  'sr',
  'sv',
  'ta',
  'th',
  'tr',
  'uk',
  'ur',
  'vi',
  'zh',
];

export interface LanguageChoice {
  value: string;
  label: string;
}

const choices = new Map<Locale, LanguageChoice[]>();

/** Languages by name in the reader's language; `current` is added when it is not among them. */
export function languageChoices(locale: Locale, current?: string | null): LanguageChoice[] {
  let known = choices.get(locale);
  if (!known) {
    known = TAGS.map((tag) => ({ value: tag, label: capitalised(languageName(locale, tag), locale) })).toSorted(
      (a, b) => a.label.localeCompare(b.label, locale),
    );
    choices.set(locale, known);
  }
  if (!current || known.some((choice) => choice.value === current)) return known;
  return [{ value: current, label: capitalised(languageName(locale, current), locale) }, ...known];
}

function capitalised(name: string, locale: Locale): string {
  const [first = '', ...rest] = name;
  return first.toLocaleUpperCase(locale) + rest.join('');
}
