import type { Lane } from '#db/queue.ts';
import type { Store } from '#db/store.ts';
import type { Clock } from '#kernel/clock.ts';

/** Looked at least this often, whatever is due. */
const POLL_MS = 1000;

export interface Runner {
  start(): void;
  /** New jobs may be there. Cheap, may be called at any time but inside a transaction. */
  wake(): void;
  /** Ends taking jobs; resolves when those in hand are done. */
  stop(): Promise<void>;
  /** Runs everything that is due until nothing is, for tests: no timers. */
  settle(): Promise<void>;
}

/**
 * Turns the lanes. It knows no adapter: the composition root brings the lanes with their handlers.
 */
export function createRunner(
  parts: { store: Store; clock: Clock; report(error: unknown): void },
  lanes: readonly Lane[],
): Runner {
  let running = false;
  let timer: NodeJS.Timeout | undefined;
  let woken: NodeJS.Immediate | undefined;
  let stopListening: (() => void) | undefined;
  const turning = new Set<Promise<void>>();

  const turn = () => {
    if (!running) return;
    for (const lane of lanes) {
      const one: Promise<void> = lane
        .drain()
        .catch(parts.report)
        .finally(() => turning.delete(one));
      turning.add(one);
    }
  };
  const schedule = () => {
    timer = setTimeout(() => {
      turn();
      if (running) schedule();
    }, POLL_MS);
  };

  return {
    start() {
      running = true;
      stopListening = parts.store.onForeignCommit(turn);
      turn();
      schedule();
    },
    wake() {
      if (!running || woken) return;
      // Of many commits at the same time one turn takes all jobs.
      woken = setImmediate(() => {
        woken = undefined;
        turn();
      });
    },
    async stop() {
      running = false;
      clearTimeout(timer);
      stopListening?.();
      await Promise.all(turning);
    },
    async settle() {
      for (let round = 0; round < 100; round += 1) {
        await Promise.all(lanes.map((lane) => lane.drain()));
        const due = await Promise.all(lanes.map((lane) => lane.nextDueAt()));
        if (!due.some((at) => at !== null && at <= parts.clock.now())) return;
      }
      throw new Error('the queue does not come to rest');
    },
  };
}
