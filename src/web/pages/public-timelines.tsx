import { Hono } from 'hono';
import { foldTag } from '#domain/posts/render-text.ts';
import { federatedTimeline, hashtagTimeline, localTimeline } from '#domain/timelines/timelines.queries.ts';
import { notFound } from '#kernel/errors.ts';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Layout } from '#web/components/layout.tsx';
import { Timeline } from '#web/components/timeline.tsx';
import { readForViewer, viewerIdOf } from '#web/guests.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { requireLogin } from '#web/session.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** What everybody writes: here, everywhere, under one hashtag. */
export function publicTimelineRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/local', async (c) => {
    const ctx = c.get('ctx');
    const page = await localTimeline(deps.store, viewerIdOf(c), pageRequestOf(c));
    return c.html(
      <Layout ctx={ctx} title={ctx.t('nav.local')} intro={ctx.t('local.intro', { instance: ctx.instance.name })}>
        <Timeline
          ctx={ctx}
          page={page}
          empty={<EmptyState title={ctx.t('local.empty')} text={ctx.t('local.empty-text')} />}
        />
      </Layout>,
    );
  });

  app.get('/federated', requireLogin, async (c) => {
    const ctx = c.get('ctx');
    const page = await federatedTimeline(deps.store, viewerIdOf(c), pageRequestOf(c));
    return c.html(
      <Layout ctx={ctx} title={ctx.t('nav.federated')} intro={ctx.t('federated.intro')}>
        <Timeline
          ctx={ctx}
          page={page}
          empty={<EmptyState title={ctx.t('federated.empty')} text={ctx.t('federated.empty-text')} />}
        />
      </Layout>,
    );
  });

  app.get('/tags/:name', async (c) => {
    const ctx = c.get('ctx');
    const viewerId = viewerIdOf(c);
    const name = c.req.param('name');
    // What no text can hold as a hashtag has no page either.
    if (!/^[\p{L}\p{N}_\u30fb\u200c]{1,100}$/u.test(name)) throw notFound();
    const page = await readForViewer(viewerId, pageRequestOf(c), (request) =>
      hashtagTimeline(deps.store, viewerId, foldTag(name), request),
    );
    const compose = `/compose?text=${encodeURIComponent(`\n\n#${name}`)}&return_to=${encodeURIComponent(ctx.path)}`;
    return c.html(
      <Layout ctx={ctx} title={`#${name}`} back={{ href: '/explore', label: ctx.t('nav.explore') }}>
        <Timeline
          ctx={ctx}
          page={page}
          empty={
            <EmptyState title={ctx.t('tag.empty', { name: `#${name}` })} text={ctx.t('tag.empty-text')}>
              {ctx.viewer ? (
                <a class="button" href={compose}>
                  {ctx.t('tag.write')}
                </a>
              ) : null}
            </EmptyState>
          }
        />
      </Layout>,
    );
  });

  return app;
}
