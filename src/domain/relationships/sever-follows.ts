import { idsIn, textsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { policyOfHome } from '#domain/relationships/instance-domain-policy.ts';
import { deleteFollows, type FollowRow } from '#domain/relationships/follow-rows.ts';
import { lockClause } from '#domain/relationships/parties.ts';
import { livesUnder, type Home } from '#domain/relationships/relationships.policy.ts';

/** What cut a follow: it can come back when the cause no longer stands. */
export type SeveranceCause = `account:${number}` | `domain:${string}`;

/**
 * Cuts all follows of a remote account with people here, and keeps them for `restoreSeveredFollows`. Nobody is
 * told: for the other server they go on, which is what makes restoring true. Returns how many were cut.
 */
export async function severFollowsOfAccount(unit: Unit, accountId: number): Promise<number> {
  await unit.tx.hot(`select id from accounts where id = $1${lockClause(unit)}`, accountId);
  return sever(unit, `account:${accountId}`, [accountId]);
}

/** The same for all accounts of a domain and of those below it, as far as their policy is `suspend`. */
export async function severFollowsOfDomain(unit: Unit, domain: string): Promise<number> {
  const suspended: Home[] = [];
  for (const home of await homesUnder(unit, domain)) {
    const policy = await policyOfHome({ read: unit.tx, engine: unit.engine }, home);
    if (policy.severity === 'suspend') suspended.push(home);
  }
  // A follow that is being made waits here, and is then seen below.
  const ids = await accountsAt(unit, suspended, lockClause(unit));
  return sever(unit, `domain:${domain}`, ids);
}

/** Where known accounts live that are on a domain or below it, by their handles or by their addresses. */
export async function homesUnder(unit: Unit, domain: string): Promise<Home[]> {
  return unit.tx.hot<Home>(
    `select distinct a.domain, a.host from accounts a where a.domain <> '' and ${livesUnder('a', '$1')}`,
    domain,
  );
}

/** The accounts that live there, by their ids. @param clause more of the query: a lock. */
export async function accountsAt(unit: Unit, homes: readonly Home[], clause = ''): Promise<number[]> {
  // The first condition has an index, the second tells those apart that share a domain and not a host.
  const rows = await unit.tx.hot<{ id: number }>(
    `select id from accounts where domain in ${textsIn(unit.engine, '$1')}
       and domain || ' ' || host in ${textsIn(unit.engine, '$2')} order by id${clause}`,
    JSON.stringify([...new Set(homes.map((home) => home.domain))]),
    JSON.stringify(homes.map((home) => `${home.domain} ${home.host}`)),
  );
  return rows.map((row) => row.id);
}

async function sever(unit: Unit, cause: SeveranceCause, accountIds: number[]): Promise<number> {
  const ids = JSON.stringify(accountIds);
  const follows = await unit.tx.hot<FollowRow>(
    `select id, follower_id, followee_id, uri, state from follows where follower_id in ${idsIn(unit.engine, '$1')}
     union select id, follower_id, followee_id, uri, state from follows where followee_id in ${idsIn(unit.engine, '$1')}`,
    ids,
  );
  const accepted = follows.filter((follow) => follow.state === 'accepted');
  // A request that nobody answered is not worth keeping: it can be made again.
  await unit.tx.hot(
    `insert into severed_follows (id, cause, follower_id, followee_id, uri, show_boosts, notify, followed_at, severed_at)
     select f.id, $1, f.follower_id, f.followee_id, f.uri, f.show_boosts, f.notify, f.created_at, $2
     from follows f where f.id in ${idsIn(unit.engine, '$3')}
     on conflict (follower_id, followee_id) do update
     set cause = excluded.cause, uri = excluded.uri, severed_at = excluded.severed_at`,
    cause,
    unit.now,
    JSON.stringify(accepted.map((follow) => follow.id)),
  );
  await deleteFollows(unit, follows);
  return accepted.length;
}
