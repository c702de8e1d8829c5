import type { Query } from '#db/store.ts';

/** Where a walk over posts by the time of their arrival has come to. */
export interface AgedPostCursor {
  receivedAt: number;
  id: number;
}

export const FIRST_AGED_POST: AgedPostCursor = { receivedAt: 0, id: 0 };

/**
 * What makes a post `p` that arrived before $1 one that nobody here would miss, as SQL: by nobody here, and neither
 * answered, boosted, favourited, bookmarked, pinned, reported or voted in here, nor about anybody here. Its thread
 * counts as a whole: while it goes on, or somebody here is in it, all of it stays. A boost that arrived later keeps it
 * in timelines, and so here.
 *
 * The plus and the cross joins keep SQLite from beginning at all remote posts, or at everybody here.
 */
export const UNTOUCHED = `+p.local = 0 and p.boost_of_id is null and p.received_at < $1
  and not exists (select 1 from posts t where t.thread_id = p.thread_id and (t.local = 1 or t.received_at >= $1))
  and not exists (select 1 from posts b where b.boost_of_id = p.id and (b.local = 1 or b.received_at >= $1))
  and not exists (select 1 from favourites f cross join accounts a
    where f.post_id = p.id and a.id = f.account_id and a.domain = '')
  and not exists (select 1 from post_mentions m cross join accounts a
    where m.post_id = p.id and a.id = m.account_id and a.domain = '')
  and not exists (select 1 from poll_ballots v where v.post_id = p.id)
  and not exists (select 1 from pins i where i.account_id = p.author_id and i.post_id = p.id)
  and not exists (select 1 from bookmarks k where k.post_id = p.id)`;

/** The reported posts of one author: `post_ids` is a JSON list in which SQL can not look by an index. */
export async function reportedPostsOf(read: Pick<Query, 'hot'>, authorId: number): Promise<Set<number>> {
  const rows = await read.hot<{ post_ids: string }>('select post_ids from reports where target_id = $1', authorId);
  return new Set(rows.flatMap((row) => JSON.parse(row.post_ids) as number[]));
}

export interface AgedPosts {
  /** Those that can go. */
  untouchedIds: number[];
  /** Where to go on; null at the end. */
  next: AgedPostCursor | null;
}

/** Looks at the next `most` posts that arrived before `before`. */
export async function agedPosts(
  read: Pick<Query, 'hot'>,
  { before, after, most }: { before: number; after: AgedPostCursor; most: number },
): Promise<AgedPosts> {
  const rows = await read.hot<AgedPostCursor & { untouched: number }>(
    `select p.id, p.received_at as "receivedAt", case when ${UNTOUCHED} then 1 else 0 end as untouched
     from posts p where p.received_at < $1 and (p.received_at, p.id) > ($2, $3)
     order by p.received_at, p.id limit $4`,
    before,
    after.receivedAt,
    after.id,
    most,
  );
  const last = rows.at(-1);
  return {
    untouchedIds: rows.filter((row) => row.untouched === 1).map((row) => row.id),
    next: last && rows.length === most ? { receivedAt: last.receivedAt, id: last.id } : null,
  };
}
