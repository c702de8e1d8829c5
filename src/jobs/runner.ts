import { lanesWithJobs, type Lane } from '#db/queue.ts';
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
  let looking = false;
  let again = false;

  const begin = (work: Promise<void>) => {
    const one: Promise<void> = work.catch(parts.report).finally(() => turning.delete(one));
    turning.add(one);
  };
  const look = async () => {
    looking = true;
    try {
      do {
        again = false;
        const filled = await lanesToTurn(parts.store, lanes);
        if (!running) return;
        for (const lane of filled) begin(lane.drain());
      } while (again);
    } finally {
      looking = false;
    }
  };
  const turn = () => {
    if (!running) return;
    // What was committed since the look began may not be in it.
    if (looking) again = true;
    else begin(look());
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
        await Promise.all((await lanesToTurn(parts.store, lanes)).map((lane) => lane.drain()));
        const due = await Promise.all((await lanesToTurn(parts.store, lanes)).map((lane) => lane.nextDueAt()));
        if (!due.some((at) => at !== null && at <= parts.clock.now())) return;
      }
      throw new Error('the queue does not come to rest');
    },
  };
}

async function lanesToTurn({ read }: Store, lanes: readonly Lane[]): Promise<Lane[]> {
  const filled = await lanesWithJobs(read);
  return lanes.filter(({ name, takesJobs }) => !takesJobs || filled.has(name));
}
