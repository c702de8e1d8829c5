import type { Unit } from '#db/unit.ts';
import type { Inbox } from '#federation/delivery/audience-inboxes.ts';
import { limits } from '#kernel/limits.ts';

export interface Outgoing {
  /** The activity as it will be sent, signed where it is. */
  body: string;
  activityType: string;
  senderId: number;
  /** Deliveries with one key keep their order at each inbox. */
  orderKey: string;
  inboxes: readonly Inbox[];
  syncFollowers?: boolean;
}

/** What a host that does not answer may lose first; an Undo, Delete or Accept is never dropped for room. */
const EXPENDABLE = `('Create', 'Update', 'Announce', 'Like', 'Add', 'Remove')`;

/** Writes the bodies, each once, and a row for each inbox. */
export async function enqueueDeliveries(unit: Unit, outgoing: readonly Outgoing[]): Promise<void> {
  for (const one of outgoing) {
    if (one.inboxes.length === 0) continue;
    const payloadId = unit.newId();
    await unit.tx.hot('insert into payloads (id, body) values ($1, $2)', payloadId, one.body);
    for (const { inbox, host } of one.inboxes) {
      await unit.tx.hot(
        `insert into deliveries (id, host, inbox, payload_id, sender_id, activity_type, order_key, due_at, lease, tries,
           sync_followers, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9, $8)`,
        unit.newId(),
        host,
        inbox,
        payloadId,
        one.senderId,
        one.activityType,
        one.orderKey,
        unit.now,
        one.syncFollowers ? 1 : 0,
      );
    }
  }
  await capFailingHosts(unit, new Set(outgoing.flatMap((one) => one.inboxes.map(({ host }) => host))));
}

async function capFailingHosts(unit: Unit, hosts: ReadonlySet<string>): Promise<void> {
  const failing = await unit.tx.hot<{ host: string }>('select host from delivery_hosts');
  for (const { host } of failing) {
    if (!hosts.has(host)) continue;
    const counted = await unit.tx.hot<{ n: number }>('select count(*) as n from deliveries where host = $1', host);
    const over = Number(counted[0]?.n ?? 0) - limits.heldDeliveriesPerHost;
    if (over <= 0) continue;
    await unit.tx.hot(
      `delete from deliveries where id in (
         select id from deliveries where host = $1 and activity_type in ${EXPENDABLE} order by id limit $2)`,
      host,
      over,
    );
    await forgetUnusedPayloads(unit);
  }
}

async function forgetUnusedPayloads({ tx }: Pick<Unit, 'tx'>): Promise<void> {
  await tx.hot('delete from payloads where not exists (select 1 from deliveries d where d.payload_id = payloads.id)');
}
