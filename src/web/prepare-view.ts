import type { Context, MiddlewareHandler } from 'hono';
import { accountViews } from '#domain/accounts/accounts.queries.ts';
import { hasEmoji } from '#domain/emoji/emoji.queries.ts';
import type { LiveSession } from '#domain/membership/sessions.queries.ts';
import { waitingFor } from '#domain/membership/viewer.queries.ts';
import { formToken } from '#web/csrf.ts';
import { takeFlash } from '#web/flash.ts';
import { createTranslator, pickLocale } from '#web/i18n.ts';
import type { ViewContext, Viewer } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** Puts together what every page shows: whose page it is, in which language, in which colours. */
export function prepareView(deps: WebDeps): MiddlewareHandler<WebEnv> {
  return async (c, next) => {
    c.set('ctx', await viewOf(deps, c));
    await next();
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'private, no-cache');
    c.res.headers.append('vary', 'Cookie, Accept-Language');
  };
}

async function viewOf(deps: WebDeps, c: Context<WebEnv>): Promise<ViewContext> {
  const session = c.get('session');
  const settings = await deps.settings.read();
  const url = ownAddress(deps, c);
  const locale = pickLocale(c.req.header('accept-language') ?? settings.defaultLocale, session?.locale);
  let token: string | null = null;
  let flash: ViewContext['flash'] | undefined;
  return {
    t: createTranslator(locale),
    locale,
    viewer: session ? await viewerOf(deps, session) : null,
    instance: { name: settings.name, description: settings.description, host: deps.site.host },
    // Made when a form asks for it: pages without forms set no cookie.
    get csrfToken() {
      token ??= formToken(deps, c);
      return token;
    },
    path: url.pathname + url.search,
    url,
    // Whatever a theme has done to the pages, the plain one can be had.
    theme: url.searchParams.get('theme') === 'plain' ? 'plain' : settings.theme,
    scheme: session?.scheme ?? 'auto',
    // Taken when a page shows it: an answer that only redirects leaves it to the next page.
    get flash() {
      flash = flash === undefined ? takeFlash(deps, c) : flash;
      return flash;
    },
    assets: deps.assets,
    now: deps.clock.now(),
  };
}

/**
 * The address of this page under our own name, whatever host a request names. Its path begins with one slash: as the
 * target of a link, `//evil.example` would be another site.
 */
function ownAddress({ site }: Pick<WebDeps, 'site'>, c: Context<WebEnv>): URL {
  const asked = new URL(c.req.url);
  const address = new URL(site.origin);
  address.pathname = asked.pathname.replace(/^\/{2,}/, '/');
  address.search = asked.search;
  return address;
}

async function viewerOf({ store }: WebDeps, session: LiveSession): Promise<Viewer | null> {
  const { accountId, role, notificationsReadId } = session;
  const [views, waiting, offersEmoji] = await Promise.all([
    accountViews(store, [accountId]),
    waitingFor(store.read, accountId, notificationsReadId),
    hasEmoji(store),
  ]);
  const account = views.get(accountId);
  return account ? { account, role: role === 'user' ? 'member' : role, ...waiting, offersEmoji } : null;
}
