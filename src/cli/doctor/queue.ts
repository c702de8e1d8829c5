import { queueDepth } from '#db/queue.ts';
import type { Store } from '#db/store.ts';
import { DAY_MS, MINUTE_MS, systemClock } from '#kernel/clock.ts';
import { duration, fault, ok, warning, type Finding } from '#cli/doctor/finding.ts';

/** Work that is due is taken within seconds while a server runs. */
const LATE_MS = 15 * MINUTE_MS;
/** From here on a host is held, see docs/decisions/0005. */
const HELD_AFTER_MS = 4 * DAY_MS;
const SHOWN = 5;

/** Work that waits, work that was given up, and servers that do not answer. */
export async function* checkQueue(store: Store): AsyncGenerator<Finding> {
  const lanes = await queueDepth(store.read);
  const dead = lanes.filter((lane) => Number(lane.dead) > 0);
  yield dead.length === 0
    ? ok('no job was given up')
    : warning(`jobs given up: ${dead.map((lane) => `${lane.dead} in ${lane.lane}`).join(', ')}`);
  yield await checkLateness(store);
  yield* checkHosts(store);
}

async function checkLateness({ read }: Store): Promise<Finding> {
  const now = systemClock.now();
  const [row] = await read.hot<{ due: number | null; waiting: number }>(
    'select min(due_at) as due, count(*) as waiting from jobs where dead_at is null',
  );
  const lateMs = row?.due ? now - row.due : 0;
  return lateMs > LATE_MS
    ? fault(`${row?.waiting} jobs wait, the oldest for ${duration(lateMs)}: is the server running?`)
    : ok(`${row?.waiting ?? 0} jobs wait, none for long`);
}

async function* checkHosts({ read }: Store): AsyncGenerator<Finding> {
  const now = systemClock.now();
  const hosts = await read.hot<{ host: string; since: number; why: string | null; waiting: number }>(
    `select h.host, h.failing_since as since, h.last_error as why,
       (select count(*) from deliveries d where d.host = h.host) as waiting
     from delivery_hosts h where h.failures > 0 order by h.failing_since`,
  );
  if (hosts.length === 0) {
    yield ok('every server that is written to answers');
    return;
  }
  const held = hosts.filter(({ since }) => now - since > HELD_AFTER_MS).length;
  yield warning(`${hosts.length} servers do not answer, ${held} of them for more than ${duration(HELD_AFTER_MS)}`);
  for (const { host, since, why, waiting } of hosts.slice(0, SHOWN)) {
    yield warning(`${host}: for ${duration(now - since)}, ${waiting} deliveries wait (${why ?? 'no reason known'})`);
  }
}
