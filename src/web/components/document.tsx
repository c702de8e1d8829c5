import type { Child } from '#web/jsx/html.ts';
import { raw } from '#web/jsx/html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { hasErrors } from '#web/components/drawn-errors.ts';
import { SharedLabels } from '#web/components/shared-labels.tsx';

interface DocumentProps {
  ctx: ViewContext;
  /** The page's own name; the instance's follows. Without one the instance's name stands alone. */
  title: string | null;
  /** Further elements of the head: Open Graph, feeds, robots. */
  head?: Child;
  /** False for pages that no theme may change: administration and moderation. */
  themed?: boolean | undefined;
  /** What kind of page it is, for styles of whole pages. */
  kind: 'app' | 'settings' | 'admin' | 'auth' | 'error' | 'front';
  /** An account's accent colour, on its own pages. */
  accent?: AccentName | undefined;
  children?: Child;
}

/** Colours that a person may choose for their own pages; their values stand in `account.css`. */
export const ACCENTS = [
  'vermilion',
  'rose',
  'plum',
  'violet',
  'blue',
  'teal',
  'green',
  'olive',
  'amber',
  'slate',
] as const;

export type AccentName = (typeof ACCENTS)[number];

/** The whole document. Nothing in it needs inline script or style: the content security policy forbids both. */
export function Document({ ctx, title, head, themed = true, kind, accent, children }: DocumentProps) {
  const theme = themed ? ctx.theme : 'plain';
  const { assets, instance } = ctx;
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={ctx.locale} dir="ltr" data-scheme={ctx.scheme} data-theme={theme} data-accent={accent}>
        <head>
          <meta charset="utf-8" />
          <title>{title === null ? instance.name : `${titleOf(ctx, title)} · ${instance.name}`}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
          <meta name="color-scheme" content={ctx.scheme === 'auto' ? 'light dark' : ctx.scheme} />
          <meta name="theme-color" content="#faf8f4" media="(prefers-color-scheme: light)" />
          <meta name="theme-color" content="#15191f" media="(prefers-color-scheme: dark)" />
          <link rel="stylesheet" href={assets.stylesheet(theme)} />
          <link
            rel="preload"
            href={assets.url('fonts/source-sans-3-latin-wght-normal.woff2')}
            as="font"
            type="font/woff2"
            crossorigin="anonymous"
          />
          <link rel="icon" href={assets.url('icon.svg')} type="image/svg+xml" />
          <link rel="apple-touch-icon" href={assets.url('icon-180.png')} />
          {head}
          <script type="module" src={assets.script} />
        </head>
        <body data-part="page" data-kind={kind} data-locale={ctx.locale}>
          {children}
          <SharedLabels ctx={ctx} />
        </body>
      </html>
    </>
  );
}

/** The title is what is heard first: whether the form went through. */
function titleOf(ctx: ViewContext, title: string): string {
  return hasErrors(ctx) ? ctx.t('form.error-title', { title }) : title;
}
