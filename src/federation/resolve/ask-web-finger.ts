import { z } from 'zod';
import { ShareSpent } from '#federation/domain-shares.ts';
import { fetchJson, urlOfHost, type JsonOptions } from '#federation/resolve/fetch-json.ts';

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

export type WebFingerOptions = JsonOptions;

/**
 * Asks `domain` for `acct:handle@domain` (RFC 7033). Null when there is no answer that says anything: no such
 * account, no such server, or not WebFinger.
 */
export async function lookUpHandle(
  handle: string,
  domain: string,
  options: WebFingerOptions,
): Promise<WebFingerAnswer | null> {
  const start = urlOfHost(domain, options);
  if (!start) return null;
  start.pathname = '/.well-known/webfinger';
  start.searchParams.set('resource', `acct:${handle}@${domain}`);
  const body = await fetchJson(start, 'application/jrd+json, application/json', options).catch((error: unknown) => {
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
