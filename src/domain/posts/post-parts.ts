import { indexText } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { isReplyCounted } from '#domain/posts/posts.policy.ts';
import { foldTag, textOfHtml } from '#domain/posts/render-text.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { limits } from '#kernel/limits.ts';

/**
 * Writes whom a post names, instead of whom it named. Returns those who are new; what its history holds by now was not
 * for them.
 */
export async function setMentions(unit: Unit, postId: number, accountIds: Iterable<number>): Promise<number[]> {
  const wanted = new Set(accountIds);
  const rows = await unit.tx.hot<{ account_id: number }>(
    'select account_id from post_mentions where post_id = $1',
    postId,
  );
  const had = new Set(rows.map((row) => row.account_id));
  for (const id of had) {
    if (!wanted.has(id))
      await unit.tx.hot('delete from post_mentions where post_id = $1 and account_id = $2', postId, id);
  }
  const fresh = [...wanted].filter((id) => !had.has(id));
  for (const id of fresh) {
    await unit.tx.hot(
      `insert into post_mentions (post_id, account_id, after_edit_id)
       values ($1, $2, coalesce((select max(id) from post_edits where post_id = $1), 0))`,
      postId,
      id,
    );
  }
  return fresh;
}

/** Writes a post's hashtags, instead of those it had. */
export async function setHashtags(unit: Unit, postId: number, names: readonly string[]): Promise<void> {
  await unit.tx.hot('delete from post_tags where post_id = $1', postId);
  const byFolded = new Map(names.slice(0, limits.hashtagsPerPost).map((name) => [foldTag(name), name]));
  for (const [name, displayName] of byFolded) {
    const rows = await unit.tx.hot<{ id: number }>(
      `insert into tags (id, name, display_name, last_used_at) values ($1, $2, $3, $4)
       on conflict (name) do update set last_used_at = excluded.last_used_at returning id`,
      unit.newId(),
      name,
      displayName,
      unit.now,
    );
    await unit.tx.hot(
      'insert into post_tags (post_id, tag_id) values ($1, $2)',
      postId,
      (rows[0] as { id: number }).id,
    );
  }
}

/** Makes a public post findable by its words. */
export async function indexPost(
  unit: Unit,
  post: { id: number; title: string | null; contentHtml: string; warning: string | null },
): Promise<void> {
  const text = [post.title ?? '', post.warning ?? '', textOfHtml(post.contentHtml)].join('\n');
  await indexText(unit, 'post_search', post.id, text.slice(0, limits.remotePostCharacters));
}

export interface ReplyTarget {
  id: number;
  uri: string;
  threadId: number;
  authorId: number;
  visibility: Visibility;
  boostOfId: number | null;
}

/** The answered post's thread and author, where it is known. */
export async function replyTarget(unit: Unit, postId: number): Promise<ReplyTarget | null> {
  const rows = await unit.tx.hot<ReplyTarget>(
    `select id, uri, thread_id as "threadId", author_id as "authorId", visibility, boost_of_id as "boostOfId"
     from posts where id = $1`,
    postId,
  );
  return rows[0] ?? null;
}

/** Counts an answer below the post that it answers, where it is one that counts. */
export async function countReply(unit: Unit, postId: number, visibility: Visibility, by: 1 | -1): Promise<void> {
  if (!isReplyCounted(visibility)) return;
  await unit.tx.hot('update posts set replies_count = replies_count + $1 where id = $2', by, postId);
}

/** Counts a post of an account that its profile shows (not a boost, not a direct post). */
export async function countPost(unit: Unit, accountId: number, by: 1 | -1, publishedAt?: number): Promise<void> {
  await unit.tx.hot(
    `update accounts set posts_count = posts_count + $1,
       last_post_at = case when $2 > coalesce(last_post_at, 0) then $2 else last_post_at end where id = $3`,
    by,
    publishedAt ?? 0,
    accountId,
  );
}
