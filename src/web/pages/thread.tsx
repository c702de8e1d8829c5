import { Hono, type Context } from 'hono';
import type { Site } from '#db/unit.ts';
import { findAccount } from '#domain/accounts/accounts.queries.ts';
import { wasDeleted } from '#domain/posts/post-history.queries.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import { textOfHtml } from '#domain/posts/render-text.ts';
import { relationViews } from '#domain/relationships/relationships.queries.ts';
import { findingConsent } from '#domain/search/directory.queries.ts';
import { threadView, type ThreadView } from '#domain/timelines/thread.queries.ts';
import { DomainError, notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { Composer } from '#web/components/composer.tsx';
import { Notice } from '#web/components/flash.tsx';
import { Layout } from '#web/components/layout.tsx';
import { OpenGraph } from '#web/components/open-graph.tsx';
import { Post } from '#web/components/post.tsx';
import { Replies } from '#web/components/replies.tsx';
import { composerDefaults } from '#web/composer-defaults.ts';
import { viewerIdOf } from '#web/guests.ts';
import { noteLook } from '#web/look-up.ts';
import { ElsewherePage } from '#web/pages/elsewhere.tsx';
import { safeUrl } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** A post as a conversation: what it answers above, the post itself, what answers it below. */
export function threadRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/:at{@[^/]+}/:id{[0-9]+}', async (c) => {
    const ctx = c.get('ctx');
    const viewerId = viewerIdOf(c);
    const id = parseId(c.req.param('id'));
    const found = id === null ? null : await threadView(deps.store, viewerId, id);
    if (!found) throw await absence(deps, c, id);
    const { focus } = found;
    if (`/${c.req.param('at')}/${focus.id}` !== focus.path) return c.redirect(encodeURI(focus.path), 302);
    if (viewerId === null && focus.author.domain !== null) {
      return c.html(<ElsewherePage ctx={ctx} account={focus.author} url={focus.url} kind="post" />);
    }
    if (focus.author.domain !== null) noteLook(deps, c, { kind: 'post', id: focus.id });
    const { thread, hidden } = await shownThread(deps, viewerId, found);
    const composer = ctx.viewer && focus.viewer.canReply ? await composerDefaults(deps, c, focus) : null;
    const { indexable } = await findingConsent(deps.store, focus.author.id);
    const isFindable = indexable && focus.visibility === 'public';
    return c.html(
      <Layout
        ctx={ctx}
        title={titleOf(ctx, focus)}
        heading={ctx.t('thread.heading')}
        back={backOf(ctx, focus)}
        head={<PostHead ctx={ctx} site={deps.site} post={focus} noindex={!isFindable} />}
      >
        {thread.ancestors.map((post, position) => (
          <Post ctx={ctx} post={post} variant="ancestor" line={{ above: position > 0, below: true }} />
        ))}
        <Post ctx={ctx} post={focus} variant="focused" line={{ above: thread.ancestors.length > 0 }} />
        {composer ? <Composer ctx={ctx} replyTo={focus} compact {...composer} returnTo={focus.path} /> : null}
        <Replies ctx={ctx} replies={thread.descendants} />
        {thread.cut ? <Notice ctx={ctx} title={ctx.t('thread.cut')} /> : null}
        {hidden ? <Notice ctx={ctx} title={ctx.t('thread.hidden')} /> : null}
      </Layout>,
    );
  });

  return app;
}

/** Why there is no page: what was public and is deleted is said to be so, everything else is not there. */
async function absence(deps: WebDeps, c: Context<WebEnv>, id: number | null): Promise<DomainError> {
  const handle = /^@([\w.-]+)$/.exec(c.req.param('at') ?? '')?.[1];
  const account = handle === undefined ? null : await findAccount(deps.store, handle, '');
  const wasHere = account && id !== null && (await wasDeleted(deps.store, deps.site, account.handle, id));
  return wasHere ? new DomainError('gone', 'gone') : notFound();
}

/**
 * The thread without what this viewer is not shown: visitors read what was written here, and answers by accounts that
 * staff has limited are for those who follow them.
 */
async function shownThread(
  deps: WebDeps,
  viewerId: number | null,
  thread: ThreadView,
): Promise<{ thread: ThreadView; hidden: boolean }> {
  const limited = thread.descendants.map(({ post }) => post.author).filter((author) => author.limited);
  const relations =
    viewerId === null
      ? new Map()
      : await relationViews(
          deps.store,
          viewerId,
          limited.map(({ id }) => id),
          deps.clock.now(),
        );
  const isShown = (post: PostView) => viewerId !== null || post.author.domain === null;
  const isUnlimited = ({ author, viewer }: PostView) => {
    const relation = relations.get(author.id) as { following: boolean } | undefined;
    return !author.limited || viewer.author || relation?.following === true;
  };
  const ancestors = thread.ancestors.filter(isShown);
  const descendants = thread.descendants.filter(({ post }) => isShown(post) && isUnlimited(post));
  const hidden =
    viewerId === null && ancestors.length + descendants.length < thread.ancestors.length + thread.descendants.length;
  return { thread: { ...thread, ancestors, descendants }, hidden };
}

function titleOf(ctx: ViewContext, post: PostView): string {
  const words = (post.warning ?? post.title ?? textOfHtml(post.contentHtml)).replaceAll(/\s+/g, ' ').trim();
  const name = post.author.displayName;
  return words === ''
    ? ctx.t('thread.title-bare', { name })
    : ctx.t('thread.title', { name, text: [...words].slice(0, 60).join('') });
}

function backOf(ctx: ViewContext, post: PostView): { href: string; label: string } {
  return { href: ctx.viewer ? '/home' : post.author.path, label: ctx.t('form.back') };
}

/** What other servers and search engines take from the page; a warning stands for all that it covers. */
function PostHead({ ctx, site, post, noindex }: { ctx: ViewContext; site: Site; post: PostView; noindex: boolean }) {
  const { author, warning } = post;
  const picture =
    warning || post.sensitive ? undefined : post.media.find((item) => item.kind === 'image' && safeUrl(item.url));
  const avatar = safeUrl(author.avatarUrl);
  const image = picture?.url
    ? { url: site.origin + picture.url, description: picture.description }
    : avatar?.startsWith('/')
      ? { url: site.origin + avatar, description: null }
      : undefined;
  return (
    <OpenGraph
      ctx={ctx}
      title={`${author.displayName} (${author.acct}@${site.handleDomain})`}
      description={warning ?? textOfHtml(post.contentHtml)}
      type="article"
      url={post.url}
      image={image}
      activity={post.uri}
      noindex={noindex}
    />
  );
}
