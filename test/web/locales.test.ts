import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import en from '#locales/en.json' with { type: 'json' };
import fr from '#locales/fr.json' with { type: 'json' };
import { compileMessage } from '#web/message-format.ts';

const root = join(import.meta.dirname, '../..');
const catalogues: Record<string, Record<string, string>> = { en, fr };
const keys = Object.keys(en);

/** Sources that speak to people; `error.` keys are also named by the domain, as the reasons of its refusals. */
const sources = filesBelow(join(root, 'src')).map((path) => readFileSync(path, 'utf8'));
const code = sources.join('\n');

describe('the locales', () => {
  test('have the same keys', () => {
    expect(Object.keys(fr).toSorted()).toEqual(keys.toSorted());
  });

  test.each(Object.keys(catalogues))('%s is sorted, so that two people adding keys meet seldom', (locale) => {
    const own = Object.keys(catalogues[locale] ?? {});
    expect(own).toEqual(own.toSorted());
  });

  test('have the same placeholders', () => {
    const differing = keys.filter((key) => {
      const [ours, theirs] = ['en', 'fr'].map((locale) =>
        [...compileMessage(catalogues[locale]?.[key] ?? '', locale).placeholders.keys()].toSorted().join(),
      );
      return ours !== theirs;
    });
    expect(differing).toEqual([]);
  });

  test.each(Object.keys(catalogues))('%s has no empty message and no straight apostrophe', (locale) => {
    const poor = Object.entries(catalogues[locale] ?? {}).filter(
      ([, message]) => message.trim() === '' || /['"]/.test(message),
    );
    expect(poor).toEqual([]);
  });

  test('French keeps its signs from being parted from their words', () => {
    // A narrow no-break space before ; ! ? and a no-break space before : and inside « ».
    const parted = Object.entries(fr).filter(([, message]) =>
      / [;:!?»]|« |[^\s\u00a0\u202f:;!?»][;!?»](?:\s|$)|\S« *\S/.test(message),
    );
    expect(parted).toEqual([]);
  });
});

describe('the keys in the pages', () => {
  test('that are used exist', () => {
    const used = [...code.matchAll(/\bt(?:\.rich)?\(\s*'([^']+)'/g)].map(([, key = '']) => key);
    expect(used.length).toBeGreaterThan(100);
    expect(used.filter((key) => !keys.includes(key))).toEqual([]);
  });

  test('that exist are used', () => {
    const beginnings = [...code.matchAll(/`([a-z-]+\.(?:[a-z-]+\.)*[a-z-]*)\$\{/g)].map(
      ([, beginning = '']) => beginning,
    );
    const unused = keys.filter((key) => {
      if (code.includes(`'${key}'`)) return false;
      if (key.startsWith('error.')) return !code.includes(`'${key.slice('error.'.length)}'`);
      return !beginnings.some((beginning) => key.startsWith(beginning));
    });
    expect(unused).toEqual([]);
  });

  test('have words for every reason that the domain refuses with', () => {
    const refusal =
      /\b(?:invalid|conflict|notFound|notAllowed|tooMany)\(\s*'([a-z][a-z0-9-]*)'|new DomainError\(\s*'[a-z-]+',\s*'([a-z][a-z0-9-]*)'/g;
    const reasons = new Set([...code.matchAll(refusal)].map(([, short, long]) => short ?? long ?? ''));
    expect(reasons.size).toBeGreaterThan(30);
    expect([...reasons].filter((reason) => !keys.includes(`error.${reason}`)).toSorted()).toEqual([]);
  });
});

function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(dir, name));
}
