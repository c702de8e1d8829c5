import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

/* docs/developers/attacks.md says which test holds which attack off. This holds the page to it. */

const ROOT = join(import.meta.dirname, '..');
const table = readFileSync(join(ROOT, 'docs/developers/attacks.md'), 'utf8');

interface Row {
  /** As written: a number, or the first and last of several. */
  number: string;
  tests: { file: string; title: string }[];
  missingFeature: string | null;
}

const rows: Row[] = [...table.matchAll(/^\| (\d+(?:–\d+)?) \| [^|]+ \| (.+) \|$/gm)].map(
  ([, number = '', cell = '']) => ({
    number,
    missingFeature: /^not yet: (.+)$/.exec(cell)?.[1] ?? null,
    tests: cell.split('<br>').flatMap((item) => {
      const [, file, title] = /^`([^`]+)` › (.+)$/.exec(item) ?? [];
      return file && title ? [{ file, title: title.replaceAll(String.raw`\|`, '|') }] : [];
    }),
  }),
);

/** Titles as they are written in a file: the text in quotes that begins the arguments of a test or a group of tests. */
function titlesIn(file: string): Set<string> {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const found = source.matchAll(/[(,\n]\s*(['"`])((?:\\.|(?!\1)[^\\\n])+)\1\s*,/g);
  return new Set([...found].map(([, , title = '']) => title.replaceAll(/\\(['"`])/g, '$1')));
}

describe('the table of attacks', () => {
  test('has a row for each of them, with tests or with the feature that is missing', () => {
    expect(rows.length).toBeGreaterThan(60);
    const empty = rows.filter(({ tests, missingFeature }) => (tests.length === 0) === (missingFeature === null));
    expect(empty.map(({ number }) => number)).toEqual([]);
    const numbers = rows.map(({ number }) => Number.parseInt(number, 10));
    expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([]);
  });

  test('names tests that exist', () => {
    const titles = new Map<string, Set<string>>();
    const unknown = rows.flatMap(({ number, tests }) =>
      tests
        .filter(({ file, title }) => {
          if (!existsSync(join(ROOT, file))) return true;
          if (!titles.has(file)) titles.set(file, titlesIn(file));
          return !titles.get(file)?.has(title);
        })
        .map(({ file, title }) => `${number}: ${file} › ${title}`),
    );
    expect(unknown).toEqual([]);
  });

  test('leaves out none of the tests that bear a number', () => {
    const files = globSync('test/security/*.test.ts', { cwd: ROOT });
    const numbered = files.flatMap((file) =>
      [...titlesIn(file)].flatMap((title) => {
        const number = /^#(\d+) /.exec(title)?.[1];
        return number === undefined ? [] : [{ number, file, title }];
      }),
    );
    expect(numbered.length).toBeGreaterThan(100);
    const absent = numbered.filter(({ number, file, title }) => {
      const row = rows.find((one) => one.number === number);
      return !row?.tests.some((one) => one.file === file && one.title === title);
    });
    expect(absent.map(({ file, title }) => `${file} › ${title}`)).toEqual([]);
  });
});
