import type { Unit } from '#db/unit.ts';

/**
 * Publishes what brings a key, unless a post that this author published under it is there: then it gives the id of that
 * one. Keys are forgotten after a day.
 */
export async function publishOnce(
  unit: Unit,
  { authorId, key }: { authorId: number; key: string },
  publish: () => Promise<number>,
): Promise<number> {
  // Before the post: of two at the same time the second waits here until the first stands.
  await unit.tx.hot(
    'insert into publish_keys (author_id, key, created_at) values ($1, $2, $3) on conflict do nothing',
    authorId,
    key,
    unit.now,
  );
  const [published] = await unit.tx.hot<{ id: number }>(
    'select p.id from publish_keys k join posts p on p.id = k.post_id where k.author_id = $1 and k.key = $2',
    authorId,
    key,
  );
  if (published) return published.id;
  const postId = await publish();
  await unit.tx.hot('update publish_keys set post_id = $3 where author_id = $1 and key = $2', authorId, key, postId);
  return postId;
}
