import { join } from 'node:path';
import type { Config } from '#config/config.ts';
import type { Store } from '#db/store.ts';
import { INSTANCE_HANDLE } from '#domain/accounts/account-uris.ts';
import { readSettings } from '#domain/instance/settings.ts';
import { counterDrift } from '#domain/upkeep/counter-drift.queries.ts';
import { MINUTE_MS, systemClock } from '#kernel/clock.ts';
import { timeOfId } from '#kernel/ids.ts';
import { readSecretFile, SECRET_FILE, SecretUnusable } from '#ports/secret-file.ts';
import { keysThatDoNotOpen } from '#cli/keys-that-do-not-open.ts';
import { duration, fault, ok, warning, type Finding } from '#cli/doctor/finding.ts';

/** How far ahead of this clock the newest row may be. */
const AHEAD_MS = 2 * MINUTE_MS;

/** Set-up, address, keys, counters and the clock. */
export async function* checkInstance(config: Config, store: Store): AsyncGenerator<Finding> {
  const { setUpAt, origin, handleDomain } = await readSettings(store.read);
  yield setUpAt === null ? warning('it is not set up yet: open the link that the server shows') : ok('it is set up');
  if (origin !== null && (origin !== config.origin.origin || handleDomain !== config.handleDomain)) {
    yield fault(`it was set up as ${origin} with handles at ${handleDomain}, and the options say otherwise`);
  }
  if (config.origin.protocol === 'http:') yield warning(`at ${config.origin.origin} it cannot federate with the world`);
  yield* checkKeys(config, store);
  const { accounts, posts } = await counterDrift(store.read);
  yield accounts + posts === 0
    ? ok('counters are right')
    : warning(`${accounts} accounts and ${posts} posts show wrong counts: run "rebuild counters"`);
  yield await checkClock(store);
}

async function* checkKeys(config: Config, store: Store): AsyncGenerator<Finding> {
  const actors = await store.read.hot(
    `select 1 as there from accounts a join account_keys k on k.account_id = a.id
     where a.handle_folded = $1 and a.domain = '' and k.algorithm = 'rsa'`,
    INSTANCE_HANDLE,
  );
  yield actors.length > 0
    ? ok('the account that speaks for the instance is there')
    : warning('the account that speaks for the instance is missing; it is made when the server starts');
  const secret = secretOf(config);
  if (secret === null) return;
  yield (await keysThatDoNotOpen(store.read, secret)) === 0
    ? ok('the secret opens the signing keys')
    : fault('the secret does not open the signing keys: nothing that is sent can be signed. Restore the right one');
}

/** Null where it cannot be used, which was found already. */
function secretOf({ secretKey, dataDir }: Config): string | null {
  try {
    return secretKey ?? readSecretFile(join(dataDir, SECRET_FILE));
  } catch (error) {
    if (error instanceof SecretUnusable) return null;
    throw error;
  }
}

/** Ids tell when they were made: none can be from the future. */
async function checkClock({ read }: Store): Promise<Finding> {
  const rows = await read.hot<{ id: number | null }>(
    `select max(id) as id from (select max(id) as id from accounts where domain = '' union all
       select max(id) from outbox union all select max(id) from jobs union all select max(id) from activities union all
       select max(id) from audit_entries) newest`,
  );
  const newest = rows[0]?.id ?? null;
  const aheadMs = newest === null ? 0 : timeOfId(newest) - systemClock.now();
  if (aheadMs <= AHEAD_MS) return ok('the clock agrees with the newest row');
  return fault(`the newest row is ${duration(aheadMs)} ahead of the clock: set the clock`);
}
