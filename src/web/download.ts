import { mediaLimits } from '#domain/media/media-limits.ts';
import type { RemoteSource } from '#domain/media/served-media.queries.ts';

/** The global one with a dispatcher that refuses private addresses, or a test's. */
export type MediaFetch = (url: string, init: RequestInit) => Promise<Response>;

/** An answer of which the beginning has been read. */
export interface Download {
  head: Uint8Array;
  /** All of it in memory; for pictures. */
  whole(): Promise<Uint8Array>;
  /** All of it as it arrives. */
  rest(): AsyncIterable<Uint8Array>;
}

/** Nothing came of it, for a reason on the other side or on the way. */
export class DownloadFailed extends Error {
  override name = 'DownloadFailed';
}

const HEAD_BYTES = 4096;
const ACCEPT = 'image/webp,image/*,video/*,audio/*;q=0.9,*/*;q=0.1';

/**
 * Fetches within a time and a size and hands the answer to `use`; the connection is given up when `use` is done.
 * Redirects are followed here, a few of them, so that each address is judged. What the answer says of its own type
 * is not asked: its bytes tell.
 * @throws DownloadFailed, and what `use` throws.
 */
export async function download(
  mediaFetch: MediaFetch,
  source: Pick<RemoteSource, 'url' | 'kind'>,
  use: (answer: Download) => Promise<void>,
): Promise<void> {
  const stream = source.kind === 'video' || source.kind === 'audio';
  const bytesMax = stream ? mediaLimits.remoteStreamBytes : mediaLimits.remotePictureBytes;
  const done = new AbortController();
  const deadline = AbortSignal.timeout(stream ? mediaLimits.remoteStreamMs : mediaLimits.remotePictureMs);
  try {
    const response = await follow(mediaFetch, source.url, AbortSignal.any([deadline, done.signal]));
    if (Number(response.headers.get('content-length')) > bytesMax) throw new DownloadFailed('announced as too large');
    await use(await begin(response, bytesMax));
  } finally {
    done.abort();
  }
}

async function follow(mediaFetch: MediaFetch, url: string, signal: AbortSignal): Promise<Response> {
  let address = webAddress(url);
  for (let hop = 0; hop <= mediaLimits.remoteRedirects; hop += 1) {
    const init = { redirect: 'manual', signal, headers: { accept: ACCEPT } } as const;
    const response = await mediaFetch(address, init).catch(fail);
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) {
      if (response.status === 200) return response;
      throw new DownloadFailed(`answered ${response.status}`);
    }
    await response.body?.cancel().catch(fail);
    address = webAddress(location, address);
  }
  throw new DownloadFailed('too many redirects');
}

function webAddress(url: string, base?: string): string {
  const address = URL.parse(url, base);
  if (address?.protocol !== 'https:' && address?.protocol !== 'http:')
    throw new DownloadFailed('not an address of the web');
  return address.href;
}

async function begin(response: Response, bytesMax: number): Promise<Download> {
  const chunks = counted(response, bytesMax)[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    first.push(next.value);
    bytes += next.value.byteLength;
  }
  const head = Buffer.concat(first);
  async function* rest(): AsyncGenerator<Uint8Array> {
    yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  return {
    head,
    rest,
    async whole() {
      const all: Uint8Array[] = [];
      for await (const chunk of rest()) all.push(chunk);
      return Buffer.concat(all);
    },
  };
}

/** Whatever its header said, what arrives is counted. */
async function* counted(response: Response, bytesMax: number): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  let bytes = 0;
  for (let next = await reader.read().catch(fail); !next.done; next = await reader.read().catch(fail)) {
    bytes += next.value.byteLength;
    if (bytes > bytesMax) throw new DownloadFailed('too large');
    yield next.value;
  }
}

function fail(cause: unknown): never {
  throw new DownloadFailed('cut off', { cause });
}
