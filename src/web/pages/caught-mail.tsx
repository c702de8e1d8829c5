import { Hono } from 'hono';
import type { MailMessage } from '#domain/membership/mail.ts';
import { notFound } from '#kernel/errors.ts';
import { AuthLayout } from '#web/components/auth-layout.tsx';
import { Card } from '#web/components/card.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/**
 * The mail of an instance on this machine, which is caught instead of sent. The port decides whether there is any:
 * with an SMTP server, or under any other name than `localhost`, the page does not exist.
 */
export function caughtMailRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.get('/dev/mail', (c) => {
    const caught = deps.mail.caught();
    if (caught === null) throw notFound();
    return c.html(<CaughtMailPage ctx={c.get('ctx')} caught={caught} />);
  });
  return app;
}

function CaughtMailPage({ ctx, caught }: { ctx: ViewContext; caught: readonly MailMessage[] }) {
  const { t } = ctx;
  return (
    <AuthLayout ctx={ctx} title={t('caught-mail.title')} intro={<p>{t('caught-mail.intro')}</p>} wide>
      {caught.length === 0 ? <EmptyState title={t('caught-mail.empty')} text={t('caught-mail.empty-text')} /> : null}
      {caught.map((message) => (
        <Card title={message.subject}>
          <p>{t('caught-mail.to', { email: message.to })}</p>
          <div class="prose">
            {message.text.split('\n\n').map((paragraph) => (
              <p>{/^https?:\/\/\S+$/.test(paragraph) ? <a href={paragraph}>{paragraph}</a> : paragraph}</p>
            ))}
          </div>
        </Card>
      ))}
    </AuthLayout>
  );
}
