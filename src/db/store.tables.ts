import { sql } from 'drizzle-orm';
import type { Kit } from '#db/kit.ts';

/** The tables that carry the machinery: events, jobs, deliveries, received activities. */
export function storeTables(k: Kit) {
  /** The events of committed commands; kept until every consumer's job is done. */
  const outbox = k.table('outbox', {
    id: k.id('id').primaryKey(),
    type: k.text('type').notNull(),
    event: k.json<Record<string, unknown>>('event').notNull(),
    createdAt: k.time('created_at').notNull(),
  });

  const jobs = k.table(
    'jobs',
    {
      id: k.id('id').primaryKey(),
      lane: k.text('lane').notNull(),
      /** A second job with the same lane and key is not made while the first waits. */
      onceKey: k.text('once_key'),
      /** Jobs of one key run one after the other, in the order of their ids. */
      orderKey: k.text('order_key'),
      dueAt: k.time('due_at').notNull(),
      /** 0, or the token of the worker that holds it until `dueAt`. */
      lease: k.id('lease').notNull().default(0),
      tries: k.int('tries').notNull().default(0),
      deadAt: k.time('dead_at'),
      lastError: k.text('last_error'),
      /** The outbox or activity row that it is about. */
      refId: k.id('ref_id'),
      data: k.json<Record<string, unknown>>('data').notNull(),
      /** Whose sending makes it wait here, and how much: the registrable domain of an activity, and its bytes. */
      senderDomain: k.text('sender_domain'),
      bytes: k.int('bytes').notNull().default(k.no),
    },
    (t) => [
      // Those of an order are found by their order.
      k
        .index('jobs_due')
        .on(t.lane, t.deadAt, t.dueAt, t.id)
        .where(sql`${t.orderKey} is null`),
      k.index('jobs_order').on(t.lane, t.orderKey, t.id),
      k.uniqueIndex('jobs_once').on(t.lane, t.onceKey),
      k.index('jobs_ref').on(t.refId),
      // With the bytes, so that all that waits of a domain is counted in the index.
      k
        .index('jobs_sender')
        .on(t.senderDomain, t.bytes)
        .where(sql`${t.senderDomain} is not null and ${t.deadAt} is null`),
    ],
  );

  /** A signed body, once; its deliveries are rows. */
  const payloads = k.table('payloads', { id: k.id('id').primaryKey(), body: k.text('body').notNull() });

  const deliveries = k.table(
    'deliveries',
    {
      id: k.id('id').primaryKey(),
      host: k.text('host').notNull(),
      inbox: k.text('inbox').notNull(),
      payloadId: k
        .id('payload_id')
        .notNull()
        .references(() => payloads.id),
      /** Whose key signs; the key itself never enters this table. */
      senderId: k.id('sender_id').notNull(),
      activityType: k.text('activity_type').notNull(),
      /** Deliveries of one key to one inbox keep their order. */
      orderKey: k.text('order_key').notNull(),
      dueAt: k.time('due_at').notNull(),
      lease: k.id('lease').notNull().default(0),
      tries: k.int('tries').notNull().default(0),
      /** Whether the sender's followers digest goes along (FEP-8fcf). */
      syncFollowers: k.bool('sync_followers').notNull().default(k.no),
      createdAt: k.time('created_at').notNull(),
    },
    (t) => [
      k.index('deliveries_host').on(t.host, t.id),
      k.index('deliveries_order').on(t.inbox, t.orderKey, t.id),
      k.index('deliveries_payload').on(t.payloadId),
    ],
  );

  /** A host whose inboxes do not answer: tried again at `nextTryAt`, held after some days, given up after more. */
  const deliveryHosts = k.table('delivery_hosts', {
    host: k.text('host').primaryKey(),
    failures: k.int('failures').notNull(),
    failingSince: k.time('failing_since').notNull(),
    nextTryAt: k.time('next_try_at').notNull(),
    lastError: k.text('last_error'),
    /** Whether that time is the one that it asked for, with `Retry-After`. */
    askedToWait: k.bool('asked_to_wait').notNull().default(k.no),
    /** Deliveries up to this id go one by one, so that what waited arrives in order. */
    drainUntilId: k.id('drain_until_id'),
  });

  /** Activities that the inbox acknowledged; the unique id is what makes a replay harmless. */
  const activities = k.table(
    'activities',
    {
      id: k.id('id').primaryKey(),
      uri: k.text('uri').notNull(),
      actorUri: k.text('actor_uri').notNull(),
      /** The body as it was signed; emptied when it is processed. */
      raw: k.text('raw').notNull(),
      receivedAt: k.time('received_at').notNull(),
    },
    (t) => [k.uniqueIndex('activities_uri').on(t.uri), k.index('activities_received').on(t.receivedAt)],
  );

  /** Id slots and singleton duties, held by a lease. */
  const leases = k.table('leases', {
    name: k.text('name').primaryKey(),
    holder: k.text('holder').notNull(),
    expiresAt: k.time('expires_at').notNull(),
  });

  return { outbox, jobs, payloads, deliveries, deliveryHosts, activities, leases };
}
