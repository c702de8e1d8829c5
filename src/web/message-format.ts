/*
 * The part of ICU MessageFormat that our texts need:
 *   {name}                                              a value
 *   {count, plural, =0 {none} one {# post} other {# posts}}   by Intl.PluralRules; # is the formatted number
 *   {role, select, admin {an admin} other {a member}}
 * Cases nest. There is no quoting: a text that needs a brace or # literally does not exist here.
 */
export type MessagePart =
  | string
  | { kind: 'value'; name: string }
  | { kind: 'number' }
  | { kind: 'plural' | 'select'; name: string; cases: Map<string, MessagePart[]> };

/** @throws SyntaxError naming the position; the locale test compiles every message. */
export function compileMessage(source: string): MessagePart[] {
  const reader = { source, at: 0 };
  const parts = readParts(reader, false);
  if (reader.at < source.length) throw unexpected(reader);
  return parts;
}

/** Strings and the given pieces, in order. A placeholder without a value stays visible as `{name}`. */
export function formatMessage<Piece>(
  parts: MessagePart[],
  values: Record<string, Piece | string | number>,
  locale: string,
): (Piece | string)[] {
  const out: (Piece | string)[] = [];
  write(parts, null);
  return out;

  function write(pieces: MessagePart[], count: number | null): void {
    for (const part of pieces) {
      if (typeof part === 'string') out.push(part);
      else if (part.kind === 'number') out.push(count === null ? '#' : formatted(count, locale));
      else if (part.kind === 'value') out.push(shown(values[part.name], part.name, locale));
      else
        write(chosenCase(part, values[part.name], locale), part.kind === 'plural' ? Number(values[part.name]) : count);
    }
  }
}

/** The placeholders of a message, for comparing locales. */
export function placeholdersOf(parts: MessagePart[]): Set<string> {
  const names = new Set<string>();
  for (const part of parts) {
    if (typeof part === 'string' || part.kind === 'number') continue;
    names.add(part.name);
    if (part.kind === 'value') continue;
    for (const inner of part.cases.values()) for (const name of placeholdersOf(inner)) names.add(name);
  }
  return names;
}

function shown<Piece>(value: Piece | string | number | undefined, name: string, locale: string): Piece | string {
  if (value === undefined) return `{${name}}`;
  return typeof value === 'number' ? formatted(value, locale) : value;
}

function chosenCase(
  part: { kind: 'plural' | 'select'; cases: Map<string, MessagePart[]> },
  value: unknown,
  locale: string,
): MessagePart[] {
  const { cases } = part;
  const other = cases.get('other') ?? [];
  if (part.kind === 'select') return (typeof value === 'string' ? cases.get(value) : undefined) ?? other;
  const count = Number(value);
  return cases.get(`=${count}`) ?? cases.get(pluralRules(locale).select(count)) ?? other;
}

interface Reader {
  source: string;
  at: number;
}

function readParts(reader: Reader, inCase: boolean, inPlural = false): MessagePart[] {
  const parts: MessagePart[] = [];
  let text = '';
  const flush = (): void => {
    if (text) parts.push(text);
    text = '';
  };
  while (reader.at < reader.source.length) {
    const character = reader.source.charAt(reader.at);
    if (character === '}') {
      if (!inCase) throw unexpected(reader);
      break;
    }
    if (character === '{') {
      flush();
      parts.push(readPlaceholder(reader, inPlural));
    } else if (character === '#' && inPlural) {
      flush();
      parts.push({ kind: 'number' });
      reader.at += 1;
    } else {
      text += character;
      reader.at += 1;
    }
  }
  flush();
  return parts;
}

function readPlaceholder(reader: Reader, inPlural: boolean): MessagePart {
  expect(reader, /\{\s*/y);
  const name = expect(reader, /[a-zA-Z][a-zA-Z0-9]*/y);
  expect(reader, /\s*/y);
  if (reader.source.charAt(reader.at) === '}') {
    reader.at += 1;
    return { kind: 'value', name };
  }
  const kind = expect(reader, /,\s*(?:plural|select)\s*,\s*/y).includes('plural') ? 'plural' : 'select';
  const cases = new Map<string, MessagePart[]>();
  while (reader.source.charAt(reader.at) !== '}') {
    const selector = expect(reader, /=[0-9]+|[a-zA-Z][a-zA-Z0-9-]*/y);
    expect(reader, /\s*\{/y);
    cases.set(selector, readParts(reader, true, inPlural || kind === 'plural'));
    expect(reader, /\}\s*/y);
  }
  reader.at += 1;
  if (!cases.has('other')) throw new SyntaxError(`no "other" case for {${name}} in: ${reader.source}`);
  return { kind, name, cases };
}

function expect(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.source);
  if (!match) throw unexpected(reader);
  reader.at += match[0].length;
  return match[0];
}

function unexpected(reader: Reader): SyntaxError {
  return new SyntaxError(`unexpected "${reader.source.charAt(reader.at)}" at ${reader.at} in: ${reader.source}`);
}

const rules = new Map<string, Intl.PluralRules>();

function pluralRules(locale: string): Intl.PluralRules {
  let found = rules.get(locale);
  if (!found) {
    found = new Intl.PluralRules(locale);
    rules.set(locale, found);
  }
  return found;
}

const numbers = new Map<string, Intl.NumberFormat>();

function formatted(value: number, locale: string): string {
  let format = numbers.get(locale);
  if (!format) {
    format = new Intl.NumberFormat(locale);
    numbers.set(locale, format);
  }
  return format.format(value);
}
