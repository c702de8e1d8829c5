import type { Schema } from '#db/schema.ts';
import type { Engine, Transaction } from '#db/store.ts';
import type { DomainEvent } from '#domain/events.ts';

/** What the instance is called; fixed for life at set-up. */
export interface Site {
  /** `https://social.example`, without a slash. */
  readonly origin: string;
  /** Host of the origin. */
  readonly host: string;
  /** What stands behind the @ of a handle. */
  readonly handleDomain: string;
}

/** Everything a command works with; lives exactly as long as its transaction. */
export interface Unit {
  readonly tx: Transaction;
  readonly schema: Schema;
  readonly engine: Engine;
  readonly site: Site;
  /** One moment for the whole command. */
  readonly now: number;
  newId(): number;
  emit(event: DomainEvent): void;
}

/** One use case: runs in one transaction; a throw undoes all of it. Awaits nothing but `unit.tx`. */
export type Command<Input, Output> = (unit: Unit, input: Input) => Promise<Output>;

export type Commit = <Input, Output>(command: Command<Input, Output>, input: Input) => Promise<Output>;
