import type { DocumentLoader } from '@fedify/vocab-runtime';
import type { Job } from '#db/queue.ts';
import type { Store } from '#db/store.ts';
import type { Site } from '#db/unit.ts';
import type { DomainEvent, EventType } from '#domain/events.ts';
import { inboxesOf, onlyWelcome } from '#federation/delivery/audience-inboxes.ts';
import { enqueueDeliveries, type Outgoing } from '#federation/delivery/enqueue-deliveries.ts';
import { federates } from '#federation/outbound/federates.ts';
import type { OutboundContext, Plan } from '#federation/outbound/plan.ts';
import { signActivity } from '#federation/outbound/sign-activity.ts';
import type { SigningKeys } from '#federation/signing-keys.ts';
import { OBJECT_CONTEXT } from '#federation/vocabulary.ts';
import type { Clock } from '#kernel/clock.ts';

export interface OutboundParts {
  store: Store;
  site: Site;
  clock: Clock;
  keys: SigningKeys;
  contextLoader: DocumentLoader;
}

/**
 * The consumer of the outbox that tells other servers: plans the activities of one event, signs each once, and
 * writes the deliveries together with the job's acknowledgement, so that a crash neither loses nor doubles one.
 */
export function createSendEvent(parts: OutboundParts): (job: Job) => Promise<void> {
  return async (job) => {
    const rows = await parts.store.read.hot<{ event: string }>('select event from outbox where id = $1', job.refId);
    if (!rows[0] || job.refId === null) return;
    const event = JSON.parse(rows[0].event) as DomainEvent;
    const plans = await plansOf({ reader: parts.store, site: parts.site, eventId: job.refId }, event);
    const outgoing: Outgoing[] = [];
    for (const plan of plans) {
      const inboxes = await onlyWelcome(parts.store, parts.site, await inboxesOf(parts.store, plan.recipients));
      if (inboxes.length > 0) outgoing.push({ ...(await prepare(parts, plan)), inboxes });
    }
    await job.finish(enqueueDeliveries, outgoing);
  };
}

async function plansOf(context: OutboundContext, event: DomainEvent): Promise<Plan[]> {
  const mapper = federates[event.type];
  if (mapper === 'local-only') return [];
  return (mapper as (context: OutboundContext, event: DomainEvent & { type: EventType }) => Promise<Plan[]>)(
    context,
    event,
  );
}

async function prepare(parts: OutboundParts, plan: Plan): Promise<Omit<Outgoing, 'inboxes'>> {
  const activity = plan.forEveryone
    ? await signActivity(plan.activity, await parts.keys.of(plan.senderId), parts.contextLoader, parts.clock.now())
    : { '@context': OBJECT_CONTEXT, ...plan.activity };
  return {
    body: JSON.stringify(activity),
    activityType: String(plan.activity.type),
    senderId: plan.senderId,
    orderKey: plan.orderKey,
    syncFollowers: plan.syncFollowers ?? false,
  };
}
