import { IntlMessageFormat, type Formatters } from 'intl-messageformat';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

/** A text in ICU MessageFormat, ready to be filled in. */
export interface Message {
  readonly format: IntlMessageFormat;
  readonly locale: string;
  /** Each placeholder, and whether its value is shown as it is or chooses between cases. */
  readonly placeholders: ReadonlyMap<string, 'shown' | 'chooses'>;
}

/** @throws SyntaxError; the locale test compiles every message. */
export function compileMessage(source: string, locale: string): Message {
  const format = new IntlMessageFormat(source, locale, undefined, { ignoreTag: true, formatters: FORMATTERS });
  const placeholders = new Map<string, 'shown' | 'chooses'>();
  collectPlaceholders(format.getAst(), placeholders);
  return { format, locale, placeholders };
}

/**
 * Strings and the given pieces, in order. Numbers are written as the language writes them, without every message having
 * to say `{count, number}`. A placeholder without a value stays visible as `{name}`.
 */
export function formatMessage<Piece>(
  { format, locale, placeholders }: Message,
  values: Record<string, Piece | string | number>,
): (Piece | string)[] {
  const given: Record<string, Piece | string | number> = {};
  for (const [name, use] of placeholders) {
    const value = values[name];
    if (use === 'chooses') given[name] = value ?? 0;
    else if (value === undefined) given[name] = `{${name}}`;
    else given[name] = typeof value === 'number' ? FORMATTERS.getNumberFormat(locale).format(value) : value;
  }
  return format.formatToParts<Piece>(given).map(({ value }) => value);
}

function collectPlaceholders(elements: readonly Element[], found: Map<string, 'shown' | 'chooses'>): void {
  for (const element of elements) {
    if ('options' in element) {
      found.set(element.value, 'chooses');
      for (const { value } of Object.values(element.options)) collectPlaceholders(value, found);
    } else if ('value' in element && Number(element.type) === ARGUMENT) {
      found.set(element.value, 'shown');
    }
  }
}

/** The parser's number for a plain `{name}`; its own name for it is in another package. */
const ARGUMENT = 1;

/** Kept for all messages together, because making one costs more than formatting a page. */
const FORMATTERS: Formatters = {
  getNumberFormat: kept((locale, options) => new Intl.NumberFormat(locale, options as Intl.NumberFormatOptions)),
  getDateTimeFormat: kept((locale, options) => new Intl.DateTimeFormat(locale, options as Intl.DateTimeFormatOptions)),
  getPluralRules: kept((locale, options) => new Intl.PluralRules(locale, options as Intl.PluralRulesOptions)),
};

function kept<Format>(make: (locale?: string | string[], options?: object) => Format) {
  const formats = new Map<string, Format>();
  return (locale?: string | string[], options?: object): Format => {
    const key = options === undefined ? String(locale) : `${String(locale)} ${JSON.stringify(options)}`;
    let format = formats.get(key);
    if (format === undefined) {
      format = make(locale, options);
      formats.set(key, format);
    }
    return format;
  };
}
