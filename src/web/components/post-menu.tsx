import { hostOf, safeUrl } from '#web/safe-html.ts';
import type { LocaleContext } from '#web/view-context.ts';
import { Menu, MenuButton, MenuCopy, MenuDivider, MenuLink } from '#web/components/menu.tsx';

/** What the menu says and does; plain values, since what they make is kept. */
export interface PostMenuProps {
  id: number;
  /** The post's page here. */
  path: string;
  /** The post's page at its origin, if that is known. */
  url: string | null;
  author: { id: number; handle: string; remote: boolean };
  pinned: boolean;
  mayBePinned: boolean;
  /** Whose menu it is. */
  viewer: 'author' | 'other' | 'guest';
  /** Where dialogs return to. */
  returnTo: string;
}

interface Props {
  ctx: LocaleContext;
  menu: PostMenuProps;
}

export function PostMenu({ ctx, menu }: Props) {
  const { t } = ctx;
  const origin = safeUrl(menu.url);
  return (
    <Menu ctx={ctx} label={t('post.more')}>
      <MenuLink ctx={ctx} href={menu.path} icon="messages-square" label={t('post.open')} />
      {menu.author.remote && origin ? (
        <MenuLink
          ctx={ctx}
          href={origin}
          icon="external-link"
          label={t('post.at-origin', { host: hostOf(origin) ?? '' })}
          external
        />
      ) : null}
      {origin ? <MenuCopy ctx={ctx} text={origin} label={t('post.copy-link')} done={t('post.link-copied')} /> : null}
      {menu.viewer === 'author' ? <OwnEntries ctx={ctx} menu={menu} /> : null}
      {menu.viewer === 'other' ? <OthersEntries ctx={ctx} menu={menu} /> : null}
    </Menu>
  );
}

function OwnEntries({ ctx, menu }: Props) {
  const { t } = ctx;
  return (
    <>
      <MenuDivider />
      <MenuLink ctx={ctx} href={`/posts/${menu.id}/edit`} icon="pencil" label={t('post.edit')} />
      {menu.mayBePinned ? (
        <MenuButton
          ctx={ctx}
          action={`/posts/${menu.id}/${menu.pinned ? 'unpin' : 'pin'}`}
          icon={menu.pinned ? 'pin-off' : 'pin'}
          label={t(menu.pinned ? 'post.unpin' : 'post.pin')}
        />
      ) : null}
      <MenuLink
        ctx={ctx}
        href={`/posts/${menu.id}/delete?return_to=${encodeURIComponent(menu.returnTo)}`}
        icon="trash-2"
        label={t('post.delete')}
        dialog
        danger
      />
    </>
  );
}

function OthersEntries({ ctx, menu }: Props) {
  const { t } = ctx;
  const name = `@${menu.author.handle}`;
  const account = `/accounts/${menu.author.id}`;
  return (
    <>
      <MenuDivider />
      <MenuLink
        ctx={ctx}
        href={`${account}/mute?return_to=${encodeURIComponent(menu.returnTo)}`}
        icon="volume-x"
        label={t('account.mute-name', { name })}
        dialog
      />
      <MenuButton ctx={ctx} action={`${account}/block`} icon="ban" label={t('account.block-name', { name })} danger />
      <MenuLink ctx={ctx} href={`/posts/${menu.id}/report`} icon="flag" label={t('post.report')} danger />
    </>
  );
}
