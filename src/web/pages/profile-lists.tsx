import { Hono } from 'hono';
import { listFollowers, listFollowing } from '#domain/relationships/listed-accounts.queries.ts';
import { relationViews } from '#domain/relationships/relationships.queries.ts';
import { limits } from '#kernel/limits.ts';
import { AccountCard } from '#web/components/account-card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Notice } from '#web/components/flash.tsx';
import { Layout } from '#web/components/layout.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { profileOfPath } from '#web/find-account.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** Whom somebody follows, and who follows them; for members, and for nobody where the person hides it. */
export function profileListRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/:at{@[^/]+}/:kind{followers|following}', requireLogin, async (c) => {
    const ctx = c.get('ctx');
    const { accountId } = sessionOf(c);
    const kind = c.req.param('kind') as 'followers' | 'following';
    const profile = await profileOfPath(deps, c);
    const name = profile.displayName;
    const own = profile.id === accountId;
    const hidden = (profile.countsHidden && !own) || profile.suspended;
    const lister = kind === 'followers' ? listFollowers : listFollowing;
    const page = hidden
      ? { items: [], nextBefore: null }
      : await lister(deps.store, profile.id, pageRequestOf(c, limits.listPage));
    const ids = page.items.map(({ account }) => account.id);
    const relations = await relationViews(deps.store, accountId, ids, deps.clock.now());
    return c.html(
      <Layout
        ctx={ctx}
        title={ctx.t(kind === 'followers' ? 'follow-list.followers' : 'follow-list.following', { name })}
        back={{ href: profile.path, label: ctx.t('form.back') }}
      >
        {profile.domain === null || hidden ? null : (
          <Notice ctx={ctx} title={ctx.t('follow-list.partial', { host: profile.domain })} />
        )}
        {page.items.map(({ account }) => (
          <AccountCard ctx={ctx} account={account} relation={relations.get(account.id)} />
        ))}
        {page.items.length === 0 ? (
          <EmptyState
            title={
              hidden
                ? ctx.t('follow-list.hidden', { name })
                : ctx.t(kind === 'followers' ? 'follow-list.no-followers' : 'follow-list.no-following')
            }
            text={own ? ctx.t('follow-list.own-text') : undefined}
          />
        ) : null}
        <Pagination ctx={ctx} nextBefore={page.nextBefore} />
      </Layout>,
    );
  });

  return app;
}
