import type { Site } from '#db/unit.ts';
import { postUri } from '#domain/accounts/account-uris.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { versionVisibleTo, visibleTo } from '#domain/posts/posts.policy.ts';
import type { EditedMedia } from '#domain/posts/posts.tables.ts';

/** What a post said until it was edited. */
export interface EarlierPost {
  id: number;
  contentHtml: string;
  warning: string | null;
  /** Descriptions of its media; null for one that had none. */
  mediaDescriptions: (string | null)[];
  pollOptions: string[];
  /** When this was written. */
  at: number;
}

/** The earlier versions of a post that the viewer may see, the latest first; none for a post that they may not see. */
export async function postHistory(
  { read }: Pick<Reader, 'read'>,
  viewerId: number | null,
  postId: number,
): Promise<EarlierPost[]> {
  const rows = await read.hot<{
    id: number;
    content_html: string;
    warning: string | null;
    media: string;
    poll_options: string;
    at: number;
  }>(
    `select e.id, e.content_html, e.warning, e.media, e.poll_options, e.created_at as at
     from post_edits e join posts p on p.id = e.post_id join accounts a on a.id = p.author_id
     where e.post_id = $1 and ${visibleTo(2)} and ${versionVisibleTo(2)} order by e.id desc`,
    postId,
    viewerId ?? 0,
  );
  return rows.map((row) => ({
    id: row.id,
    contentHtml: row.content_html,
    warning: row.warning,
    mediaDescriptions: (JSON.parse(row.media) as EditedMedia[]).map((one) => one.description),
    pollOptions: JSON.parse(row.poll_options) as string[],
    at: row.at,
  }));
}

/** Whether a post of a local handle was here and was deleted; private ones leave no trace. */
export async function wasDeleted(
  { read }: Pick<Reader, 'read'>,
  site: Site,
  handle: string,
  postId: number,
): Promise<boolean> {
  const rows = await read.hot('select 1 as buried from tombstones where uri = $1', postUri(site, handle, postId));
  return rows.length > 0;
}
