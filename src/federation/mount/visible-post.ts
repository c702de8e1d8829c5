import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';

/** The version of this handle's post when the viewer (0: anyone) may see it, else null: there is no other answer. */
export async function visiblePostVersion(
  { read }: Pick<Reader, 'read'>,
  handle: string,
  postId: number,
  viewerId: number,
): Promise<number | null> {
  const rows = await read.hot<{ version: number }>(
    `select p.version from posts p join accounts a on a.id = p.author_id
     where p.id = $1 and p.local = 1 and p.boost_of_id is null and a.handle_folded = $2 and a.deleted_at is null
       and a.suspended_at is null and ${visibleTo(3)}`,
    postId,
    handle.toLowerCase(),
    viewerId,
  );
  return rows[0]?.version ?? null;
}
