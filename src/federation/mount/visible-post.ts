import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';

/**
 * The version of this handle's post when the viewer (0: anyone) may see it, else null: there is no other answer. Of one
 * that was written with emoji it changes with the emoji of the instance, which its document tells as far as they stand.
 */
export async function visiblePostVersion(
  { read }: Pick<Reader, 'read'>,
  handle: string,
  postId: number,
  viewerId: number,
): Promise<string | null> {
  const rows = await read.hot<{ version: number; emoji: string | null }>(
    `select p.version, case when p.emoji <> '[]' then
         (select cast(count(*) as text) || ' ' || cast(max(id) as text) from custom_emoji) end as emoji
     from posts p join accounts a on a.id = p.author_id
     where p.id = $1 and p.local = 1 and p.boost_of_id is null and a.handle_folded = $2 and a.deleted_at is null
       and a.suspended_at is null and ${visibleTo(3)}`,
    postId,
    handle.toLowerCase(),
    viewerId,
  );
  const [row] = rows;
  return row ? `${row.version} ${row.emoji ?? ''}` : null;
}
