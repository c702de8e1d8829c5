import { Hono, type Context } from 'hono';
import type { PostView } from '#domain/posts/post-view.ts';
import { deletePost } from '#domain/posts/delete-post.ts';
import { editPost } from '#domain/posts/edit-post.ts';
import { postSource, type PostSource } from '#domain/posts/post-source.queries.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import { DomainError, notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import type { ComposerValues } from '#web/components/composer.tsx';
import { ConfirmPage } from '#web/components/confirm-page.tsx';
import { Post } from '#web/components/post.tsx';
import { act } from '#web/act.ts';
import type { Draft } from '#web/draft.ts';
import { setFlash } from '#web/flash.ts';
import { localPath } from '#web/forms.ts';
import { lookUpMentions } from '#web/look-up.ts';
import { answeredPost, ComposePage, newPost, publishDraft, publishedBefore } from '#web/pages/compose.tsx';
import { requireLogin, sessionOf } from '#web/session.ts';
import { takeDraft, type DraftMedia } from '#web/take-draft.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** Changing one's own post, taking it away, and doing both at once. */
export function editPostRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/posts/:id{[0-9]+}/edit', requireLogin, async (c) => {
    const { post, source } = await ownPost(deps, c);
    return c.html(await editPage(deps, c, post, { values: valuesOf(source), media: post.media }));
  });

  app.post('/posts/:id{[0-9]+}/edit', requireLogin, async (c) => {
    const { post } = await ownPost(deps, c);
    return takeDraft(deps, c, {
      postId: post.id,
      write: (draft, media) => saveEdit(deps, c, post, draft, media),
      page: (returned) => editPage(deps, c, post, returned),
    });
  });

  app.get('/posts/:id{[0-9]+}/delete', requireLogin, async (c) => {
    const { post } = await ownPost(deps, c);
    const { t } = c.get('ctx');
    const cancel = localPath(c.req.query('return_to'), post.path);
    return c.html(
      <ConfirmPage
        ctx={c.get('ctx')}
        title={t('delete-post.title')}
        text={t('delete-post.text')}
        action={`/posts/${post.id}/delete`}
        label={t('delete-post.confirm')}
        danger
        cancel={cancel}
        returnTo={placeWithout(post, cancel)}
        others={
          <a class="button" href={`/posts/${post.id}/redraft`}>
            {t('delete-post.redraft')}
          </a>
        }
      >
        <Post ctx={c.get('ctx')} post={post} variant="inset" />
      </ConfirmPage>,
    );
  });

  app.post(
    '/posts/:id{[0-9]+}/delete',
    requireLogin,
    act(deps, 'actPerAccount', async ({ c, accountId, id }) => {
      await deps.commit(deletePost, { authorId: accountId, postId: id });
      return { kind: 'success', message: c.get('ctx').t('delete-post.done') };
    }),
  );

  app.get('/posts/:id{[0-9]+}/redraft', requireLogin, async (c) => {
    const { post, source } = await ownPost(deps, c);
    const values = { ...valuesOf(source), visibility: post.visibility };
    return c.html(await redraftPage(deps, c, post, { values, media: post.media, replyToId: post.replyToId }));
  });

  app.post('/posts/:id{[0-9]+}/redraft', requireLogin, async (c) => {
    const own = await ownPost(deps, c).catch((error: unknown) => orRefusal(error));
    // Gone, maybe because the form was sent before: what was typed is still there, for a new post.
    if (own instanceof DomainError) {
      return takeDraft(deps, c, { ...newPost(deps, c), write: () => Promise.reject(own) });
    }
    const { post } = own;
    return takeDraft(deps, c, {
      postId: post.id,
      sentBefore: (draft) => publishedBefore(deps, c, draft),
      write: (draft, media) => publishDraft(deps, c, draft, media, post.id),
      page: ({ draft, ...returned }) => redraftPage(deps, c, post, { ...returned, replyToId: draft.replyToId }),
    });
  });

  return app;
}

/** @throws all that is no refusal. */
function orRefusal(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  throw error;
}

/** @throws not-found for somebody else's post, as for none. */
async function ownPost(deps: WebDeps, c: Context<WebEnv>): Promise<{ post: PostView; source: PostSource }> {
  const { accountId } = sessionOf(c);
  const id = parseId(c.req.param('id'));
  const post = id === null ? null : await findPost(deps.store, accountId, id);
  const source = post ? await postSource(deps.store, accountId, post.id) : null;
  if (!post || !source) throw notFound();
  return { post, source };
}

function valuesOf({ text, warning, sensitive, language, poll }: PostSource): ComposerValues {
  return { text, warning: warning ?? undefined, sensitive, language: language ?? undefined, poll: poll ?? undefined };
}

type PageState = Pick<Parameters<typeof ComposePage>[0], 'values' | 'media' | 'errors'>;

async function editPage(deps: WebDeps, c: Context<WebEnv>, post: PostView, { values, media, errors }: PageState) {
  const ctx = c.get('ctx');
  return (
    <ComposePage
      ctx={ctx}
      title={ctx.t('composer.label-edit')}
      action={`/posts/${post.id}/edit`}
      edit
      {...{ values, media, errors }}
      returnTo={post.path}
      charactersMax={(await deps.settings.read()).postCharacters}
    />
  );
}

async function redraftPage(
  deps: WebDeps,
  c: Context<WebEnv>,
  post: PostView,
  { values, media, errors, replyToId }: PageState & { replyToId: number | null },
) {
  const ctx = c.get('ctx');
  return (
    <ComposePage
      ctx={ctx}
      title={ctx.t('redraft.title')}
      intro={ctx.t('redraft.intro')}
      action={`/posts/${post.id}/redraft`}
      {...{ values, media, errors }}
      replyTo={await answeredPost(deps, c, replyToId)}
      returnTo="/home"
      charactersMax={(await deps.settings.read()).postCharacters}
    />
  );
}

async function saveEdit(
  deps: WebDeps,
  c: Context<WebEnv>,
  post: PostView,
  draft: Draft,
  media: DraftMedia,
): Promise<Response> {
  const { t } = c.get('ctx');
  const { accountId } = sessionOf(c);
  const strangers = await lookUpMentions(deps, accountId, draft.text);
  await deps.commit(editPost, {
    authorId: accountId,
    postId: post.id,
    text: draft.text,
    warning: draft.warning,
    sensitive: draft.sensitive,
    language: draft.language,
    ...media,
    charactersMax: (await deps.settings.read()).postCharacters,
  });
  const names = strangers.join(', ');
  const message = names === '' ? t('composer.saved') : t('composer.saved-without', { names });
  setFlash(deps, c, { kind: names === '' ? 'success' : 'info', message });
  return c.redirect(post.path, 303);
}

/** Where a deleted post leaves its author: not on its own page. */
function placeWithout(post: PostView, path: string): string {
  return path.startsWith(post.path) ? post.author.path : path;
}
