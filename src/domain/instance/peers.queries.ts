import type { Query } from '#db/store.ts';

type Read = Pick<Query, 'hot'>;

export interface FailingHost {
  host: string;
  failures: number;
  failingSince: number;
  /** In the past when it is being tried. */
  nextTryAt: number;
  lastError: string | null;
  /** What waits for it. */
  deliveries: number;
}

/** Servers whose inboxes do not answer, those that fail longest first. */
export async function failingHosts(read: Read, limit: number): Promise<FailingHost[]> {
  const rows = await read.hot<FailingHost>(
    `select h.host, h.failures, h.failing_since as "failingSince", h.next_try_at as "nextTryAt",
       h.last_error as "lastError", (select count(*) from deliveries d where d.host = h.host) as deliveries
     from delivery_hosts h where h.failures > 0 order by h.failing_since, h.host limit $1`,
    limit,
  );
  return rows.map((row) => ({ ...row, deliveries: Number(row.deliveries) }));
}

/** Servers that were in contact lately and have not been asked what they run, those first who wait longest. */
export async function peersToAsk(
  read: Read,
  { askedBefore, inContactAfter }: { askedBefore: number; inContactAfter: number },
  limit: number,
): Promise<string[]> {
  const rows = await read.hot<{ host: string }>(
    `select host from peers where (node_info_at is null or node_info_at <= $1)
       and (last_heard_at > $2 or last_delivered_at > $2)
     order by coalesce(node_info_at, first_seen_at), host limit $3`,
    askedBefore,
    inContactAfter,
    limit,
  );
  return rows.map(({ host }) => host);
}

export interface DeliveryDepth {
  waiting: number;
  hosts: number;
  /** When the one that has waited longest was made; null when none waits. */
  oldestAt: number | null;
  failingHosts: number;
}

/** What is to be sent to other servers. */
export async function deliveryDepth(read: Read): Promise<DeliveryDepth> {
  const [row] = await read.hot<DeliveryDepth>(
    `select count(*) as waiting, count(distinct host) as hosts, min(created_at) as "oldestAt",
       (select count(*) from delivery_hosts where failures > 0) as "failingHosts" from deliveries`,
  );
  return {
    waiting: Number(row?.waiting ?? 0),
    hosts: Number(row?.hosts ?? 0),
    oldestAt: row?.oldestAt ?? null,
    failingHosts: Number(row?.failingHosts ?? 0),
  };
}
