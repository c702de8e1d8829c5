import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSecret } from '#ports/secret-file.ts';

let parent: string;
let dataDir: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'secret-'));
  dataDir = join(parent, 'data');
});

afterEach(() => rmSync(parent, { recursive: true, force: true }));

const read = (secretKey: string | null = null) =>
  readSecret({ secretKey, dataDir, database: { engine: 'sqlite', file: join(dataDir, 'estrade.sqlite') } });

test('the secret is made once, of 256 bits, and can be read by nobody else', () => {
  const secret = read();
  expect(Buffer.from(secret, 'base64')).toHaveLength(32);
  expect(read()).toBe(secret);
  expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  expect(readdirSync(dataDir)).toEqual(['secret.key']);
});

test('SECRET_KEY goes before the file, and makes none', () => {
  expect(read('a key of the admin’s own making, long enough')).toBe('a key of the admin’s own making, long enough');
  expect(() => readdirSync(dataDir)).toThrow('ENOENT');
});

test.each([0o640, 0o604, 0o666])(
  'a file that others can read (%o) is refused, and the line says what to do',
  (mode) => {
    read();
    chmodSync(join(dataDir, 'secret.key'), mode);
    expect(() => read()).toThrow(`chmod 600 ${join(dataDir, 'secret.key')}`);
  },
);

test('a database that has lost its secret gets no new one', () => {
  read();
  writeFileSync(join(dataDir, 'estrade.sqlite'), '');
  rmSync(join(dataDir, 'secret.key'));
  expect(() => read()).toThrow('restore it from a backup');
  expect(readdirSync(dataDir)).toEqual(['estrade.sqlite']);
});

test('an empty file is no secret, and is left for whoever looks into it', () => {
  read();
  writeFileSync(join(dataDir, 'secret.key'), '');
  expect(() => read()).toThrow('holds no secret');
  expect(readFileSync(join(dataDir, 'secret.key'), 'utf8')).toBe('');
});
