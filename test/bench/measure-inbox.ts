import type { KeyObject } from 'node:crypto';
import type Sqlite from 'better-sqlite3';
import { INBOX_LANE } from '#federation/inbox/admit.ts';
import { costOf, drive, repeat, sleep } from './drive.ts';
import { authorUri, type Town } from './population.ts';
import type { Line } from './report.ts';
import type { Measured } from './server.ts';
import { inboxCall } from './traffic.ts';

export const SENDERS = 500;
const ACTIVITIES = 2000;
const WARM_UP = 500;
const PROCESSED_WITHIN_MS = 60_000;

/**
 * Posts of many authors, first acknowledged, then processed. What keeps the two apart is a job before each sender's own
 * that is not due for a long time: the lane takes nothing of that sender meanwhile.
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

function holdBack(db: Sqlite.Database): void {
  const insert = db.prepare(
    'insert into jobs (id, lane, order_key, due_at, lease, tries, data) values (?, ?, ?, ?, 0, 0, ?)',
  );
  const write = db.transaction(() => {
    for (let sender = 0; sender < SENDERS; sender += 1) {
      insert.run(sender + 1, INBOX_LANE, authorUri(sender), Date.now() + 3_600_000, '{}');
    }
  });
  write.immediate();
}

function letGo(db: Sqlite.Database): void {
  db.prepare('delete from jobs where lane = ? and id <= ?').run(INBOX_LANE, SENDERS);
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
