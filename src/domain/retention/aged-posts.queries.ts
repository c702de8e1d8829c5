import type { Query } from '#db/store.ts';
import { UNTOUCHED } from '#domain/retention/retention.policy.ts';

/** Where a walk over posts by the time of their arrival has come to. */
export interface AgedPostCursor {
  receivedAt: number;
  id: number;
}

export const FIRST_AGED_POST: AgedPostCursor = { receivedAt: 0, id: 0 };

/** The reported posts of one author: `post_ids` is a JSON list in which SQL cannot look by an index. */
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
