import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { MINUTE_MS } from '#kernel/clock.ts';
import { tooMany } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { hashToken } from '#kernel/tokens.ts';

export type RateName = keyof typeof limits.rates;

export interface RateLimits {
  /** Counts one try. @throws too-many, with the minutes to wait. */
  take(name: RateName, key: string | number): Promise<void>;
  /** Forgets the tries: it was the right person. */
  forgive(name: RateName, key: string | number): Promise<void>;
}

/** In the memory of this process; several web processes each allow the whole number. */
export function createRateLimits(): RateLimits {
  const limiters = new Map(
    Object.entries(limits.rates).map(([name, { tries, seconds }]) => [
      name,
      new RateLimiterMemory({ keyPrefix: name, points: tries, duration: seconds }),
    ]),
  );
  const limiter = (name: RateName) => limiters.get(name) as RateLimiterMemory;
  // Keys hold what strangers typed: a digest keeps them short.
  const short = (key: string | number) => hashToken(String(key));
  return {
    async take(name, key) {
      try {
        await limiter(name).consume(short(key));
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        throw tooMany('too-many-tries', { minutes: Math.ceil(error.msBeforeNext / MINUTE_MS) });
      }
    },
    async forgive(name, key) {
      await limiter(name).delete(short(key));
    },
  };
}
