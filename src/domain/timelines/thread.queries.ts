import type { Reader } from '#domain/accounts/accounts.queries.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import { postViews } from '#domain/posts/posts.queries.ts';
import { dropUnwanted, type TimelineRow } from '#domain/timelines/wanted-rows.ts';
import { limits } from '#kernel/limits.ts';

export interface ThreadPost {
  post: PostView;
  /** 1 for a direct answer to the post in focus. */
  depth: number;
}

export interface ThreadView {
  /** From the thread's beginning down to what the post in focus answers. */
  ancestors: PostView[];
  focus: PostView;
  /** In reading order: each answer is followed by the answers to it. */
  descendants: ThreadPost[];
  /** There is more than is shown. */
  cut: boolean;
}

/** A post with what it answers and what answers it, as far as the viewer may see it; null when it may not be seen. */
export async function threadView(reader: Reader, viewerId: number | null, postId: number): Promise<ThreadView | null> {
  const ancestorIds = await readAncestors(reader, postId);
  const below = await readDescendants(reader, postId);
  const wanted = new Set((await dropUnwanted(reader, viewerId, below)).map((row) => row.id));
  const views = await postViews(reader, viewerId, [postId, ...ancestorIds, ...wanted]);
  const focus = views.get(postId);
  if (!focus) return null;
  return {
    ancestors: ancestorIds.flatMap((id) => views.get(id) ?? []),
    focus,
    descendants: inReadingOrder(postId, below, views),
    cut: below.length >= limits.threadDescendants || ancestorIds.length >= limits.threadAncestors,
  };
}

async function readAncestors({ read }: Reader, postId: number): Promise<number[]> {
  const rows = await read.hot<{ id: number }>(
    `with recursive up(id, reply_to_id, depth) as (
       select id, reply_to_id, 0 from posts where id = $1
       union all
       select p.id, p.reply_to_id, up.depth + 1 from posts p join up on p.id = up.reply_to_id where up.depth < $2)
     select id from up where depth > 0 order by depth desc`,
    postId,
    limits.threadAncestors,
  );
  return [...new Set(rows.map((row) => row.id))].filter((id) => id !== postId);
}

async function readDescendants({ read }: Reader, postId: number): Promise<TimelineRow[]> {
  // Both engines walk level by level and stop at the limit, so a thread of a million answers costs no more.
  const rows = await read.hot<TimelineRow>(
    `with recursive down(id, author_id, boost_of_id, reply_to_id, reply_to_account_id, created_at, depth) as (
       select id, author_id, boost_of_id, reply_to_id, reply_to_account_id, created_at, 0 from posts where id = $1
       union all
       select p.id, p.author_id, p.boost_of_id, p.reply_to_id, p.reply_to_account_id, p.created_at, down.depth + 1
       from posts p join down on p.reply_to_id = down.id where down.depth < $2)
     select id, author_id, boost_of_id, reply_to_id, reply_to_account_id, created_at from down where depth > 0 limit $3`,
    postId,
    limits.threadDepth,
    limits.threadDescendants,
  );
  return rows.toSorted((a, b) => a.id - b.id);
}

function inReadingOrder(
  focusId: number,
  rows: readonly TimelineRow[],
  views: ReadonlyMap<number, PostView>,
): ThreadPost[] {
  const byParent = new Map<number, TimelineRow[]>();
  for (const row of rows) {
    const siblings = byParent.get(row.reply_to_id ?? 0) ?? [];
    siblings.push(row);
    byParent.set(row.reply_to_id ?? 0, siblings);
  }
  const ordered: ThreadPost[] = [];
  const seen = new Set([focusId]);
  const stack = (byParent.get(focusId) ?? []).toReversed().map((row) => ({ row, depth: 1 }));
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { row, depth } = next;
    if (seen.has(row.id)) continue;
    seen.add(row.id);
    const post = views.get(row.id);
    if (post) ordered.push({ post, depth });
    for (const child of (byParent.get(row.id) ?? []).toReversed()) stack.push({ row: child, depth: depth + 1 });
  }
  return ordered;
}
