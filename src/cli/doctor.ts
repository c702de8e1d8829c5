import { readConfig, type Config } from '#config/config.ts';
import { migrationState } from '#db/migration-state.ts';
import { openMigrated } from '#db/open.ts';
import { UsageError, type CliCommand } from '#cli/command.ts';
import { checkDatabase } from '#cli/doctor/database.ts';
import { checkDisk } from '#cli/doctor/disk.ts';
import { fault, ok, type Finding } from '#cli/doctor/finding.ts';
import { checkInstance } from '#cli/doctor/instance.ts';
import { checkMail } from '#cli/doctor/mail.ts';
import { checkQueue } from '#cli/doctor/queue.ts';

export const doctor: CliCommand = {
  usage: ['doctor'],
  does: 'Looks at everything that can be wrong with an instance, changes nothing, and says what it found.',
  async run(args) {
    if (args.length > 0) throw new UsageError('It takes nothing.');
    // A configuration that cannot be read is told by whoever called.
    const config = readConfig();
    let faults = 0;
    for await (const { level, text } of findings(config)) {
      if (level === 'fault') faults += 1;
      console.log(`${MARKS[level]}  ${text}`);
    }
    console.log(
      faults === 0 ? '\nNothing is broken.' : `\n${faults} ${faults === 1 ? 'thing is' : 'things are'} broken.`,
    );
    return faults === 0 ? 0 : 1;
  },
};

const MARKS: Record<Finding['level'], string> = { ok: 'ok   ', warning: 'look ', fault: 'FAULT' };

async function* findings(config: Config): AsyncGenerator<Finding> {
  yield ok(`the configuration can be read; the address is ${config.origin.origin}`);
  yield* checkDisk(config);
  yield* checkMail(config);
  const state = await migrationState(config.database, config.paths.migrations).catch((error: unknown) =>
    messageOf(error),
  );
  if (typeof state === 'string') {
    yield fault(`the database cannot be read: ${state}`);
    return;
  }
  const { applied, pending, newer } = state;
  if (applied.length === 0) {
    yield fault('there is no database yet: it is made when the server starts for the first time');
    return;
  }
  if (newer.length > 0) yield fault(`the database was written by a newer version: ${newer.join(', ')}`);
  else if (pending.length > 0) yield fault(`the database is of an older version and lacks ${pending.join(', ')}`);
  else yield ok(`the database is up to date (${applied.length} migrations)`);
  yield* checkDatabase(config);
  // Another version's tables cannot be asked.
  if (newer.length > 0 || pending.length > 0) return;
  const store = await openMigrated(config.database);
  try {
    yield* checkInstance(config, store);
    yield* checkQueue(store);
  } finally {
    await store.close();
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What tries several addresses says nothing itself.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return first === undefined ? error.message : messageOf(first);
}
