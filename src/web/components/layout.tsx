import type { Child } from '#web/jsx/html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { Document, type AccentName } from '#web/components/document.tsx';
import { FlashMessage } from '#web/components/flash.tsx';
import { Icon } from '#web/components/icon.tsx';
import { BottomBar, Drawer, SideNavigation } from '#web/components/navigation.tsx';
import { Rail } from '#web/components/rail.tsx';
import { SiteFooter } from '#web/components/site-footer.tsx';

export interface LayoutProps {
  ctx: ViewContext;
  /** The page's name: in the window's title and as its heading. */
  title: string;
  /** The heading, where it says something else than the title; null where the page brings its own `h1`. */
  heading?: string | null | undefined;
  /** What a phone's bar says where `heading` is null; the title by default. */
  bar?: string | undefined;
  /** One line below the heading. */
  intro?: Child;
  /** Back to where this page hangs from. */
  back?: { href: string; label: string } | undefined;
  /** Buttons on the right of the heading. */
  actions?: Child;
  /** A `Tabs` element below the heading. */
  tabs?: Child;
  /** The right column, above search and the instance's card; null leaves the column out. */
  rail?: Child | null;
  head?: Child;
  accent?: AccentName | undefined;
  /** Takes the right column's place too. */
  wide?: boolean | undefined;
  children?: Child;
}

/** Navigation, one column, what is live. The page of everybody's every day. */
export function Layout(props: LayoutProps) {
  const { ctx, title, rail, wide = false, children } = props;
  return (
    <Document ctx={ctx} title={title} head={props.head} kind="app" accent={props.accent}>
      <SkipLink ctx={ctx} />
      <div class="shell" data-part="shell" data-wide={wide ? '' : undefined}>
        <SideNavigation ctx={ctx} />
        <div class="column" data-part="column">
          <main id="main" tabindex={-1}>
            <PageHead {...props} />
            <FlashMessage ctx={ctx} />
            {children}
          </main>
          <SiteFooter ctx={ctx} />
        </div>
        {wide || rail === null ? null : <Rail ctx={ctx}>{rail}</Rail>}
      </div>
      <BottomBar ctx={ctx} />
    </Document>
  );
}

export function SkipLink({ ctx }: { ctx: ViewContext }) {
  return (
    <a class="skip-link" href="#main">
      {ctx.t('nav.skip')}
    </a>
  );
}

/** The heading of the page, which on a phone is the bar at the top. */
export function PageHead({
  ctx,
  title,
  heading = title,
  bar = title,
  intro,
  back,
  actions,
  tabs,
}: Omit<LayoutProps, 'children' | 'rail' | 'head'>) {
  return (
    <>
      <div class="page-head" data-part="page-head">
        {back ? (
          <a class="icon-button" href={back.href} title={back.label}>
            <Icon ctx={ctx} name="arrow-left" label={back.label} />
          </a>
        ) : (
          <Drawer ctx={ctx} />
        )}
        {heading === null ? (
          <p class="page-title" aria-hidden="true">
            {bar}
          </p>
        ) : (
          <h1 class="page-title">{heading}</h1>
        )}
        {actions ? <div class="page-actions">{actions}</div> : null}
      </div>
      {intro ? <p class="page-intro">{intro}</p> : null}
      {tabs}
    </>
  );
}
