import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBackupFolder } from '#ports/backup-folder.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backups-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('backups are listed from the newest, without what is still being written', async () => {
  for (const [name, at] of [
    ['old.tar.gz', 1000],
    ['new.tar.gz', 2000],
    ['now.tar.gz.unfinished', 3000],
    ['.hidden', 3000],
  ] as const) {
    writeFileSync(join(folder, name), 'x'.repeat(at));
    utimesSync(join(folder, name), at, at);
  }
  mkdirSync(join(folder, 'folder'));
  expect(await openBackupFolder(folder, 24).list()).toEqual([
    { name: 'new.tar.gz', bytes: 2000, at: 2_000_000 },
    { name: 'old.tar.gz', bytes: 1000, at: 1_000_000 },
  ]);
});

test('a folder that is not there holds none', async () => {
  expect(await openBackupFolder(join(folder, 'missing'), null).list()).toEqual([]);
});
