import { monotonicMs } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

/** How many documents one cause may still make us fetch, and until when: a server that drips costs each its time. */
export interface Budget {
  fetches: number;
  /** On the monotonic clock. */
  until: number;
  /** A person waits for it, who has limits of their own; what strangers cause comes out of the domain's share. */
  forPerson: boolean;
}

export function newBudget(fetches: number = limits.fetchesPerActivity, forPerson = false): Budget {
  return { fetches, until: monotonicMs() + fetches * limits.fetchMs, forPerson };
}
