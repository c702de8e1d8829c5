import { exponentialBackoff, type Lane } from '#db/queue.ts';
import type { Store, Transaction } from '#db/store.ts';
import { claimDeliveries, readyHosts, TRIES_MAX, type ClaimedDelivery } from '#federation/delivery/claim-deliveries.ts';
import { createHostHealth, type HostHealth } from '#federation/delivery/host-health.ts';
import type { Sender, SendOutcome } from '#federation/delivery/send.ts';
import type { SigningKeys } from '#federation/signing-keys.ts';
import { HOUR_MS, SECOND_MS, type Clock } from '#kernel/clock.ts';
import type { IdSource } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';

export interface DeliveryParts {
  store: Store;
  clock: Clock;
  ids: IdSource;
  sender: Sender;
  keys: SigningKeys;
  /** The header of FEP-8fcf for one host, or null when nobody there follows. */
  followersDigest(senderId: number, host: string): Promise<string | null>;
  /** Told of each try. */
  delivered(outcome: SendOutcome['kind'], host: string): void;
  /** An inbox answered that it is gone. */
  inboxGone(inbox: string, status: number): Promise<void>;
  log(message: string, details: Record<string, unknown>): void;
}

const LEASE_MS = 90_000;
/** Results that come in together are written together, and so are the claims that follow: each asks the disk once. */
const ACK_WINDOW_MS = 12;
/**
 * For an inbox that says "not now" by itself, while its host answers others. Often that is over in a minute (it asked for
 * our key while we were starting), else it lasts: nine waits are 42 hours.
 */
const laterMs = exponentialBackoff(15 * SECOND_MS, 12 * HOUR_MS, 4);

interface Result {
  delivery: ClaimedDelivery;
  /** `unsent`: a failure of ours kept it from being sent. */
  outcome: SendOutcome | { kind: 'unsent' };
  done(): void;
}

/**
 * Sends what the `deliveries` table holds. Hosts are served side by side, each with few connections, so one
 * that hangs holds up nobody else; at one inbox the deliveries of one order key go one after the other.
 */
export function createDeliveryLane(parts: DeliveryParts): Lane {
  const health = createHostHealth(parts);
  const inFlight = new Map<string, number>();
  let results: Result[] = [];
  let flushing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let again = false;
  let suspectInHand = false;

  const flush = async () => {
    timer = undefined;
    const batch = results;
    results = [];
    try {
      await parts.store.write((tx) => writeResults(parts, tx, health, batch));
      for (const { delivery, outcome } of batch) {
        if (outcome.kind === 'gone') await parts.inboxGone(delivery.inbox, outcome.status);
      }
    } catch (error) {
      parts.log('delivery results were not written; their leases will end', { error: String(error) });
    }
    for (const result of batch) result.done();
  };
  const settle = (delivery: ClaimedDelivery, outcome: Result['outcome']) =>
    new Promise<void>((done) => {
      results.push({ delivery, outcome, done });
      timer ??= setTimeout(() => {
        flushing = flushing.then(flush);
      }, ACK_WINDOW_MS);
    });

  const deliver = async (delivery: ClaimedDelivery) => {
    try {
      const outcome = await sendOne(parts, delivery).catch(async (error: unknown) => {
        await settle(delivery, { kind: 'unsent' });
        throw error;
      });
      parts.delivered(outcome.kind, delivery.host);
      await settle(delivery, outcome);
    } finally {
      const left = (inFlight.get(delivery.host) ?? 1) - 1;
      if (left > 0) inFlight.set(delivery.host, left);
      else inFlight.delete(delivery.host);
    }
  };

  const work = async () => {
    const inHand = new Set<Promise<void>>();
    do {
      again = false;
      for (;;) {
        const room = limits.deliveriesInFlight - inHand.size;
        const claimed = room > 0 ? await claim(parts, inFlight, room, suspectInHand) : [];
        for (const delivery of claimed) {
          inFlight.set(delivery.host, (inFlight.get(delivery.host) ?? 0) + 1);
          suspectInHand ||= delivery.isSuspect;
          const one = deliver(delivery).finally(() => {
            inHand.delete(one);
            if (delivery.isSuspect) suspectInHand = false;
          });
          inHand.add(one);
        }
        if (inHand.size === 0) break;
        // New work for idle hosts must not wait for a slow one.
        await Promise.race([...inHand, nextWake()]);
        // Those that were written down together have their places free together.
        await new Promise(setImmediate);
      }
    } while (again);
  };

  let wakeUp: () => void = () => undefined;
  const nextWake = () =>
    new Promise<void>((resolve) => {
      wakeUp = resolve;
    });

  return {
    name: 'deliveries',
    takesJobs: false,
    drain() {
      if (running) {
        again = true;
        wakeUp();
        return running;
      }
      running = work().finally(() => {
        running = null;
      });
      return running;
    },
    async nextDueAt() {
      const rows = await parts.store.read.hot<{ due: number | null }>(
        `select min(case when h.next_try_at > d.due_at then h.next_try_at else d.due_at end) as due
         from deliveries d left join delivery_hosts h on h.host = d.host`,
      );
      return rows[0]?.due ?? null;
    },
  };
}

async function claim(
  parts: DeliveryParts,
  inFlight: ReadonlyMap<string, number>,
  room: number,
  suspectInHand: boolean,
): Promise<ClaimedDelivery[]> {
  for (;;) {
    const now = parts.clock.now();
    const hosts = await readyHosts(parts.store, now, inFlight);
    if (hosts.length === 0) return [];
    const token = parts.ids.next(now);
    const { taken, buried } = await parts.store.write(async (tx) => {
      const claimed = await claimDeliveries(tx, { hosts, room, now, leaseUntil: now + LEASE_MS, token, suspectInHand });
      await forgetPayloads(tx, claimed.buried);
      return claimed;
    });
    for (const { inbox, activityType } of buried) {
      const why = 'the process ended each time that it was begun: it may be what ends the process';
      parts.log('delivery given up', { inbox, type: activityType, why });
    }
    // Others may wait behind those that were buried.
    if (taken.length > 0 || buried.length === 0) return taken;
  }
}

async function sendOne(parts: DeliveryParts, delivery: ClaimedDelivery): Promise<SendOutcome> {
  const keys = await parts.keys.of(delivery.senderId);
  const sync = delivery.syncFollowers ? await parts.followersDigest(delivery.senderId, delivery.host) : null;
  return parts.sender.send(
    delivery.inbox,
    delivery.body,
    keys.rsa,
    sync === null ? {} : { 'collection-synchronization': sync },
  );
}

async function writeResults(
  parts: DeliveryParts,
  tx: Transaction,
  health: HostHealth,
  batch: readonly Result[],
): Promise<void> {
  const now = parts.clock.now();
  let removed = false;
  for (const { delivery, outcome } of batch) {
    if (outcome.kind === 'host-failed') {
      await health.failed(tx, delivery.host, outcome, now);
      await release(tx, delivery, now, 'as untried');
      continue;
    }
    if (outcome.kind === 'unsent') {
      await release(tx, delivery, now + LEASE_MS, 'as untried');
      continue;
    }
    await health.answered(tx, delivery.host, now);
    if (outcome.kind === 'later' && delivery.tries < TRIES_MAX) {
      await release(tx, delivery, now + laterMs(delivery.tries), 'as tried');
      continue;
    }
    await tx.hot('delete from deliveries where id = $1 and lease = $2', delivery.id, delivery.lease);
    removed = true;
    if (outcome.kind === 'delivered') continue;
    parts.log('delivery given up', { inbox: delivery.inbox, type: delivery.activityType, status: outcome.status });
  }
  if (removed)
    await forgetPayloads(
      tx,
      batch.map(({ delivery }) => delivery),
    );
}

async function release(
  tx: Transaction,
  delivery: ClaimedDelivery,
  dueAt: number,
  counted: 'as tried' | 'as untried',
): Promise<void> {
  await tx.hot(
    'update deliveries set lease = 0, due_at = $1, tries = tries - $2 where id = $3 and lease = $4',
    dueAt,
    counted === 'as tried' ? 0 : 1,
    delivery.id,
    delivery.lease,
  );
}

async function forgetPayloads(tx: Transaction, done: readonly { payloadId: number }[]): Promise<void> {
  for (const id of new Set(done.map(({ payloadId }) => payloadId))) {
    await tx.hot(
      'delete from payloads where id = $1 and not exists (select 1 from deliveries where payload_id = $1)',
      id,
    );
  }
}
