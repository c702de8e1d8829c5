import { createPublicKey } from 'node:crypto';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** The multicodec prefix of an Ed25519 public key. */
const ED25519_PREFIX = [0xed, 0x01];

/** A public JWK as PEM, the form of `publicKeyPem`. */
export function exportSPKI(jwk: JsonWebKey): string {
  return createPublicKey({ key: jwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' }) as string;
}

/** An Ed25519 public JWK in the form of `publicKeyMultibase` (FEP-521a). */
export function multibaseOf(jwk: JsonWebKey): string {
  return base58(Uint8Array.from([...ED25519_PREFIX, ...Buffer.from(jwk.x ?? '', 'base64url')]));
}

/** Multibase base58btc, with its leading `z`. */
export function base58(bytes: Uint8Array): string {
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
  let text = '';
  while (number > 0n) {
    text = (BASE58[Number(number % 58n)] ?? '') + text;
    number /= 58n;
  }
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return `z${'1'.repeat(zeros === -1 ? bytes.length : zeros)}${text}`;
}
