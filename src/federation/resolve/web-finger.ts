import { z } from 'zod';
import { ShareSpent } from '#federation/domain-shares.ts';

const HOPS_MAX = 3;
const BYTES_MAX = 64 * 1024;
const TIMEOUT_MS = 8000;

const descriptor = z.object({
  subject: z.string().optional(),
  links: z
    .array(z.object({ rel: z.string(), type: z.string().optional(), href: z.string().optional() }).loose())
    .catch([]),
});

export interface WebFingerAnswer {
  /** Without `acct:`. */
  subject: string | null;
  /** The actor's id. */
  self: string | null;
}

export interface WebFingerOptions {
  userAgent: string;
  plainHttp(hostname: string): boolean;
  /** Told of each request, redirects included, before it is made; a `ShareSpent` goes on to the caller. */
  beforeRequest?(at: URL): void;
}

/**
 * Asks `domain` for `acct:handle@domain` (RFC 7033). Null when there is no answer that says anything: no such
 * account, no such server, or not WebFinger.
 */
export async function lookUpHandle(
  handle: string,
  domain: string,
  options: WebFingerOptions,
): Promise<WebFingerAnswer | null> {
  const start = hostUrl(domain, options);
  if (!start) return null;
  start.pathname = '/.well-known/webfinger';
  start.searchParams.set('resource', `acct:${handle}@${domain}`);
  const body = await getJson(start, options).catch((error: unknown) => {
    if (error instanceof ShareSpent) throw error;
    return null;
  });
  const read = descriptor.safeParse(body);
  if (!read.success) return null;
  const self = read.data.links.find(
    (link) => link.rel === 'self' && /^application\/(?:activity\+json|ld\+json)/i.test(link.type ?? ''),
  );
  return { subject: read.data.subject?.replace(/^acct:/i, '') ?? null, self: self?.href ?? null };
}

/** `domain` is a host with an optional port; anything more is refused. */
function hostUrl(domain: string, options: WebFingerOptions): URL | null {
  const url = URL.parse(`https://${domain}/`);
  if (!url || url.host !== domain.toLowerCase() || url.username || url.pathname !== '/') return null;
  if (options.plainHttp(url.hostname)) return new URL(`http://${domain}/`);
  return url;
}

async function getJson(start: URL, options: WebFingerOptions): Promise<unknown> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let at = start;
  for (let hop = 0; hop <= HOPS_MAX; hop += 1) {
    options.beforeRequest?.(at);
    const response = await fetch(at, {
      redirect: 'manual',
      signal,
      headers: { accept: 'application/jrd+json, application/json', 'user-agent': options.userAgent },
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
