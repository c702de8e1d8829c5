import { idsIn } from '#db/dialect.ts';
import type { LaneOptions, LaneParts } from '#db/queue.ts';
import type { Transaction } from '#db/store.ts';

export interface ClaimedRow {
  id: number;
  lane: string;
  tries: number;
  ref_id: number | null;
  data: string;
  last_error: string | null;
}

/**
 * The first job of each order from `after` on, where it is due. It jumps from key to key in the index, so it costs as
 * many steps as it finds orders, however many jobs wait behind one of them.
 */
const FIRST_OF_ORDERS = `with recursive keys(k) as (
    select min(order_key) from jobs where lane = $1 and order_key > $2
    union all
    select (select min(order_key) from jobs where lane = $1 and order_key > keys.k) from keys where keys.k is not null)
  select f.id, f.k as order_key from (
    select k, (select min(id) from jobs where lane = $1 and order_key = keys.k) as id from keys where k is not null) f
  where exists (select 1 from jobs j where j.id = f.id and j.due_at <= $3) limit $4`;

interface Claim {
  now: number;
  room: number;
  /** The order that was served last: the next ones have their turn. */
  after: string;
}

/** Jobs that could be taken, with the order to go on from; reads only, since an empty look must not lock anything. */
export async function findDue({ store }: LaneParts, lane: string, { now, room, after }: Claim) {
  const ofOrders = (from: string) =>
    store.read.hot<{ id: number; order_key: string }>(FIRST_OF_ORDERS, lane, from, now, room);
  const free = await store.read.hot<{ id: number }>(
    `select id from jobs where lane = $1 and order_key is null and dead_at is null and due_at <= $2
     order by due_at, id limit $3`,
    lane,
    now,
    room,
  );
  const first = await ofOrders(after);
  const isRoundDone = first.length < room;
  if (isRoundDone && after !== '') first.push(...(await ofOrders('')));
  const ids = [...new Set([...free, ...first].map(({ id }) => id))].toSorted((a, b) => a - b).slice(0, room);
  return { ids, after: isRoundDone ? '' : (first.at(-1)?.order_key ?? '') };
}

/** What was begun oftener than this and neither finished nor failed may be what ends the process. */
const BEGUN_TOGETHER_MAX = 2;
/** How long another of these waits for its turn. */
const TURN_MS = 5000;

/** Whether a job goes alone among its kind, so that those which were only in hand with it come to their end. */
export function isSuspect({ tries, last_error: lastError }: ClaimedRow): boolean {
  return tries > BEGUN_TOGETHER_MAX && lastError === null;
}

interface Due {
  ids: readonly number[];
  now: number;
  /** One that may be what ends the process is in hand already. */
  suspectInHand: boolean;
}

/**
 * Takes those of the jobs that nobody else has taken meanwhile. One whose process ended at every try that it may have is
 * buried instead: a try that fails is given back, so it has only ever been begun.
 */
export async function claim(parts: LaneParts, options: LaneOptions, { ids, now, suspectInHand }: Due) {
  const { store } = parts;
  const token = parts.ids.next(now);
  const { rows, unfinished } = await store.write(async (tx) => {
    const claimed = await tx.hot<ClaimedRow>(
      `update jobs set due_at = $1, lease = $2, tries = tries + 1 where id in (
         select id from jobs j where id in ${idsIn(store.engine, '$3')} and dead_at is null and due_at <= $4
           and (order_key is null or not exists (
             select 1 from jobs p where p.lane = j.lane and p.order_key = j.order_key and p.id < j.id and p.dead_at is null))
         ${store.engine === 'postgresql' ? 'for update skip locked' : ''})
       returning id, lane, tries, ref_id, data, last_error`,
      now + options.leaseMs,
      token,
      JSON.stringify(ids),
      now,
    );
    const begunInVain = claimed.filter(({ tries }) => tries > options.triesMax);
    for (const { id } of begunInVain) await bury(tx, id, options.triesMax, now);
    const alive = claimed.filter((row) => !begunInVain.includes(row)).toSorted((a, b) => a.id - b.id);
    const later = alive.filter(isSuspect).slice(suspectInHand ? 0 : 1);
    for (const { id } of later) await postpone(tx, id, token, now + TURN_MS);
    return { rows: alive.filter((row) => !later.includes(row)), unfinished: begunInVain };
  });
  for (const { id, lane } of unfinished) {
    parts.failed({ id, lane, tries: options.triesMax }, new NeverFinished(NEVER_FINISHED), true);
  }
  const taken = rows.map((row) => ({ row, token }));
  return { taken, buried: unfinished.length };
}

/** As if it had not been claimed. */
async function postpone(tx: Transaction, id: number, token: number, dueAt: number): Promise<void> {
  await tx.hot(
    'update jobs set lease = 0, due_at = $1, tries = tries - 1 where id = $2 and lease = $3',
    dueAt,
    id,
    token,
  );
}

class NeverFinished extends Error {
  override name = 'NeverFinished';
}

const NEVER_FINISHED = 'it was begun so often, and the process never came to its end: it may be what ends the process';

async function bury(tx: Transaction, id: number, tries: number, now: number): Promise<void> {
  await tx.hot(
    `update jobs set lease = 0, due_at = $1, dead_at = $1, tries = $2, last_error = $3, order_key = null, once_key = null
     where id = $4`,
    now,
    tries,
    NEVER_FINISHED,
    id,
  );
}
