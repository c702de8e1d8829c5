import { egressRefusalOf } from '#federation/egress.ts';
import { isHtmlType } from '#federation/loaders/content-type.ts';
import { limits } from '#kernel/limits.ts';

export interface PageSettings {
  userAgent: string;
  /** Hosts that may be asked without TLS. */
  plainHttp(hostname: string): boolean;
}

export interface FetchedPage {
  html: string;
  /** Where it was found in the end. */
  at: URL;
}

const HOPS_MAX = 3;
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * Fetches a web page within a time and a size, over few redirects within its site. The answer is the page, `none` for something else
 * than a page, and `no-answer` where it may be there another time.
 */
export async function fetchPage(address: string, settings: PageSettings): Promise<FetchedPage | 'none' | 'no-answer'> {
  const signal = AbortSignal.timeout(limits.linkFetchMs);
  let at = URL.parse(address);
  for (let hop = 0; hop <= HOPS_MAX; hop += 1) {
    if (!at || !isFetchable(at, settings)) return 'none';
    try {
      const response = await fetch(at, {
        headers: { accept: 'text/html, application/xhtml+xml', 'user-agent': settings.userAgent },
        redirect: 'manual',
        signal,
      });
      const location = response.headers.get('location');
      if (!REDIRECTS.includes(response.status) || location === null) return await readPage(response, at);
      await response.body?.cancel();
      const next = URL.parse(location, at);
      // Many sites forward visitors to whatever address they are given; the page there speaks for itself alone.
      if (!next || siteOf(next) !== siteOf(at)) return 'none';
      at = next;
    } catch (error) {
      const refusal = egressRefusalOf(error);
      if (refusal?.code === 'inside-write') throw refusal;
      return refusal ? 'none' : 'no-answer';
    }
  }
  return 'none';
}

function siteOf({ hostname }: URL): string {
  return hostname.replace(/^www\./, '');
}

function isFetchable(at: URL, { plainHttp }: PageSettings): boolean {
  const isSecure = at.protocol === 'https:' || (at.protocol === 'http:' && plainHttp(at.hostname));
  return isSecure && at.username === '' && at.password === '';
}

async function readPage(response: Response, at: URL): Promise<FetchedPage | 'none' | 'no-answer'> {
  const { status } = response;
  if (status !== 200 || !isHtmlType(response.headers.get('content-type') ?? '')) {
    await response.body?.cancel();
    return status === 429 || status >= 500 ? 'no-answer' : 'none';
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > limits.linkPageBytes) return 'none';
    chunks.push(chunk);
  }
  return { html: Buffer.concat(chunks).toString(), at };
}
