import { expect, test } from 'vitest';
import { hashPassword, needsRehash, verifyPassword } from '#kernel/password.ts';

test('a password is known by its hash, and another is not', async () => {
  const hash = await hashPassword('correct horse battery');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/);
  expect(await verifyPassword(hash, 'correct horse battery')).toBe(true);
  expect(await verifyPassword(hash, 'correct horse batterz')).toBe(false);
  expect(await verifyPassword(hash, '')).toBe(false);
});

test('the same password has another hash each time', async () => {
  expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
});

test('a letter counts as the same however the keyboard composes it', async () => {
  expect(await verifyPassword(await hashPassword('pass\u00e9 compos\u00e9'), 'passe\u0301 compose\u0301')).toBe(true);
});

test('no hash is known by any password, not even by the one that the stand-in was made of', async () => {
  for (const hash of [null, '', '!', '$argon2id$v=19$m=19456,t=2,p=1$short$x', 'plain']) {
    expect(await verifyPassword(hash, '')).toBe(false);
    expect(await verifyPassword(hash, 'anything')).toBe(false);
  }
});

test('a hash of other software and parameters is read and asks to be made anew', async () => {
  // A vector of the reference implementation (P-H-C/phc-winner-argon2, src/test.c).
  const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await verifyPassword(reference, 'password')).toBe(true);
  expect(needsRehash(reference)).toBe(true);
  expect(needsRehash(await hashPassword('password'))).toBe(false);
});

test('an unknown account costs as much time as a known one', async () => {
  const hash = await hashPassword('known');
  const time = async (against: string | null) => {
    const start = performance.now();
    await verifyPassword(against, 'wrong');
    return performance.now() - start;
  };
  const best = async (against: string | null) => Math.min(...(await Promise.all([1, 2, 3].map(() => time(against)))));
  const [known, unknown] = [await best(hash), await best(null)];
  expect(unknown).toBeGreaterThan(known / 3);
});
