import { verifyRequestDetailed } from '@fedify/fedify';
import type { VerifyRequestFailureReason } from '@fedify/fedify';
import type { CryptographicKey } from '@fedify/vocab';
import type { DocumentLoader } from '@fedify/vocab-runtime';
import type { PublicKeyText } from '#domain/accounts/remote-account.ts';
import { checkCoverage, checkTimes } from './guard/coverage.ts';
import { readSignature } from './guard/signature-headers.ts';
import type { ReadSignatures } from './guard/signature-headers.ts';
import { readUri } from './guard/speaker.ts';
import type { SpeakerOptions } from './guard/speaker.ts';
import { verifyWithQuery } from './verify-request/cavage-query.ts';
import { fitsHeldKey } from './verify-request/held-key.ts';
import { createKeySource, KeyAskedLately } from './verify-request/key-source.ts';
import { createLastKeys, type KnownKeys } from './verify-request/last-keys.ts';

export interface VerifierOptions extends SpeakerOptions {
  /** Signs as the instance actor; asked for anew each time, since that actor may be made later than this. */
  loader: () => Promise<DocumentLoader>;
  contextLoader: DocumentLoader;
  /** Ours, like `https://example.org`: what a request was sent to, whatever a proxy made of it. */
  origin: string;
  /** The keys that an actor's document named when it was last read. */
  lastKeysOf: (actorUri: string) => Promise<readonly PublicKeyText[]>;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** A request as it came, the body read. */
export interface RequestParts {
  method: string;
  /** With the query. */
  path: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

/** `keyGone`: where the key should be, there is nothing (any more). */
export type Refusal = { verified: false; reason: string; keyGone?: true };

export interface Verifier {
  /** Whether `actorUri` signed this POST. */
  verify(request: RequestParts, actorUri: string): Promise<{ verified: true; keyId: string } | Refusal>;
  /**
   * The same by the key that the actor's document named when it was last read. For farewells alone, once `keyGone` was
   * said: elsewhere it would believe a key that was taken back.
   */
  verifyFarewell(request: RequestParts, actorUri: string): Promise<{ verified: true; keyId: string } | Refusal>;
  /** Which actor signed this POST, whoever it speaks of. */
  verifyCarrier(request: RequestParts): Promise<{ verified: true; keyId: string; owner: string } | Refusal>;
  /** Which actor signed this GET (authorized fetch). */
  verifyGet(request: RequestParts): Promise<{ verified: true; keyId: string; owner: string } | Refusal>;
  stats: { verified: number; refused: number; readonly documentsFetched: number };
}

/**
 * Verifies HTTP signatures of inbox deliveries and of authorized fetches, both schemes. Fedify does the arithmetic; here
 * is what it leaves open: what has to be covered and when, for which host, whose key it is, and how often a key may be
 * asked for. Neither function ever throws; a reason is for the log, not for the peer.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const keys = createKeySource(options.loader, options.now);
  const stats = {
    verified: 0,
    refused: 0,
    get documentsFetched() {
      return keys.fetched;
    },
  };

  async function signerOf(
    parts: RequestParts,
    method: 'GET' | 'POST',
    known: KnownKeys = keys,
  ): Promise<{ keyId: string; owner: string } | Fault> {
    try {
      const read = readRequest(parts, method, options);
      if ('refused' in read) return { reason: read.refused };
      const key = await keys.oneAtATime(read.keyIds[0], () => verifiedKey(read, known, options.contextLoader));
      if ('reason' in key) return key;
      const { id, ownerId } = key;
      return id && ownerId ? { keyId: id.href, owner: ownerId.href } : { reason: 'the key has no owner' };
    } catch (error) {
      return {
        reason: `the key or signature cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
  }

  function refuse(fault: Fault): Refusal {
    stats.refused += 1;
    return { verified: false, ...fault };
  }

  async function whoSigned(parts: RequestParts, method: 'GET' | 'POST') {
    const signer = await signerOf(parts, method);
    if ('reason' in signer) return refuse(signer);
    stats.verified += 1;
    return { verified: true as const, ...signer };
  }

  async function verify(parts: RequestParts, actorUri: string, known?: KnownKeys) {
    const signer = await signerOf(parts, 'POST', known);
    if ('reason' in signer) return refuse(signer);
    if (signer.owner !== readUri(actorUri, options)?.href)
      return refuse({ reason: `the key belongs to ${signer.owner}` });
    stats.verified += 1;
    return { verified: true as const, keyId: signer.keyId };
  }

  return {
    stats,
    verify: (parts, actorUri) => verify(parts, actorUri),
    verifyFarewell: async (parts, actorUri) =>
      verify(parts, actorUri, createLastKeys(await options.lastKeysOf(actorUri), actorUri)),
    verifyCarrier: (parts) => whoSigned(parts, 'POST'),
    verifyGet: (parts) => whoSigned(parts, 'GET'),
  };
}

type Fault = Omit<Refusal, 'verified'>;

interface ReadRequest {
  parts: RequestParts;
  /** At our own origin. */
  url: URL;
  signatures: ReadSignatures;
  /** As `URL` writes them. */
  keyIds: [string, ...string[]];
}

function readRequest(
  parts: RequestParts,
  method: 'GET' | 'POST',
  options: VerifierOptions,
): ReadRequest | { refused: string } {
  if (parts.method !== method) return { refused: `not a ${method}` };
  const signatures = readSignature(parts.headers);
  if ('refused' in signatures) return signatures;
  const fault =
    checkCoverage(parts.headers, signatures, method) ?? checkTimes(parts.headers, signatures, options.now());
  if (fault !== null) return { refused: fault };
  const [first, ...others] = signatures.all.map(({ keyId }) => readUri(keyId, options)?.href);
  if (first === undefined || others.includes(undefined)) return { refused: 'no key that could be' };
  const url = URL.parse(`${options.origin}${parts.path}`);
  if (!parts.path.startsWith('/') || url?.origin !== options.origin) return { refused: 'not a path' };
  const keyIds: ReadRequest['keyIds'] = [first, ...others.filter((keyId) => keyId !== undefined)];
  return { parts, url, signatures, keyIds };
}

const NEEDED = ['signature', 'signature-input', 'date', 'digest', 'content-digest'];

/** The request that the signer meant: to our configured origin, with nothing but what the signature needs. */
function rebuild(parts: RequestParts, url: URL, { all }: ReadSignatures): Request {
  const headers = new Headers();
  for (const name of new Set([...NEEDED, ...all.flatMap(({ covered }) => covered)])) {
    const value = /^[a-z]/.test(name) ? parts.headers.get(name) : null;
    if (value !== null) headers.set(name, value);
  }
  headers.set('host', url.host);
  return new Request(url, { method: parts.method, headers, body: parts.method === 'POST' ? parts.body : null });
}

async function verifiedKey(
  { parts, url, signatures, keyIds }: ReadRequest,
  keys: KnownKeys,
  contextLoader: DocumentLoader,
): Promise<CryptographicKey | Fault> {
  const cavage = signatures.scheme === 'cavage' ? signatures.all[0] : undefined;
  const held = cavage && parts.method === 'POST' ? keys.held(keyIds[0]) : null;
  if (cavage && held && fitsHeldKey({ url, headers: parts.headers, body: parts.body }, cavage, held)) return held;
  const request = rebuild(parts, url, signatures);
  const options = { documentLoader: keys.loaderFor(keyIds), contextLoader, keyCache: keys.cache };
  if (cavage && url.search !== '' && parts.method === 'GET') {
    const key = await verifyWithQuery(request, cavage, options);
    if (key) return key;
  }
  // The times have been checked, stricter than Fedify would.
  const result = await verifyRequestDetailed(request, { ...options, timeWindow: false });
  return result.verified ? result.key : failureOf(result.reason);
}

function failureOf(reason: VerifyRequestFailureReason): Fault {
  if (reason.type !== 'keyFetchError') return { reason: 'the signature does not fit' };
  const { result } = reason;
  if ('error' in result && result.error instanceof KeyAskedLately) return { reason: 'the signature does not fit' };
  if ('error' in result) return { reason: `the key cannot be fetched: ${result.error.message}` };
  const isGone = result.status === 404 || result.status === 410;
  return { reason: `the key answers ${result.status}`, ...(isGone ? { keyGone: true } : {}) };
}
