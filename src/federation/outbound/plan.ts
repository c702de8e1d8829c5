import type { Reader } from '#domain/accounts/accounts.queries.ts';
import type { Site } from '#db/unit.ts';
import type { Recipients } from '#federation/delivery/audience-inboxes.ts';
import type { JsonLd } from '#federation/vocabulary.ts';

/** One activity to be sent, before it is signed and its inboxes are found. */
export interface Plan {
  activity: JsonLd;
  senderId: number;
  recipients: Recipients;
  /** What it is about: deliveries about one thing keep their order at each inbox. */
  orderKey: string;
  /**
   * Everyone may have it: it carries a signature of its own, by which others may pass it on. What is not for
   * everyone never does, since that would make a leaked copy provable.
   */
  forEveryone: boolean;
  /** Tells peers which of their people follow the sender (FEP-8fcf). */
  syncFollowers?: boolean;
}

export interface OutboundContext {
  reader: Reader;
  site: Site;
  /** Of the outbox row: makes ids that are the same when the event is handled again. */
  eventId: number;
}
