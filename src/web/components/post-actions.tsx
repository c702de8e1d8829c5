import type { PostView } from '#domain/posts/post-view.ts';
import { formatCount } from '#web/i18n.ts';
import { keep } from '#web/jsx/keep.ts';
import type { IconName } from '#web/icon-names.ts';
import type { ViewContext } from '#web/view-context.ts';
import { FormFields } from '#web/components/action-form.tsx';
import { IconWithWords } from '#web/components/icon.tsx';
import { PostMenu } from '#web/components/post-menu.tsx';

interface PostActionsProps {
  ctx: ViewContext;
  post: PostView;
  /** Where the page stands after an action, so that the reader keeps the place. */
  anchor: string;
}

/** One form around all buttons, each with an address of its own: a page of posts has three times fewer elements so. */
export function PostActions({ ctx, post, anchor }: PostActionsProps) {
  if (!ctx.viewer)
    return <ActionRow ctx={ctx} post={post} login={`/login?return_to=${encodeURIComponent(post.path)}`} />;
  return (
    <form method="post" action={`/posts/${post.id}/favourite`}>
      <FormFields ctx={ctx} returnTo={`${ctx.path}#${anchor}`} />
      <ActionRow ctx={ctx} post={post} login={null} />
    </form>
  );
}

interface ActionRowProps {
  ctx: ViewContext;
  post: PostView;
  /** Where visitors are led instead. */
  login: string | null;
}

function ActionRow({ ctx, post, login }: ActionRowProps) {
  const { viewer } = post;
  const refused = viewer.canBoost || viewer.boosted ? undefined : ctx.t('post.boost-refused');
  const common = { ctx, post, login };
  return (
    <div class="post-actions" data-part="post-actions" role="group" aria-label={ctx.t('post.actions')}>
      <ReplyAction ctx={ctx} post={post} login={login} />
      <Toggle {...common} kind="boost" icon="repeat-2" on={viewer.boosted} count={post.boostsCount} refused={refused} />
      <Toggle {...common} kind="favourite" icon="star" on={viewer.favourited} count={post.favouritesCount} />
      {login ? null : <Toggle {...common} kind="bookmark" icon="bookmark" on={viewer.bookmarked} count={0} />}
      <PostMenu ctx={ctx} post={post} />
    </div>
  );
}

function ReplyAction({ ctx, post, login }: ActionRowProps) {
  const label = ctx.t('post.reply');
  const inside = (
    <>
      <IconWithWords ctx={ctx} name="reply" words={label} quiet />
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

type ToggleProps = ActionRowProps & {
  kind: 'boost' | 'favourite' | 'bookmark';
  icon: IconName;
  on: boolean;
  count: number;
  /** Why it can not be done; shown instead of a button. */
  refused?: string | undefined;
};

function Toggle({ ctx, post, login, kind, icon, on, count, refused }: ToggleProps) {
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
  const doIt = `/posts/${post.id}/${kind}`;
  const undoIt = `/posts/${post.id}/un${kind}`;
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

function Count({ ctx, count }: { ctx: ViewContext; count: number }) {
  return keep(`count ${ctx.locale} ${count}`, () => (
    <span class="action-count" data-count={count}>
      {count > 0 ? formatCount(ctx.locale, count) : ''}
    </span>
  ));
}
