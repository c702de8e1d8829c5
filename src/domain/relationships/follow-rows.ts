import { idsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { lockClause } from '#domain/relationships/parties.ts';
import type { FollowState } from '#domain/relationships/relationships.tables.ts';

/*
 * The rows of `follows` and the two counters that go with them. Callers hold the locks of both accounts.
 */

export interface FollowRow {
  id: number;
  follower_id: number;
  followee_id: number;
  uri: string;
  state: FollowState;
}

const COLUMNS = 'id, follower_id, followee_id, uri, state';

export async function findFollow(unit: Unit, followerId: number, followeeId: number): Promise<FollowRow | null> {
  const rows = await unit.tx.hot<FollowRow>(
    `select ${COLUMNS} from follows where follower_id = $1 and followee_id = $2`,
    followerId,
    followeeId,
  );
  return rows[0] ?? null;
}

export async function findFollowByUri(unit: Unit, uri: string): Promise<FollowRow | null> {
  const rows = await unit.tx.hot<FollowRow>(`select ${COLUMNS} from follows where uri = $1`, uri);
  return rows[0] ?? null;
}

export interface NewFollow {
  id: number;
  followerId: number;
  followeeId: number;
  uri: string;
  state: FollowState;
  showBoosts?: boolean;
  notify?: boolean;
}

export async function insertFollow(unit: Unit, follow: NewFollow): Promise<void> {
  await unit.tx.hot(
    `insert into follows (id, follower_id, followee_id, uri, state, show_boosts, notify, created_at, accepted_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    follow.id,
    follow.followerId,
    follow.followeeId,
    follow.uri,
    follow.state,
    follow.showBoosts === false ? 0 : 1,
    follow.notify ? 1 : 0,
    unit.now,
    follow.state === 'accepted' ? unit.now : null,
  );
  if (follow.state === 'accepted') await countFollow(unit, follow.followerId, follow.followeeId, 1);
}

/** Lets a pending follow stand. False when it was not pending. */
export async function acceptRow(unit: Unit, follow: FollowRow): Promise<boolean> {
  const rows = await unit.tx.hot(
    `update follows set state = 'accepted', accepted_at = $1 where id = $2 and state = 'pending' returning id`,
    unit.now,
    follow.id,
  );
  if (rows.length === 0) return false;
  await countFollow(unit, follow.follower_id, follow.followee_id, 1);
  return true;
}

/** Ends a follow, pending or accepted. Null when there was none. */
export async function deleteFollow(unit: Unit, followerId: number, followeeId: number): Promise<FollowRow | null> {
  const rows = await unit.tx.hot<FollowRow>(
    `delete from follows where follower_id = $1 and followee_id = $2 returning ${COLUMNS}`,
    followerId,
    followeeId,
  );
  const [row] = rows;
  if (row?.state === 'accepted') await countFollow(unit, followerId, followeeId, -1);
  return row ?? null;
}

async function countFollow(unit: Unit, followerId: number, followeeId: number, by: 1 | -1): Promise<void> {
  await unit.tx.hot('update accounts set following_count = following_count + $1 where id = $2', by, followerId);
  await unit.tx.hot('update accounts set followers_count = followers_count + $1 where id = $2', by, followeeId);
}

/** Ends many follows at once; takes the locks of all their accounts itself, which may wait for others. */
export async function deleteFollows(unit: Unit, follows: readonly FollowRow[]): Promise<void> {
  if (follows.length === 0) return;
  const touched = [...new Set(follows.flatMap((follow) => [follow.follower_id, follow.followee_id]))];
  await unit.tx.hot(
    `select id from accounts where id in ${idsIn(unit.engine, '$1')} order by id${lockClause(unit)}`,
    JSON.stringify(touched),
  );
  const gone = await unit.tx.hot<FollowRow>(
    `delete from follows where id in ${idsIn(unit.engine, '$1')} returning ${COLUMNS}`,
    JSON.stringify(follows.map((follow) => follow.id)),
  );
  const accepted = gone.filter((follow) => follow.state === 'accepted');
  await subtract(
    unit,
    'following_count',
    accepted.map((follow) => follow.follower_id),
  );
  await subtract(
    unit,
    'followers_count',
    accepted.map((follow) => follow.followee_id),
  );
}

/** Most accounts lose one: those who lose as many share a statement. */
async function subtract(unit: Unit, column: 'following_count' | 'followers_count', ids: number[]): Promise<void> {
  const losses = Map.groupBy([...Map.groupBy(ids, (id) => id)], ([, times]) => times.length);
  for (const [loss, accounts] of losses) {
    await unit.tx.hot(
      `update accounts set ${column} = ${column} - $1 where id in ${idsIn(unit.engine, '$2')}`,
      loss,
      JSON.stringify(accounts.map(([id]) => id)),
    );
  }
}
