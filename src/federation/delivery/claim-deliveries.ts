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

/** Takes the oldest due deliveries of each host, none before an older one of its own order. */
export async function claimDeliveries(
  tx: Transaction,
  input: { hosts: readonly ReadyHost[]; room: number; now: number; leaseUntil: number; token: number },
): Promise<ClaimedDelivery[]> {
  const claimed: ClaimedDelivery[] = [];
  for (const { host, room } of input.hosts) {
    const left = input.room - claimed.length;
    if (left <= 0) break;
    const rows = await tx.hot<Omit<ClaimedDelivery, 'syncFollowers' | 'lease'> & { syncFollowers: number }>(
      `select d.id, d.host, d.inbox, d.payload_id as "payloadId", p.body, d.sender_id as "senderId",
         d.activity_type as "activityType", d.sync_followers as "syncFollowers", d.tries
       from deliveries d join payloads p on p.id = d.payload_id
       where d.host = $1 and d.due_at <= $2
         and not exists (select 1 from deliveries e where e.inbox = d.inbox and e.order_key = d.order_key and e.id < d.id)
       order by d.id limit $3`,
      host,
      input.now,
      Math.min(room, left),
    );
    for (const row of rows) {
      const taken = await tx.hot(
        'update deliveries set lease = $1, due_at = $2, tries = tries + 1 where id = $3 and due_at <= $4 returning id',
        input.token,
        input.leaseUntil,
        row.id,
        input.now,
      );
      if (taken.length === 0) continue;
      claimed.push({ ...row, tries: row.tries + 1, syncFollowers: row.syncFollowers !== 0, lease: input.token });
    }
  }
  return claimed;
}
