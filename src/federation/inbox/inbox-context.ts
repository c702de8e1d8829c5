import type { Reader } from '#domain/accounts/accounts.queries.ts';
import type { Site, Unit } from '#db/unit.ts';
import type { DomainShares } from '#federation/domain-shares.ts';
import type { Budget } from '#federation/resolve/budget.ts';
import type { Resolver } from '#federation/resolve/resolve.ts';
import type { Clock } from '#kernel/clock.ts';

/** What a handler works with: everything from outside is fetched through the resolver, within one budget. */
export interface InboxContext {
  reader: Reader;
  resolver: Resolver;
  clock: Clock;
  budget: Budget;
  /** The account whose server signed the activity. */
  actorId: number;
  actorUri: string;
  /** The activity as it was signed, and the same as JSON. */
  raw: string;
  json: Record<string, unknown>;
  site: Site;
  /** What each domain may still make us pass on. */
  passOns: DomainShares;
}

/**
 * What a handler ends in: the one change to be made, run in one transaction with the activity's acknowledgement.
 * A text says why there is none.
 */
export type Outcome = ((unit: Unit) => Promise<unknown>) | string;
