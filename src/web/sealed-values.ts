import type { z } from 'zod';
import type { Sealer } from '#kernel/seal.ts';

/** What we hand to a browser to bring back: it can neither read nor change it, nor use it for something else. */
export function sealValue(sealer: Sealer, purpose: string, value: unknown): string {
  return sealer.seal(JSON.stringify([purpose, value]));
}

/** Null for what we have not sealed, or for another purpose, or in the shape of another version. */
export function openValue<T>(sealer: Sealer, purpose: string, sealed: string | null, schema: z.ZodType<T>): T | null {
  if (sealed === null) return null;
  try {
    const [sealedFor, value] = JSON.parse(sealer.open(sealed)) as [string, unknown];
    return sealedFor === purpose ? (schema.safeParse(value).data ?? null) : null;
  } catch {
    return null;
  }
}
