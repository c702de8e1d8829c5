import type { Child } from '#web/jsx/html.ts';
import type { MessageKey } from '#web/i18n.ts';
import type { IconName } from '#web/icon-names.ts';
import type { ViewContext } from '#web/view-context.ts';
import { Document } from '#web/components/document.tsx';
import { FlashMessage } from '#web/components/flash.tsx';
import { Icon } from '#web/components/icon.tsx';
import { PageHead, SkipLink } from '#web/components/layout.tsx';
import { BottomBar, SideNavigation } from '#web/components/navigation.tsx';
import { SiteFooter } from '#web/components/site-footer.tsx';

export interface SettingsSection {
  /** Below `/settings/`. */
  path: string;
  icon: IconName;
  label: MessageKey;
  hint: MessageKey;
}

export const SETTINGS_SECTIONS = [
  { path: 'profile', icon: 'user', label: 'settings.profile', hint: 'settings.profile-hint' },
  { path: 'account', icon: 'key-round', label: 'settings.account', hint: 'settings.account-hint' },
  { path: 'sessions', icon: 'smartphone', label: 'settings.sessions', hint: 'settings.sessions-hint' },
  { path: 'appearance', icon: 'palette', label: 'settings.appearance', hint: 'settings.appearance-hint' },
  { path: 'privacy', icon: 'eye', label: 'settings.privacy', hint: 'settings.privacy-hint' },
  { path: 'blocks', icon: 'ban', label: 'settings.blocks', hint: 'settings.blocks-hint' },
  { path: 'export', icon: 'download', label: 'settings.export', hint: 'settings.export-hint' },
  { path: 'move', icon: 'truck', label: 'settings.move', hint: 'settings.move-hint' },
] as const satisfies SettingsSection[];

interface SettingsLayoutProps {
  ctx: ViewContext;
  title: string;
  /** The section's path, or null for the list itself, which is a page of its own on a phone. */
  section: string | null;
  intro?: Child;
  /** For pages below a section, such as "Set up a second factor". */
  back?: { href: string; label: string } | undefined;
  sections?: SettingsSection[] | undefined;
  children?: Child;
}

/** A list on the left, one form on the page. */
export function SettingsLayout({
  ctx,
  title,
  section,
  intro,
  back,
  sections = [...SETTINGS_SECTIONS],
  children,
}: SettingsLayoutProps) {
  const up = back ?? (section === null ? undefined : { href: '/settings', label: ctx.t('settings.all') });
  return (
    <Document ctx={ctx} title={title} kind="settings">
      <SkipLink ctx={ctx} />
      <div class="shell" data-part="shell" data-settings={section === null ? 'list' : 'page'}>
        <SideNavigation ctx={ctx} />
        <nav class="sections" data-part="sections" aria-label={ctx.t('settings.title')}>
          <p class="sections-title" aria-hidden="true">
            {ctx.t('settings.title')}
          </p>
          <SectionList ctx={ctx} sections={sections} current={section} />
        </nav>
        <div class="column" data-part="column">
          <main id="main" tabindex={-1}>
            <PageHead ctx={ctx} title={title} intro={intro} back={up} />
            <FlashMessage ctx={ctx} />
            {section === null ? (
              <div class="sections-page">
                <SectionList ctx={ctx} sections={sections} current={null} hints />
              </div>
            ) : null}
            <div class="settings-page">{children}</div>
          </main>
          <SiteFooter ctx={ctx} />
        </div>
      </div>
      <BottomBar ctx={ctx} />
    </Document>
  );
}

interface SectionListProps {
  ctx: ViewContext;
  sections: SettingsSection[];
  current: string | null;
  hints?: boolean | undefined;
}

function SectionList({ ctx, sections, current, hints = false }: SectionListProps) {
  return (
    <ul class="section-list" role="list">
      {sections.map((entry) => (
        <li>
          <a
            class="section-link"
            href={`/settings/${entry.path}`}
            aria-current={entry.path === current ? 'page' : undefined}
          >
            <Icon ctx={ctx} name={entry.icon} />
            <span class="section-words">
              <span class="section-label">{ctx.t(entry.label)}</span>
              {hints ? <span class="section-hint">{ctx.t(entry.hint)}</span> : null}
            </span>
            {hints ? <Icon ctx={ctx} name="chevron-right" class="section-arrow" /> : null}
          </a>
        </li>
      ))}
    </ul>
  );
}
