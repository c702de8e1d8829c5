import { createChallenge, randomInt, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';
import type { ProofOfWork } from '#domain/membership/sign-up.ts';
import { limits } from '#kernel/limits.ts';

/**
 * One to three thousand keys of a thousand rounds: about a second of a phone, and of a spammer's machine for each
 * account. It makes sign-ups dear by the thousand; it does not tell people from programs.
 */
const WORK = { algorithm: 'PBKDF2/SHA-256', cost: 1000, counterMin: 1000, counterMax: 3000 } as const;

/** The challenge of a form, as text for the island `proof-of-work.js`. */
export async function newChallenge(secret: string, now: number): Promise<string> {
  const challenge = await createChallenge({
    algorithm: WORK.algorithm,
    cost: WORK.cost,
    counter: randomInt(WORK.counterMax, WORK.counterMin),
    deriveKey,
    // Its own expiry would be judged by the machine's clock.
    data: { expiresAtMs: now + limits.proofOfWorkMs },
    hmacSignatureSecret: secret,
    hmacKeySignatureSecret: `${secret} of keys`,
  });
  return JSON.stringify(challenge);
}

const hex = z.string().regex(/^[0-9a-f]{2,256}$/);

const payload = z.object({
  challenge: z.object({
    parameters: z.strictObject({
      algorithm: z.literal(WORK.algorithm),
      cost: z.literal(WORK.cost),
      data: z.strictObject({ expiresAtMs: z.int() }),
      keyLength: z.int(),
      keyPrefix: hex,
      keySignature: hex,
      nonce: hex,
      salt: hex,
    }),
    signature: hex,
  }),
  solution: z.object({ counter: z.int(), derivedKey: hex }),
});

/**
 * What a form brought: a proof, or null for none, a wrong one, or one of a challenge that we have not set. Whether it
 * is late or shown for the second time is for `signUp` to say.
 */
export async function readProof(secret: string, typed: string): Promise<ProofOfWork | null> {
  const parsed = payload.safeParse(jsonOf(typed));
  if (!parsed.success) return null;
  const { challenge, solution } = parsed.data;
  const { verified } = await verifySolution({
    challenge,
    solution,
    deriveKey,
    hmacSignatureSecret: secret,
    hmacKeySignatureSecret: `${secret} of keys`,
  });
  return verified ? { challenge: challenge.signature, expiresAt: challenge.parameters.data.expiresAtMs } : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
