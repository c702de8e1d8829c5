import { signRequest } from '@fedify/fedify';
import { FetchError } from '@fedify/vocab-runtime';
import type { RemoteDocument } from '@fedify/vocab-runtime';
import { limits } from '#kernel/limits.ts';
import { DOCUMENT_BYTES_MAX, egressRefusalOf } from '../egress.ts';
import { jsonDepthWithin } from '../guard/json-depth.ts';
import { jsonValuesWithin } from '../guard/json-size.ts';
import { findAlternate } from './alternate.ts';
import { isActivityType, isHtmlType } from './content-type.ts';

/** The actor that asks; servers in secure mode (Mastodon, GoToSocial) answer nobody else. */
export interface Signer {
  keyId: URL;
  privateKey: CryptoKey;
}

export interface FetchSettings {
  userAgent: string;
  /** For all hops and bodies together. */
  timeoutMs: number;
  now: () => number;
  /** Hosts that may be asked without TLS. */
  plainHttpHosts: (hostname: string) => boolean;
  /** Told of each request, redirects included, before it is made; what it throws ends the fetch. */
  beforeRequest?: (at: URL) => void;
}

export interface FetchedDocument {
  remote: RemoteDocument;
  bytes: number;
}

/** Redirects and alternates together, after the first request. */
const HOPS_MAX = 3;
const URL_CHARACTERS_MAX = 2048;
const HTML_BYTES_READ = 256 * 1024;
const REDIRECTS = [301, 302, 303, 307, 308];
const ACCEPT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"';

/**
 * Fetches one activity document. Every hop is checked and, for a signer, signed afresh: a signature covers the host it
 * was made for. `documentUrl` is where the document was found; whether that place may speak for the document's id is
 * for the caller to judge (FEP-fe34).
 * Throws Fedify's `FetchError`, with a response if there was one; `EgressRefused` for a fetch inside a command.
 */
export async function fetchDocument(url: URL, settings: FetchSettings, signer?: Signer): Promise<FetchedDocument> {
  const signal = AbortSignal.timeout(settings.timeoutMs);
  let at = url;
  for (let hop = 0; hop <= HOPS_MAX; hop += 1) {
    const step = await askOnce(at, settings, signer, signal);
    if ('remote' in step) return step;
    at = step.next;
  }
  throw new FetchError(url, 'too many redirects and alternates');
}

async function askOnce(
  at: URL,
  settings: FetchSettings,
  signer: Signer | undefined,
  signal: AbortSignal,
): Promise<FetchedDocument | { next: URL }> {
  assertFetchable(at, settings);
  settings.beforeRequest?.(at);
  const headers = await headersFor(at, settings, signer);
  try {
    const response = await fetch(at, { headers, redirect: 'manual', signal });
    const next = await nextHop(response, at);
    return next ? { next } : await readDocument(response, at);
  } catch (error) {
    throw asFetchError(error, at);
  }
}

function assertFetchable(at: URL, { plainHttpHosts }: FetchSettings): void {
  const isSecure = at.protocol === 'https:' || (at.protocol === 'http:' && plainHttpHosts(at.hostname));
  if (!isSecure) throw new FetchError(at, 'not https');
  if (at.username !== '' || at.password !== '') throw new FetchError(at, 'a URL with a name or password');
  if (at.href.length > URL_CHARACTERS_MAX) throw new FetchError(at, 'a URL too long');
}

/** Only what every verifier understands is signed: `(request-target) host date`. */
async function headersFor(at: URL, settings: FetchSettings, signer: Signer | undefined): Promise<Headers> {
  const bare = new Request(at, { headers: { date: new Date(settings.now()).toUTCString() } });
  const signed = signer
    ? await signRequest(bare, signer.privateKey, signer.keyId, { spec: 'draft-cavage-http-signatures-12' })
    : bare;
  const headers = new Headers(signed.headers);
  headers.set('accept', ACCEPT);
  headers.set('user-agent', settings.userAgent);
  return headers;
}

async function nextHop(response: Response, at: URL): Promise<URL | null> {
  const location = response.headers.get('location');
  if (REDIRECTS.includes(response.status) && location !== null) {
    await response.body?.cancel();
    const next = URL.parse(location, at);
    if (!next) throw new FetchError(at, 'a redirect to nowhere');
    return next;
  }
  if (!response.ok || !isHtmlType(response.headers.get('content-type') ?? '')) return null;
  const { text } = await readText(response, HTML_BYTES_READ);
  const alternate = findAlternate(response.headers.get('link'), text, at);
  if (!alternate) throw new FetchError(at, 'a web page without an activity document');
  return alternate;
}

async function readDocument(response: Response, at: URL): Promise<FetchedDocument> {
  const { status } = response;
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok || !isActivityType(type)) {
    await response.body?.cancel();
    if (!response.ok) throw new FetchError(at, `HTTP ${status}`, new Response(null, { status }));
    throw new FetchError(at, `not an activity document but ${type.slice(0, 100)}`);
  }
  const { text, bytes, isWhole } = await readText(response, DOCUMENT_BYTES_MAX);
  if (!isWhole) throw new FetchError(at, 'too large');
  if (!jsonDepthWithin(text, limits.jsonDepth)) throw new FetchError(at, 'nested too deeply');
  if (!jsonValuesWithin(text, limits.jsonValues)) throw new FetchError(at, 'too many values');
  const document: unknown = JSON.parse(text);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new FetchError(at, 'not one JSON object');
  }
  return { remote: { contextUrl: null, documentUrl: withoutFragment(at), document }, bytes };
}

/** Reads up to `bytesMax` and lets go of the rest. */
async function readText(
  response: Response,
  bytesMax: number,
): Promise<{ text: string; bytes: number; isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > bytesMax) break;
  }
  const whole = Buffer.concat(chunks);
  return { text: whole.subarray(0, bytesMax).toString(), bytes, isWhole: bytes <= bytesMax };
}

/** A fetch inside a command is a mistake of ours and stays itself; all else is the peer's. */
function asFetchError(error: unknown, at: URL): Error {
  const refusal = egressRefusalOf(error);
  if (refusal?.code === 'inside-write') return refusal;
  if (error instanceof FetchError) return error;
  const wrapped = new FetchError(at, refusal?.message ?? (error instanceof Error ? error.message : 'failed'));
  wrapped.cause = error;
  return wrapped;
}

/** The address of a document: a fragment names a part of it. */
export function withoutFragment(url: URL): string {
  return url.href.slice(0, url.href.length - url.hash.length);
}
