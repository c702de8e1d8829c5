import type { Transaction } from '#db/store.ts';
import type { SendOutcome } from '#federation/delivery/send.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';

/** Tried with growing pauses for this long … */
const RETRY_FOR_MS = 4 * DAY_MS;
/** … then held and probed once an hour for this long, and then given up. */
const HOLD_FOR_MS = 14 * DAY_MS;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3 * HOUR_MS;
const PROBE_PAUSE_MS = HOUR_MS;

export interface HostHealth {
  /** Notes a failure of the host and when to try it again; after the holding time its deliveries are dropped. */
  failed(
    tx: Transaction,
    host: string,
    outcome: Extract<SendOutcome, { kind: 'host-failed' }>,
    now: number,
  ): Promise<void>;
  /** Notes that the host answered: what waited for it now goes one by one, then all is as before. */
  answered(tx: Transaction, host: string, now: number): Promise<void>;
}

interface Row {
  failures: number;
  failing_since: number;
  next_try_at: number;
  drain_until_id: number | null;
}

export function createHostHealth({
  log,
}: {
  log(message: string, details: Record<string, unknown>): void;
}): HostHealth {
  return {
    async failed(tx, host, outcome, now) {
      const row = await healthOf(tx, host);
      // Deliveries that were in flight together fail together: that is one failure.
      if (row && row.next_try_at > now) return;
      const failures = (row?.failures ?? 0) + 1;
      const since = row && row.failures > 0 ? row.failing_since : now;
      const pause = pauseOf(failures, now - since, outcome.retryAfterMs);
      await tx.hot(
        `insert into delivery_hosts (host, failures, failing_since, next_try_at, last_error, asked_to_wait)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (host) do update
           set failures = $2, failing_since = $3, next_try_at = $4, last_error = $5, asked_to_wait = $6`,
        host,
        failures,
        since,
        now + pause,
        outcome.why,
        outcome.retryAfterMs === null ? 0 : 1,
      );
      if (now - since > RETRY_FOR_MS + HOLD_FOR_MS) {
        await tx.hot('delete from deliveries where host = $1', host);
        await tx.hot('delete from delivery_hosts where host = $1', host);
        log('host given up', { host, failingSince: new Date(since).toISOString() });
      }
    },
    async answered(tx, host, now) {
      const row = await healthOf(tx, host);
      if (!row) return;
      if (row.drain_until_id === null) {
        const last = await tx.hot<{ id: number | null }>('select max(id) as id from deliveries where host = $1', host);
        await tx.hot(
          'update delivery_hosts set failures = 0, next_try_at = 0, drain_until_id = $1 where host = $2',
          last[0]?.id ?? 0,
          host,
        );
        return;
      }
      const waiting = await tx.hot(
        // What is due is in nobody's hand, even where somebody had it and is gone.
        'select 1 as waiting from deliveries where host = $1 and id <= $2 and (lease = 0 or due_at <= $3) limit 1',
        host,
        row.drain_until_id,
        now,
      );
      if (waiting.length === 0) await tx.hot('delete from delivery_hosts where host = $1', host);
    },
  };
}

async function healthOf(tx: Transaction, host: string): Promise<Row | null> {
  const rows = await tx.hot<Row>(
    'select failures, failing_since, next_try_at, drain_until_id from delivery_hosts where host = $1',
    host,
  );
  return rows[0] ?? null;
}

function pauseOf(failures: number, failingForMs: number, retryAfterMs: number | null): number {
  if (retryAfterMs !== null) return Math.max(retryAfterMs, MINUTE_MS);
  if (failingForMs > RETRY_FOR_MS) return PROBE_PAUSE_MS;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
}
