import type { MessageKey } from '#web/i18n.ts';
import { formatCount } from '#web/i18n.ts';
import type { IconName } from '#web/icon-names.ts';
import { isStaff, type ViewContext } from '#web/view-context.ts';
import { AccountLine } from '#web/components/account-name.tsx';
import { ActionForm } from '#web/components/action-form.tsx';
import { Icon, Mark } from '#web/components/icon.tsx';

interface Place {
  href: string;
  icon: IconName;
  label: MessageKey;
  count?: number | undefined;
}

/** The places of the left column, in the order in which they are used. */
export function placesOf(ctx: ViewContext): Place[] {
  const { viewer } = ctx;
  if (!viewer) {
    return [
      { href: '/explore', icon: 'compass', label: 'nav.explore' },
      { href: '/local', icon: 'users', label: 'nav.local' },
      { href: '/about', icon: 'info', label: 'nav.about' },
    ];
  }
  return [
    { href: '/home', icon: 'house', label: 'nav.home' },
    { href: '/explore', icon: 'compass', label: 'nav.explore' },
    { href: '/notifications', icon: 'bell', label: 'nav.notifications', count: viewer.unreadNotifications },
    { href: '/messages', icon: 'mail', label: 'nav.messages', count: viewer.unreadMessages },
    { href: '/local', icon: 'users', label: 'nav.local' },
    { href: '/federated', icon: 'globe', label: 'nav.federated' },
    { href: '/bookmarks', icon: 'bookmark', label: 'nav.bookmarks' },
    { href: '/favourites', icon: 'star', label: 'nav.favourites' },
    ...(viewer.followRequests > 0 || viewer.account.locked
      ? [{ href: '/requests', icon: 'user-plus', label: 'nav.requests', count: viewer.followRequests } as const]
      : []),
    { href: '/settings', icon: 'settings', label: 'nav.settings' },
    ...(isStaff(ctx) ? [{ href: '/admin', icon: 'shield', label: 'nav.admin' } as const] : []),
  ];
}

/** The left column of wide windows. */
export function SideNavigation({ ctx }: { ctx: ViewContext }) {
  return (
    <header class="side" data-part="side">
      <Brand ctx={ctx} />
      <nav class="side-nav" data-part="navigation" aria-label={ctx.t('nav.label')}>
        <PlaceList ctx={ctx} />
      </nav>
      {ctx.viewer ? (
        <>
          <a class="button side-compose" href="/compose" data-compose>
            <Icon ctx={ctx} name="square-pen" />
            {ctx.t('nav.compose')}
          </a>
          <Self ctx={ctx} />
        </>
      ) : (
        <GuestDoors ctx={ctx} />
      )}
    </header>
  );
}

function Brand({ ctx }: { ctx: ViewContext }) {
  return (
    <a class="brand" data-part="brand" href={ctx.viewer ? '/home' : '/'}>
      <Mark />
      <span class="brand-name">{ctx.instance.name}</span>
    </a>
  );
}

export function PlaceList({ ctx }: { ctx: ViewContext }) {
  return (
    <ul class="places" role="list">
      {placesOf(ctx).map((place) => (
        <li>
          <a
            class="place"
            data-part="nav-item"
            href={place.href}
            aria-current={isHere(ctx, place.href) ? 'page' : undefined}
          >
            <Icon ctx={ctx} name={place.icon} />
            <span class="place-label">{ctx.t(place.label)}</span>
            <Unread ctx={ctx} count={place.count} />
          </a>
        </li>
      ))}
    </ul>
  );
}

function Unread({ ctx, count = 0 }: { ctx: ViewContext; count?: number | undefined }) {
  if (count === 0) return null;
  return (
    <span class="unread" data-part="unread">
      <span aria-hidden="true">{formatCount(ctx.locale, count)}</span>
      <span class="visually-hidden"> {ctx.t('nav.unread', { count })}</span>
    </span>
  );
}

function Self({ ctx }: { ctx: ViewContext }) {
  if (!ctx.viewer) return null;
  return (
    <div class="side-self" data-part="self">
      <AccountLine ctx={ctx} account={ctx.viewer.account} />
      <LogOut ctx={ctx} />
    </div>
  );
}

function LogOut({ ctx, words = false }: { ctx: ViewContext; words?: boolean | undefined }) {
  const label = ctx.t('nav.log-out');
  return (
    <ActionForm ctx={ctx} action="/logout" returnTo="/">
      <button class={words ? 'place' : 'icon-button'} type="submit" title={words ? undefined : label}>
        <Icon ctx={ctx} name="log-out" label={words ? undefined : label} />
        {words ? <span class="place-label">{label}</span> : null}
      </button>
    </ActionForm>
  );
}

export function GuestDoors({ ctx }: { ctx: ViewContext }) {
  return (
    <div class="guest-doors" data-part="guest-doors">
      <a class="button" data-kind="primary" href="/sign-up">
        {ctx.t('nav.sign-up')}
      </a>
      <a class="button" href={`/login?return_to=${encodeURIComponent(ctx.path)}`}>
        {ctx.t('nav.log-in')}
      </a>
    </div>
  );
}

/** The phone's way to all places: a sheet behind the button of the top bar. */
export function Drawer({ ctx }: { ctx: ViewContext }) {
  return (
    <details class="menu drawer" data-part="drawer" data-align="start">
      <summary class="icon-button" title={ctx.t('nav.menu')}>
        <Icon ctx={ctx} name="menu" label={ctx.t('nav.menu')} />
      </summary>
      <div class="menu-sheet drawer-sheet">
        <Brand ctx={ctx} />
        {ctx.viewer ? <AccountLine ctx={ctx} account={ctx.viewer.account} /> : null}
        <nav aria-label={ctx.t('nav.label')}>
          <PlaceList ctx={ctx} />
        </nav>
        <a class="place" href="/search">
          <Icon ctx={ctx} name="search" />
          <span class="place-label">{ctx.t('nav.search')}</span>
        </a>
        {ctx.viewer ? <LogOut ctx={ctx} words /> : <GuestDoors ctx={ctx} />}
      </div>
    </details>
  );
}

/** The phone's bar: five places for those who are at home here, four for visitors. */
export function BottomBar({ ctx }: { ctx: ViewContext }) {
  const { viewer } = ctx;
  const places: (Place & { main?: boolean })[] = viewer
    ? [
        { href: '/home', icon: 'house', label: 'nav.home' },
        { href: '/explore', icon: 'compass', label: 'nav.explore' },
        { href: '/compose', icon: 'square-pen', label: 'nav.compose', main: true },
        { href: '/notifications', icon: 'bell', label: 'nav.notifications', count: viewer.unreadNotifications },
        { href: '/messages', icon: 'mail', label: 'nav.messages', count: viewer.unreadMessages },
      ]
    : [
        { href: '/explore', icon: 'compass', label: 'nav.explore' },
        { href: '/local', icon: 'users', label: 'nav.local' },
        { href: '/about', icon: 'info', label: 'nav.about' },
        { href: '/login', icon: 'log-in', label: 'nav.log-in' },
      ];
  return (
    <nav class="bottom-bar" data-part="bottom-bar" aria-label={ctx.t('nav.label-bottom')}>
      {places.map((place) => (
        <a
          class="bottom-place"
          href={place.href}
          data-main={place.main ? '' : undefined}
          aria-current={isHere(ctx, place.href) ? 'page' : undefined}
        >
          <span class="bottom-icon">
            <Icon ctx={ctx} name={place.icon} />
            <Unread ctx={ctx} count={place.count} />
          </span>
          <span class="bottom-label">{ctx.t(place.label)}</span>
        </a>
      ))}
    </nav>
  );
}

function isHere(ctx: ViewContext, href: string): boolean {
  const here = ctx.url.pathname;
  return here === href || here.startsWith(`${href}/`);
}
