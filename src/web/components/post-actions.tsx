import type { PostView } from '#domain/posts/post-view.ts';
import { formatCount } from '#web/i18n.ts';
import type { IconName } from '#web/icon-names.ts';
import type { ViewContext } from '#web/view-context.ts';
import { FormFields } from '#web/components/action-form.tsx';
import { Icon } from '#web/components/icon.tsx';
import { PostMenu } from '#web/components/post-menu.tsx';

interface PostActionsProps {
  ctx: ViewContext;
  post: PostView;
  /** Where the page stands after an action, so that the reader keeps the place. */
  anchor: string;
}

export function PostActions({ ctx, post, anchor }: PostActionsProps) {
  const returnTo = `${ctx.path}#${anchor}`;
  const { viewer } = post;
  const login = ctx.viewer ? null : `/login?return_to=${encodeURIComponent(post.path)}`;
  return (
    <div class="post-actions" data-part="post-actions" role="group" aria-label={ctx.t('post.actions')}>
      <ReplyAction ctx={ctx} post={post} login={login} />
      <Toggle
        ctx={ctx}
        post={post}
        kind="boost"
        icon="repeat-2"
        on={viewer.boosted}
        count={post.boostsCount}
        login={login}
        returnTo={returnTo}
        refused={viewer.canBoost || viewer.boosted ? undefined : ctx.t('post.boost-refused')}
      />
      <Toggle
        ctx={ctx}
        post={post}
        kind="favourite"
        icon="star"
        on={viewer.favourited}
        count={post.favouritesCount}
        login={login}
        returnTo={returnTo}
      />
      {login ? null : (
        <Toggle
          ctx={ctx}
          post={post}
          kind="bookmark"
          icon="bookmark"
          on={viewer.bookmarked}
          count={0}
          login={null}
          returnTo={returnTo}
        />
      )}
      <PostMenu ctx={ctx} post={post} returnTo={returnTo} />
    </div>
  );
}

function ReplyAction({ ctx, post, login }: { ctx: ViewContext; post: PostView; login: string | null }) {
  const label = ctx.t('post.reply');
  const inside = (
    <>
      <Icon ctx={ctx} name="reply" />
      <span class="visually-hidden">{label}</span>
      <Count ctx={ctx} count={post.repliesCount} />
    </>
  );
  if (!login && !post.viewer.canReply) {
    return (
      <span class="action" data-refused="" title={ctx.t('post.reply-refused')}>
        {inside}
        <span class="visually-hidden">{ctx.t('post.reply-refused')}</span>
      </span>
    );
  }
  return (
    <a class="action" data-action="reply" href={login ?? `${post.path}#reply`} title={label}>
      {inside}
    </a>
  );
}

interface ToggleProps {
  ctx: ViewContext;
  post: PostView;
  kind: 'boost' | 'favourite' | 'bookmark';
  icon: IconName;
  on: boolean;
  count: number;
  login: string | null;
  returnTo: string;
  /** Why it can not be done; shown instead of a button. */
  refused?: string | undefined;
}

function Toggle({ ctx, post, kind, icon, on, count, login, returnTo, refused }: ToggleProps) {
  const label = ctx.t(`post.${kind}`);
  const inside = (
    <>
      <Icon ctx={ctx} name={icon} />
      <span class="visually-hidden">{label}</span>
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
  const doIt = `/posts/${post.id}/${kind}`;
  const undoIt = `/posts/${post.id}/un${kind}`;
  return (
    <form method="post" action={on ? undoIt : doIt} data-toggle={kind} data-on={undoIt} data-off={doIt}>
      <FormFields ctx={ctx} returnTo={returnTo} />
      <button class="action" type="submit" data-action={kind} aria-pressed={on ? 'true' : 'false'} title={label}>
        {inside}
      </button>
    </form>
  );
}

function Count({ ctx, count }: { ctx: ViewContext; count: number }) {
  return (
    <span class="action-count" data-count={count}>
      {count > 0 ? formatCount(ctx.locale, count) : ''}
    </span>
  );
}
