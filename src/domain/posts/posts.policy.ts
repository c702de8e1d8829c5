import type { Visibility } from '#domain/posts/visibility.ts';

/** What decides about who sees a post. */
export interface SeenPost {
  authorId: number;
  visibility: Visibility;
  /** Suspended or deleted. */
  authorGone: boolean;
  mentionedIds: readonly number[];
}

/** How the viewer stands to the post's author. */
export interface SeeingViewer {
  accountId: number;
  /** The author has accepted the viewer's follow. */
  follows: boolean;
  blockedByAuthor: boolean;
}

/** Whether a viewer (null: anyone) sees a post. The queries' fragment `visibleTo` says the same in SQL. */
export function canSee(post: SeenPost, viewer: SeeingViewer | null): boolean {
  if (viewer?.accountId === post.authorId) return true;
  if (post.authorGone || viewer?.blockedByAuthor) return false;
  if (post.visibility === 'public' || post.visibility === 'unlisted') return true;
  if (!viewer) return false;
  if (post.mentionedIds.includes(viewer.accountId)) return true;
  return post.visibility === 'followers' && viewer.follows;
}

/** Public and unlisted posts by anyone who sees them; one's own followers-only post too. */
export function canBoost(visibility: Visibility, own: boolean): boolean {
  return visibility === 'public' || visibility === 'unlisted' || (visibility === 'followers' && own);
}

/**
 * Whether an answer is counted below what it answers: a number that grows tells of answers which most of those who see
 * it may not see.
 */
export function isReplyCounted(visibility: Visibility): boolean {
  return visibility === 'public' || visibility === 'unlisted';
}

/** `isReplyCounted` as SQL over the answer `r`. */
export const REPLY_COUNTED = `r.visibility in ('public', 'unlisted')`;

const WIDTH: Record<Visibility, number> = { direct: 0, followers: 1, unlisted: 2, public: 3 };

/** A reply or a boost is never for more people than what it answers. */
export function narrower(a: Visibility, b: Visibility): Visibility {
  return WIDTH[a] <= WIDTH[b] ? a : b;
}

/**
 * `canSee` as SQL over `p` (posts) and `a` (its author) for the viewer in `$n`, 0 for anyone.
 * A property test holds the two against each other.
 */
export function visibleTo(n: number): string {
  const viewer = `$${n}`;
  return `(p.author_id = ${viewer} or (
    a.suspended_at is null and a.deleted_at is null
    and not exists (select 1 from blocks b where b.blocker_id = p.author_id and b.blocked_id = ${viewer})
    and (p.visibility in ('public', 'unlisted')
      or exists (select 1 from post_mentions m where m.post_id = p.id and m.account_id = ${viewer})
      or (p.visibility = 'followers' and exists (${acceptedFollow(viewer)})))))`;
}

/**
 * Whether the viewer in `$n`, who sees the post `p`, also sees the version of it in `e` (post_edits): who was named by a
 * later edit, and sees it for that alone, does not.
 */
export function versionVisibleTo(n: number): string {
  const viewer = `$${n}`;
  return `(p.author_id = ${viewer} or p.visibility in ('public', 'unlisted')
    or exists (select 1 from post_mentions m
      where m.post_id = p.id and m.account_id = ${viewer} and m.after_edit_id < e.id)
    or (p.visibility = 'followers' and exists (${acceptedFollow(viewer)})))`;
}

function acceptedFollow(viewer: string): string {
  return `select 1 from follows f
    where f.follower_id = ${viewer} and f.followee_id = p.author_id and f.state = 'accepted'`;
}
