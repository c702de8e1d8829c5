import { hash, KeyObject, verify } from 'node:crypto';
import type { CryptographicKey } from '@fedify/vocab';
import type { ReadSignature } from '../guard/signature-headers.ts';

/** A POST as it came, with the address that it must have been sent to. */
export interface PostedRequest {
  url: URL;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

/** Larger ones are verified on another thread. */
const BITS_MAX = 4096;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Whether a draft-cavage signature, whose coverage and times have been checked, fits a key that is held and this body.
 * It says what Fedify would say, without the copy of the request and the two journeys to another thread that cost half of
 * an admission. It only ever says yes to the plain form that nearly everybody sends; what else there is, and what does not
 * fit, is left to Fedify, which may ask for the key anew.
 */
export function fitsHeldKey(request: PostedRequest, signature: ReadSignature, key: CryptographicKey): boolean {
  const publicKey = key.publicKey === null ? null : rsaKeyOf(key.publicKey);
  const text = signedText(request, signature.covered);
  if (publicKey === null || text === null || !BASE64.test(signature.value)) return false;
  const digest = /^sha-256=(.+)$/i.exec(request.headers.get('digest') ?? '')?.[1];
  if (digest !== hash('sha256', request.body, 'base64')) return false;
  return verify('sha256', Buffer.from(text), publicKey, Buffer.from(signature.value, 'base64'));
}

/** The lines that are signed (draft-cavage-http-signatures-12 §2.3), or null where they are not plain headers. */
function signedText({ url, headers }: PostedRequest, covered: readonly string[]): string | null {
  // What is signed of a query differs between senders.
  if (url.search !== '' || !covered.includes('digest')) return null;
  const lines: string[] = [];
  for (const name of covered) {
    const value =
      name === '(request-target)' ? `post ${url.pathname}` : name === 'host' ? url.host : plain(name, headers);
    if (value === null) return null;
    lines.push(`${name}: ${value}`);
  }
  return lines.join('\n');
}

/** `(created)` and its like are no headers: asked for one, `Headers` throws. */
function plain(name: string, headers: Headers): string | null {
  return /[()]/.test(name) ? null : headers.get(name);
}

const keyObjects = new WeakMap<CryptoKey, KeyObject>();

function rsaKeyOf(key: CryptoKey): KeyObject | null {
  const { name, hash: hashing, modulusLength } = key.algorithm as RsaHashedKeyAlgorithm;
  if (name !== 'RSASSA-PKCS1-v1_5' || hashing.name !== 'SHA-256' || modulusLength > BITS_MAX) return null;
  const object = keyObjects.get(key) ?? KeyObject.from(key);
  keyObjects.set(key, object);
  return object;
}
