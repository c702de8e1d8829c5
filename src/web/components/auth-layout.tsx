import type { Child } from '#web/jsx/html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { Document } from '#web/components/document.tsx';
import { FlashMessage } from '#web/components/flash.tsx';
import { Mark } from '#web/components/icon.tsx';
import { SkipLink } from '#web/components/layout.tsx';
import { SiteFooter } from '#web/components/site-footer.tsx';

interface AuthLayoutProps {
  ctx: ViewContext;
  title: string;
  intro?: Child;
  /** Below the stage: "No account yet? Sign up". */
  aside?: Child;
  /** For forms that need more room, such as the set-up. */
  wide?: boolean | undefined;
  head?: Child;
  children?: Child;
}

/** A small stage for one form: set-up, login, sign-up, a second factor, a reset. */
export function AuthLayout({ ctx, title, intro, aside, wide = false, head, children }: AuthLayoutProps) {
  return (
    <Document ctx={ctx} title={title} kind="auth" head={head}>
      <SkipLink ctx={ctx} />
      <div class="stage" data-part="stage" data-wide={wide ? '' : undefined}>
        <header class="stage-brand">
          <a class="brand" href="/">
            <Mark size={32} />
            <span class="brand-name">{ctx.instance.name}</span>
          </a>
        </header>
        <main class="stage-floor" id="main" tabindex={-1}>
          <div class="stage-card" data-part="stage-card">
            <h1 class="stage-title">{title}</h1>
            {intro ? <div class="stage-intro">{intro}</div> : null}
            <FlashMessage ctx={ctx} />
            {children}
          </div>
          <div class="stage-steps" aria-hidden="true">
            <span class="stage-step" />
            <span class="stage-step" />
          </div>
          {aside ? <div class="stage-aside">{aside}</div> : null}
        </main>
        <SiteFooter ctx={ctx} />
      </div>
    </Document>
  );
}
