import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { MINUTE_MS } from '#kernel/clock.ts';

/** A post as its author typed it. */
export interface PostSource {
  text: string;
  warning: string | null;
  sensitive: boolean;
  language: string | null;
  poll: { options: string[]; multiple: boolean; minutes: number } | null;
}

/** One's own post for editing; null for everybody else's. */
export async function postSource(
  { read }: Pick<Reader, 'read'>,
  authorId: number,
  postId: number,
): Promise<PostSource | null> {
  const rows = await read.hot<{
    source: string | null;
    warning: string | null;
    sensitive: number;
    language: string | null;
    multiple: number | null;
    length_ms: number | null;
  }>(
    `select p.source, p.warning, p.sensitive, p.language, q.multiple, q.expires_at - p.created_at as length_ms
     from posts p left join polls q on q.post_id = p.id
     where p.id = $1 and p.author_id = $2 and p.local = 1 and p.boost_of_id is null`,
    postId,
    authorId,
  );
  const [row] = rows;
  if (!row) return null;
  const options = await read.hot<{ title: string }>(
    'select title from poll_options where post_id = $1 order by position',
    postId,
  );
  return {
    text: row.source ?? '',
    warning: row.warning,
    sensitive: row.sensitive !== 0,
    language: row.language,
    poll:
      row.multiple === null
        ? null
        : {
            options: options.map(({ title }) => title),
            multiple: row.multiple !== 0,
            minutes: Math.round((row.length_ms ?? 0) / MINUTE_MS),
          },
  };
}
