import type { SealedKey } from '#domain/accounts/create-account.ts';
import type { Sealer } from '#kernel/seal.ts';

/** RSA 2048: what every peer verifies; 4096 would be six times slower to sign. */
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
};

/** Makes an account's pairs: RSA for HTTP and LD signatures, Ed25519 for integrity proofs (FEP-8b32). */
export async function makeKeys(sealer: Sealer): Promise<SealedKey[]> {
  const rsa = await crypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
  const ed25519 = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  return [await sealKey('rsa', rsa, sealer), await sealKey('ed25519', ed25519, sealer)];
}

async function sealKey(algorithm: SealedKey['algorithm'], pair: CryptoKeyPair, sealer: Sealer): Promise<SealedKey> {
  const privateJwk = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return {
    algorithm,
    privateSealed: sealer.seal(JSON.stringify(privateJwk)),
    publicJwk: await crypto.subtle.exportKey('jwk', pair.publicKey),
  };
}
