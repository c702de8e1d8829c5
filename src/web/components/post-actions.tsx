import type { PostView } from '#domain/posts/post-view.ts';
import { formatCount } from '#web/i18n.ts';
import { keepDrawn } from '#web/jsx/keep.ts';
import type { IconName } from '#web/icon-names.ts';
import type { LocaleContext, ViewContext } from '#web/view-context.ts';
import { FormFields } from '#web/components/action-form.tsx';
import { IconWithWords } from '#web/components/icon.tsx';
import { PostMenu, type PostMenuProps } from '#web/components/post-menu.tsx';

interface PostActionsProps {
  ctx: ViewContext;
  post: PostView;
  /** Where the page stands after an action, so that the reader keeps the place. */
  anchor: string;
}

/** One form around all buttons, each with an address of its own: a page of posts has three times fewer elements so. */
export function PostActions({ ctx, post, anchor }: PostActionsProps) {
  const row = <ActionRow ctx={ctx} {...rowOf(ctx, post)} />;
  if (!ctx.viewer) return row;
  return (
    <form method="post" action={`/posts/${post.id}/favourite`}>
      <FormFields ctx={ctx} returnTo={`${ctx.path}#${anchor}`} />
      {row}
    </form>
  );
}

interface RowProps {
  id: number;
  path: string;
  replies: number;
  boosts: number;
  favourites: number;
  /** What the viewer has done. */
  done: { boost: boolean; favourite: boolean; bookmark: boolean };
  may: { reply: boolean; boost: boolean };
  /** Where visitors are led instead. */
  login: string | null;
  menu: PostMenuProps;
}

function rowOf(ctx: ViewContext, post: PostView): RowProps {
  const { id, path, author, viewer } = post;
  return {
    id,
    path,
    replies: post.repliesCount,
    boosts: post.boostsCount,
    favourites: post.favouritesCount,
    done: { boost: viewer.boosted, favourite: viewer.favourited, bookmark: viewer.bookmarked },
    may: { reply: viewer.canReply, boost: viewer.canBoost },
    login: ctx.viewer ? null : `/login?return_to=${encodeURIComponent(path)}`,
    menu: {
      id,
      path,
      url: post.url,
      author: { id: author.id, handle: author.handle, remote: author.domain !== null },
      pinned: post.pinned,
      mayBePinned: post.visibility !== 'direct',
      viewer: viewer.author ? 'author' : ctx.viewer ? 'other' : 'guest',
      returnTo: ctx.path,
    },
  };
}

const ActionRow = keepDrawn<RowProps>(({ ctx, ...row }) => {
  const { boosts, favourites, done, may, login } = row;
  const refused = may.boost || done.boost ? undefined : ctx.t('post.boost-refused');
  const common = { ctx, id: row.id, login };
  return (
    <div class="post-actions" data-part="post-actions" role="group" aria-label={ctx.t('post.actions')}>
      <ReplyAction ctx={ctx} path={row.path} count={row.replies} mayReply={may.reply} login={login} />
      <Toggle {...common} kind="boost" icon="repeat-2" on={done.boost} count={boosts} refused={refused} />
      <Toggle {...common} kind="favourite" icon="star" on={done.favourite} count={favourites} />
      {login ? null : <Toggle {...common} kind="bookmark" icon="bookmark" on={done.bookmark} count={0} />}
      <PostMenu ctx={ctx} menu={row.menu} />
    </div>
  );
});

interface ReplyActionProps {
  ctx: LocaleContext;
  path: string;
  count: number;
  mayReply: boolean;
  login: string | null;
}

function ReplyAction({ ctx, path, count, mayReply, login }: ReplyActionProps) {
  const label = ctx.t('post.reply');
  const inside = (
    <>
      <IconWithWords ctx={ctx} name="reply" words={label} quiet />
      <Count ctx={ctx} count={count} />
    </>
  );
  if (!login && !mayReply) {
    return (
      <span class="action" data-refused="" title={ctx.t('post.reply-refused')}>
        {inside}
        <span class="visually-hidden">{ctx.t('post.reply-refused')}</span>
      </span>
    );
  }
  return (
    <a class="action" data-action="reply" href={login ?? `${path}#reply`} title={label}>
      {inside}
    </a>
  );
}

interface ToggleProps {
  ctx: LocaleContext;
  id: number;
  login: string | null;
  kind: 'boost' | 'favourite' | 'bookmark';
  icon: IconName;
  on: boolean;
  count: number;
  /** Why it cannot be done; shown instead of a button. */
  refused?: string | undefined;
}

function Toggle({ ctx, id, login, kind, icon, on, count, refused }: ToggleProps) {
  const label = ctx.t(`post.${kind}`);
  const inside = (
    <>
      <IconWithWords ctx={ctx} name={icon} words={label} quiet />
      <Count ctx={ctx} count={count} />
    </>
  );
  if (login) {
    return (
      <a class="action" href={login} title={label}>
        {inside}
      </a>
    );
  }
  if (refused !== undefined) {
    return (
      <span class="action" data-refused="" title={refused}>
        {inside}
        <span class="visually-hidden">{refused}</span>
      </span>
    );
  }
  const doIt = `/posts/${id}/${kind}`;
  const undoIt = `/posts/${id}/un${kind}`;
  return (
    <button
      class="action"
      type="submit"
      formaction={on ? undoIt : doIt}
      aria-pressed={on ? 'true' : 'false'}
      title={label}
      data-action={kind}
      data-do={doIt}
      data-undo={undoIt}
    >
      {inside}
    </button>
  );
}

function Count({ ctx, count }: { ctx: LocaleContext; count: number }) {
  return (
    <span class="action-count" data-count={count}>
      {count > 0 ? formatCount(ctx.locale, count) : ''}
    </span>
  );
}
