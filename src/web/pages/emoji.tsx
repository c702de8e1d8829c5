import { Hono } from 'hono';
import { ownEmoji, type OwnEmoji } from '#domain/emoji/emoji.queries.ts';
import { EmojiPicture } from '#web/components/emoji-picture.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Layout } from '#web/components/layout.tsx';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** What can be written here between two colons. The composer's picker reads its choices from this page. */
export function emojiRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/emoji', async (c) => {
    const ctx = c.get('ctx');
    const emoji = (await ownEmoji(deps.store)).filter(({ disabledAt }) => disabledAt === null);
    return c.html(<EmojiPage ctx={ctx} emoji={emoji} />);
  });

  return app;
}

function EmojiPage({ ctx, emoji }: { ctx: ViewContext; emoji: OwnEmoji[] }) {
  const { t } = ctx;
  const groups = [...Map.groupBy(emoji, ({ category }) => category)];
  return (
    <Layout ctx={ctx} title={t('emoji.title')} intro={t('emoji.intro')}>
      {groups.length === 0 ? <EmptyState title={t('emoji.none')} text={t('emoji.none-text')} /> : null}
      {groups.map(([category, members]) => (
        <section class="emoji-group">
          <h2 class="card-title" dir="auto">
            {category || t('emoji.others')}
          </h2>
          <ul class="emoji-list" role="list">
            {members.map((one) => (
              <li class="emoji-choice" data-emoji-choice={`:${one.shortcode}:`}>
                <EmojiPicture emoji={one} />
                <code>{`:${one.shortcode}:`}</code>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Layout>
  );
}
