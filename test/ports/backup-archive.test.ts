import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ArchiveUnusable, isPlainName, readArchive, writeArchive } from '#ports/backup-archive.ts';
import { readTar, writeTar, type TarFile } from '#ports/tar.ts';

let folder: string;
let archive: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
  archive = join(folder, 'backup.tar.gz');
  mkdirSync(join(folder, 'from'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LONG = `media/${'long-folder/'.repeat(10)}${'n'.repeat(90)}.webp`;
const CONTENTS: Record<string, Buffer> = {
  'secret.key': Buffer.from('the secret\n'),
  'media/ab/cd/picture.webp': Buffer.alloc(200_000, 7),
  'media/empty.webp': Buffer.alloc(0),
  'media/block.webp': Buffer.alloc(512, 1),
  'themes/thème/theme.css': Buffer.from(':root {}'),
  [LONG]: Buffer.from('deep down'),
};

function filesToSave() {
  return Object.entries(CONTENTS).map(([name, content], index) => {
    const path = join(folder, 'from', String(index));
    writeFileSync(path, content);
    return { name, path };
  });
}

const into = () => join(folder, 'into');
const save = () => writeArchive(archive, filesToSave(), { version: '0.1.0' });

describe('an archive', () => {
  test('gives back what went in, with what it says of itself', async () => {
    const manifest = await save();
    expect(statSync(archive).mode & 0o777).toBe(0o600);
    expect(await readArchive(archive, into())).toEqual(manifest);
    expect(manifest.about).toEqual({ version: '0.1.0' });
    for (const [name, content] of Object.entries(CONTENTS)) {
      expect(readFileSync(join(into(), name)).equals(content), name).toBe(true);
    }
    expect(readdirSync(folder).toSorted()).toEqual(['backup.tar.gz', 'from', 'into']);
  });

  test('can be read by tar', async () => {
    await save();
    const listed = execFileSync('tar', ['-tzf', archive, '--quoting-style=literal'], { encoding: 'utf8' });
    expect(listed.trim().split('\n').toSorted()).toEqual([...Object.keys(CONTENTS), 'manifest.json'].toSorted());
    const secret = execFileSync('tar', ['-xOzf', archive, 'secret.key'], { encoding: 'utf8' });
    expect(secret).toBe('the secret\n');
  });

  test('leaves out a file that is gone by its turn, and replaces none that is there', async () => {
    const files = [...filesToSave(), { name: 'media/gone.webp', path: join(folder, 'from', 'gone') }];
    expect((await writeArchive(archive, files, {})).files).toHaveLength(Object.keys(CONTENTS).length);
    const before = readFileSync(archive);
    await expect(save()).rejects.toThrow('is there already');
    expect(readFileSync(archive).equals(before)).toBe(true);
  });

  test('that fails leaves nothing behind', async () => {
    const odd = [...filesToSave(), { name: '../escaped', path: join(folder, 'from', '0') }];
    await expect(writeArchive(archive, odd, {})).rejects.toThrow('no name for a file of an archive');
    expect(readdirSync(folder)).toEqual(['from']);
  });

  test('that was cut off, or changed in one byte, is refused', async () => {
    await save();
    const whole = readFileSync(archive);
    for (const length of [20, Math.floor(whole.length / 2), whole.length - 12]) {
      writeFileSync(archive, whole.subarray(0, length));
      const read = readArchive(archive, join(folder, `cut-${length}`));
      await expect(read).rejects.toThrow(ArchiveUnusable);
      await expect(read).rejects.toThrow('unexpected end of file');
    }
    const tar = await bytesOf(writeTar([{ ...file('a.txt', 'yes'), modifiedAtMs: 0 }]));
    writeFileSync(archive, gzipSync(tar));
    await expect(readArchive(archive, join(folder, 'strange'))).rejects.toThrow('it has no manifest');
  });

  test.each([
    [
      'a file differs',
      { name: 'secret.key', bytes: 3, sha256: '0'.repeat(64) },
      ['secret.key'],
      'is not what was saved',
    ],
    ['a file is missing', { name: 'gone', bytes: 3, sha256: '' }, [], 'lacks gone'],
    ['a file is too much', null, ['more'], 'which its manifest does not know'],
    ['a name leads out', null, ['media/../../../escaped'], 'something odd'],
    ['a name is absolute', null, ['/tmp/escaped-from-archive'], 'something odd'],
  ])('is refused where %s', async (_, listed, names, why) => {
    const manifest = { format: 'estrade-backup-1', about: {}, files: listed ? [listed] : [] };
    const files = [...names.map((name) => file(name, 'yes')), file('manifest.json', JSON.stringify(manifest))];
    writeFileSync(archive, gzipSync(await bytesOf(writeTar(files))));
    await expect(readArchive(archive, into())).rejects.toThrow(why);
    expect(existsSync(join(folder, 'escaped'))).toBe(false);
  });

  test('of another format is refused by name', async () => {
    const manifest = file('manifest.json', '{"format":"estrade-backup-9","files":[]}');
    writeFileSync(archive, gzipSync(await bytesOf(writeTar([manifest]))));
    await expect(readArchive(archive, into())).rejects.toThrow('estrade-backup-9');
  });
});

test('names lead nowhere but down', () => {
  for (const name of ['a', 'a/b.c', 'thème/x y.css', '-x']) expect(isPlainName(name), name).toBe(true);
  for (const name of ['', '/a', 'a/', 'a//b', '..', 'a/../b', '.hidden', 'a\\b', 'a\nb', 'a\0b']) {
    expect(isPlainName(name), name).toBe(false);
  }
});

describe('tar', () => {
  test('tells sizes of more than eight gigabytes', async () => {
    const size = 9 * 1024 ** 3;
    const zeros = (async function* () {
      for (let sent = 0; sent < size; sent += 65_536) yield new Uint8Array(65_536);
    })();
    let begin = Buffer.alloc(0);
    for await (const chunk of writeTar([{ name: 'large', bytes: size, modifiedAtMs: 0, content: zeros }])) {
      begin = Buffer.concat([begin, chunk]);
      if (begin.length > 65_536) break;
    }
    const source = (async function* () {
      yield begin;
      await new Promise(() => undefined);
    })();
    const first = await readTar(source)[Symbol.asyncIterator]().next();
    expect((first.value as TarFile).bytes).toBe(size);
    // It misses the content, and has understood how much it is.
    const { stdout } = spawnSync('tar', ['-tvf', '-'], { input: begin, encoding: 'utf8' });
    expect(stdout).toContain(` ${size} `);
  });

  test('is not written when a file has another size than it said', async () => {
    await expect(bytesOf(writeTar([{ ...file('a', 'four'), bytes: 5 }]))).rejects.toThrow('4 bytes instead of 5');
  });

  test('holds no links', async () => {
    writeFileSync(join(folder, 'from', 'a'), 'a');
    execFileSync('ln', ['-s', '/etc/passwd', join(folder, 'from', 'b')]);
    const tar = execFileSync('tar', ['--format=ustar', '-c', '-C', folder, 'from']);
    await expect(
      (async () => {
        for await (const { content } of readTar(chunksOf(tar))) for await (const _ of content);
      })(),
    ).rejects.toThrow('something odd: from/b');
  });

  test('is read the same however it is cut into chunks', async () => {
    const tar = await bytesOf(writeTar([file('a', 'x'.repeat(1000)), file('b', 'y')]));
    for (const size of [1, 7, 512, 4096]) {
      const read: string[] = [];
      for await (const { name, content } of readTar(chunksOf(tar, size))) {
        read.push(`${name}: ${(await bytesOf(content)).length}`);
      }
      expect(read).toEqual(['a: 1000', 'b: 1']);
    }
  });
});

function file(name: string, text: string): TarFile {
  const content = Buffer.from(text);
  return { name, bytes: content.length, modifiedAtMs: 0, content: [content] };
}

async function bytesOf(chunks: TarFile['content']): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

async function* chunksOf(bytes: Buffer, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
