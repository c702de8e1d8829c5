import { Hono } from 'hono';
import { countNewAtHome, homeTimeline } from '#domain/timelines/timelines.queries.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import { Composer } from '#web/components/composer.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Layout } from '#web/components/layout.tsx';
import { Timeline } from '#web/components/timeline.tsx';
import { composerDefaults } from '#web/composer-defaults.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** The page of everybody's every day: writing, and what those one follows have written. */
export function homeRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/home', requireLogin, async (c) => {
    const ctx = c.get('ctx');
    const request = pageRequestOf(c);
    const page = await homeTimeline(deps.store, sessionOf(c).accountId, request);
    return c.html(
      <Layout ctx={ctx} title={ctx.t('nav.home')}>
        {request.before === null ? (
          <Composer ctx={ctx} compact {...await composerDefaults(deps, c)} returnTo="/home" />
        ) : null}
        {request.before === null ? <NewPosts ctx={ctx} after={page.items[0]?.id ?? 0} /> : null}
        <Timeline ctx={ctx} page={page} empty={<NobodyYet ctx={ctx} />} />
      </Layout>,
    );
  });

  app.get('/home/new', async (c) => {
    const session = c.get('session');
    if (!session) return c.body(null, 401);
    const after = parseId(c.req.query('after')) ?? 0;
    const count = await countNewAtHome(deps.store, session.accountId, after, limits.newPostsCounted);
    return c.json({ count, words: c.get('ctx').t('home.new-posts', { count }) }, 200, { 'cache-control': 'no-store' });
  });

  return app;
}

/** Announces what has come since; the `new-posts` island fills it in. Nothing is pushed into the reading. */
function NewPosts({ ctx, after }: { ctx: ViewContext; after: number }) {
  return (
    <div class="new-posts" role="status" aria-live="polite" data-new-posts={`/home/new?after=${after}`}>
      <a class="button" href={ctx.url.pathname} data-kind="primary" hidden>
        <span data-words />
      </a>
    </div>
  );
}

function NobodyYet({ ctx }: { ctx: ViewContext }) {
  const { t } = ctx;
  return (
    <EmptyState title={t('home.empty')} text={t('home.empty-text')}>
      <a class="button" href="/explore/people">
        {t('home.see-people')}
      </a>
      <a class="button" href="/local">
        {t('home.see-local')}
      </a>
    </EmptyState>
  );
}
