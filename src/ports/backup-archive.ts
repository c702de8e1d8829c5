import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { readTar, writeTar, type TarFile } from '#ports/tar.ts';

/** A file that goes into an archive. */
export interface ArchivedFile {
  /** In the archive, with slashes; see `isPlainName`. */
  name: string;
  path: string;
}

/** What an archive says of itself; it stands at its end, so one that was cut off has none. */
export interface Manifest<About> {
  format: typeof FORMAT;
  about: About;
  files: { name: string; bytes: number; sha256: string }[];
}

/** Raised when archives are made otherwise, so that an older version refuses them by name. */
const FORMAT = 'estrade-backup-1';
const MANIFEST = 'manifest.json';
const MANIFEST_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Writes one archive (`.tar.gz`) that `tar` can read as well. A file that is gone by its turn is left out: somebody
 * has deleted it meanwhile.
 * @throws when `into` is there already; then, and whenever it fails, nothing is left.
 */
export async function writeArchive<About>(
  into: string,
  files: AsyncIterable<ArchivedFile> | Iterable<ArchivedFile>,
  about: About,
): Promise<Manifest<About>> {
  if (await exists(into)) throw new Error(`${into} is there already`);
  const unfinished = `${into}.unfinished`;
  const manifest: Manifest<About> = { format: FORMAT, about, files: [] };
  try {
    // Who reads it can speak in the name of everybody here.
    const sink = createWriteStream(unfinished, { mode: 0o600, flush: true });
    // Most of it are pictures, which do not get smaller.
    await pipeline(
      Readable.from(writeTar(tarFiles(files, manifest)), { objectMode: false }),
      createGzip({ level: 4 }),
      sink,
    );
    await rename(unfinished, into);
    await sync(dirname(into));
    return manifest;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Whether a name leads nowhere but below the archive's own folder, and to no hidden file. */
export function isPlainName(name: string): boolean {
  return name.split('/').every((part) => /^[^.\\\p{Cc}][^\\\p{Cc}]*$/u.test(part));
}

async function* tarFiles<About>(
  files: AsyncIterable<ArchivedFile> | Iterable<ArchivedFile>,
  manifest: Manifest<About>,
): AsyncGenerator<TarFile> {
  let modifiedAtMs = 0;
  for await (const { name, path } of files) {
    if (!isPlainName(name)) throw new Error(`${name} is no name for a file of an archive`);
    const handle = await open(path).catch(ignoreMissing);
    if (handle === null) continue;
    try {
      const { size, mtimeMs } = await handle.stat();
      modifiedAtMs = Math.max(modifiedAtMs, mtimeMs);
      const hash = createHash('sha256');
      // Its size was told in advance: what is written behind it meanwhile waits for the next backup.
      const content = size === 0 ? [] : hashed(handle.createReadStream({ end: size - 1, autoClose: false }), hash);
      yield { name, bytes: size, modifiedAtMs: mtimeMs, content };
      manifest.files.push({ name, bytes: size, sha256: hash.digest('hex') });
    } finally {
      await handle.close();
    }
  }
  const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  yield { name: MANIFEST, bytes: text.byteLength, modifiedAtMs, content: [text] };
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/** This is no archive of ours, or it is damaged. */
export class ArchiveUnusable extends Error {
  override name = 'ArchiveUnusable';
}

/**
 * Unpacks an archive into a folder of its own and holds every file against the manifest.
 * @throws ArchiveUnusable for what is no archive of ours, was cut off, or differs from its manifest.
 */
export async function readArchive<About>(file: string, into: string): Promise<Manifest<About>> {
  try {
    return await unpackAll<About>(file, into);
  } catch (error) {
    // The disk may be full, too, and the archive is none the worse for it.
    if ((error as { syscall?: string }).syscall !== undefined || !(error instanceof Error)) throw error;
    throw new ArchiveUnusable(`${file} cannot be restored: ${error.message}`, { cause: error });
  }
}

async function unpackAll<About>(file: string, into: string): Promise<Manifest<About>> {
  await mkdir(into, { recursive: true, mode: 0o700 });
  const found = new Map<string, { bytes: number; sha256: string }>();
  let manifest: Manifest<About> | null = null;
  const source = createReadStream(file);
  const unzipped = createGunzip();
  // `pipe` passes no errors on.
  source.once('error', (error) => unzipped.destroy(error));
  for await (const entry of readTar(source.pipe(unzipped))) {
    if (entry.name === MANIFEST) manifest = await readManifest<About>(entry);
    else found.set(entry.name, await unpack(entry, into));
  }
  if (manifest === null) throw new Error('it has no manifest, and so is no backup of Estrade or not whole');
  checkFiles(manifest, found);
  return manifest;
}

async function readManifest<About>(entry: TarFile): Promise<Manifest<About>> {
  if (entry.bytes > MANIFEST_BYTES_MAX) throw new Error('the manifest is too large');
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry.content) chunks.push(chunk);
  const json = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { format?: unknown };
  if (json.format !== FORMAT) {
    throw new Error(`its format is ${String(json.format)}, and this version reads ${FORMAT}`);
  }
  return json as Manifest<About>;
}

async function unpack(entry: TarFile, into: string): Promise<{ bytes: number; sha256: string }> {
  // No name leads out of the folder, whoever made the archive.
  if (!isPlainName(entry.name)) throw new Error(`it holds something odd: ${entry.name}`);
  const path = join(into, entry.name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of entry.content) {
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes: entry.bytes, sha256: hash.digest('hex') };
}

function checkFiles<About>(manifest: Manifest<About>, found: Map<string, { bytes: number; sha256: string }>): void {
  for (const { name, bytes, sha256 } of manifest.files) {
    const file = found.get(name);
    if (!file) throw new Error(`it lacks ${name}`);
    if (file.bytes !== bytes || file.sha256 !== sha256) throw new Error(`${name} is not what was saved`);
    found.delete(name);
  }
  const [stranger] = found.keys();
  if (stranger !== undefined) throw new Error(`it has ${stranger}, which its manifest does not know`);
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function ignoreMissing(error: unknown): null {
  if ((error as { code?: string }).code === 'ENOENT') return null;
  throw error;
}
