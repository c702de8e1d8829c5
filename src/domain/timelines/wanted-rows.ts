import { idsIn } from '#db/dialect.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';

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

  const attitudes = await read.hot<{ id: number; kind: 'unwanted' | 'followed' | 'boosts-hidden' }>(
    `with people as (select id, domain from accounts where id in ${idsIn(engine, '$2')})
     select blocked_id as id, 'unwanted' as kind from blocks where blocker_id = $1 and blocked_id in (select id from people)
     union all select blocker_id, 'unwanted' from blocks where blocked_id = $1 and blocker_id in (select id from people)
     union all select muted_id, 'unwanted' from mutes where muter_id = $1 and muted_id in (select id from people)
     union all select p.id, 'unwanted' from people p join domain_blocks d on d.account_id = $1
       and (p.domain = d.domain or p.domain like '%.' || d.domain or p.domain like d.domain || ':%')
     union all select followee_id, case when show_boosts = 1 then 'followed' else 'boosts-hidden' end
       from follows where follower_id = $1 and state = 'accepted' and followee_id in (select id from people)`,
    viewerId,
    JSON.stringify([...people]),
  );
  const of = (...kinds: string[]) => new Set(attitudes.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id));
  return {
    unwanted: of('unwanted'),
    followed: of('followed', 'boosts-hidden'),
    boostsHidden: of('boosts-hidden'),
    boostedAuthors: new Map(boostedRows.map((row) => [row.id, row.author_id])),
  };
}
