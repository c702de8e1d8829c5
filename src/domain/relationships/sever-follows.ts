import { idsIn, textsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { policyOf } from '#domain/relationships/domain-policy.ts';
import { deleteFollows, type FollowRow } from '#domain/relationships/follow-rows.ts';
import { lockClause } from '#domain/relationships/parties.ts';
import { underDomain } from '#domain/relationships/relationships.policy.ts';

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
  const suspended: string[] = [];
  for (const under of await domainsUnder(unit, domain)) {
    const policy = await policyOf({ read: unit.tx, engine: unit.engine }, under);
    if (policy.severity === 'suspend') suspended.push(under);
  }
  // A follow that is being made waits here, and is then seen below.
  const rows = await unit.tx.hot<{ id: number }>(
    `select id from accounts where domain in ${textsIn(unit.engine, '$1')} order by id${lockClause(unit)}`,
    JSON.stringify(suspended),
  );
  return sever(
    unit,
    `domain:${domain}`,
    rows.map((row) => row.id),
  );
}

/** The domains of known accounts that are this one or below it. */
export async function domainsUnder(unit: Unit, domain: string): Promise<string[]> {
  const rows = await unit.tx.hot<{ domain: string }>(
    `select distinct domain from accounts where domain <> '' and ${underDomain('domain', '$1')}`,
    domain,
  );
  return rows.map((row) => row.domain);
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
