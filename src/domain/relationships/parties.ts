import { textsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { policyOfHome } from '#domain/relationships/instance-domain-policy.ts';
import { namesOfHome, type Party, type Standing } from '#domain/relationships/relationships.policy.ts';
import { notFound } from '#kernel/errors.ts';

interface Row {
  id: number;
  domain: string;
  host: string;
  uri: string;
  kind: string;
  locked: number;
  limited_at: number | null;
  suspended_at: number | null;
  deleted_at: number | null;
  moved_to_id: number | null;
}

/**
 * Both sides of a relationship, their rows locked until the command ends. Whatever changes a follow or a block
 * takes these locks first, in the order of the ids: on PostgreSQL that keeps a follow from slipping past a block
 * that is being made, and the counters exact without deadlocks.
 * @throws not-found when one of the two is unknown.
 */
export async function lockPair(unit: Unit, oneId: number, otherId: number): Promise<[one: Party, other: Party]> {
  const rows = await unit.tx.hot<Row>(
    `select id, domain, host, uri, kind, locked, limited_at, suspended_at, deleted_at, moved_to_id
     from accounts where id in ($1, $2) and pending_at is null order by id${lockClause(unit)}`,
    oneId,
    otherId,
  );
  const one = rows.find((row) => row.id === oneId);
  const other = rows.find((row) => row.id === otherId);
  if (!one || !other) throw notFound('account-gone');
  return [partyOf(one), partyOf(other)];
}

/** Locks accounts in the order of their ids; weaker than what a deletion takes, so that inserts may refer to them. */
export function lockClause(unit: Unit): string {
  return unit.engine === 'postgresql' ? ' for no key update' : '';
}

function partyOf(row: Row): Party {
  return {
    id: row.id,
    local: row.domain === '',
    domain: row.domain,
    host: row.host,
    uri: row.uri,
    instanceActor: row.domain === '' && row.kind === 'application',
    locked: row.locked !== 0,
    limited: row.limited_at !== null,
    suspended: row.suspended_at !== null,
    deleted: row.deleted_at !== null,
    moved: row.moved_to_id !== null,
  };
}

/** What stands between the two at this moment; to be asked after `lockPair`. */
export async function standingOf(unit: Unit, follower: Party, followee: Party): Promise<Standing> {
  const blocked = `exists (select 1 from blocks where blocker_id = $1 and blocked_id = $2)`;
  const blockedBack = `exists (select 1 from blocks where blocker_id = $2 and blocked_id = $1)`;
  const domain = (account: number, domains: number) =>
    `exists (select 1 from domain_blocks where account_id = $${account} and domain in ${textsIn(unit.engine, `$${domains}`)})`;
  const rows = await unit.tx.hot<Record<'out' | 'back' | 'out_domain' | 'back_domain', number | boolean>>(
    `select ${blocked} as out, ${blockedBack} as back, ${domain(1, 4)} as out_domain, ${domain(2, 3)} as back_domain`,
    follower.id,
    followee.id,
    JSON.stringify(namesOfHome(follower)),
    JSON.stringify(namesOfHome(followee)),
  );
  const row = rows[0];
  return {
    followerBlocks: Boolean(row?.out),
    followeeBlocks: Boolean(row?.back),
    followerBlocksDomain: Boolean(row?.out_domain),
    followeeBlocksDomain: Boolean(row?.back_domain),
    domainSeverity: (await policyOfHome({ read: unit.tx, engine: unit.engine }, follower.local ? followee : follower))
      .severity,
  };
}
