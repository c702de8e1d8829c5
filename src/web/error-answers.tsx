import type { Context } from 'hono';
import type { DomainError, ErrorCode } from '#kernel/errors.ts';
import { ErrorPage, type ErrorKind } from '#web/components/error-page.tsx';
import { TypedTexts } from '#web/components/typed-texts.tsx';
import { localPath, STATUS_OF } from '#web/forms.ts';
import { textsOfForm } from '#web/typed-form.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebEnv } from '#web/web-deps.ts';

const KINDS: Record<ErrorCode, ErrorKind> = {
  'not-found': 'not-found',
  'not-allowed': 'not-allowed',
  invalid: 'invalid',
  conflict: 'invalid',
  'payment-required': 'not-allowed',
  gone: 'gone',
  'too-many': 'too-many',
};

/** Not a matter of what somebody may do. */
const EXPIRED = new Set(['form-expired', 'logged-out']);

/** A refusal that no form took: a page that says so, and gives back what was typed. */
export async function refusedPage(c: Context<WebEnv>, error: DomainError) {
  const ctx = contextOf(c);
  const texts = await textsOfForm(c);
  // The general reasons are the page's own words.
  const isGeneral = error.reason === error.code;
  const message = isGeneral ? undefined : ctx.t.error(error.reason, error.values);
  const kind = EXPIRED.has(error.reason) ? 'expired' : KINDS[error.code];
  return c.html(
    <ErrorPage ctx={ctx} kind={kind} message={message} logIn={error.reason === 'logged-out'}>
      <TypedTexts ctx={ctx} texts={texts} />
    </ErrorPage>,
    STATUS_OF[error.code],
  );
}

/** For a request that brings something else than a form, such as JSON. */
export function unsupportedPage(c: Context<WebEnv>) {
  const ctx = contextOf(c);
  return c.html(<ErrorPage ctx={ctx} kind="invalid" message={ctx.t('error-page.unsupported-text')} />, 415);
}

/** For a form with more text than any of ours takes; what is in it is not read. */
export function tooLargePage(c: Context<WebEnv>) {
  const ctx = contextOf(c);
  return c.html(<ErrorPage ctx={ctx} kind="invalid" message={ctx.t('error-page.too-large-text')} />, 413);
}

export function notFoundPage(c: Context<WebEnv>) {
  return c.html(<ErrorPage ctx={c.get('ctx')} kind="not-found" />, 404);
}

/** @param reference by which the admin finds the cause in the log. */
export async function brokenPage(c: Context<WebEnv>, reference: string) {
  const ctx = contextOf(c);
  // Whatever is broken may be what reads the form.
  const texts = await textsOfForm(c).catch(() => []);
  return c.html(
    <ErrorPage ctx={ctx} kind="broken" reference={reference}>
      <TypedTexts ctx={ctx} texts={texts} />
    </ErrorPage>,
    500,
  );
}

/** The page says "try again": after a form that leads to where the form was, which has an address of its own. */
function contextOf(c: Context<WebEnv>): ViewContext {
  const ctx = c.get('ctx');
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return ctx;
  const referer = URL.parse(c.req.header('referer') ?? '');
  const path = referer?.host === ctx.url.host ? localPath(referer.pathname + referer.search, '/') : '/';
  // Not a copy: that would ask for the token and the flash, which set cookies.
  return Object.assign(Object.create(ctx) as ViewContext, { path });
}
