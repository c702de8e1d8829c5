import { Hono } from 'hono';
import { z } from 'zod';
import { confirmEmail } from '#domain/membership/confirm-email.ts';
import { parseEmail } from '#domain/membership/email.ts';
import { mailTokenEmail } from '#domain/membership/membership.queries.ts';
import { requestConfirmation } from '#domain/membership/request-confirmation.ts';
import { limits } from '#kernel/limits.ts';
import { visitorOf } from '#kernel/networks.ts';
import { hashToken } from '#kernel/tokens.ts';
import { AuthLayout } from '#web/components/auth-layout.tsx';
import { EmailField } from '#web/components/credential-fields.tsx';
import { Form, SubmitRow } from '#web/components/form.tsx';
import { setFlash } from '#web/flash.ts';
import { field, formEntries, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const againSchema = z.object({ email: field.required(limits.emailCharacters) });
const confirmSchema = z.object({ token: field.secret });

export function confirmEmailRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  // Looking confirms nothing: programs that check mail for bad links follow them too.
  app.get('/confirm-email', async (c) => {
    const ctx = c.get('ctx');
    const token = c.req.query('token');
    if (!token) return c.html(<AgainPage ctx={ctx} form={UNTOUCHED} />);
    const tokenHash = hashToken(token);
    const email = await mailTokenEmail(deps.store.read, tokenHash, ['confirm', 'change-email'], deps.clock.now());
    if (email === null) return c.html(<AgainPage ctx={ctx} form={UNTOUCHED} late />, 410);
    return c.html(<ConfirmPage ctx={ctx} token={token} email={email} form={UNTOUCHED} />);
  });

  app.post('/confirm-email', async (c) => {
    const ctx = c.get('ctx');
    const token = (await formEntries(c))['token'] ?? '';
    return submit(c, {
      schema: confirmSchema,
      page: (form) => <ConfirmPage ctx={ctx} token={token} email={null} form={form} />,
      async act() {
        await deps.rateLimits.take('confirmPerVisitor', visitorOf(c.get('address')));
        const { changed, approved } = await deps.commit(confirmEmail, { tokenHash: hashToken(token) });
        if (!approved) return c.redirect('/sign-up/next?approval=1', 303);
        setFlash(deps, c, { kind: 'success', message: ctx.t(changed ? 'confirm.changed' : 'confirm.done') });
        return c.redirect(c.get('session') ? '/settings/account' : '/login', 303);
      },
    });
  });

  app.post('/confirm-email/again', (c) =>
    submit(c, {
      schema: againSchema,
      page: (form) => <AgainPage ctx={c.get('ctx')} form={form} />,
      async act({ email }) {
        await deps.rateLimits.take('confirmPerVisitor', visitorOf(c.get('address')));
        await deps.rateLimits.take('confirmPerAccount', parseEmail(email).folded);
        await deps.commit(requestConfirmation, { email });
        setFlash(deps, c, { kind: 'info', message: c.get('ctx').t('confirm.sent') });
        return c.redirect('/confirm-email', 303);
      },
    }),
  );

  return app;
}

interface PageProps {
  ctx: ViewContext;
  form: FormState;
}

function ConfirmPage({ ctx, token, email, form: { errors } }: PageProps & { token: string; email: string | null }) {
  const { t } = ctx;
  const intro = email === null ? null : <p>{t.rich('confirm.intro', { email: <strong>{email}</strong> })}</p>;
  return (
    <AuthLayout ctx={ctx} title={t('confirm.title')} intro={intro}>
      <Form ctx={ctx} action="/confirm-email" errors={errors}>
        <input type="hidden" name="token" value={token} />
        <SubmitRow ctx={ctx} label={t('confirm.submit')} />
      </Form>
    </AuthLayout>
  );
}

function AgainPage({ ctx, late = false, form }: PageProps & { late?: boolean | undefined }) {
  const { t } = ctx;
  return (
    <AuthLayout
      ctx={ctx}
      title={t('confirm.again-title')}
      intro={<p>{t(late ? 'error.link-expired' : 'confirm.again-intro')}</p>}
    >
      <Form ctx={ctx} action="/confirm-email/again" errors={form.errors}>
        <EmailField ctx={ctx} form={form} />
        <SubmitRow ctx={ctx} label={t('confirm.again')} cancel={{ href: '/login' }} />
      </Form>
    </AuthLayout>
  );
}
