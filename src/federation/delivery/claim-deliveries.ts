import type { Store, Transaction } from '#db/store.ts';
import { limits } from '#kernel/limits.ts';

export interface ClaimedDelivery {
  id: number;
  host: string;
  inbox: string;
  body: string;
  payloadId: number;
  senderId: number;
  activityType: string;
  syncFollowers: boolean;
  tries: number;
  lease: number;
  /** It may be what ends the process. */
  isSuspect: boolean;
}

export interface ReadyHost {
  host: string;
  /** How many more it may have in flight. */
  room: number;
}

interface HostRow {
  host: string;
  next_try_at: number | null;
  drain_until_id: number | null;
}

/** The hosts that something waits for and that may be tried now, by jumping from host to host in the index. */
export async function readyHosts(
  store: Store,
  now: number,
  inFlight: ReadonlyMap<string, number>,
): Promise<ReadyHost[]> {
  const rows = await store.read.hot<HostRow>(
    `with recursive waiting(host) as (
       select min(host) from deliveries
       union all
       select (select min(d.host) from deliveries d where d.host > waiting.host) from waiting where waiting.host is not null)
     select w.host, h.next_try_at, h.drain_until_id from waiting w left join delivery_hosts h on h.host = w.host
     where w.host is not null and (h.next_try_at is null or h.next_try_at <= $1)`,
    now,
  );
  return rows.flatMap((row) => {
    // A host that was away is asked with one delivery at a time, until what waited for it is there in order.
    const most = row.next_try_at === null ? limits.deliveriesPerHostInFlight : 1;
    const room = most - (inFlight.get(row.host) ?? 0);
    return room > 0 ? [{ host: row.host, room }] : [];
  });
}

/** How often a delivery is begun at most; a host that does not answer costs it none of these. */
export const TRIES_MAX = 10;
/** What was begun oftener than this, the last time in vain, may be what ends the process. */
const BEGUN_TOGETHER_MAX = 2;

interface DueRow extends Omit<ClaimedDelivery, 'syncFollowers' | 'lease' | 'isSuspect'> {
  syncFollowers: number;
  /** Not 0 when somebody took it and never said what came of it. */
  heldBy: number;
}

interface Claim {
  hosts: readonly ReadyHost[];
  room: number;
  now: number;
  leaseUntil: number;
  token: number;
  /** One that may be what ends the process is in hand already. */
  suspectInHand: boolean;
}

export interface Claimed {
  taken: ClaimedDelivery[];
  /** Each time that they were begun the process ended; they are gone. */
  buried: { inbox: string; activityType: string; payloadId: number }[];
}

/**
 * Takes the oldest due deliveries of each host, none before an older one of its own order. What comes back is let go
 * of, so one that is still held when it is due has only ever been begun. After some of these it goes alone among its
 * kind, so that those which were only in hand with it come to their end; and in the end it is given up.
 */
export async function claimDeliveries(tx: Transaction, input: Claim): Promise<Claimed> {
  const { now, token, leaseUntil } = input;
  const claimed: Claimed = { taken: [], buried: [] };
  let { suspectInHand } = input;
  for (const { host, room } of input.hosts) {
    const left = input.room - claimed.taken.length;
    if (left <= 0) break;
    for (const { heldBy, ...row } of await dueOf(tx, host, now, Math.min(room, left))) {
      if (heldBy !== 0 && row.tries >= TRIES_MAX) {
        const gone = await tx.hot('delete from deliveries where id = $1 and due_at <= $2 returning id', row.id, now);
        if (gone.length > 0) claimed.buried.push(row);
        continue;
      }
      const isSuspect = heldBy !== 0 && row.tries >= BEGUN_TOGETHER_MAX;
      // It stays due: the next of them is taken when this one has come back.
      if (isSuspect && suspectInHand) continue;
      const taken = await tx.hot(
        'update deliveries set lease = $1, due_at = $2, tries = tries + 1 where id = $3 and due_at <= $4 returning id',
        token,
        leaseUntil,
        row.id,
        now,
      );
      if (taken.length === 0) continue;
      suspectInHand ||= isSuspect;
      const tries = row.tries + 1;
      claimed.taken.push({ ...row, tries, syncFollowers: row.syncFollowers !== 0, lease: token, isSuspect });
    }
  }
  return claimed;
}

function dueOf(tx: Transaction, host: string, now: number, most: number): Promise<DueRow[]> {
  return tx.hot<DueRow>(
    `select d.id, d.host, d.inbox, d.payload_id as "payloadId", p.body, d.sender_id as "senderId",
       d.activity_type as "activityType", d.sync_followers as "syncFollowers", d.tries, d.lease as "heldBy"
     from deliveries d join payloads p on p.id = d.payload_id
     where d.host = $1 and d.due_at <= $2
       and not exists (select 1 from deliveries e where e.inbox = d.inbox and e.order_key = d.order_key and e.id < d.id)
     order by d.id limit $3`,
    host,
    now,
    most,
  );
}
