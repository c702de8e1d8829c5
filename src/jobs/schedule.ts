import type { Clock } from '#kernel/clock.ts';

/** Work that comes round by itself. */
export interface Recurring {
  name: string;
  everyMs: number;
  run(): Promise<unknown>;
}

export interface Schedule {
  start(): void;
  stop(): Promise<void>;
  /** Runs everything whose time has come by the clock, for tests. */
  runDue(): Promise<void>;
}

const TICK_MS = 5000;

/** Runs each job when its time has come round, never twice at once; a failure is reported and tried next time. */
export function createSchedule(
  jobs: readonly Recurring[],
  { clock, report }: { clock: Clock; report(name: string, error: unknown): void },
): Schedule {
  const lastRun = new Map<string, number>(jobs.map((job) => [job.name, clock.now()]));
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  const runAll = async () => {
    for (const job of jobs) {
      if (clock.now() - (lastRun.get(job.name) ?? 0) < job.everyMs) continue;
      lastRun.set(job.name, clock.now());
      try {
        await job.run();
      } catch (error) {
        report(job.name, error);
      }
    }
  };
  const runDue = () => {
    running ??= runAll().finally(() => {
      running = null;
    });
    return running;
  };
  return {
    start() {
      timer = setInterval(() => void runDue(), TICK_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await running;
    },
    runDue,
  };
}
