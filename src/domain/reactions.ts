import type { Unit } from '#db/unit.ts';
import type { DomainEvent, EventOf, EventType } from '#domain/events.ts';
import { endAllSessions } from '#domain/membership/end-sessions.ts';

type Reaction<T extends EventType> = (unit: Unit, event: EventOf<T>) => Promise<void>;

/**
 * What follows an event inside its own transaction: whatever its author would miss on the next page.
 * What leaves the process (deliveries, mail) is a consumer of the outbox instead.
 */
const reactions: { [T in EventType]?: readonly Reaction<T>[] } = {
  'account-suspended': [(unit, { accountId }) => endAllSessions(unit, { accountId })],
};

export async function react(unit: Unit, event: DomainEvent): Promise<void> {
  for (const reaction of reactions[event.type] ?? []) await (reaction as Reaction<EventType>)(unit, event);
}
