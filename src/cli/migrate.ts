import { readConfig } from '#config/config.ts';
import { migrate as migrateDatabase } from '#db/open.ts';
import { acquireServerLock } from '#db/server-lock.ts';
import { systemClock } from '#kernel/clock.ts';
import { readSecret } from '#ports/secret-file.ts';
import { UsageError, type CliCommand } from '#cli/command.ts';

export const migrate: CliCommand = {
  usage: ['migrate'],
  does: 'Brings the database up to date, as the server does when it starts. The server must be stopped.',
  async run(args) {
    if (args.length > 0) throw new UsageError('It takes nothing.');
    const config = readConfig();
    const lock = acquireServerLock(config);
    try {
      // Made before the database, as the server does it: a database without a secret is one that has lost it.
      readSecret(config);
      const applied = await migrateDatabase(config.database, config.paths.migrations, systemClock.now());
      console.log(applied.length === 0 ? 'It is up to date.' : `Applied: ${applied.join(', ')}`);
      return 0;
    } finally {
      lock.release();
    }
  },
};
