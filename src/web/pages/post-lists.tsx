import { Hono, type Context } from 'hono';
import { raw } from '#web/jsx/html.ts';
import { postHistory, type EarlierPost } from '#domain/posts/post-history.queries.ts';
import { postMarks } from '#domain/posts/post-marks.queries.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import { relationViews } from '#domain/relationships/relationships.queries.ts';
import { notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import { AccountCard } from '#web/components/account-card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Layout } from '#web/components/layout.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { Post } from '#web/components/post.tsx';
import { Time } from '#web/components/time.tsx';
import { viewerIdOf } from '#web/guests.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { textWithEmoji, withEmoji } from '#web/safe-html.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** What hangs on a post: who favourited and boosted it, and what it said before. */
export function postListRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/:at{@[^/]+}/:id{[0-9]+}/:kind{favourites|boosts}', requireLogin, async (c) => {
    const ctx = c.get('ctx');
    const { accountId } = sessionOf(c);
    const post = await seenPost(deps, c);
    const kind = c.req.param('kind') as 'favourites' | 'boosts';
    const page = await postMarks(deps.store, accountId, post.id, kind, pageRequestOf(c, limits.listPage));
    const relations = await relationViews(
      deps.store,
      accountId,
      page.items.map(({ account }) => account.id),
      deps.clock.now(),
    );
    const isFavourites = kind === 'favourites';
    return c.html(
      <Layout
        ctx={ctx}
        title={ctx.t(isFavourites ? 'post-marks.favourites' : 'post-marks.boosts')}
        back={{ href: post.path, label: ctx.t('form.back') }}
      >
        <Post ctx={ctx} post={post} variant="inset" />
        {page.items.map(({ account }) => (
          <AccountCard ctx={ctx} account={account} relation={relations.get(account.id)} />
        ))}
        {page.items.length === 0 ? (
          <EmptyState
            title={ctx.t(isFavourites ? 'post-marks.no-favourites' : 'post-marks.no-boosts')}
            text={ctx.t('post-marks.empty-text')}
          />
        ) : null}
        <Pagination ctx={ctx} nextBefore={page.nextBefore} />
      </Layout>,
    );
  });

  app.get('/:at{@[^/]+}/:id{[0-9]+}/history', async (c) => {
    const ctx = c.get('ctx');
    const post = await seenPost(deps, c);
    const earlier = await postHistory(deps.store, viewerIdOf(c), post.id);
    return c.html(
      <Layout
        ctx={ctx}
        title={ctx.t('history.title')}
        intro={ctx.t('history.intro')}
        back={{ href: post.path, label: ctx.t('form.back') }}
        head={<meta name="robots" content="noindex" />}
      >
        <Post ctx={ctx} post={post} variant="inset" />
        {earlier.map((version) => (
          <EarlierVersion ctx={ctx} post={post} version={version} />
        ))}
        {earlier.length > 0 ? null : (
          <EmptyState title={ctx.t(post.editedAt === null ? 'history.empty' : 'history.before-you')} />
        )}
      </Layout>,
    );
  });

  return app;
}

/** @throws not-found for what this viewer may not see, and for visitors what is of another server. */
async function seenPost(deps: WebDeps, c: Context<WebEnv>): Promise<PostView> {
  const viewerId = viewerIdOf(c);
  const id = parseId(c.req.param('id'));
  const post = id === null ? null : await findPost(deps.store, viewerId, id);
  if (!post || (viewerId === null && post.author.domain !== null)) throw notFound();
  return post;
}

function EarlierVersion({ ctx, post, version }: { ctx: ViewContext; post: PostView; version: EarlierPost }) {
  const { contentHtml, warning, mediaDescriptions, pollOptions } = version;
  return (
    <article class="version">
      <h2 class="version-time">
        <Time ctx={ctx} at={version.at} show="moment" />
      </h2>
      {warning ? (
        <p class="version-warning">
          {ctx.t('post.warning-label')} {textWithEmoji(warning, post.emoji)}
        </p>
      ) : null}
      <div class="post-content prose" dir="auto" lang={post.language ?? undefined}>
        {post.emoji.length > 0 ? withEmoji(contentHtml, post.emoji) : raw(contentHtml)}
      </div>
      {pollOptions.length > 0 ? (
        <ul>
          {pollOptions.map((option) => (
            <li dir="auto">{option}</li>
          ))}
        </ul>
      ) : null}
      {mediaDescriptions.length > 0 ? (
        <ul>
          {mediaDescriptions.map((description) => (
            <li dir="auto">{ctx.t('history.media', { description: description ?? ctx.t('media.no-description') })}</li>
          ))}
        </ul>
      ) : null}
    </article>
  );
}
