import { Hono, type Context } from 'hono';
import type { Child } from '#web/jsx/html.ts';
import { conversationPosts } from '#domain/conversations/conversation-posts.queries.ts';
import type { ConversationView } from '#domain/conversations/conversation-view.ts';
import { findConversationView, listConversations } from '#domain/conversations/conversations.queries.ts';
import { hideConversation } from '#domain/conversations/hide-conversation.ts';
import { markConversationRead } from '#domain/conversations/mark-conversation-read.ts';
import type { PostView } from '#domain/posts/post-view.ts';
import { notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import type { Page } from '#kernel/page.ts';
import { act } from '#web/act.ts';
import { ActionForm, FormFields } from '#web/components/action-form.tsx';
import { Composer } from '#web/components/composer.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Icon } from '#web/components/icon.tsx';
import { Layout } from '#web/components/layout.tsx';
import { Pagination } from '#web/components/pagination.tsx';
import { Post } from '#web/components/post.tsx';
import { ConversationLine, namesOf } from '#web/components/conversation-line.tsx';
import { composerDefaults } from '#web/composer-defaults.ts';
import { pageRequestOf } from '#web/page-request.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** Direct posts, as conversations with people. */
export function messageRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/messages', requireLogin, async (c) => {
    const ctx = c.get('ctx');
    const page = await listConversations(deps.store, sessionOf(c).accountId, pageRequestOf(c));
    return c.html(<MessagesPage ctx={ctx} page={page} />);
  });

  app.get('/messages/:id{[0-9]+}', requireLogin, async (c) => {
    const ctx = c.get('ctx');
    const conversation = await conversationOfPath(deps, c);
    const page = await conversationPosts(deps.store, sessionOf(c).accountId, conversation.id, pageRequestOf(c));
    const isNewest = !ctx.url.searchParams.has('before');
    const answered = isNewest ? (page.items[0] ?? conversation.lastPost) : null;
    const composer = answered ? await composerDefaults(deps, c, answered) : null;
    return c.html(
      <ConversationPage ctx={ctx} conversation={conversation} page={page}>
        {answered && composer ? (
          <Composer ctx={ctx} replyTo={answered} compact {...composer} returnTo={`/messages/${conversation.id}`} />
        ) : null}
      </ConversationPage>,
    );
  });

  app.post(
    '/messages/:id{[0-9]+}/read',
    requireLogin,
    act(deps, 'actPerAccount', async ({ accountId, id }) => {
      await deps.commit(markConversationRead, { accountId, conversationId: id });
      return null;
    }),
  );

  app.post(
    '/messages/:id{[0-9]+}/hide',
    requireLogin,
    act(deps, 'actPerAccount', async ({ c, accountId, id }) => {
      await deps.commit(hideConversation, { accountId, conversationId: id });
      return { kind: 'success', message: c.get('ctx').t('messages.hidden') };
    }),
  );

  return app;
}

/** @throws not-found, also for somebody else's. */
async function conversationOfPath(deps: WebDeps, c: Context<WebEnv>): Promise<ConversationView> {
  const id = parseId(c.req.param('id'));
  const conversation = id === null ? null : await findConversationView(deps.store, sessionOf(c).accountId, id);
  if (!conversation) throw notFound();
  return conversation;
}

function MessagesPage({ ctx, page }: { ctx: ViewContext; page: Page<ConversationView> }) {
  const { t } = ctx;
  const write = '/compose?visibility=direct&return_to=%2Fmessages';
  return (
    <Layout
      ctx={ctx}
      title={t('nav.messages')}
      actions={
        <a class="icon-button" href={write} title={t('messages.write')}>
          <Icon ctx={ctx} name="square-pen" label={t('messages.write')} />
        </a>
      }
    >
      {page.items.map((conversation) => (
        <ConversationLine ctx={ctx} conversation={conversation} />
      ))}
      {page.items.length === 0 && page.nextBefore === null ? (
        <EmptyState title={t('messages.empty')} text={t('messages.empty-text')}>
          <a class="button" href={write}>
            {t('messages.write')}
          </a>
        </EmptyState>
      ) : null}
      <Pagination ctx={ctx} nextBefore={page.nextBefore} />
    </Layout>
  );
}

interface ConversationPageProps {
  ctx: ViewContext;
  conversation: ConversationView;
  page: Page<PostView>;
  children?: Child;
}

/** The oldest on top, as one reads; what was said before is a link above. */
function ConversationPage({ ctx, conversation, page, children }: ConversationPageProps) {
  const { t } = ctx;
  return (
    <Layout
      ctx={ctx}
      title={namesOf(ctx, conversation)}
      intro={t('messages.who-reads')}
      back={{ href: '/messages', label: t('nav.messages') }}
      actions={<ConversationActions ctx={ctx} conversation={conversation} />}
    >
      <Pagination
        ctx={ctx}
        nextBefore={page.nextBefore}
        labels={{ older: t('messages.older'), newest: t('messages.newest') }}
      />
      {page.items.toReversed().map((post) => (
        <Post ctx={ctx} post={post} variant="reply" />
      ))}
      {children}
    </Layout>
  );
}

function ConversationActions({ ctx, conversation }: { ctx: ViewContext; conversation: ConversationView }) {
  const { t } = ctx;
  const path = `/messages/${conversation.id}`;
  return (
    <>
      {conversation.unread ? (
        <form method="post" action={`${path}/read`} data-read>
          <FormFields ctx={ctx} returnTo={path} />
          <button class="icon-button" type="submit" title={t('messages.read')}>
            <Icon ctx={ctx} name="check" label={t('messages.read')} />
          </button>
        </form>
      ) : null}
      <ActionForm ctx={ctx} action={`${path}/hide`} returnTo="/messages">
        <button class="icon-button" type="submit" title={t('messages.hide')}>
          <Icon ctx={ctx} name="eye-off" label={t('messages.hide')} />
        </button>
      </ActionForm>
    </>
  );
}
