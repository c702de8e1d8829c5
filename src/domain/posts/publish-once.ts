import type { Unit } from '#db/unit.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';

export interface PublishKey {
  authorId: number;
  key: string;
}

/**
 * Publishes what brings a key, unless the post that this author published under it stands as it was: then it gives the id
 * of that one. Keys are forgotten after a day.
 */
export async function publishOnce(unit: Unit, key: PublishKey, publish: () => Promise<number>): Promise<number> {
  // Before the post, and also where the key is there: of two at the same time the second waits here for the first.
  const [held] = await unit.tx.hot<{ post_id: number | null }>(
    `insert into publish_keys (author_id, key, created_at) values ($1, $2, $3)
     on conflict (author_id, key) do update set created_at = excluded.created_at
     returning post_id`,
    key.authorId,
    key.key,
    unit.now,
  );
  const published = (held?.post_id ?? null) === null ? null : await findPublished(unit.tx, key);
  if (published !== null) return published;
  const postId = await publish();
  await unit.tx.hot(
    'update publish_keys set post_id = $3 where author_id = $1 and key = $2',
    key.authorId,
    key.key,
    postId,
  );
  return postId;
}

/** The post that was published under a key and stands as it was; null for none, as for one that says something else now. */
export async function findPublished(
  query: Pick<Reader['read'], 'hot'>,
  { authorId, key }: PublishKey,
): Promise<number | null> {
  const [row] = await query.hot<{ id: number }>(
    `select p.id from publish_keys k join posts p on p.id = k.post_id and p.author_id = k.author_id
     where k.author_id = $1 and k.key = $2 and p.edited_at is null`,
    authorId,
    key,
  );
  return row?.id ?? null;
}
