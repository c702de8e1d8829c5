import type { CryptographicKey } from '@fedify/vocab';

const RSA_BITS_MIN = 2048;
const RSA_BITS_MAX = 8192;
const PEM_CHARACTERS_MAX = 16_384;

/** Why a key proves nothing or costs too much to verify with, or null. */
export function keyFault({ publicKey }: CryptographicKey): string | null {
  if (publicKey === null) return 'a key without its text';
  if (publicKey.algorithm.name === 'Ed25519') return null;
  if (publicKey.algorithm.name !== 'RSASSA-PKCS1-v1_5') return 'a key of a kind that nobody here knows';
  const { modulusLength, publicExponent } = publicKey.algorithm as RsaHashedKeyAlgorithm;
  if (modulusLength < RSA_BITS_MIN || modulusLength > RSA_BITS_MAX) return `an RSA key of ${modulusLength} bit`;
  const isUsual =
    publicExponent.length <= 4 && publicExponent.some((byte, index, all) => byte > (index < all.length - 1 ? 0 : 2));
  return isUsual ? null : 'an RSA key with an odd exponent';
}

/** Judges texts of keys before anything reads them, under whatever name they stand. */
export function keyTextFault(document: unknown): string | null {
  if (typeof document === 'string') {
    return document.length > PEM_CHARACTERS_MAX && document.includes('-----BEGIN ') ? 'a key too long' : null;
  }
  if (typeof document !== 'object' || document === null) return null;
  for (const part of Object.values(document)) {
    const fault = keyTextFault(part);
    if (fault !== null) return fault;
  }
  return null;
}
