import type { KeyObject } from 'node:crypto';
import type Sqlite from 'better-sqlite3';
import { INBOX_LANE } from '#federation/inbox/admit.ts';
import { costOf, drive, repeat, sleep } from './drive.ts';
import type { Town } from './population.ts';
import type { Line } from './report.ts';
import type { Measured } from './server.ts';
import { inboxCall } from './traffic.ts';

export const SENDERS = 500;
const ACTIVITIES = 2000;
const WARM_UP = 500;
const PROCESSED_WITHIN_MS = 60_000;

/**
 * Posts of many authors, first acknowledged, then processed. What keeps the two apart is a trigger that puts new jobs
 * onto a lane which nobody serves; it adds a hundredth of a millisecond to the admission.
 */
export async function measureInbox(
  town: Town,
  server: Measured,
  { key, db }: { key: KeyObject; db: Sqlite.Database },
): Promise<Line[]> {
  const post = (count: number) => {
    const now = Date.now();
    return repeat(count, (index) => inboxCall(town, index % SENDERS, key, now));
  };
  // Everybody once, so that every key is known afterwards.
  const first = post(SENDERS);
  const coldMs = await costOf(server, SENDERS, async () => {
    await drive(server, first, 202);
    await untilProcessed(db);
  });
  await drive(server, post(WARM_UP), 202);
  await untilProcessed(db);

  const calls = post(ACTIVITIES);
  const known = countPosts(db);
  holdBack(db);
  const admitMs = await costOf(server, ACTIVITIES, () => drive(server, calls, 202));
  const again = await costOf(server, ACTIVITIES, () => drive(server, calls, 202));
  const processMs = await costOf(server, ACTIVITIES, async () => {
    letGo(db);
    await untilProcessed(db);
  });
  const missing = ACTIVITIES - (countPosts(db) - known);
  if (missing > 0) throw new Error(`${missing} of ${ACTIVITIES} posts have not become posts`);
  return [
    { what: 'inbox: admission of a Create', measured: admitMs, unit: 'ms', gate: 1, cpu: true },
    { what: 'inbox: its processing', measured: processMs, unit: 'ms', gate: 2, cpu: true },
    { what: 'inbox: a Create that is known already', measured: again, unit: 'ms', cpu: true },
    { what: 'inbox: both, first of an actor (cold TLS)', measured: coldMs, unit: 'ms', cpu: true },
  ];
}

const HELD_LANE = 'held';

function holdBack(db: Sqlite.Database): void {
  db.exec(
    `create trigger hold_back after insert on jobs when new.lane = '${INBOX_LANE}'
     begin update jobs set lane = '${HELD_LANE}' where id = new.id; end`,
  );
}

function letGo(db: Sqlite.Database): void {
  db.exec('drop trigger hold_back');
  db.prepare('update jobs set lane = ? where lane = ?').run(INBOX_LANE, HELD_LANE);
}

async function untilProcessed(db: Sqlite.Database): Promise<void> {
  await untilEmpty(db, 'select 1 from jobs where lane = ? limit 1', INBOX_LANE);
}

/** Waits until the query finds nothing more. */
export async function untilEmpty(db: Sqlite.Database, query: string, ...values: unknown[]): Promise<void> {
  const statement = db.prepare(query);
  const deadline = Date.now() + PROCESSED_WITHIN_MS;
  while (statement.get(...values) !== undefined) {
    if (Date.now() > deadline) throw new Error(`there is still something: ${query}`);
    await sleep(20);
  }
}

function countPosts(db: Sqlite.Database): number {
  return db.prepare('select count(*) from posts').pluck().get() as number;
}
