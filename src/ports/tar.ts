import { ReadableStream as NodeStream } from 'node:stream/web';
import { createTarDecoder, createTarPacker } from 'modern-tar';

export interface TarFile {
  /** With slashes. */
  name: string;
  /** What `content` has, exactly. */
  bytes: number;
  modifiedAtMs: number;
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * Files in one stream, as `tar` reads it. Nothing is read before it is asked for, and no more than some megabytes lie
 * between.
 * @throws when a file has more or less than it said: the archive would be wrong from there on.
 */
export async function* writeTar(files: AsyncIterable<TarFile> | Iterable<TarFile>): AsyncGenerator<Uint8Array> {
  const { readable, controller } = createTarPacker();
  const packed = pack(files, controller).catch((error: unknown) => controller.error(error));
  yield* readable;
  await packed;
}

async function pack(
  files: AsyncIterable<TarFile> | Iterable<TarFile>,
  controller: ReturnType<typeof createTarPacker>['controller'],
): Promise<void> {
  for await (const { name, bytes, modifiedAtMs, content } of files) {
    // Of nobody in particular, and to be read by nobody else.
    const entry = controller.add({ name, size: bytes, mtime: new Date(modifiedAtMs), mode: 0o600, type: 'file' });
    const writer = entry.getWriter();
    let written = 0;
    for await (const chunk of content) {
      written += chunk.byteLength;
      if (written > bytes) break;
      await writer.write(chunk);
    }
    if (written !== bytes) throw new Error(`${name} has ${written} bytes instead of ${bytes}`);
    await writer.close();
  }
  controller.finalize();
}

/**
 * Reads the files one after the other; the content of each is read, or passed over, before the next one comes.
 * Folders are passed over.
 * @throws for what is no tar, ends too early, or holds links and the like.
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile> {
  // Unlike `Readable.toWeb` it passes on what went wrong in the source. Its type and the browser's differ by a detail.
  const bytes = NodeStream.from(source) as unknown as ReadableStream<Uint8Array<ArrayBuffer>>;
  for await (const { header, body } of bytes.pipeThrough(createTarDecoder({ strict: true }))) {
    const { name, size, mtime, type } = header;
    if (type !== 'file' && type !== 'directory') throw new Error(`the archive holds something odd: ${name}`);
    if (type === 'file') yield { name, bytes: size, modifiedAtMs: mtime?.getTime() ?? 0, content: body };
    await body.cancel();
  }
}
