import type { Config } from '#config/config.ts';
import { createCommit } from '#db/commit.ts';
import { openMigrated, type DatabaseTarget } from '#db/open.ts';
import { COMMAND_LINE_SLOT } from '#db/slots.ts';
import { consumersOf, MAIL_LANE } from '#domain/consumers.ts';
import { react } from '#domain/reactions.ts';
import { settleRestoredCopy } from '#domain/upkeep/settle-restored-copy.ts';
import { systemClock } from '#kernel/clock.ts';
import { createIdSource } from '#kernel/ids.ts';
import { keysThatDoNotOpen } from '#cli/keys-that-do-not-open.ts';
import { Refused } from '#cli/command.ts';
import { siteOf } from '#cli/open-instance.ts';
import { rebuildSearch } from '#cli/rebuild.ts';

/** Makes a database that was just restored fit to go on. @throws Refused where the secret does not open its keys. */
export async function settleDatabase(
  config: Config,
  target: DatabaseTarget,
  secret: string,
  { madeAt, hasIndexes }: { madeAt: number; hasIndexes: boolean },
): Promise<void> {
  const store = await openMigrated(target);
  try {
    if ((await keysThatDoNotOpen(store.read, secret)) > 0) {
      throw new Refused(
        'The secret does not open the keys in this backup. With SECRET_KEY set it must be the one that the backup was ' +
          'made with, or the content of its secret.key (tar -xOzf <file> secret.key).',
      );
    }
    const commit = createCommit({
      store,
      site: siteOf(config),
      clock: systemClock,
      ids: createIdSource(COMMAND_LINE_SLOT),
      react,
      consumersOf,
      wake: () => undefined,
    });
    if (!hasIndexes) await rebuildSearch(commit);
    await commit(settleRestoredCopy, { mailLane: MAIL_LANE, madeAt });
  } finally {
    await store.close();
  }
}
