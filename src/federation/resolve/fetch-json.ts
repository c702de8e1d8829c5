const HOPS_MAX = 3;
const BYTES_MAX = 64 * 1024;
const TIMEOUT_MS = 8000;

export interface JsonOptions {
  userAgent: string;
  plainHttp(hostname: string): boolean;
  /** Told of each request, redirects included, before it is made; what it throws ends the fetch. */
  beforeRequest?(at: URL): void;
}

/** `domain` is a host with an optional port; anything more is refused. */
export function urlOfHost(domain: string, options: Pick<JsonOptions, 'plainHttp'>): URL | null {
  const url = URL.parse(`https://${domain}/`);
  if (!url || url.host !== domain.toLowerCase() || url.username || url.pathname !== '/') return null;
  if (options.plainHttp(url.hostname)) return new URL(`http://${domain}/`);
  return url;
}

/**
 * Fetches plain JSON that any server may give, such as WebFinger and NodeInfo; null where it answers with none.
 * @throws what `beforeRequest` throws, and where the answer is too large, too slow or no JSON.
 */
export async function fetchJson(start: URL, accept: string, options: JsonOptions): Promise<unknown> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let at = start;
  for (let hop = 0; hop <= HOPS_MAX; hop += 1) {
    options.beforeRequest?.(at);
    const response = await fetch(at, {
      redirect: 'manual',
      signal,
      headers: { accept, 'user-agent': options.userAgent },
    });
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location) {
      await response.body?.cancel();
      const next = new URL(location, at);
      if (next.protocol !== 'https:' && next.protocol !== at.protocol) return null;
      at = next;
      continue;
    }
    if (!response.ok) {
      await response.body?.cancel();
      return null;
    }
    return JSON.parse(await readCapped(response)) as unknown;
  }
  return null;
}

async function readCapped(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > BYTES_MAX) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
