import type { Child } from '#web/jsx/html.ts';
import { raw } from '#web/jsx/html.ts';
import type { AccountView } from '#domain/accounts/account-view.ts';
import type { PostView, TimelineItem } from '#domain/posts/post-view.ts';
import { hostOf, safeUrl, textWithEmoji, withEmoji } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { AccountLink } from '#web/components/account-name.tsx';
import { Icon } from '#web/components/icon.tsx';
import { MediaGrid } from '#web/components/media-grid.tsx';
import { Poll } from '#web/components/poll.tsx';
import { PostActions } from '#web/components/post-actions.tsx';
import { FocusedPostFoot, PostHead } from '#web/components/post-head.tsx';
import { PostKindLabel, PostLink } from '#web/components/post-kind.tsx';

/** From here on a timeline shows the beginning and a link to the whole. */
const LONG_POST_CHARACTERS = 4000;

export type PostVariant =
  | 'timeline'
  /** The post a thread page is about: larger, with its moment and its counts in words. */
  | 'focused'
  /** Above the focused post, quiet, joined by a line. */
  | 'ancestor'
  | 'reply'
  /** Inside something else (a notification, a report, a confirmation): no actions. */
  | 'inset';

export interface PostProps {
  ctx: ViewContext;
  post: PostView;
  variant?: PostVariant | undefined;
  boostedBy?: AccountView | null | undefined;
  /** Draws the thread's line to the neighbour above or below. */
  line?: { above?: boolean | undefined; below?: boolean | undefined } | undefined;
  /** Steps of indentation in a thread, at most 4 are drawn. */
  depth?: number | undefined;
  /** The element's id: `post-<id>` unless the same post may stand on a page twice. */
  id?: string | undefined;
  /** Further lines below the content: a context note, a moderation notice. */
  children?: Child;
}

export function Post({
  ctx,
  post,
  variant = 'timeline',
  boostedBy = null,
  line = {},
  depth = 0,
  id,
  children,
}: PostProps) {
  const elementId = id ?? `post-${post.id}`;
  const headingId = `${elementId}-author`;
  return (
    <article
      class="post"
      id={elementId}
      data-part="post"
      data-variant={variant}
      data-visibility={post.visibility}
      data-depth={depth > 0 ? Math.min(depth, 4) : undefined}
      data-line-above={line.above ? '' : undefined}
      data-line-below={line.below ? '' : undefined}
      aria-labelledby={headingId}
      tabindex={variant === 'inset' ? undefined : -1}
    >
      {boostedBy ? <BoostedBy ctx={ctx} by={boostedBy} /> : null}
      {post.pinned && variant === 'timeline' && !boostedBy ? (
        <p class="post-reason" data-part="post-pinned">
          <Icon ctx={ctx} name="pin" />
          {ctx.t('post.pinned')}
        </p>
      ) : null}
      <PostHead ctx={ctx} post={post} headingId={headingId} focused={variant === 'focused'} />
      <div class="post-body" data-part="post-body">
        {variant === 'ancestor' || variant === 'reply' ? null : <ReplyingTo ctx={ctx} post={post} />}
        <PostContent ctx={ctx} post={post} clamp={variant !== 'focused'} />
        {children}
        {variant === 'focused' ? <FocusedPostFoot ctx={ctx} post={post} /> : null}
        {variant === 'inset' ? null : <PostActions ctx={ctx} post={post} anchor={elementId} />}
      </div>
    </article>
  );
}

/** One line of a timeline: a post, or somebody's boost of it. */
export function TimelinePost({ ctx, item }: { ctx: ViewContext; item: TimelineItem }) {
  return <Post ctx={ctx} post={item.post} boostedBy={item.boostedBy} id={`item-${item.id}`} />;
}

function BoostedBy({ ctx, by }: { ctx: ViewContext; by: AccountView }) {
  return (
    <p class="post-reason" data-part="post-boosted-by">
      <Icon ctx={ctx} name="repeat-2" />
      <span>{ctx.t.rich('post.boosted-by', { name: <AccountLink account={by} /> })}</span>
    </p>
  );
}

function ReplyingTo({ ctx, post }: { ctx: ViewContext; post: PostView }) {
  const to = post.replyToAccount;
  if (!to && post.replyToId === null) return null;
  const self = to?.id === post.author.id;
  return (
    <p class="post-replying" data-part="post-replying">
      <Icon ctx={ctx} name="reply" />
      <span>
        {to && !self
          ? ctx.t.rich('post.replying-to', { name: <AccountLink account={to} /> })
          : ctx.t(self ? 'post.replying-to-self' : 'post.replying')}
      </span>
    </p>
  );
}

/** The content with everything that a warning covers: text, pictures and poll. */
export function PostContent({
  ctx,
  post,
  clamp = true,
}: {
  ctx: ViewContext;
  post: PostView;
  clamp?: boolean | undefined;
}) {
  const inside = (
    <>
      <PostText ctx={ctx} post={post} clamp={clamp} />
      <PostLink ctx={ctx} post={post} />
      <MediaGrid ctx={ctx} media={post.media} sensitive={post.sensitive && !post.warning} postId={post.id} />
      {post.poll ? <Poll ctx={ctx} post={post} poll={post.poll} /> : null}
    </>
  );
  if (!post.warning) return inside;
  return (
    <details class="warning" data-part="post-warning">
      <summary class="warning-bar">
        <Icon ctx={ctx} name="triangle-alert" />
        <span class="warning-text" dir="auto" lang={langOf(post)}>
          <span class="visually-hidden">{ctx.t('post.warning-label')} </span>
          {textWithEmoji(post.warning, post.emoji)}
        </span>
        <span class="warning-button">
          <span class="when-closed">{ctx.t('post.warning-show')}</span>
          <span class="when-open">{ctx.t('post.warning-hide')}</span>
        </span>
      </summary>
      <div class="warning-content">{inside}</div>
    </details>
  );
}

function PostText({ ctx, post, clamp }: { ctx: ViewContext; post: PostView; clamp: boolean }) {
  const long = clamp && post.contentHtml.length > LONG_POST_CHARACTERS;
  const titled = post.title !== null && post.kind !== 'note' && post.kind !== 'question';
  const host = hostOf(post.link ?? post.url);
  const target = safeUrl(post.link) ?? safeUrl(post.url) ?? post.path;
  return (
    <>
      {titled ? <PostKindLabel ctx={ctx} kind={post.kind} host={host === post.author.domain ? null : host} /> : null}
      {titled ? (
        <p class="post-title" data-part="post-title" dir="auto" lang={langOf(post)}>
          <a href={target}>{post.title}</a>
        </p>
      ) : null}
      {post.contentHtml ? (
        <div
          class="post-content prose"
          data-part="post-content"
          data-clamp={long ? 'long' : titled && clamp ? 'short' : undefined}
          dir="auto"
          lang={langOf(post)}
        >
          {post.emoji.length > 0 ? withEmoji(post.contentHtml, post.emoji) : raw(post.contentHtml)}
        </div>
      ) : null}
      {long ? (
        <p class="post-more">
          <a href={post.path}>{ctx.t('post.read-whole')}</a>
        </p>
      ) : null}
    </>
  );
}

/** Only what may be a BCP 47 tag: remote posts carry anything. */
function langOf(post: PostView): string | undefined {
  return post.language && /^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*$/.test(post.language) ? post.language : undefined;
}
