/*
 * Files in one stream, in the format that `tar` reads (POSIX.1-1988 ustar; GNU's way to write sizes from 8 GiB on).
 */

export interface TarFile {
  /** With slashes; at most 100 bytes, or 255 where a slash lets it be split. */
  name: string;
  /** What `content` has, exactly. */
  bytes: number;
  modifiedAtMs: number;
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

const BLOCK = 512;
const NAME = { at: 0, length: 100 };
const MODE = { at: 100, length: 8 };
const SIZE = { at: 124, length: 12 };
const MODIFIED = { at: 136, length: 12 };
const CHECKSUM = { at: 148, length: 8 };
const TYPE_AT = 156;
const MAGIC = { at: 257, length: 8 };
const PREFIX = { at: 345, length: 155 };
const OCTAL_MAX = 8 ** 11 - 1;

/** @throws when a file has more or less than it said: the archive would be wrong from there on. */
export async function* writeTar(files: AsyncIterable<TarFile> | Iterable<TarFile>): AsyncGenerator<Uint8Array> {
  for await (const file of files) {
    yield headerOf(file);
    let written = 0;
    for await (const chunk of file.content) {
      written += chunk.byteLength;
      yield chunk;
    }
    if (written !== file.bytes) throw new Error(`${file.name} has ${written} bytes instead of ${file.bytes}`);
    if (paddingOf(written) > 0) yield new Uint8Array(paddingOf(written));
  }
  yield new Uint8Array(2 * BLOCK);
}

/**
 * Reads the files one after the other; the content of each is read, or passed over, before the next one comes.
 * Folders are passed over.
 * @throws for what is no tar, ends too early, or holds links and the like.
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile> {
  const reader = new ByteReader(source);
  try {
    for (;;) {
      const header = await reader.take(BLOCK);
      if (header.every((byte) => byte === 0)) return await reader.drain();
      const { type, ...file } = readHeader(header);
      let left = file.bytes;
      const content = async function* () {
        while (left > 0) {
          const chunk = await reader.some(left);
          left -= chunk.byteLength;
          yield chunk;
        }
      };
      if (type === 'file') yield { ...file, content: content() };
      while (left > 0) left -= (await reader.some(left)).byteLength;
      await reader.take(paddingOf(file.bytes));
    }
  } finally {
    await reader.close();
  }
}

function headerOf({ name, bytes, modifiedAtMs }: TarFile): Uint8Array {
  const header = Buffer.alloc(BLOCK);
  const [prefix, last] = splitName(name);
  header.write(last, NAME.at, 'utf8');
  header.write(prefix, PREFIX.at, 'utf8');
  header.write('0000600\0', MODE.at, 'latin1');
  // Owner and group: nobody in particular.
  header.write('0000000\0'.repeat(2), MODE.at + MODE.length, 'latin1');
  writeNumber(header, SIZE, bytes);
  writeNumber(header, MODIFIED, Math.floor(modifiedAtMs / 1000));
  header.write('0', TYPE_AT, 'latin1');
  header.write('ustar\x0000', MAGIC.at, 'latin1');
  header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, CHECKSUM.at, 'latin1');
  return header;
}

function splitName(name: string): [prefix: string, last: string] {
  if (Buffer.byteLength(name) <= NAME.length) return ['', name];
  for (let at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
    const parts: [string, string] = [name.slice(0, at), name.slice(at + 1)];
    if (Buffer.byteLength(parts[0]) <= PREFIX.length && Buffer.byteLength(parts[1]) <= NAME.length) return parts;
  }
  throw new Error(`the name ${name} is too long for an archive`);
}

function writeNumber(header: Buffer, { at, length }: { at: number; length: number }, value: number): void {
  if (value <= OCTAL_MAX) {
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
    return;
  }
  header.writeUInt8(0x80, at);
  header.writeBigUInt64BE(BigInt(value), at + length - 8);
}

function readHeader(header: Buffer): Omit<TarFile, 'content'> & { type: 'file' | 'folder' } {
  const stated = Number.parseInt(textOf(header, CHECKSUM), 8);
  if (stated !== checksumOf(header)) throw new Error('this is no archive, or it is damaged');
  const type = header.toString('latin1', TYPE_AT, TYPE_AT + 1);
  const prefix = textOf(header, PREFIX);
  const name = (prefix === '' ? '' : `${prefix}/`) + textOf(header, NAME);
  if (type !== '0' && type !== '\0' && type !== '5') throw new Error(`the archive holds something odd: ${name}`);
  return {
    name,
    bytes: readNumber(header, SIZE),
    modifiedAtMs: readNumber(header, MODIFIED) * 1000,
    type: type === '5' ? 'folder' : 'file',
  };
}

function readNumber(header: Buffer, field: { at: number; length: number }): number {
  const large = header.readUInt8(field.at) === 0x80;
  const value = large
    ? Number(header.readBigUInt64BE(field.at + field.length - 8))
    : Number.parseInt(textOf(header, field) || '0', 8);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error('the archive is damaged');
  return value;
}

function textOf(header: Buffer, { at, length }: { at: number; length: number }): string {
  return header
    .toString('utf8', at, at + length)
    .replace(/\0[^]*$/, '')
    .trim();
}

/** The sum of the header's bytes, where its own place counts as spaces. */
function checksumOf(header: Uint8Array): number {
  return header.reduce((sum, byte, at) => {
    const own = at >= CHECKSUM.at && at < CHECKSUM.at + CHECKSUM.length;
    return sum + (own ? 0x20 : byte);
  }, 0);
}

function paddingOf(bytes: number): number {
  return (BLOCK - (bytes % BLOCK)) % BLOCK;
}

/** A stream of chunks, read by the number of bytes. */
class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** Reads to the end: what unpacks the stream checks it only there. */
  async drain(): Promise<void> {
    while ((await this.#chunks.next()).done !== true);
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** Between one byte and `most`. @throws at the end. */
  async some(most: number): Promise<Uint8Array> {
    while (this.#rest.byteLength === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) throw new Error('the archive ends too early');
      this.#rest = next.value;
    }
    const chunk = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(chunk.byteLength);
    return chunk;
  }

  async take(bytes: number): Promise<Buffer> {
    const taken = Buffer.alloc(bytes);
    for (let at = 0; at < bytes;) {
      const chunk = await this.some(bytes - at);
      taken.set(chunk, at);
      at += chunk.byteLength;
    }
    return taken;
  }
}
