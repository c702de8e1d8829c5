import type { MiddlewareHandler } from 'hono';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** Until the instance is set up there is one page only. */
export function requireSetUp({ settings }: Pick<WebDeps, 'settings'>): MiddlewareHandler<WebEnv> {
  return async (c, next) => {
    if (c.req.path === '/set-up' || (await settings.read()).setUpAt !== null) return next();
    return c.redirect('/set-up', 303);
  };
}
