import { idsIn, textsIn } from '#db/dialect.ts';
import type { RelationView } from '#domain/accounts/account-view.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { namesOfHome, type Home } from '#domain/relationships/relationships.policy.ts';

interface RelationRow extends Home {
  id: number;
  following: string | null;
  show_boosts: number | null;
  notify: number | null;
  followed: string | null;
  blocking: number | null;
  blocked_by: number | null;
  muting: number | null;
  muting_until: number | null;
}

/** How the viewer and each of the accounts stand to each other, by the account's id; unknown accounts are left out. */
export async function relationViews(
  { read, engine }: Pick<Reader, 'read' | 'engine'>,
  viewerId: number,
  ids: Iterable<number>,
  now: number,
): Promise<Map<number, RelationView>> {
  const wanted = JSON.stringify([...new Set(ids)]);
  if (wanted === '[]') return new Map();
  const rows = await read.hot<RelationRow>(
    `select a.id, a.domain, a.host, f.state as following, f.show_boosts, f.notify, g.state as followed,
       b.id as blocking, c.id as blocked_by, m.id as muting, m.expires_at as muting_until
     from accounts a
     left join follows f on f.follower_id = $1 and f.followee_id = a.id
     left join follows g on g.follower_id = a.id and g.followee_id = $1
     left join blocks b on b.blocker_id = $1 and b.blocked_id = a.id
     left join blocks c on c.blocker_id = a.id and c.blocked_id = $1
     left join mutes m on m.muter_id = $1 and m.muted_id = a.id and (m.expires_at is null or m.expires_at > $2)
     where a.id in ${idsIn(engine, '$3')}`,
    viewerId,
    now,
    wanted,
  );
  const blockedDomains = await blockedDomainsOf({ read, engine }, viewerId, rows);
  return new Map(rows.map((row) => [row.id, relationView(row, viewerId, blockedDomains)]));
}

export async function findRelation(
  reader: Pick<Reader, 'read' | 'engine'>,
  viewerId: number,
  id: number,
  now: number,
): Promise<RelationView | null> {
  return (await relationViews(reader, viewerId, [id], now)).get(id) ?? null;
}

function relationView(row: RelationRow, viewerId: number, blockedDomains: ReadonlySet<string>): RelationView {
  return {
    self: row.id === viewerId,
    following: row.following === 'accepted',
    requested: row.following === 'pending',
    followedBy: row.followed === 'accepted',
    requestedBy: row.followed === 'pending',
    showBoosts: row.show_boosts === 1,
    notify: row.notify === 1,
    blocking: row.blocking !== null,
    blockedBy: row.blocked_by !== null,
    muting: row.muting !== null,
    mutingUntil: row.muting_until,
    domainBlocking: namesOfHome(row).some((domain) => blockedDomains.has(domain)),
  };
}

async function blockedDomainsOf(
  { read, engine }: Pick<Reader, 'read' | 'engine'>,
  viewerId: number,
  rows: readonly RelationRow[],
): Promise<Set<string>> {
  const names = new Set(rows.flatMap(namesOfHome));
  if (names.size === 0) return new Set();
  const blocked = await read.hot<{ domain: string }>(
    `select domain from domain_blocks where account_id = $1 and domain in ${textsIn(engine, '$2')}`,
    viewerId,
    JSON.stringify([...names]),
  );
  return new Set(blocked.map((row) => row.domain));
}
