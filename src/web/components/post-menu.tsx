import type { PostView } from '#domain/posts/post-view.ts';
import { hostOf, safeUrl } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { Menu, MenuButton, MenuCopy, MenuDivider, MenuLink } from '#web/components/menu.tsx';

export function PostMenu({ ctx, post }: { ctx: ViewContext; post: PostView }) {
  const { t } = ctx;
  const origin = safeUrl(post.url);
  const remote = post.author.domain !== null;
  return (
    <Menu ctx={ctx} label={t('post.more')}>
      <MenuLink ctx={ctx} href={post.path} icon="messages-square" label={t('post.open')} />
      {remote && origin ? (
        <MenuLink
          ctx={ctx}
          href={origin}
          icon="external-link"
          label={t('post.at-origin', { host: hostOf(origin) ?? '' })}
          external
        />
      ) : null}
      {origin ? <MenuCopy ctx={ctx} text={origin} label={t('post.copy-link')} done={t('post.link-copied')} /> : null}
      {post.viewer.author ? <OwnEntries ctx={ctx} post={post} /> : null}
      {ctx.viewer && !post.viewer.author ? <OthersEntries ctx={ctx} post={post} /> : null}
    </Menu>
  );
}

function OwnEntries({ ctx, post }: { ctx: ViewContext; post: PostView }) {
  const { t } = ctx;
  return (
    <>
      <MenuDivider />
      <MenuLink ctx={ctx} href={`/posts/${post.id}/edit`} icon="pencil" label={t('post.edit')} />
      {post.visibility === 'direct' ? null : (
        <MenuButton
          ctx={ctx}
          action={`/posts/${post.id}/${post.pinned ? 'unpin' : 'pin'}`}
          icon={post.pinned ? 'pin-off' : 'pin'}
          label={t(post.pinned ? 'post.unpin' : 'post.pin')}
        />
      )}
      <MenuLink
        ctx={ctx}
        href={`/posts/${post.id}/delete?return_to=${encodeURIComponent(ctx.path)}`}
        icon="trash-2"
        label={t('post.delete')}
        dialog
        danger
      />
    </>
  );
}

function OthersEntries({ ctx, post }: { ctx: ViewContext; post: PostView }) {
  const { t } = ctx;
  const name = `@${post.author.handle}`;
  const account = `/accounts/${post.author.id}`;
  return (
    <>
      <MenuDivider />
      <MenuLink
        ctx={ctx}
        href={`${account}/mute?return_to=${encodeURIComponent(ctx.path)}`}
        icon="volume-x"
        label={t('account.mute-name', { name })}
        dialog
      />
      <MenuButton ctx={ctx} action={`${account}/block`} icon="ban" label={t('account.block-name', { name })} danger />
      <MenuLink ctx={ctx} href={`/posts/${post.id}/report`} icon="flag" label={t('post.report')} danger />
    </>
  );
}
