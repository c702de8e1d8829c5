import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireServerLock, AlreadyRunning } from '#db/server-lock.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'lock-')), 'data');
});

afterEach(() => rmSync(join(dataDir, '..'), { recursive: true, force: true }));

test('one server runs on a folder at a time', () => {
  const database = { engine: 'sqlite', file: join(dataDir, 'estrade.sqlite') } as const;
  const first = acquireServerLock({ dataDir, database });
  expect(() => acquireServerLock({ dataDir, database })).toThrow(AlreadyRunning);
  expect(() => acquireServerLock({ dataDir, database })).toThrow(dataDir);
  first.release();
  const second = acquireServerLock({ dataDir, database });
  second.release();
});

test('with PostgreSQL several may, and there is nothing to lock', () => {
  const database = { engine: 'postgresql', url: 'postgres://127.0.0.1/estrade' } as const;
  acquireServerLock({ dataDir, database });
  acquireServerLock({ dataDir, database });
  expect(existsSync(dataDir)).toBe(false);
});
