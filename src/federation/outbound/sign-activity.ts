import { createHash, sign } from 'node:crypto';
import { signJsonLd } from '@fedify/fedify';
import type { DocumentLoader } from '@fedify/vocab-runtime';
import { base58 } from '#federation/documents/key-formats.ts';
import type { AccountKeys } from '#federation/signing-keys.ts';
import { SIGNED_CONTEXT, type JsonLd } from '#federation/vocabulary.ts';

/**
 * A public activity with the two signatures by which a third server may believe a forwarded copy: an LD
 * signature (Mastodon forwards answers by it) and an integrity proof (FEP-8b32, eddsa-jcs-2022).
 * The LD signature comes last: it covers the proof, and the proof is made of the document without either.
 */
export async function signActivity(
  activity: JsonLd,
  keys: AccountKeys,
  contextLoader: DocumentLoader,
  nowMs: number,
): Promise<JsonLd> {
  const document: JsonLd = { '@context': SIGNED_CONTEXT, ...activity };
  const proven = keys.ed25519 ? { ...document, proof: proofOf(document, keys.ed25519, nowMs) } : document;
  return signJsonLd(proven, keys.rsa.cryptoKey, new URL(keys.rsa.keyUri), { contextLoader });
}

function proofOf(document: JsonLd, key: NonNullable<AccountKeys['ed25519']>, nowMs: number): JsonLd {
  const options = {
    '@context': document['@context'],
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-jcs-2022',
    verificationMethod: key.keyUri,
    proofPurpose: 'assertionMethod',
    created: new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z'),
  };
  const hashed = Buffer.concat([sha256(canonicalJson(options)), sha256(canonicalJson(document))]);
  const { '@context': _, ...proof } = options;
  return { ...proof, proofValue: base58(sign(null, hashed, key.privateKey)) };
}

/** RFC 8785: what `JSON.stringify` writes, with the keys of every object sorted by UTF-16 code units. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${sorted.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
