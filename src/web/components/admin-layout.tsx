import type { Child } from 'hono/jsx';
import type { MessageKey } from '#web/i18n.ts';
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
  count?: number | undefined;
}

export const ADMIN_SECTIONS = [
  { href: '/admin', icon: 'chart-bar-big', label: 'admin.overview' },
  { href: '/admin/reports', icon: 'flag', label: 'admin.reports' },
  { href: '/admin/accounts', icon: 'users', label: 'admin.accounts' },
  { href: '/admin/sign-ups', icon: 'user-plus', label: 'admin.sign-ups' },
  { href: '/admin/invites', icon: 'mail', label: 'admin.invites' },
  { href: '/admin/domains', icon: 'server', label: 'admin.domains' },
  { href: '/admin/rules', icon: 'scale', label: 'admin.rules' },
  { href: '/admin/emoji', icon: 'image', label: 'admin.emoji' },
  { href: '/admin/instance', icon: 'settings', label: 'admin.instance' },
  { href: '/admin/log', icon: 'list', label: 'admin.log' },
] as const satisfies AdminSection[];

interface AdminLayoutProps {
  ctx: ViewContext;
  title: string;
  intro?: Child;
  actions?: Child;
  back?: { href: string; label: string } | undefined;
  /** Which of the sections this viewer may enter; all by default. */
  sections?: AdminSection[] | undefined;
  children?: Child;
}

/** Administration and moderation: the plain look always, so that no theme can lock an admin out. */
export function AdminLayout({
  ctx,
  title,
  intro,
  actions,
  back,
  sections = [...ADMIN_SECTIONS],
  children,
}: AdminLayoutProps) {
  return (
    <Document ctx={ctx} title={title} kind="admin" themed={false}>
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
        <nav class="admin-nav" aria-label={ctx.t('admin.title')}>
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
                  {section.count ? <span class="unread">{section.count}</span> : null}
                </a>
              </li>
            ))}
          </ul>
        </nav>
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

function isCurrent(ctx: ViewContext, href: string): boolean {
  const here = ctx.url.pathname;
  return here === href || (href !== '/admin' && here.startsWith(`${href}/`));
}
