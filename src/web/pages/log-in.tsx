import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { logInFailed } from '#domain/membership/log-in.ts';
import { findCredentials, foldLogin, type Credentials } from '#domain/membership/membership.queries.ts';
import { visitorOf } from '#kernel/networks.ts';
import { hashPassword, needsRehash, verifyPassword } from '#kernel/password.ts';
import { AuthLayout } from '#web/components/auth-layout.tsx';
import { Field, Form, SubmitRow } from '#web/components/form.tsx';
import { finishLogIn, takeAccountTry } from '#web/finish-log-in.ts';
import { setFlash } from '#web/flash.ts';
import { field, formEntries, localPath, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { rememberSecondFactor } from '#web/pages/second-factor.tsx';
import { leaveSession } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const schema = z.object({ login: field.required(320), password: field.secret, return_to: field.text(2000) });

export function logInRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/login', (c) => {
    const returnTo = localPath(c.req.query('return_to'), '/home');
    if (c.get('session')) return c.redirect(returnTo, 303);
    return c.html(<LogInPage ctx={c.get('ctx')} returnTo={returnTo} form={UNTOUCHED} />);
  });

  app.post('/login', async (c) => {
    const returnTo = localPath((await formEntries(c))['return_to'], '/home');
    return submit(c, {
      schema,
      page: (form) => <LogInPage ctx={c.get('ctx')} returnTo={returnTo} form={form} />,
      async act({ login, password }) {
        const credentials = await checkLogIn(deps, c, login, password);
        const rehashed = needsRehash(credentials.passwordHash) ? await hashPassword(password) : null;
        const name = foldLogin(login, deps.site.handleDomain);
        const { kind } = await finishLogIn(deps, c, credentials, { name, secondFactor: null, rehashed });
        if (kind === 'session') return c.redirect(returnTo, 303);
        rememberSecondFactor(deps, c, credentials, returnTo);
        return c.redirect('/login/second-factor', 303);
      },
    });
  });

  app.post('/logout', async (c) => {
    await leaveSession(deps, c);
    setFlash(deps, c, { kind: 'info', message: c.get('ctx').t('log-in.left') });
    return c.redirect('/', 303);
  });

  return app;
}

/**
 * Whose name and password these are. Tries count for the visitor and for the name, whether or not anybody has it: both
 * are answered alike, and in the same time.
 */
async function checkLogIn(deps: WebDeps, c: Context<WebEnv>, login: string, password: string): Promise<Credentials> {
  await deps.rateLimits.take('logInPerVisitor', visitorOf(c.get('address')));
  const credentials = await findCredentials(deps.store.read, login, deps.site.handleDomain);
  const name = foldLogin(login, deps.site.handleDomain);
  await takeAccountTry(deps, c, { accountId: credentials?.accountId ?? null, name });
  const fits = await verifyPassword(credentials?.passwordHash ?? null, password);
  if (!fits || credentials === null) throw logInFailed();
  return credentials;
}

function LogInPage({
  ctx,
  returnTo,
  form: { typed, errors },
}: {
  ctx: ViewContext;
  returnTo: string;
  form: FormState;
}) {
  const { t } = ctx;
  const aside = (
    <p>
      {t('log-in.no-account')} <a href="/sign-up">{t('nav.sign-up')}</a>
    </p>
  );
  return (
    <AuthLayout ctx={ctx} title={t('log-in.title')} aside={aside}>
      <Form ctx={ctx} action="/login" errors={errors} returnTo={returnTo}>
        <Field
          ctx={ctx}
          name="login"
          label={t('log-in.login')}
          value={typed['login']}
          error={errors['login']}
          required
          autocomplete="username"
          spellcheck={false}
          autofocus={Object.keys(errors).length === 0}
        />
        <Field
          ctx={ctx}
          name="password"
          label={t('log-in.password')}
          type="password"
          error={errors['password']}
          required
          autocomplete="current-password"
        />
        <SubmitRow ctx={ctx} label={t('nav.log-in')}>
          <a href="/reset-password">{t('log-in.forgotten')}</a>
        </SubmitRow>
      </Form>
    </AuthLayout>
  );
}
