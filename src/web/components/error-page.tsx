import type { Child } from '#web/jsx/html.ts';
import type { MessageKey } from '#web/i18n.ts';
import type { ViewContext } from '#web/view-context.ts';
import { Document } from '#web/components/document.tsx';
import { EmptyStage } from '#web/components/empty-state.tsx';
import { Mark } from '#web/components/icon.tsx';
import { SkipLink } from '#web/components/layout.tsx';
import { SiteFooter } from '#web/components/site-footer.tsx';

export type ErrorKind =
  | 'not-found'
  | 'not-allowed'
  | 'expired'
  | 'gone'
  | 'too-many'
  | 'invalid'
  | 'unavailable'
  | 'broken';

interface ErrorPageProps {
  ctx: ViewContext;
  kind: ErrorKind;
  /** What happened, where more can be said than the kind says. */
  message?: string | undefined;
  /** A number that the admin finds in the log. */
  reference?: string | undefined;
  /** Logging in is what helps, and leads back here. */
  logIn?: boolean | undefined;
  children?: Child;
}

const TITLES: Record<ErrorKind, MessageKey> = {
  'not-found': 'error-page.not-found',
  'not-allowed': 'error-page.not-allowed',
  expired: 'error-page.expired',
  gone: 'error-page.gone',
  'too-many': 'error-page.too-many',
  invalid: 'error-page.invalid',
  unavailable: 'error-page.unavailable',
  broken: 'error-page.broken',
};

const TEXTS: Record<ErrorKind, MessageKey> = {
  'not-found': 'error-page.not-found-text',
  'not-allowed': 'error-page.not-allowed-text',
  expired: 'error.form-expired',
  gone: 'error-page.gone-text',
  'too-many': 'error-page.too-many-text',
  invalid: 'error-page.invalid-text',
  unavailable: 'error-page.unavailable-text',
  broken: 'error-page.broken-text',
};

/** Says what happened, what was not lost and what to do. */
export function ErrorPage({ ctx, kind, message, reference, logIn = false, children }: ErrorPageProps) {
  const { t } = ctx;
  return (
    <Document ctx={ctx} title={t(TITLES[kind])} kind="error" head={<meta name="robots" content="noindex" />}>
      <SkipLink ctx={ctx} />
      <div class="stage" data-part="stage">
        <header class="stage-brand">
          <a class="brand" href={ctx.viewer ? '/home' : '/'}>
            <Mark size={32} />
            <span class="brand-name">{ctx.instance.name}</span>
          </a>
        </header>
        <main class="error-page" id="main" tabindex={-1}>
          <EmptyStage />
          <h1 class="stage-title">{t(TITLES[kind])}</h1>
          <p class="error-text">{message ?? t(TEXTS[kind])}</p>
          {reference ? (
            <p class="error-reference">{t.rich('error-page.reference', { code: <code>{reference}</code> })}</p>
          ) : null}
          <Actions ctx={ctx} kind={kind} logIn={logIn} />
          {children}
        </main>
        <SiteFooter ctx={ctx} />
      </div>
    </Document>
  );
}

function Actions({ ctx, kind, logIn }: { ctx: ViewContext; kind: ErrorKind; logIn: boolean }) {
  const { t } = ctx;
  const isGone = kind === 'not-found' || kind === 'gone';
  return (
    <div class="error-actions">
      {logIn ? (
        <a class="button" data-kind="primary" href={`/login?return_to=${encodeURIComponent(ctx.path)}`}>
          {t('nav.log-in')}
        </a>
      ) : null}
      <a class="button" data-kind={logIn ? undefined : 'primary'} href={ctx.viewer ? '/home' : '/'}>
        {t(ctx.viewer ? 'error-page.home' : 'error-page.front')}
      </a>
      {logIn ? null : (
        <a class="button" href={isGone ? '/search' : ctx.path}>
          {t(isGone ? 'error-page.search' : 'error-page.again')}
        </a>
      )}
    </div>
  );
}
