import { enqueueJobs, type NewJob } from '#db/queue.ts';
import type { Store, Transaction } from '#db/store.ts';
import type { Command, Commit, Site, Unit } from '#db/unit.ts';
import type { DomainEvent, EventType } from '#domain/events.ts';
import type { Clock } from '#kernel/clock.ts';
import type { IdSource } from '#kernel/ids.ts';

/** How many events one command may cause, its reactions' own included. */
const EVENTS_MAX = 10_000;

export interface CommitParts {
  store: Store;
  clock: Clock;
  ids: IdSource;
  site: Site;
  /** What follows inside the same transaction; may emit more events. */
  react(unit: Unit, event: DomainEvent): Promise<void>;
  /** Which lanes are told of an event, each by a job of its own. */
  consumersOf(type: EventType): readonly string[];
  /** Called after the transaction, when there may be new jobs. */
  wake(): void;
}

export interface CommitWith extends Commit {
  /** Commits and runs `also` at the end of the same transaction: a job's acknowledgement, for one. */
  with<Input, Output>(
    command: Command<Input, Output>,
    input: Input,
    also: (tx: Transaction) => Promise<void>,
  ): Promise<Output>;
}

/**
 * The only way to write: one transaction runs the command, its events' reactions, and writes the events
 * and one job per consumer. Jobs are woken after the transaction has ended.
 */
export function createCommit(parts: CommitParts): CommitWith {
  const run = async <Input, Output>(
    command: Command<Input, Output>,
    input: Input,
    also?: (tx: Transaction) => Promise<void>,
  ) => {
    const result = await parts.store.write(async (tx) => {
      const events: DomainEvent[] = [];
      const unit = createUnit(parts, tx, events);
      const output = await command(unit, input);
      // A reaction may emit, so the list grows while it is walked.
      for (let index = 0; index < events.length; index += 1) {
        if (index >= EVENTS_MAX) throw new Error('a command caused too many events');
        await parts.react(unit, events[index] as DomainEvent);
      }
      await writeOutbox(parts, unit, events);
      await also?.(tx);
      return output;
    });
    parts.wake();
    return result;
  };
  return Object.assign(<I, O>(command: Command<I, O>, input: I) => run(command, input), {
    with: <I, O>(command: Command<I, O>, input: I, also: (tx: Transaction) => Promise<void>) =>
      run(command, input, also),
  });
}

function createUnit(parts: CommitParts, tx: Transaction, events: DomainEvent[]): Unit {
  const now = parts.clock.now();
  return {
    tx,
    schema: parts.store.schema,
    engine: parts.store.engine,
    site: parts.site,
    now,
    newId: () => parts.ids.next(now),
    emit: (event) => void events.push(event),
  };
}

async function writeOutbox(parts: CommitParts, unit: Unit, events: DomainEvent[]): Promise<void> {
  const jobs: NewJob[] = [];
  for (const event of events) {
    const consumers = parts.consumersOf(event.type);
    if (consumers.length === 0) continue;
    const id = unit.newId();
    await unit.tx.hot(
      'insert into outbox (id, type, event, created_at) values ($1, $2, $3, $4)',
      id,
      event.type,
      JSON.stringify(event),
      unit.now,
    );
    for (const lane of consumers) jobs.push({ lane, refId: id, data: {} });
  }
  await enqueueJobs(unit, jobs);
}
