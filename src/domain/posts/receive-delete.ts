import type { Unit } from '#db/unit.ts';
import { removePost } from '#domain/posts/delete-post.ts';

/**
 * A remote author's word that a post or boost is gone, or the finding that its address answers 404 or 410.
 * Also remembered when the post never arrived, so that a late Create does not bring it.
 */
export async function receiveDelete(unit: Unit, input: { actorId: number; uri: string }): Promise<void> {
  const rows = await unit.tx.hot<{ id: number; author_id: number; local: number }>(
    'select id, author_id, local from posts where uri = $1',
    input.uri,
  );
  const [post] = rows;
  if (post && (post.author_id !== input.actorId || post.local !== 0)) return;
  if (post) {
    await removePost(unit, post.id);
    return;
  }
  await unit.tx.hot(
    'insert into tombstones (uri, deleted_at) values ($1, $2) on conflict (uri) do nothing',
    input.uri,
    unit.now,
  );
}
