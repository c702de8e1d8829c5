import { Hono } from 'hono';
import { z } from 'zod';
import { mailTokenEmail } from '#domain/membership/membership.queries.ts';
import { checkPassword } from '#domain/membership/membership.policy.ts';
import { parseEmail } from '#domain/membership/email.ts';
import { requestPasswordReset } from '#domain/membership/request-password-reset.ts';
import { resetPassword } from '#domain/membership/reset-password.ts';
import { DomainError } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { visitorOf } from '#kernel/networks.ts';
import { hashPassword } from '#kernel/password.ts';
import { hashToken } from '#kernel/tokens.ts';
import { AuthLayout } from '#web/components/auth-layout.tsx';
import { EmailField, NewPasswordField } from '#web/components/credential-fields.tsx';
import { Form, SubmitRow } from '#web/components/form.tsx';
import { dropCookie } from '#web/cookies.ts';
import { setFlash } from '#web/flash.ts';
import { field, formEntries, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { formatDuration } from '#web/i18n.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const requestSchema = z.object({ email: field.required(limits.emailCharacters) });
const resetSchema = z.object({ token: field.secret, password: field.secret });

export function resetPasswordRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/reset-password', async (c) => {
    const ctx = c.get('ctx');
    const token = c.req.query('token');
    if (!token) return c.html(<RequestPage ctx={ctx} mailWorks={deps.mail.available} form={UNTOUCHED} />);
    const email = await mailTokenEmail(deps.store.read, hashToken(token), ['reset'], deps.clock.now());
    if (email === null) return c.html(<LatePage ctx={ctx} />, 410);
    return c.html(<ResetPage ctx={ctx} token={token} form={UNTOUCHED} />);
  });

  // The answer, and the time it takes, are the same whether or not the address is a member's.
  app.post('/reset-password', (c) =>
    submit(c, {
      schema: requestSchema,
      page: (form) => <RequestPage ctx={c.get('ctx')} mailWorks={deps.mail.available} form={form} />,
      async act({ email }) {
        await deps.rateLimits.take('resetPerVisitor', visitorOf(c.get('address')));
        await deps.rateLimits.take('resetPerAccount', parseEmail(email).folded);
        await deps.commit(requestPasswordReset, { email });
        return c.redirect('/reset-password/sent', 303);
      },
    }),
  );

  app.get('/reset-password/sent', (c) => c.html(<SentPage ctx={c.get('ctx')} />));

  app.post('/reset-password/new', async (c) => {
    const token = (await formEntries(c))['token'] ?? '';
    return submit(c, {
      schema: resetSchema,
      page: (form) => <ResetPage ctx={c.get('ctx')} token={token} form={form} />,
      async act({ password }) {
        await deps.rateLimits.take('resetPerVisitor', visitorOf(c.get('address')));
        const tokenHash = hashToken(token);
        // Before the work that a stranger could ask for.
        const email = await mailTokenEmail(deps.store.read, tokenHash, ['reset'], deps.clock.now());
        if (email === null) throw new DomainError('gone', 'link-expired');
        checkPassword(password);
        await deps.commit(resetPassword, { tokenHash, passwordHash: await hashPassword(password) });
        dropCookie(c, deps.site, 'session');
        setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('reset.done') });
        return c.redirect('/login', 303);
      },
    });
  });

  return app;
}

interface PageProps {
  ctx: ViewContext;
  form: FormState;
}

function RequestPage({ ctx, mailWorks, form }: PageProps & { mailWorks: boolean }) {
  const { t } = ctx;
  if (!mailWorks) {
    return (
      <AuthLayout ctx={ctx} title={t('reset.title')}>
        <p>{t('reset.no-mail')}</p>
      </AuthLayout>
    );
  }
  return (
    <AuthLayout ctx={ctx} title={t('reset.title')} intro={<p>{t('reset.intro')}</p>}>
      <Form ctx={ctx} action="/reset-password" errors={form.errors}>
        <EmailField ctx={ctx} form={form} />
        <SubmitRow ctx={ctx} label={t('reset.send')} cancel={{ href: '/login' }} />
      </Form>
    </AuthLayout>
  );
}

function SentPage({ ctx }: { ctx: ViewContext }) {
  const { t, locale } = ctx;
  return (
    <AuthLayout ctx={ctx} title={t('reset.sent-title')}>
      <p>{t('reset.sent', { time: formatDuration(locale, limits.resetTokenMs) })}</p>
      <p>
        <a href="/reset-password">{t('reset.again')}</a>
      </p>
    </AuthLayout>
  );
}

function ResetPage({ ctx, token, form }: PageProps & { token: string }) {
  const { t } = ctx;
  return (
    <AuthLayout ctx={ctx} title={t('reset.new-title')} intro={<p>{t('reset.new-intro')}</p>}>
      <Form ctx={ctx} action="/reset-password/new" errors={form.errors}>
        <input type="hidden" name="token" value={token} />
        <NewPasswordField ctx={ctx} form={form} label={t('reset.new-password')} />
        <SubmitRow ctx={ctx} label={t('reset.submit')} />
      </Form>
    </AuthLayout>
  );
}

function LatePage({ ctx }: { ctx: ViewContext }) {
  const { t } = ctx;
  return (
    <AuthLayout ctx={ctx} title={t('reset.late-title')}>
      <p>{t('error.link-expired')}</p>
      <p>
        <a class="button" data-kind="primary" href="/reset-password">
          {t('reset.again')}
        </a>
      </p>
    </AuthLayout>
  );
}
