import type { Unit } from '#db/unit.ts';
import { deleteFollows, type FollowRow } from '#domain/relationships/follow-rows.ts';
import { lockClause } from '#domain/relationships/parties.ts';
import { isUnderDomain, livesUnder, readDomain } from '#domain/relationships/relationships.policy.ts';
import { invalid, tooMany } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

/** How many of the followers who are sent away are told; the others' servers notice when nothing comes any more. */
const REJECTIONS_MAX = 2000;

/**
 * A person shuts out a whole domain and those below it: followers from there are sent away, waiting ones too.
 * Returns how many followers were lost.
 * @throws invalid for what is no domain, or for our own; too-many beyond the limit.
 */
export async function blockDomain(unit: Unit, input: { accountId: number; domain: string }): Promise<number> {
  const domain = readDomain(input.domain);
  if (domain === null) throw invalid('domain-malformed', 'domain');
  if ([unit.site.host, unit.site.handleDomain].some((own) => isUnderDomain(own, domain))) {
    throw invalid('domain-own', 'domain');
  }
  // A follow from there that comes at this moment waits for this lock, and then sees the block.
  await unit.tx.hot(`select id from accounts where id = $1${lockClause(unit)}`, input.accountId);
  if (!(await insertDomainBlock(unit, input.accountId, domain))) return 0;
  const follows = await unit.tx.hot<FollowRow>(
    `select f.id, f.follower_id, f.followee_id, f.uri, f.state from follows f join accounts a on a.id = f.follower_id
     where f.followee_id = $1 and ${livesUnder('a', '$2')} order by f.id desc`,
    input.accountId,
    domain,
  );
  await deleteFollows(unit, follows);
  for (const follow of follows.slice(0, REJECTIONS_MAX)) {
    unit.emit({
      type: 'follow-rejected',
      followerId: follow.follower_id,
      followeeId: follow.followee_id,
      uri: follow.uri,
    });
  }
  return follows.filter((follow) => follow.state === 'accepted').length;
}

async function insertDomainBlock(unit: Unit, accountId: number, domain: string): Promise<boolean> {
  const count = await unit.tx.hot<{ count: number }>(
    'select count(*) as count from domain_blocks where account_id = $1',
    accountId,
  );
  const max = limits.domainBlocksPerAccount;
  if (Number(count[0]?.count) >= max) throw tooMany('domain-blocks-too-many', { max });
  const rows = await unit.tx.hot(
    `insert into domain_blocks (id, account_id, domain, created_at) values ($1, $2, $3, $4)
     on conflict (account_id, domain) do nothing returning id`,
    unit.newId(),
    accountId,
    domain,
    unit.now,
  );
  return rows.length > 0;
}
