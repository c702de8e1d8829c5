import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { AccountView } from '#domain/accounts/account-view.ts';
import { accountViews } from '#domain/accounts/accounts.queries.ts';
import { reportAccount } from '#domain/moderation/report-account.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import { textOfHtml } from '#domain/posts/render-text.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import { accountTimeline } from '#domain/timelines/timelines.queries.ts';
import { notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import { firstPage } from '#kernel/page.ts';
import { AccountLine } from '#web/components/account-name.tsx';
import { Checkbox, Form, SubmitRow, TextArea } from '#web/components/form.tsx';
import { Layout } from '#web/components/layout.tsx';
import { setFlash } from '#web/flash.ts';
import { formValues } from '#web/form-values.ts';
import { field, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** Posts that are offered to be added to a report, besides the one that it began with. */
const POSTS_OFFERED = 8;

const schema = z.object({ comment: field.text(limits.reportCharacters), forward: field.checkbox });

interface Reported {
  account: AccountView;
  /** The post that the person came from. */
  chosen: PostView | null;
  offered: PostView[];
}

/** Telling the people who run this server that something is wrong. */
export function reportRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/accounts/:id{[0-9]+}/report', requireLogin, async (c) => {
    const reported = await reportedAccount(deps, c, parseId(c.req.param('id')), null);
    return c.html(<ReportPage ctx={c.get('ctx')} reported={reported} chosenIds={null} form={UNTOUCHED} />);
  });

  app.get('/posts/:id{[0-9]+}/report', requireLogin, async (c) => {
    const id = parseId(c.req.param('id'));
    const post = id === null ? null : await findPost(deps.store, sessionOf(c).accountId, id);
    if (!post) throw notFound();
    const reported = await reportedAccount(deps, c, post.author.id, post);
    return c.html(<ReportPage ctx={c.get('ctx')} reported={reported} chosenIds={null} form={UNTOUCHED} />);
  });

  app.post('/accounts/:id{[0-9]+}/report', requireLogin, async (c) => {
    const { t } = c.get('ctx');
    const { accountId } = sessionOf(c);
    const typed = (await formValues(c, 'posts')).slice(0, limits.reportPosts + 1);
    const postIds = typed.flatMap((id) => parseId(id) ?? []);
    const chosen = postIds[0] === undefined ? null : await findPost(deps.store, accountId, postIds[0]);
    const reported = await reportedAccount(deps, c, parseId(c.req.param('id')), chosen);
    return submit(c, {
      schema,
      page: (form) => <ReportPage ctx={c.get('ctx')} reported={reported} chosenIds={postIds} form={form} />,
      async act({ comment, forward }) {
        await deps.rateLimits.take('reportPerAccount', accountId);
        await deps.commit(reportAccount, {
          reporterId: accountId,
          targetId: reported.account.id,
          postIds,
          comment,
          forward,
        });
        setFlash(deps, c, { kind: 'success', message: t('report.done') });
        return c.redirect(encodeURI(reported.account.path), 303);
      },
    });
  });

  return app;
}

/** @throws not-found, also for oneself. */
async function reportedAccount(
  deps: WebDeps,
  c: Context<WebEnv>,
  id: number | null,
  chosen: PostView | null,
): Promise<Reported> {
  const { accountId } = sessionOf(c);
  const account = id === null || id === accountId ? undefined : (await accountViews(deps.store, [id])).get(id);
  if (!account) throw notFound();
  const recent = await accountTimeline(deps.store, accountId, account.id, 'posts', firstPage(POSTS_OFFERED));
  const own = recent.items
    .map(({ post }) => post)
    .filter((post) => post.author.id === account.id && post.id !== chosen?.id);
  return { account, chosen, offered: chosen?.author.id === account.id ? [chosen, ...own] : own };
}

interface ReportPageProps {
  ctx: ViewContext;
  reported: Reported;
  /** As they were ticked; null for a form that nobody has touched. */
  chosenIds: number[] | null;
  form: FormState;
}

function ReportPage({ ctx, reported, chosenIds, form: { typed, errors } }: ReportPageProps) {
  const { t } = ctx;
  const { account, chosen, offered } = reported;
  const isChosen = (post: PostView) => (chosenIds === null ? post.id === chosen?.id : chosenIds.includes(post.id));
  return (
    <Layout
      ctx={ctx}
      title={t('report.title', { name: account.acct })}
      intro={t('report.intro')}
      back={{ href: chosen?.path ?? account.path, label: t('form.back') }}
    >
      <div class="report-target">
        <AccountLine ctx={ctx} account={account} />
      </div>
      <Form ctx={ctx} action={`/accounts/${account.id}/report`} errors={errors}>
        <TextArea
          ctx={ctx}
          name="comment"
          label={t('report.comment')}
          hint={t('report.comment-hint')}
          value={typed['comment']}
          error={errors['comment']}
          maxlength={limits.reportCharacters}
        />
        {offered.length > 0 ? (
          <fieldset class="field choices" id="field-posts">
            <legend class="label">{t('report.posts')}</legend>
            {offered.map((post) => (
              <label class="choice">
                <input type="checkbox" name="posts" value={post.id} checked={isChosen(post)} />
                <span class="choice-words">
                  <span class="choice-label" dir="auto">
                    {excerptOf(ctx, post)}
                  </span>
                </span>
              </label>
            ))}
          </fieldset>
        ) : null}
        {account.domain === null ? null : (
          <Checkbox
            ctx={ctx}
            name="forward"
            label={t('report.forward', { host: account.domain })}
            hint={t('report.forward-hint')}
            checked={typed['forward'] !== undefined}
          />
        )}
        <SubmitRow ctx={ctx} label={t('report.submit')} cancel={{ href: chosen?.path ?? account.path }} />
      </Form>
    </Layout>
  );
}

function excerptOf(ctx: ViewContext, post: PostView): string {
  const words = (post.warning ?? textOfHtml(post.contentHtml)).replaceAll(/\s+/g, ' ').trim();
  return [...words].slice(0, 140).join('') || ctx.t('messages.media-only');
}
