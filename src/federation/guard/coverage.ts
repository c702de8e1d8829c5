import { HOUR_MS, SECOND_MS } from '#kernel/clock.ts';
import type { ReadSignature, ReadSignatures } from './signature-headers.ts';

/** What Mastodon grants, too: its queues send late, and clocks differ. */
const AGE_MAX_MS = 12 * HOUR_MS;
const SKEW_MAX_MS = HOUR_MS;

const CAVAGE_ALGORITHMS = ['rsa-sha256', 'hs2019'];
const RFC9421_ALGORITHMS = ['rsa-v1_5-sha256', 'ed25519'];

/**
 * Why these signatures prove too little, or null. Each one has to cover the method, the target and the host, and a POST
 * its body: whatever is left out can be swapped by whoever carries the request. Fedify does not demand it.
 */
export function checkCoverage(headers: Headers, read: ReadSignatures, method: 'GET' | 'POST'): string | null {
  for (const signature of read.all) {
    const fault = read.scheme === 'cavage' ? cavageFault(signature, method) : rfc9421Fault(signature, method);
    if (fault) return fault;
  }
  return method === 'POST' ? digestFault(headers, read.scheme) : null;
}

function cavageFault({ covered, algorithm }: ReadSignature, method: 'GET' | 'POST'): string | null {
  const needed = ['(request-target)', 'host', 'date', ...(method === 'POST' ? ['digest'] : [])];
  const missing = needed.find((name) => !covered.includes(name));
  if (missing !== undefined) return `the signature does not cover ${missing}`;
  if (new Set(covered).size !== covered.length) return 'the signature covers something twice';
  const isKnown = algorithm === null || CAVAGE_ALGORITHMS.includes(algorithm.toLowerCase());
  return isKnown ? null : 'an algorithm that nobody here knows';
}

function rfc9421Fault({ covered, algorithm }: ReadSignature, method: 'GET' | 'POST'): string | null {
  const missing = ['@method', ...(method === 'POST' ? ['content-digest'] : [])].find((name) => !covered.includes(name));
  if (missing !== undefined) return `the signature does not cover ${missing}`;
  const hasTarget = covered.includes('@target-uri') || (covered.includes('@authority') && covered.includes('@path'));
  if (!hasTarget) return 'the signature does not cover the target';
  if (new Set(covered).size !== covered.length) return 'the signature covers something twice';
  const isKnown = algorithm === null || RFC9421_ALGORITHMS.includes(algorithm.toLowerCase());
  return isKnown ? null : 'an algorithm that nobody here knows';
}

const DIGEST = /^sha-(?:256|512)=[A-Za-z0-9+/]+={0,2}$/i;
const CONTENT_DIGEST = /^sha-(?:256|512)=:[A-Za-z0-9+/]+={0,2}:$/;

/** One digest and one only: of several, Fedify takes the first of a `Content-Digest` that fits and forgives the rest. */
function digestFault(headers: Headers, scheme: ReadSignatures['scheme']): string | null {
  const name = scheme === 'cavage' ? 'digest' : 'content-digest';
  const value = headers.get(name);
  if (value === null) return `no ${name}`;
  return (scheme === 'cavage' ? DIGEST : CONTENT_DIGEST).test(value) ? null : `not one plain ${name}`;
}

/** Why the time of these signatures is not now, or null. `now` in milliseconds. */
export function checkTimes(headers: Headers, read: ReadSignatures, now: number): string | null {
  const date = read.scheme === 'cavage' ? readDate(headers.get('date')) : null;
  if (read.scheme === 'cavage' && date === null) return 'a Date that cannot be read';
  for (const { created, expires } of read.all) {
    const stamps = [date, created === null ? null : created * SECOND_MS].filter((stamp) => stamp !== null);
    if (stamps.some((stamp) => stamp > now + SKEW_MAX_MS)) return 'signed in the future';
    if (stamps.some((stamp) => stamp < now - AGE_MAX_MS)) return 'signed too long ago';
    if (expires !== null && expires * SECOND_MS < now) return 'the signature has expired';
  }
  return null;
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|UTC|\+0000)$/;

/** The one form of RFC 9110 that is in use; two `Date` headers, joined by a comma, are none. */
function readDate(value: string | null): number | null {
  const stamp = value !== null && HTTP_DATE.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(stamp) ? null : stamp;
}
