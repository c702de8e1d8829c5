import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { SecondFactor } from '#domain/membership/log-in.ts';
import { credentialsOf, type Credentials } from '#domain/membership/membership.queries.ts';
import { hashRecoveryCode } from '#domain/membership/recovery-codes.ts';
import type { DomainError } from '#kernel/errors.ts';
import { invalid } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { visitorOf } from '#kernel/networks.ts';
import { hashToken } from '#kernel/tokens.ts';
import { AuthLayout } from '#web/components/auth-layout.tsx';
import { Field, Form, SubmitRow } from '#web/components/form.tsx';
import { dropCookie, readCookie, writeCookie } from '#web/cookies.ts';
import { finishLogIn, takeAccountTry } from '#web/finish-log-in.ts';
import { setFlash } from '#web/flash.ts';
import { field, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { openValue, sealValue } from '#web/sealed-values.ts';
import { totpStep } from '#web/totp.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** A log-in that lacks its code: who has given the right password, and until when that counts. */
const halfWaySchema = z.object({
  accountId: z.number(),
  /** Of the password's hash, so that a new password ends it. */
  passwordDigest: z.string(),
  until: z.number(),
  returnTo: z.string(),
});

const schema = z.object({ code: field.required(40) });

export function secondFactorRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/login/second-factor', async (c) => {
    if ((await halfWayOf(deps, c)) === null) return c.redirect('/login', 303);
    return c.html(<SecondFactorPage ctx={c.get('ctx')} form={UNTOUCHED} />);
  });

  app.post('/login/second-factor', async (c) => {
    const halfWay = await halfWayOf(deps, c);
    if (halfWay === null) {
      setFlash(deps, c, { kind: 'info', message: c.get('ctx').t('second-factor.late') });
      return c.redirect('/login', 303);
    }
    return submit(c, {
      schema,
      page: (form) => <SecondFactorPage ctx={c.get('ctx')} form={form} />,
      async act({ code }) {
        await deps.rateLimits.take('logInPerVisitor', visitorOf(c.get('address')));
        const { accountId } = halfWay.credentials;
        const name = `second factor of ${accountId}`;
        await takeAccountTry(deps, c, { accountId, name });
        const secondFactor = factorOf(deps, halfWay.credentials, code);
        await finishLogIn(deps, c, halfWay.credentials, { name, secondFactor, rehashed: null });
        dropCookie(c, deps.site, 'second-factor');
        return c.redirect(halfWay.returnTo, 303);
      },
    });
  });

  return app;
}

/** Keeps in the browser, sealed, that the password was right. */
export function rememberSecondFactor(
  deps: WebDeps,
  c: Context<WebEnv>,
  credentials: Credentials,
  returnTo: string,
): void {
  const halfWay: z.infer<typeof halfWaySchema> = {
    accountId: credentials.accountId,
    passwordDigest: hashToken(credentials.passwordHash),
    until: deps.clock.now() + limits.secondFactorMs,
    returnTo,
  };
  writeCookie(c, deps.site, 'second-factor', sealValue(deps.sealer, 'second-factor', halfWay), limits.secondFactorMs);
}

async function halfWayOf(
  { sealer, site, clock, store }: WebDeps,
  c: Context<WebEnv>,
): Promise<{ credentials: Credentials; returnTo: string } | null> {
  const halfWay = openValue(sealer, 'second-factor', readCookie(c, site, 'second-factor'), halfWaySchema);
  if (halfWay === null || halfWay.until <= clock.now()) return null;
  const credentials = await credentialsOf(store.read, halfWay.accountId);
  if (credentials === null || hashToken(credentials.passwordHash) !== halfWay.passwordDigest) return null;
  return { credentials, returnTo: halfWay.returnTo };
}

/** Six digits are a code of the app, anything else is a recovery code. @throws invalid. */
function factorOf({ sealer, clock }: WebDeps, { totpSealed }: Credentials, typed: string): SecondFactor {
  if (!/^[\d\s]+$/.test(typed)) return { kind: 'recovery', codeHash: hashRecoveryCode(typed) };
  const step = totpSealed === null ? null : totpStep(sealer.open(totpSealed), typed, clock.now());
  if (totpSealed === null || step === null) throw wrongCode();
  return { kind: 'totp', step, totpSealed };
}

function wrongCode(): DomainError {
  return invalid('code-wrong', 'code');
}

function SecondFactorPage({ ctx, form: { errors } }: { ctx: ViewContext; form: FormState }) {
  const { t } = ctx;
  return (
    <AuthLayout ctx={ctx} title={t('second-factor.title')} intro={<p>{t('second-factor.intro')}</p>}>
      <Form ctx={ctx} action="/login/second-factor" errors={errors}>
        <Field
          ctx={ctx}
          name="code"
          label={t('second-factor.code')}
          hint={t('second-factor.hint')}
          error={errors['code']}
          required
          autocomplete="one-time-code"
          spellcheck={false}
          maxlength={40}
          autofocus={Object.keys(errors).length === 0}
        />
        <SubmitRow ctx={ctx} label={t('nav.log-in')} cancel={{ href: '/login' }} />
      </Form>
    </AuthLayout>
  );
}
