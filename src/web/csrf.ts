import type { Context, MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { sameSecret, newToken } from '#kernel/tokens.ts';
import { DomainError } from '#kernel/errors.ts';
import { readCookie, writeCookie } from '#web/cookies.ts';
import { isUrlencoded, mayBringFiles } from '#web/form-type.ts';
import { boundaryOf } from '#web/multipart.ts';
import { openValue, sealValue } from '#web/sealed-values.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site made a browser send: by the headers that browsers add and scripts cannot change, and by
 * a token that only our pages know. A form with files is read by its handler, within bounds that depend on who sends
 * it (`Uploads`): there the headers are demanded, and the handler asks for the token (`checkFormToken`).
 */
export function checkCsrf(deps: WebDeps): MiddlewareHandler<WebEnv> {
  return async (c, next) => {
    if (SAFE_METHODS.has(c.req.method)) return next();
    const origin = originOf(c, deps.site.origin);
    if (origin === 'foreign') throw forged();
    if (boundaryOf(c.req.header('content-type') ?? null) !== null) {
      if (origin !== 'ours' || !mayBringFiles(c.req.path)) throw forged();
      return next();
    }
    checkFormToken(deps, c, c.req.header('x-csrf-token') ?? (await tokenInBody(c)));
    return next();
  };
}

/** @throws not-allowed when the token is not the one of this session, or of this visitor's page. */
export function checkFormToken(deps: WebDeps, c: Context<WebEnv>, token: string | null): void {
  const session = c.get('session');
  if (token === null) throw forged();
  if (session) {
    if (!sameSecret(token, session.csrfToken)) throw forged();
    return;
  }
  const cookie = readCookie(c, deps.site, 'csrf');
  const nonce = openValue(deps.sealer, 'csrf', token, z.string());
  if (nonce === null) throw loggedOut();
  if (cookie === null || !sameSecret(cookie, nonce)) throw forged();
}

/**
 * The token for the forms of a page. A visitor's is a sealed double submit: what the form brings names what the
 * cookie says, and only we can seal it. The cookie is set only where a form asks for a token.
 */
export function formToken(deps: WebDeps, c: Context<WebEnv>): string {
  const session = c.get('session');
  if (session) return session.csrfToken;
  let nonce = readCookie(c, deps.site, 'csrf');
  if (nonce === null) {
    nonce = newToken();
    writeCookie(c, deps.site, 'csrf', nonce, null);
  }
  return sealValue(deps.sealer, 'csrf', nonce);
}

/** What no visitor's page has brought is of a page whose session has ended. */
function loggedOut(): DomainError {
  return new DomainError('not-allowed', 'logged-out');
}

/** `unknown` for clients that say nothing of where a request was made; there the token alone decides. */
export function originOf(c: Context, ours: string): 'ours' | 'foreign' | 'unknown' {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'foreign';
  if (origin !== undefined && origin !== ours) return 'foreign';
  return site === 'same-origin' || origin !== undefined ? 'ours' : 'unknown';
}

async function tokenInBody(c: Context): Promise<string | null> {
  if (!isUrlencoded(c)) return null;
  const token = (await c.req.formData()).get('_csrf');
  return typeof token === 'string' ? token : null;
}

function forged(): DomainError {
  return new DomainError('not-allowed', 'form-expired');
}
