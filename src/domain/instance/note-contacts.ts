import type { Unit } from '#db/unit.ts';

/** When a server last spoke to us and took what we sent, as far as that is new. */
export interface Contact {
  host: string;
  heardAt: number | null;
  deliveredAt: number | null;
}

/** Writes down with whom we were in contact. An older time than the one that is known changes nothing. */
export async function noteContacts(unit: Unit, contacts: readonly Contact[]): Promise<void> {
  for (const { host, heardAt, deliveredAt } of contacts) {
    await unit.tx.hot(
      `insert into peers (host, first_seen_at, last_heard_at, last_delivered_at) values ($1, $2, $3, $4)
       on conflict (host) do update set
         last_heard_at = case when coalesce(peers.last_heard_at, 0) > coalesce(excluded.last_heard_at, 0)
           then peers.last_heard_at else excluded.last_heard_at end,
         last_delivered_at = case when coalesce(peers.last_delivered_at, 0) > coalesce(excluded.last_delivered_at, 0)
           then peers.last_delivered_at else excluded.last_delivered_at end`,
      host,
      Math.min(heardAt ?? unit.now, deliveredAt ?? unit.now),
      heardAt,
      deliveredAt,
    );
  }
}
