import type { Child } from '#web/jsx/html.ts';
import type { Permission } from '#domain/membership/permissions.ts';
import { formatCount, type MessageKey } from '#web/i18n.ts';
import type { IconName } from '#web/icon-names.ts';
import type { ViewContext } from '#web/view-context.ts';
import { Document } from '#web/components/document.tsx';
import { FlashMessage } from '#web/components/flash.tsx';
import { Icon, Mark } from '#web/components/icon.tsx';
import { SkipLink } from '#web/components/layout.tsx';

export interface AdminSection {
  /** The whole path, `/admin` for the overview. */
  href: string;
  icon: IconName;
  label: MessageKey;
  /** Who may enter. */
  permission: Permission;
  /** What waits there. */
  count?: number | undefined;
}

export interface AdminGroup {
  /** Null for the overview, which stands alone. */
  label: MessageKey | null;
  sections: AdminSection[];
}

export const ADMIN_GROUPS: readonly AdminGroup[] = [
  {
    label: null,
    sections: [{ href: '/admin', icon: 'chart-bar-big', label: 'admin.overview', permission: 'admin.view' }],
  },
  {
    label: 'admin.people',
    sections: [
      { href: '/admin/reports', icon: 'flag', label: 'admin.reports', permission: 'reports.handle' },
      { href: '/admin/accounts', icon: 'users', label: 'admin.accounts', permission: 'accounts.view' },
      { href: '/admin/sign-ups', icon: 'user-plus', label: 'admin.sign-ups', permission: 'registrations.decide' },
      { href: '/admin/invites', icon: 'mail', label: 'admin.invites', permission: 'invites.create' },
    ],
  },
  {
    label: 'admin.house',
    sections: [
      { href: '/admin/instance', icon: 'settings', label: 'admin.instance', permission: 'instance.edit' },
      { href: '/admin/rules', icon: 'scale', label: 'admin.rules', permission: 'instance.edit' },
      { href: '/admin/emoji', icon: 'smile', label: 'admin.emoji', permission: 'emoji.edit' },
      { href: '/admin/texts', icon: 'file-text', label: 'admin.texts', permission: 'instance.edit' },
      { href: '/admin/domains', icon: 'server', label: 'admin.domains', permission: 'domains.edit' },
      { href: '/admin/blocks', icon: 'ban', label: 'admin.blocks', permission: 'blocks.edit' },
    ],
  },
  {
    label: 'admin.machine',
    sections: [
      { href: '/admin/peers', icon: 'globe', label: 'admin.peers', permission: 'peers.view' },
      { href: '/admin/queue', icon: 'send', label: 'admin.queue', permission: 'peers.view' },
      { href: '/admin/storage', icon: 'hard-drive', label: 'admin.storage', permission: 'storage.view' },
      { href: '/admin/log', icon: 'list', label: 'admin.log', permission: 'audit.view' },
    ],
  },
];

interface AdminLayoutProps {
  ctx: ViewContext;
  title: string;
  intro?: Child;
  actions?: Child;
  back?: { href: string; label: string } | undefined;
  /** What this viewer may enter; everything by default. */
  groups?: readonly AdminGroup[] | undefined;
  children?: Child;
}

/** Administration and moderation: the plain look always, so that no theme can lock an admin out. */
export function AdminLayout({ ctx, title, intro, actions, back, groups = ADMIN_GROUPS, children }: AdminLayoutProps) {
  return (
    <Document ctx={ctx} title={title} kind="admin" themed={false} head={<meta name="robots" content="noindex" />}>
      <SkipLink ctx={ctx} />
      <header class="admin-bar">
        <a class="brand" href="/admin">
          <Mark size={24} />
          <span class="brand-name">{ctx.t('admin.title')}</span>
        </a>
        <a class="admin-exit" href="/home">
          <Icon ctx={ctx} name="log-out" />
          <span>{ctx.t('admin.exit', { instance: ctx.instance.name })}</span>
        </a>
      </header>
      <div class="admin-shell">
        <AdminNavigation ctx={ctx} groups={groups} />
        <main class="admin-main" id="main" tabindex={-1}>
          <div class="admin-head">
            {back ? (
              <a class="icon-button" href={back.href} title={back.label}>
                <Icon ctx={ctx} name="arrow-left" label={back.label} />
              </a>
            ) : null}
            <h1 class="page-title">{title}</h1>
            {actions ? <div class="page-actions">{actions}</div> : null}
          </div>
          {intro ? <p class="page-intro">{intro}</p> : null}
          <FlashMessage ctx={ctx} />
          {children}
        </main>
      </div>
    </Document>
  );
}

/** A column in a window; on a phone a sheet behind a button that says where one is. */
function AdminNavigation({ ctx, groups }: { ctx: ViewContext; groups: readonly AdminGroup[] }) {
  const here = groups.flatMap(({ sections }) => sections).find(({ href }) => isCurrent(ctx, href));
  return (
    <>
      <nav class="admin-nav" aria-label={ctx.t('admin.title')}>
        <SectionGroups ctx={ctx} groups={groups} />
      </nav>
      <details class="menu admin-menu" data-align="start">
        <summary class="admin-menu-button">
          <Icon ctx={ctx} name="menu" />
          <span>{here ? ctx.t(here.label) : ctx.t('admin.sections')}</span>
          <Icon ctx={ctx} name="chevron-down" />
        </summary>
        <nav class="menu-sheet admin-menu-sheet" aria-label={ctx.t('admin.title')}>
          <SectionGroups ctx={ctx} groups={groups} />
        </nav>
      </details>
    </>
  );
}

function SectionGroups({ ctx, groups }: { ctx: ViewContext; groups: readonly AdminGroup[] }) {
  return (
    <>
      {groups.map(({ label, sections }) => (
        <div class="admin-group">
          {label ? <p class="admin-group-title">{ctx.t(label)}</p> : null}
          <ul class="section-list" role="list">
            {sections.map((section) => (
              <li>
                <a
                  class="section-link"
                  href={section.href}
                  aria-current={isCurrent(ctx, section.href) ? 'page' : undefined}
                >
                  <Icon ctx={ctx} name={section.icon} />
                  <span class="section-words">{ctx.t(section.label)}</span>
                  <Waiting ctx={ctx} count={section.count} />
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  );
}

function Waiting({ ctx, count = 0 }: { ctx: ViewContext; count?: number | undefined }) {
  if (count === 0) return null;
  return (
    <span class="unread">
      <span aria-hidden="true">{formatCount(ctx.locale, count)}</span>
      <span class="visually-hidden">{ctx.t('admin.waiting', { count })}</span>
    </span>
  );
}

function isCurrent(ctx: ViewContext, href: string): boolean {
  const here = ctx.url.pathname;
  return here === href || (href !== '/admin' && here.startsWith(`${href}/`));
}
