import type { Context, MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { endSession } from '#domain/membership/end-sessions.ts';
import { sessionByTokenHash, type LiveSession } from '#domain/membership/sessions.queries.ts';
import { touchSession } from '#domain/membership/touch-session.ts';
import { need } from '#kernel/assert.ts';
import { notAllowed } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { hashToken, newToken } from '#kernel/tokens.ts';
import { clientAddress } from '#web/client-address.ts';
import { dropCookie, readCookie, writeCookie } from '#web/cookies.ts';
import { boundaryOf } from '#web/multipart.ts';
import { openValue, sealValue } from '#web/sealed-values.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

type WebContext = Context<WebEnv>;

/** Finds the session behind the cookie, for every request anew: what ended a moment ago opens nothing. */
export function resolveSession(deps: WebDeps): MiddlewareHandler<WebEnv> {
  const { store, clock, site, config } = deps;
  return async (c, next) => {
    const peer = c.env?.incoming?.socket?.remoteAddress ?? null;
    const address = clientAddress(peer, c.req.header('x-forwarded-for') ?? null, config.trustedProxies);
    c.set('address', address);
    const token = readCookie(c, site, 'session');
    const session = token === null ? null : await sessionByTokenHash(store.read, hashToken(token), clock.now());
    c.set('session', session);
    if (session && token !== null) await touch(deps, c, session, token);
    await next();
  };
}

/** The cookie's end moves with the session's. */
async function touch(deps: WebDeps, c: WebContext, session: LiveSession, token: string): Promise<void> {
  if (deps.clock.now() - session.lastSeenAt < limits.sessionTouchMs) return;
  await deps.commit(touchSession, { sessionId: session.id, address: c.get('address') });
  startSession(deps, c, token);
}

/** Gives the browser a session's secret; whatever it had before is replaced. */
export function startSession({ site }: Pick<WebDeps, 'site'>, c: Context, token: string): void {
  writeCookie(c, site, 'session', token, limits.sessionIdleMs);
}

/** Ends the session of this request, here and in the browser. */
export async function leaveSession(deps: WebDeps, c: WebContext): Promise<void> {
  const session = c.get('session');
  if (session) await deps.commit(endSession, { accountId: session.accountId, sessionId: session.id });
  dropCookie(c, deps.site, 'session');
}

/**
 * Sends visitors to the log-in page, and back afterwards. A form with files, whose session ended while it was filled
 * in, would be lost on the way.
 */
export const requireLogin: MiddlewareHandler<WebEnv> = async (c, next) => {
  if (c.get('session')) return next();
  if (boundaryOf(c.req.header('content-type') ?? null) !== null) throw notAllowed('logged-out');
  const back = c.req.method === 'GET' ? `?return_to=${encodeURIComponent(c.get('ctx').path)}` : '';
  return c.redirect(`/login${back}`, 303);
};

/** The session behind `requireLogin`. */
export function sessionOf(c: WebContext): LiveSession {
  return need(c.get('session'), 'a page for members has no session');
}

/** What a session notes of its beginning. */
export function visitOf(c: WebContext): { address: string | null; userAgent: string } {
  return { address: c.get('address'), userAgent: c.req.header('user-agent') ?? '' };
}

const deviceSchema = z.object({ id: z.string(), accountIds: z.array(z.number()) });

type Device = z.infer<typeof deviceSchema>;

/**
 * A browser that was logged in to an account before: its log-ins cause no mail, and it has tries of its own, so that
 * strangers who guess a password do not lock its owner out.
 */
export function readDevice({ sealer, site }: WebDeps, c: WebContext): Device {
  return openValue(sealer, 'device', readCookie(c, site, 'device'), deviceSchema) ?? { id: newToken(), accountIds: [] };
}

export function rememberDevice({ sealer, site }: WebDeps, c: WebContext, device: Device, accountId: number): void {
  const accountIds = [...new Set([accountId, ...device.accountIds])].slice(0, limits.accountsPerDevice);
  writeCookie(c, site, 'device', sealValue(sealer, 'device', { id: device.id, accountIds }), limits.deviceLifeMs);
}
