import { expect, test } from 'vitest';
import { foldReadableCode, hashToken, newReadableCode, newToken, sameSecret } from '#kernel/tokens.ts';

test('tokens are long, unlike each other and fit for addresses', () => {
  const tokens = Array.from({ length: 100 }, newToken);
  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
  expect(hashToken(tokens[0] as string)).toMatch(/^[0-9a-f]{64}$/);
});

test('readable codes have no letter that looks like another, and are taken however they are typed', () => {
  const code = newReadableCode(4);
  expect(code).toMatch(/^(?:[2-9A-HJKMNP-TV-Z]{4}-){3}[2-9A-HJKMNP-TV-Z]{4}$/);
  expect(foldReadableCode(` ${code.toLowerCase().replaceAll('-', ' ')} `)).toBe(code.replaceAll('-', ''));
});

test('secrets are compared whole', () => {
  expect(sameSecret('abc', 'abc')).toBe(true);
  expect(sameSecret('abc', 'abcd')).toBe(false);
  expect(sameSecret('', 'a')).toBe(false);
});
