import { Hono, type Context } from 'hono';
import type { Unit } from '#db/unit.ts';
import type { MediaView } from '#domain/media/media-view.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import { findPublished, publishOnce } from '#domain/posts/publish-once.ts';
import { publishPost, type NewPost } from '#domain/posts/publish-post.ts';
import { replacePost } from '#domain/posts/replace-post.ts';
import { VISIBILITIES } from '#domain/posts/visibility.ts';
import { invalid } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import { Composer, type ComposerValues } from '#web/components/composer.tsx';
import type { FormErrors } from '#web/components/form.tsx';
import { Layout } from '#web/components/layout.tsx';
import { Post } from '#web/components/post.tsx';
import { composerDefaults } from '#web/composer-defaults.ts';
import { visibilityOf, type Draft } from '#web/draft.ts';
import { setFlash } from '#web/flash.ts';
import { localPath } from '#web/forms.ts';
import { lookUpMentions } from '#web/look-up.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import { describeAll, takeDraft, type DraftMedia, type DraftTaker } from '#web/take-draft.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** A page for writing, and where every composer sends its post to. */
export function composeRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/compose', requireLogin, async (c) => {
    const { values, charactersMax } = await composerDefaults(deps, c);
    const visibility = VISIBILITIES.find((one) => one === c.req.query('visibility')) ?? values.visibility;
    const text = c.req.query('text')?.slice(0, limits.postCharactersMax);
    return c.html(
      <ComposePage
        ctx={c.get('ctx')}
        values={{ ...values, visibility, text }}
        returnTo={localPath(c.req.query('return_to'), '/home')}
        charactersMax={charactersMax}
      />,
    );
  });

  app.post('/posts', requireLogin, (c) => takeDraft(deps, c, newPost(deps, c)));

  // Where an address without its end leads, such as that of a form of this page that was sent again.
  app.get('/posts', (c) => c.redirect('/compose', 303));

  app.get('/posts/:id{[0-9]+}', async (c, next) => {
    const id = parseId(c.req.param('id'));
    const post = id === null ? null : await findPost(deps.store, c.get('session')?.accountId ?? null, id);
    if (post) return c.redirect(post.path, 303);
    return next();
  });

  return app;
}

/** What becomes of the draft of a new post. */
export function newPost(deps: WebDeps, c: Context<WebEnv>): DraftTaker {
  return {
    postId: null,
    sentBefore: (draft) => publishedBefore(deps, c, draft),
    write: (draft, media) => publishDraft(deps, c, draft, media, null),
    page: async ({ draft, ...returned }) => (
      <ComposePage
        ctx={c.get('ctx')}
        {...returned}
        replyTo={await answeredPost(deps, c, draft.replyToId)}
        returnTo={localPath(draft.returnTo, '/home')}
        charactersMax={(await deps.settings.read()).postCharacters}
      />
    ),
  };
}

/** Leads to the post that the same form became when it was sent before; null when there is none. */
export async function publishedBefore(deps: WebDeps, c: Context<WebEnv>, draft: Draft): Promise<Response | null> {
  const key = draft.sendingKey;
  const id = key === null ? null : await findPublished(deps.store.read, { authorId: sessionOf(c).accountId, key });
  if (id === null) return null;
  setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('composer.posted') });
  return c.redirect(placeOf(draft, id), 303);
}

export async function answeredPost(
  deps: WebDeps,
  c: Context<WebEnv>,
  id: number | null,
): Promise<PostView | undefined> {
  return (id === null ? null : await findPost(deps.store, sessionOf(c).accountId, id)) ?? undefined;
}

/** @param replacedId the post that goes when this one stands. */
export async function publishDraft(
  deps: WebDeps,
  c: Context<WebEnv>,
  draft: Draft,
  media: DraftMedia,
  replacedId: number | null,
): Promise<Response> {
  const { t } = c.get('ctx');
  const { accountId } = sessionOf(c);
  const visibility = visibilityOf(draft);
  const strangers = await lookUpMentions(deps, accountId, draft.text);
  const names = strangers.join(', ');
  // What is for these people alone is worth nothing without them.
  if (visibility === 'direct' && strangers.length > 0) throw invalid('mention-unknown', 'text', { names });
  const id = await deps.commit(writePost, {
    key: draft.sendingKey,
    replacedId,
    descriptions: media.descriptions,
    post: {
      authorId: accountId,
      text: draft.text,
      warning: draft.warning,
      sensitive: draft.sensitive,
      language: draft.language,
      visibility,
      replyToId: draft.replyToId,
      mediaIds: media.mediaIds,
      poll: draft.poll,
      charactersMax: (await deps.settings.read()).postCharacters,
    },
  });
  const message = names === '' ? t('composer.posted') : t('composer.posted-without', { names });
  setFlash(deps, c, { kind: names === '' ? 'success' : 'info', message });
  return c.redirect(placeOf(draft, id), 303);
}

/** Where the new post stands. */
function placeOf(draft: Draft, id: number): string {
  return withAnchor(localPath(draft.returnTo, '/home'), `${draft.replyToId === null ? 'item' : 'post'}-${id}`);
}

interface WrittenPost {
  key: string | null;
  post: NewPost;
  replacedId: number | null;
  descriptions: ReadonlyMap<number, string>;
}

function writePost(unit: Unit, { key, post, replacedId, descriptions }: WrittenPost): Promise<number> {
  const write = async () => {
    const id = replacedId === null ? await publishPost(unit, post) : await replacePost(unit, { ...post, replacedId });
    await describeAll(unit, { accountId: post.authorId, postId: id, descriptions });
    return id;
  };
  return key === null ? write() : publishOnce(unit, { authorId: post.authorId, key }, write);
}

function withAnchor(path: string, anchor: string): string {
  return `${path.replace(/#.*$/s, '')}#${anchor}`;
}

interface ComposePageProps {
  ctx: ViewContext;
  values: ComposerValues;
  returnTo: string;
  charactersMax: number;
  title?: string | undefined;
  intro?: string | undefined;
  action?: string | undefined;
  media?: MediaView[] | undefined;
  errors?: FormErrors | undefined;
  replyTo?: PostView | undefined;
  edit?: boolean | undefined;
}

export function ComposePage({ ctx, title, intro, replyTo, errors = {}, ...composer }: ComposePageProps) {
  const { t } = ctx;
  return (
    <Layout
      ctx={ctx}
      title={title ?? t(replyTo ? 'composer.label-reply' : 'composer.label')}
      intro={intro}
      back={{ href: composer.returnTo, label: t('form.back') }}
    >
      {replyTo ? <Post ctx={ctx} post={replyTo} variant="inset" /> : null}
      <Composer
        ctx={ctx}
        {...composer}
        errors={errors}
        replyTo={replyTo}
        autofocus={Object.keys(errors).length === 0}
      />
    </Layout>
  );
}
