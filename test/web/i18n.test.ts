import { describe, expect, test } from 'vitest';
import {
  createTranslator,
  formatBytes,
  formatCount,
  formatDate,
  formatDuration,
  formatRelative,
  languageName,
  pickLocale,
} from '#web/i18n.ts';
import { compileMessage, formatMessage } from '#web/message-format.ts';

const NOW = Date.UTC(2026, 4, 14, 17, 42);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function format(source: string, values: Record<string, string | number>, locale = 'en'): string {
  return formatMessage(compileMessage(source, locale), values).join('');
}

describe('messages', () => {
  test('take values, and numbers in the way of the language', () => {
    expect(format('Hello {name}, {count}', { name: 'Inès', count: 12345 })).toBe('Hello Inès, 12,345');
    expect(format('{count}', { count: 12345 }, 'fr')).toBe('12\u202f345');
  });

  test('choose by plural, exact numbers first', () => {
    const source = '{count, plural, =0 {nobody} one {# person} other {# people}}';
    expect([0, 1, 2, 1000].map((count) => format(source, { count }))).toEqual([
      'nobody',
      '1 person',
      '2 people',
      '1,000 people',
    ]);
  });

  test('know that zero is singular in French, and fall back from "many" to "other"', () => {
    const source = '{count, plural, one {# abonné} other {# abonnés}}';
    expect(format(source, { count: 0 }, 'fr')).toBe('0 abonné');
    expect(format(source, { count: 1_000_000 }, 'fr')).toContain('abonnés');
  });

  test('choose by word, with other for the rest', () => {
    const source = '{role, select, admin {an admin} other {a member}}';
    expect([format(source, { role: 'admin' }), format(source, { role: 'x' })]).toEqual(['an admin', 'a member']);
  });

  test('show a placeholder that was forgotten', () => {
    expect(format('Hello {name}', {})).toBe('Hello {name}');
    expect(format('{count, plural, one {# person} other {# people}}', {})).toBe('0 people');
  });

  test('never take a value for a message', () => {
    expect(format('Hello {name}', { name: '{count, plural, other {#}}' })).toBe('Hello {count, plural, other {#}}');
  });

  test('let a placeholder be anything, in its place', () => {
    const piece = { element: true };
    expect(formatMessage(compileMessage('by {name} today', 'en'), { name: piece })).toEqual(['by ', piece, ' today']);
  });

  test.each(['{', '{name', '{n, plural, one {x}}', '{n, sometimes, other {x}}'])('refuse %s', (source) => {
    expect(() => compileMessage(source, 'en')).toThrow(SyntaxError);
  });
});

describe('the translator', () => {
  test('says a refusal in words, and an unknown one with an apology', () => {
    const t = createTranslator('en');
    expect(t.error('no-such-reason')).toBe(t('error.unknown'));
    expect(t.error('toString')).toBe(t('error.unknown'));
  });
});

describe('the locale of a request', () => {
  test.each([
    ['fr-CA,fr;q=0.9,en;q=0.8', null, 'fr'],
    ['de, en;q=0.5, fr;q=0.7', null, 'fr'],
    ['fr;q=0, en', null, 'en'],
    ['pt-BR', null, 'en'],
    ['', null, 'en'],
    [null, null, 'en'],
    ['en', 'fr', 'fr'],
    ['fr', 'xx', 'fr'],
  ])('%s with the choice %s is %s', (header, preferred, locale) => {
    expect(pickLocale(header, preferred)).toBe(locale);
  });
});

describe('times and numbers', () => {
  test.each([
    [NOW - 20_000, 'now'],
    [NOW - 5 * 60_000, '5 min ago'],
    [NOW - 3 * HOUR_MS, '3 hr ago'],
    [NOW - DAY_MS, 'yesterday'],
    [NOW + 2 * DAY_MS, 'in 2 days'],
    [NOW - 30 * DAY_MS, '14 Apr'],
    [NOW - 400 * DAY_MS, '9 Apr 2025'],
  ])('%s reads %s', (at, text) => {
    expect(formatRelative('en', at, NOW)).toBe(text);
  });

  test('French times are French', () => {
    expect(formatRelative('fr', NOW - DAY_MS, NOW)).toBe('hier');
    expect(formatDate('fr', NOW, 'day')).toBe('14 mai 2026');
  });

  test('a moment names its zone', () => {
    expect(formatDate('en', NOW)).toContain('17:42 UTC');
    expect(formatDate('en', NOW, 'time', 'Europe/Paris')).toBe('19:42');
  });

  test('counts stay short beside icons', () => {
    expect([999, 1204, 12_840].map((count) => formatCount('en', count))).toEqual(['999', '1,204', '12.8k']);
  });

  test('durations and sizes', () => {
    expect(formatDuration('en', 2 * DAY_MS + HOUR_MS)).toBe('2 days');
    expect(formatDuration('fr', 90 * 60_000)).toBe('1\u00a0heure');
    expect(formatBytes('en', 2_500_000)).toBe('2.5 MB');
    expect(formatBytes('fr', 0)).toBe('0\u00a0octet');
  });

  test('what is not a language is shown as it came', () => {
    expect(languageName('en', 'fr')).toBe('French');
    expect(languageName('en', '<script>')).toBe('<script>');
  });
});
