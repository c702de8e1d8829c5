import { claim, findDue, isSuspect, type ClaimedRow } from '#db/claim-jobs.ts';
import type { Query, Store, Transaction } from '#db/store.ts';
import type { CommitWith } from '#db/commit.ts';
import type { Command, Unit } from '#db/unit.ts';
import { SECOND_MS, type Clock } from '#kernel/clock.ts';
import type { IdSource } from '#kernel/ids.ts';

export interface NewJob {
  lane: string;
  data: Record<string, unknown>;
  /** The outbox or activity row that it is about. */
  refId?: number;
  onceKey?: string;
  orderKey?: string;
  delayMs?: number;
}

/** A job in a worker's hands. */
export interface Job {
  readonly id: number;
  readonly lane: string;
  readonly tries: number;
  readonly refId: number | null;
  readonly data: Record<string, unknown>;
  /**
   * Commits `command` together with the job's acknowledgement: both happen or neither.
   * @throws LeaseLost when another worker has taken the job over meanwhile.
   */
  finish<Input, Output>(command: Command<Input, Output>, input: Input): Promise<Output>;
}

export interface LaneOptions {
  lane: string;
  concurrency: number;
  /** How many may be in hand when the slow ones no longer keep others from starting; `concurrency` unless it is said. */
  mostWithSlow?: number;
  /** Jobs run one after the other, in the order of their ids; `concurrency` is then how many are taken at once. */
  inOrder?: boolean;
  /** How long a worker may be silent before its job is given to another. */
  leaseMs: number;
  triesMax: number;
  /** Pause before the next try. */
  backoffMs(tries: number): number;
  handle(job: Job): Promise<void>;
}

/** Thrown by a handler: the job can never succeed and is not tried again. */
export class PermanentFailure extends Error {
  override name = 'PermanentFailure';
}

export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

export interface LaneParts {
  store: Store;
  clock: Clock;
  ids: IdSource;
  commit: CommitWith;
  /** Told of each failure; `dead` when it was the last try. */
  failed(job: Pick<Job, 'id' | 'lane' | 'tries'>, error: unknown, dead: boolean): void;
}

/** Writes jobs in the caller's transaction. A job whose lane and `onceKey` wait already is left out. */
export async function enqueueJobs(unit: Pick<Unit, 'tx' | 'now' | 'newId'>, jobs: readonly NewJob[]): Promise<void> {
  for (const job of jobs) {
    await unit.tx.hot(
      `insert into jobs (id, lane, once_key, order_key, due_at, lease, tries, ref_id, data)
       values ($1, $2, $3, $4, $5, 0, 0, $6, $7) on conflict (lane, once_key) do nothing`,
      unit.newId(),
      job.lane,
      job.onceKey ?? null,
      job.orderKey ?? null,
      unit.now + (job.delayMs ?? 0),
      job.refId ?? null,
      JSON.stringify(job.data),
    );
  }
}

export interface Lane {
  readonly name: string;
  /** Whether what it takes are rows of `jobs`, so that `lanesWithJobs` says when it need not be turned. */
  readonly takesJobs: boolean;
  /** Takes due jobs until there are none; resolves when those in hand are done. */
  drain(): Promise<void>;
  /** When the next job is due, or null. */
  nextDueAt(): Promise<number | null>;
}

/** A job that takes longer waits for somebody else's server. */
const SLOW_MS = 1000;

/** A worker on one lane of the job table: lease, handle, acknowledge; at least once, in order per `orderKey`. */
export function createLane(parts: LaneParts, options: LaneOptions): Lane {
  let running: Promise<void> | null = null;
  let again = false;
  let after = '';
  let suspectsInHand = 0;
  let wakeUp: () => void = () => undefined;
  const nextWake = () =>
    new Promise<void>((resolve) => {
      wakeUp = resolve;
    });

  const take = async (room: number) => {
    for (;;) {
      const now = parts.clock.now();
      const due = await findDue(parts, options.lane, { now, room, after });
      ({ after } = due);
      if (due.ids.length === 0) return [];
      const { taken, buried } = await claim(parts, options, { ids: due.ids, now, suspectInHand: suspectsInHand > 0 });
      // Others may wait behind those that were buried.
      if (taken.length > 0 || buried === 0) return taken;
    }
  };
  const work = async () => {
    do {
      const inHand = new Set<Promise<void>>();
      const slow = new Set<Promise<void>>();
      for (;;) {
        again = false;
        const most = options.mostWithSlow ?? options.concurrency;
        const room = Math.min(options.concurrency - (inHand.size - slow.size), most - inHand.size);
        // By half batches: a claim costs a transaction, whether it takes one job or many.
        const enough = options.inOrder ? options.concurrency : options.concurrency / 2;
        const rows = room >= enough ? await take(room) : [];
        let before: Promise<void> = Promise.resolve();
        for (const { row, token } of rows) {
          const run = () => runJob(parts, options, row, token);
          const suspects = isSuspect(row) ? 1 : 0;
          suspectsInHand += suspects;
          before = options.inOrder ? before.then(run) : run();
          const timer = setTimeout(() => {
            slow.add(one);
            wakeUp();
          }, SLOW_MS);
          const one: Promise<void> = before.finally(() => {
            clearTimeout(timer);
            suspectsInHand -= suspects;
            inHand.delete(one);
            slow.delete(one);
          });
          inHand.add(one);
        }
        if (inHand.size === 0) break;
        // New work must not wait for a slow one.
        if (!again) await Promise.race([...inHand, nextWake()]);
      }
    } while (again);
  };

  return {
    name: options.lane,
    takesJobs: true,
    drain() {
      if (running) {
        again = true;
        wakeUp();
        return running;
      }
      running = work().finally(() => {
        running = null;
      });
      return running;
    },
    async nextDueAt() {
      const rows = await parts.store.read.hot<{ due: number | null }>(
        'select min(due_at) as due from jobs where lane = $1 and dead_at is null',
        options.lane,
      );
      return rows[0]?.due ?? null;
    },
  };
}

async function runJob(parts: LaneParts, options: LaneOptions, row: ClaimedRow, token: number): Promise<void> {
  const heartbeat = setInterval(() => void extendLease(parts, options, row.id, token), options.leaseMs / 3);
  heartbeat.unref();
  let finished = false;
  const job: Job = {
    id: row.id,
    lane: row.lane,
    tries: row.tries,
    refId: row.ref_id,
    data: JSON.parse(row.data) as Record<string, unknown>,
    async finish(command, input) {
      const output = await parts.commit.with(command, input, (tx) => acknowledge(tx, row, token));
      finished = true;
      return output;
    },
  };
  try {
    await options.handle(job);
    if (!finished) await parts.store.write((tx) => acknowledge(tx, row, token));
  } catch (error) {
    if (error instanceof LeaseLost) return;
    await giveBack(parts, options, row, token, error);
  } finally {
    clearInterval(heartbeat);
  }
}

async function acknowledge(tx: Transaction, row: ClaimedRow, token: number): Promise<void> {
  const gone = await tx.hot('delete from jobs where id = $1 and lease = $2 returning id', row.id, token);
  if (gone.length === 0) throw new LeaseLost(`job ${row.id} has another worker`);
  if (row.ref_id !== null && row.lane.startsWith('event:')) await forgetEvent(tx, row.ref_id);
}

/** An event whose consumers are all done is no longer needed. */
async function forgetEvent(tx: Transaction, eventId: number): Promise<void> {
  await tx.hot('delete from outbox where id = $1 and not exists (select 1 from jobs where ref_id = $1)', eventId);
}

async function giveBack(
  parts: LaneParts,
  options: LaneOptions,
  row: ClaimedRow,
  token: number,
  error: unknown,
): Promise<void> {
  const dead = error instanceof PermanentFailure || row.tries >= options.triesMax;
  const now = parts.clock.now();
  await parts.store
    .write((tx) =>
      // A job that failed no longer holds back those behind it.
      tx.hot(
        `update jobs set lease = 0, due_at = $1, dead_at = $2, last_error = $3, order_key = null, once_key = null
         where id = $4 and lease = $5`,
        now + options.backoffMs(row.tries),
        dead ? now : null,
        messageOf(error),
        row.id,
        token,
      ),
    )
    // The lease ends by itself when even this cannot be written.
    .catch(() => undefined);
  parts.failed(row, error, dead);
}

async function extendLease(parts: LaneParts, options: LaneOptions, id: number, token: number): Promise<void> {
  const until = parts.clock.now() + options.leaseMs;
  await parts.store
    .write((tx) => tx.hot('update jobs set due_at = $1 where id = $2 and lease = $3', until, id, token))
    .catch(() => undefined);
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 500);
}

/** From `firstMs` on each wait is `growth` times the one before, up to `maxMs`. */
export function exponentialBackoff(firstMs = 15 * SECOND_MS, maxMs = 12 * 3600 * SECOND_MS, growth = 2) {
  return (tries: number): number => Math.min(maxMs, firstMs * growth ** Math.max(0, tries - 1));
}

/**
 * The lanes in which any job is, due or not. It jumps from lane to lane in the index, so that one short look at a queue
 * that is mostly empty takes the place of two in each of its lanes.
 */
export async function lanesWithJobs(read: Query): Promise<Set<string>> {
  const rows = await read.hot<{ lane: string }>(
    `with recursive present(lane) as (
       select min(lane) from jobs
       union all
       select (select min(j.lane) from jobs j where j.lane > present.lane) from present where present.lane is not null)
     select lane from present where lane is not null`,
  );
  return new Set(rows.map(({ lane }) => lane));
}

/** How many jobs wait in each lane, and how many are dead. */
export async function queueDepth(read: Query): Promise<{ lane: string; waiting: number; dead: number }[]> {
  return read.hot(
    `select lane, sum(case when dead_at is null then 1 else 0 end) as waiting,
            sum(case when dead_at is null then 0 else 1 end) as dead
     from jobs group by lane order by lane`,
  );
}
