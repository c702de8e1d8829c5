import { idsIn } from '#db/dialect.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { livesUnder } from '#domain/relationships/relationships.policy.ts';

export interface TimelineRow {
  id: number;
  author_id: number;
  boost_of_id: number | null;
  reply_to_id: number | null;
  reply_to_account_id: number | null;
  created_at: number;
}

interface Attitude {
  /** Blocked either way, muted, or of a blocked domain. */
  unwanted: ReadonlySet<number>;
  followed: ReadonlySet<number>;
  boostsHidden: ReadonlySet<number>;
  /** Authors of the boosted posts, by the boosted post's id. */
  boostedAuthors: ReadonlyMap<number, number>;
}

interface AttitudeRow {
  id: number;
  unwanted: number;
  /** Null where the viewer does not follow. */
  show_boosts: number | null;
}

/** Rows without those whose author, or boosted author, the viewer has blocked, muted, or is blocked by. */
export async function dropUnwanted(
  reader: Reader,
  viewerId: number | null,
  rows: TimelineRow[],
): Promise<TimelineRow[]> {
  if (viewerId === null || rows.length === 0) return rows;
  const attitude = await readAttitude(reader, viewerId, rows);
  return rows.filter((row) => isWanted(row, viewerId, attitude));
}

/**
 * What belongs at home of those rows: not the unwanted, not boosts of people whose boosts are hidden, and
 * replies only to oneself, to the author's own thread, or to somebody whom one follows too.
 */
export async function keepWantedAtHome(reader: Reader, viewerId: number, rows: TimelineRow[]): Promise<TimelineRow[]> {
  if (rows.length === 0) return rows;
  const attitude = await readAttitude(reader, viewerId, rows);
  return rows.filter((row) => {
    if (!isWanted(row, viewerId, attitude)) return false;
    if (row.author_id === viewerId) return true;
    if (row.boost_of_id !== null) return !attitude.boostsHidden.has(row.author_id);
    const to = row.reply_to_account_id;
    return to === null || to === row.author_id || to === viewerId || attitude.followed.has(to);
  });
}

function isWanted(row: TimelineRow, viewerId: number, attitude: Attitude): boolean {
  const boosted = row.boost_of_id === null ? null : (attitude.boostedAuthors.get(row.boost_of_id) ?? null);
  return [row.author_id, boosted, row.reply_to_account_id].every(
    (id) => id === null || id === viewerId || !attitude.unwanted.has(id),
  );
}

async function readAttitude(
  { read, engine }: Reader,
  viewerId: number,
  rows: readonly TimelineRow[],
): Promise<Attitude> {
  const boosted = rows.flatMap((row) => row.boost_of_id ?? []);
  const boostedRows =
    boosted.length === 0
      ? []
      : await read.hot<{ id: number; author_id: number }>(
          `select id, author_id from posts where id in ${idsIn(engine, '$1')}`,
          JSON.stringify([...new Set(boosted)]),
        );
  const people = new Set<number>();
  for (const row of rows) {
    people.add(row.author_id);
    if (row.reply_to_account_id !== null) people.add(row.reply_to_account_id);
  }
  for (const row of boostedRows) people.add(row.author_id);

  // By person, not by kind of row: each is looked up in its index, and nobody who is not asked for is read.
  const attitudes = await read.hot<AttitudeRow>(
    `select a.id,
       case when exists (select 1 from blocks x where x.blocker_id = $1 and x.blocked_id = a.id)
         or exists (select 1 from blocks x where x.blocker_id = a.id and x.blocked_id = $1)
         or exists (select 1 from mutes x where x.muter_id = $1 and x.muted_id = a.id)
         or exists (select 1 from domain_blocks x where x.account_id = $1 and ${livesUnder('a', 'x.domain')})
       then 1 else 0 end as unwanted,
       (select f.show_boosts from follows f
        where f.follower_id = $1 and f.followee_id = a.id and f.state = 'accepted') as show_boosts
     from accounts a where a.id in ${idsIn(engine, '$2')}`,
    viewerId,
    JSON.stringify([...people]),
  );
  const idsWhere = (holds: (row: AttitudeRow) => boolean) => new Set(attitudes.filter(holds).map(({ id }) => id));
  return {
    unwanted: idsWhere((row) => row.unwanted !== 0),
    followed: idsWhere((row) => row.show_boosts !== null),
    boostsHidden: idsWhere((row) => row.show_boosts === 0),
    boostedAuthors: new Map(boostedRows.map((row) => [row.id, row.author_id])),
  };
}
