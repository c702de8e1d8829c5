import { FetchError } from '@fedify/vocab-runtime';
import { ShareSpent } from '#federation/domain-shares.ts';

/** Whether a fetch failed for good: what is asked for is not there, or not for us. */
export function isGoneForUs(error: unknown): boolean {
  return [401, 403, 404, 410].includes(statusOf(error));
}

/** The status with which a fetch was refused; 0 when nothing answered. */
export function statusOf(error: unknown): number {
  return error instanceof FetchError ? (error.response?.status ?? 0) : 0;
}

/**
 * Null instead of an error: for look-ups on a person's behalf, where "not found" is the whole answer, and for the parts
 * of a search that goes on without them. What only has to wait still does.
 */
export async function quietly<T>(look: () => Promise<T | null>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof ShareSpent) throw error;
    return null;
  }
}
