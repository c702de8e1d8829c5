import type { AccountView, EmojiView } from '#domain/accounts/account-view.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { formatCount } from '#web/i18n.ts';
import type { IconName } from '#web/icon-names.ts';
import { keepDrawn } from '#web/jsx/keep.ts';
import { hostOf, safeUrl } from '#web/safe-html.ts';
import type { LocaleContext, ViewContext } from '#web/view-context.ts';
import { AccountBadges, DisplayName, Handle } from '#web/components/account-name.tsx';
import { Avatar } from '#web/components/avatar.tsx';
import { Icon, IconWithWords } from '#web/components/icon.tsx';
import { Time } from '#web/components/time.tsx';

export const VISIBILITY_ICONS: Record<Visibility, IconName> = {
  public: 'globe',
  unlisted: 'moon',
  followers: 'users',
  direct: 'mail',
};

interface PostHeadProps {
  ctx: ViewContext;
  post: PostView;
  headingId: string;
  focused: boolean;
}

/** Who, where from, when, for whom. */
export function PostHead({ ctx, post, headingId, focused }: PostHeadProps) {
  return (
    <header class="post-head" data-part="post-head">
      <Byline ctx={ctx} {...bylineOf(post)} headingId={headingId} />
      {focused ? null : (
        <p class="post-when">
          <a class="post-time" href={post.path} data-part="post-time">
            <Time ctx={ctx} at={post.createdAt} />
          </a>
          <span class="post-visibility-row">
            {post.editedAt === null ? null : <Edited ctx={ctx} />}
            <VisibilityMark ctx={ctx} visibility={post.visibility} />
          </span>
        </p>
      )}
    </header>
  );
}

interface BylineProps {
  author: Pick<AccountView, 'id' | 'path' | 'acct' | 'handle' | 'displayName' | 'avatarUrl' | 'bot' | 'locked'>;
  emoji: EmojiView[];
  /** The server that a remote post comes from, and its page there. */
  domain: string | null;
  url: string | null;
  headingId: string;
}

function bylineOf({ author, url }: PostView): Omit<BylineProps, 'headingId'> {
  const { id, path, acct, handle, displayName, avatarUrl, bot, locked, emoji, domain } = author;
  return { author: { id, path, acct, handle, displayName, avatarUrl, bot, locked }, emoji, domain, url };
}

const Byline = keepDrawn<BylineProps>(({ ctx, author, emoji, domain, url, headingId }) => (
  <>
    {/* The same link as the name's, so only the name's is read out and reached by Tab. */}
    <a class="post-avatar" href={author.path} tabindex={-1} aria-hidden="true">
      <Avatar account={author} />
    </a>
    <div class="post-who">
      <p class="post-author" id={headingId}>
        <a class="post-author-link" href={author.path} title={author.acct}>
          <DisplayName account={{ ...author, emoji }} />
        </a>{' '}
        <AccountBadges ctx={ctx} account={author} />
      </p>
      <p class="post-where">
        <Handle account={{ handle: author.handle, domain: null }} />
        <Origin ctx={ctx} domain={domain} url={safeUrl(url)} />
      </p>
    </div>
  </>
));

/** The server that a remote post comes from, one click away from the post there. */
function Origin({ ctx, domain, url }: { ctx: LocaleContext; domain: string | null; url: string | null }) {
  if (domain === null || !url) return null;
  return (
    <a
      class="post-origin"
      data-part="post-origin"
      href={url}
      rel="noopener noreferrer"
      title={ctx.t('post.at-origin', { host: hostOf(url) ?? domain })}
    >
      <bdi>{domain}</bdi>
      <Icon ctx={ctx} name="external-link" />
    </a>
  );
}

function Edited({ ctx }: { ctx: ViewContext }) {
  return (
    <span class="post-edited">
      <Icon ctx={ctx} name="pencil" label={ctx.t('post.edited')} />
    </span>
  );
}

export const VisibilityMark = keepDrawn<{ visibility: Visibility }>(({ ctx, visibility }) => (
  <span class="post-visibility" data-part="post-visibility" title={ctx.t(`visibility.${visibility}.hint`)}>
    <IconWithWords ctx={ctx} name={VISIBILITY_ICONS[visibility]} words={ctx.t(`visibility.${visibility}`)} />
  </span>
));

/** Below the post in focus: the moment, for whom it is, and the counts in words. */
export function FocusedPostFoot({ ctx, post }: { ctx: ViewContext; post: PostView }) {
  const counts = [
    { key: 'post.boosts', count: post.boostsCount, who: 'boosts' },
    { key: 'post.favourites', count: post.favouritesCount, who: 'favourites' },
    { key: 'post.replies', count: post.repliesCount, who: null },
  ] as const;
  const shown = counts.filter(({ count }) => count > 0);
  return (
    <div class="post-foot" data-part="post-foot">
      <p class="post-foot-line">
        <a class="post-time" href={post.path}>
          <Time ctx={ctx} at={post.createdAt} show="moment" />
        </a>
        {post.editedAt === null ? null : (
          <a href={`${post.path}/history`}>
            {ctx.t.rich('post.edited-at', { time: <Time ctx={ctx} at={post.editedAt} /> })}
          </a>
        )}
        <VisibilityMark ctx={ctx} visibility={post.visibility} />
      </p>
      {shown.length > 0 ? (
        <p class="post-foot-line post-counts" data-part="post-counts">
          {shown.map(({ key, count, who }) => {
            const words = ctx.t.rich(key, { count, shown: <strong>{formatCount(ctx.locale, count)}</strong> });
            return who && ctx.viewer ? <a href={`${post.path}/${who}`}>{words}</a> : <span>{words}</span>;
          })}
        </p>
      ) : null}
    </div>
  );
}
