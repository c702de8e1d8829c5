import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A secret that opens something by being known: 256 bits, safe in addresses and cookies. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What is stored of a token. A plain digest is enough: nobody guesses 256 bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Compares secrets in a time that tells nothing of where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const digests = [a, b].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(...digests);
}

/** The letters and digits that people tell apart: no 0, 1, I, L, O, U. */
const READABLE = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A code for people to copy, in groups of four letters and digits: `7KQ2-…`; 4.9 bits a character. */
export function newReadableCode(groups: number): string {
  let code = '';
  while (code.length < groups * 4) {
    for (const byte of randomBytes(groups * 4)) {
      // Bytes beyond the last whole multiple would make the first letters likelier.
      if (byte < READABLE.length * 8 && code.length < groups * 4) code += READABLE[byte % READABLE.length];
    }
  }
  return (code.match(/.{4}/g) ?? []).join('-');
}

/** Takes a code as people type it: any case, with or without the hyphens. */
export function foldReadableCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[\s-]/g, '');
}
