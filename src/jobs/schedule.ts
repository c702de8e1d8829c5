import type { Clock } from '#kernel/clock.ts';

/** Work that comes round by itself. */
export interface Recurring {
  name: string;
  everyMs: number;
  /** @param stopping Aborted when the process is about to end: what takes long leaves off as soon as it can. */
  run(stopping: AbortSignal): Promise<unknown>;
}

export interface Schedule {
  start(): void;
  stop(): Promise<void>;
  /** Runs everything whose time has come by the clock, for tests. */
  runDue(): Promise<void>;
}

const TICK_MS = 5000;

/**
 * Runs each job when its time has come round, never one twice at once; one that takes long holds up no other. A failure
 * is reported and tried next time.
 */
export function createSchedule(
  jobs: readonly Recurring[],
  { clock, report }: { clock: Clock; report(name: string, error: unknown): void },
): Schedule {
  const lastRun = new Map<string, number>(jobs.map((job) => [job.name, clock.now()]));
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const runOne = async (job: Recurring) => {
    try {
      await job.run(stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted) report(job.name, error);
    } finally {
      running.delete(job.name);
    }
  };
  const runDue = async () => {
    for (const job of jobs) {
      const isDue = clock.now() - (lastRun.get(job.name) ?? 0) >= job.everyMs;
      if (!isDue || running.has(job.name)) continue;
      lastRun.set(job.name, clock.now());
      running.set(job.name, runOne(job));
    }
    await Promise.all(running.values());
  };
  return {
    start() {
      timer = setInterval(() => void runDue(), TICK_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await Promise.all(running.values());
    },
    runDue,
  };
}
