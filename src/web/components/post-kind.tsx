import type { PostKind, PostView } from '#domain/posts/post-view.ts';
import type { IconName } from '#web/icon-names.ts';
import { hostOf, safeUrl } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { Icon } from '#web/components/icon.tsx';

const KIND_ICONS: Record<Exclude<PostKind, 'note' | 'question'>, IconName> = {
  article: 'file-text',
  page: 'file-text',
  video: 'video',
  audio: 'music',
  image: 'image',
  event: 'calendar',
};

/** "Article · blog.example" above the title of what is more than a note. */
export function PostKindLabel({ ctx, kind, host }: { ctx: ViewContext; kind: PostKind; host: string | null }) {
  if (kind === 'note' || kind === 'question') return null;
  return (
    <p class="post-kind" data-part="post-kind">
      <Icon ctx={ctx} name={KIND_ICONS[kind]} />
      <span>{ctx.t(`post.kind.${kind}`)}</span>
      {host ? <span class="post-kind-host">{host}</span> : null}
    </p>
  );
}

/** Where the whole is, for a post that is shown by title and link. */
export function PostLink({ ctx, post }: { ctx: ViewContext; post: PostView }) {
  const url = safeUrl(post.link);
  const host = hostOf(post.link);
  if (!url || !host) return null;
  return (
    <a class="link-card" data-part="link-card" href={url} rel="noopener noreferrer nofollow">
      <Icon ctx={ctx} name="external-link" />
      <span class="link-card-words">
        <span class="link-card-label">{ctx.t('post.open-link')}</span>
        <span class="link-card-host">{host}</span>
      </span>
    </a>
  );
}
