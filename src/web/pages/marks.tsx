import { Hono } from 'hono';
import { markedPosts } from '#domain/timelines/timelines.queries.ts';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Layout } from '#web/components/layout.tsx';
import { Timeline } from '#web/components/timeline.tsx';
import { pageRequestOf } from '#web/page-request.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** What a person put aside and what they liked. */
export function markRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  for (const kind of ['bookmarks', 'favourites'] as const) {
    app.get(`/${kind}`, requireLogin, async (c) => {
      const ctx = c.get('ctx');
      const page = await markedPosts(deps.store, sessionOf(c).accountId, kind, pageRequestOf(c));
      return c.html(
        <Layout ctx={ctx} title={ctx.t(`nav.${kind}`)} intro={ctx.t(`marks.${kind}-intro`)}>
          <Timeline
            ctx={ctx}
            page={page}
            empty={<EmptyState title={ctx.t(`marks.${kind}-empty`)} text={ctx.t(`marks.${kind}-empty-text`)} />}
          />
        </Layout>,
      );
    });
  }
  return app;
}
