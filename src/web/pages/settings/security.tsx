import { Hono, type Context } from 'hono';
import type { Child } from '#web/jsx/html.ts';
import { z } from 'zod';
import { confirmTotp } from '#domain/membership/confirm-totp.ts';
import { disableTotp } from '#domain/membership/disable-totp.ts';
import {
  credentialsOf,
  ownMembership,
  type Credentials,
  type OwnMembership,
} from '#domain/membership/membership.queries.ts';
import { renewRecoveryCodes } from '#domain/membership/recovery-codes.ts';
import { startTotp } from '#domain/membership/start-totp.ts';
import { need } from '#kernel/assert.ts';
import { invalid } from '#kernel/errors.ts';
import { Card } from '#web/components/card.tsx';
import { Notice } from '#web/components/flash.tsx';
import { Field, Form, SubmitRow } from '#web/components/form.tsx';
import { QrCode } from '#web/components/qr-code.tsx';
import { SettingsLayout } from '#web/components/settings-layout.tsx';
import { requirePassword } from '#web/credentials.ts';
import { setFlash } from '#web/flash.ts';
import { field, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { CurrentPassword } from '#web/pages/settings/account.tsx';
import { requireLogin, sessionOf } from '#web/session.ts';
import { newTotpSecret, totpStep, totpUri } from '#web/totp.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/settings/security';

/** A page with secrets is not kept, not even for the way back. */
const SECRET = { 'cache-control': 'no-store' };

const passwordSchema = z.object({ current_password: field.secret });
const codeSchema = z.object({ code: field.required(20) });

export function securityRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  const membershipOf = async (accountId: number) =>
    need(await ownMembership(deps.store.read, accountId), 'a session without a member');

  /** The secret that waits to be confirmed; null when there is none, or codes are on already. */
  const waitingSecret = async (accountId: number) => {
    const { totpSealed, totpOn } = need(await credentialsOf(deps.store.read, accountId), 'a session without a member');
    return totpSealed === null || totpOn ? null : { totpSealed, secret: deps.sealer.open(totpSealed) };
  };

  app.get(PAGE, requireLogin, async (c) => {
    const membership = await membershipOf(sessionOf(c).accountId);
    return c.html(<SecurityPage ctx={c.get('ctx')} membership={membership} />);
  });

  for (const step of ['start', 'codes', 'stop'] as const) {
    app.post(`${PAGE}/${step}`, requireLogin, async (c) => {
      const membership = await membershipOf(sessionOf(c).accountId);
      return submit(c, {
        schema: passwordSchema,
        page: (form) => <SecurityPage ctx={c.get('ctx')} membership={membership} {...{ [step]: form }} />,
        act: async ({ current_password }) => STEPS[step](deps, c, await requirePassword(deps, c, current_password)),
      });
    });
  }

  app.get(`${PAGE}/confirm`, requireLogin, async (c) => {
    const waiting = await waitingSecret(sessionOf(c).accountId);
    if (waiting === null) return c.redirect(PAGE, 303);
    return c.html(<ConfirmPage ctx={c.get('ctx')} secret={waiting.secret} form={UNTOUCHED} />, 200, SECRET);
  });

  app.post(`${PAGE}/confirm`, requireLogin, async (c) => {
    const { accountId } = sessionOf(c);
    const waiting = await waitingSecret(accountId);
    if (waiting === null) return c.redirect(PAGE, 303);
    c.header('cache-control', SECRET['cache-control']);
    return submit(c, {
      schema: codeSchema,
      page: (form) => <ConfirmPage ctx={c.get('ctx')} secret={waiting.secret} form={form} />,
      async act({ code }) {
        await deps.rateLimits.take('passwordPerAccount', accountId);
        const step = totpStep(waiting.secret, code, deps.clock.now());
        if (step === null) throw invalid('code-wrong', 'code');
        const codes = await deps.commit(confirmTotp, { accountId, totpSealed: waiting.totpSealed, step });
        return c.html(<CodesPage ctx={c.get('ctx')} codes={codes} />, 200, SECRET);
      },
    });
  });

  return app;
}

type Step = (deps: WebDeps, c: Context<WebEnv>, credentials: Credentials) => Promise<Response>;

/** What is done once the password is right. */
const STEPS: Record<'start' | 'codes' | 'stop', Step> = {
  async start(deps, c, { accountId }) {
    await deps.commit(startTotp, { accountId, totpSealed: deps.sealer.seal(newTotpSecret()) });
    return c.redirect(`${PAGE}/confirm`, 303);
  },
  async codes(deps, c, { accountId, passwordHash }) {
    const codes = await deps.commit(renewRecoveryCodes, { accountId, passwordHash });
    return c.html(<CodesPage ctx={c.get('ctx')} codes={codes} />, 200, SECRET);
  },
  async stop(deps, c, { accountId, passwordHash }) {
    await deps.commit(disableTotp, { accountId, passwordHash });
    setFlash(deps, c, { kind: 'info', message: c.get('ctx').t('security.stopped') });
    return c.redirect(PAGE, 303);
  },
};

interface SecurityPageProps {
  ctx: ViewContext;
  membership: OwnMembership;
  start?: FormState;
  codes?: FormState;
  stop?: FormState;
}

function SecurityPage({ ctx, membership, start = UNTOUCHED, codes = UNTOUCHED, stop = UNTOUCHED }: SecurityPageProps) {
  const { t } = ctx;
  const left = membership.recoveryCodesLeft;
  return (
    <Frame ctx={ctx} title={t('settings.second-factor')}>
      {membership.totpEnabledAt === null ? (
        <>
          <p>{t('security.what')}</p>
          <PasswordForm ctx={ctx} action="start" label={t('security.start')} form={start} />
        </>
      ) : (
        <>
          <p>{t('settings.second-factor-on')}</p>
          <Card title={t('security.codes')}>
            <p>{t('security.codes-left', { count: left })}</p>
            <PasswordForm ctx={ctx} action="codes" label={t('security.codes-renew')} form={codes} />
          </Card>
          <Card title={t('security.stop-title')}>
            <p>{t('security.stop-text')}</p>
            <PasswordForm ctx={ctx} action="stop" label={t('security.stop')} form={stop} danger />
          </Card>
        </>
      )}
    </Frame>
  );
}

interface PasswordFormProps {
  ctx: ViewContext;
  action: 'start' | 'codes' | 'stop';
  label: string;
  form: FormState;
  danger?: boolean;
}

function PasswordForm({ ctx, action, label, form: { errors }, danger = false }: PasswordFormProps) {
  return (
    <Form ctx={ctx} action={`${PAGE}/${action}`} errors={errors} returnTo={PAGE}>
      <CurrentPassword ctx={ctx} id={`password-${action}`} error={errors['current_password']} />
      <SubmitRow ctx={ctx} label={label} danger={danger} />
    </Form>
  );
}

function ConfirmPage({ ctx, secret, form: { errors } }: { ctx: ViewContext; secret: string; form: FormState }) {
  const { t } = ctx;
  const uri = totpUri(secret, ctx.viewer?.account.handle ?? '', ctx.instance.name);
  return (
    <Frame ctx={ctx} title={t('security.confirm-title')}>
      <div class="prose">
        <p>{t('security.confirm-intro')}</p>
        <QrCode text={uri} label={t('security.qr-code')} />
        <p>{t('security.confirm-key')}</p>
        <p>
          <code>{(secret.match(/.{1,4}/g) ?? []).join(' ')}</code>
        </p>
        <p>
          <a class="button" href={uri}>
            {t('security.open-app')}
          </a>
        </p>
      </div>
      <Form ctx={ctx} action={`${PAGE}/confirm`} errors={errors} returnTo={PAGE}>
        <Field
          ctx={ctx}
          name="code"
          label={t('second-factor.code')}
          error={errors['code']}
          required
          short
          inputmode="numeric"
          autocomplete="one-time-code"
          maxlength={20}
        />
        <SubmitRow ctx={ctx} label={t('security.confirm')} cancel={{ href: PAGE }} />
      </Form>
    </Frame>
  );
}

/** Never shown again: the answer to the form itself, not a page with an address. */
function CodesPage({ ctx, codes }: { ctx: ViewContext; codes: string[] }) {
  const { t } = ctx;
  return (
    <Frame ctx={ctx} title={t('security.codes')}>
      <Notice ctx={ctx} kind="warning" title={t('security.codes-keep-title')}>
        <p>{t('security.codes-keep')}</p>
      </Notice>
      <div class="prose">
        <ol>
          {codes.map((code) => (
            <li>
              <code>{code}</code>
            </li>
          ))}
        </ol>
        <p>
          <a class="button" data-kind="primary" href={PAGE}>
            {t('security.codes-kept')}
          </a>
        </p>
      </div>
    </Frame>
  );
}

function Frame({ ctx, title, children }: { ctx: ViewContext; title: string; children?: Child }) {
  const back = { href: '/settings/account', label: ctx.t('settings.account') };
  return (
    <SettingsLayout ctx={ctx} title={title} section="account" back={back}>
      {children}
    </SettingsLayout>
  );
}
