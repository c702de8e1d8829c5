import { Hono } from 'hono';
import { z } from 'zod';
import { changePassword } from '#domain/membership/change-password.ts';
import { deleteOwnAccount } from '#domain/departures/delete-own-account.ts';
import { ownMembership, type OwnMembership } from '#domain/membership/membership.queries.ts';
import { checkPassword } from '#domain/membership/membership.policy.ts';
import { requestEmailChange } from '#domain/membership/request-email-change.ts';
import { need } from '#kernel/assert.ts';
import { DomainError } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { hashPassword } from '#kernel/password.ts';
import { Card, KeyValueList } from '#web/components/card.tsx';
import { EmailField, NewPasswordField } from '#web/components/credential-fields.tsx';
import { Checkbox, DangerZone, Field, Form, SubmitRow } from '#web/components/form.tsx';
import { SettingsLayout } from '#web/components/settings-layout.tsx';
import { dropCookie } from '#web/cookies.ts';
import { requirePassword } from '#web/credentials.ts';
import { setFlash } from '#web/flash.ts';
import { field, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { formatDate } from '#web/i18n.ts';
import { requireLogin, sessionOf, startSession, visitOf } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/settings/account';

const emailSchema = z.object({ email: field.required(limits.emailCharacters), current_password: field.secret });
const passwordSchema = z.object({ current_password: field.secret, password: field.secret });
const deletionSchema = z.object({ current_password: field.secret, sure: field.checkbox });

export function accountSettingsRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  const membershipOf = async (accountId: number) =>
    need(await ownMembership(deps.store.read, accountId), 'a session without a member');

  app.get(PAGE, requireLogin, async (c) => {
    const membership = await membershipOf(sessionOf(c).accountId);
    return c.html(<AccountPage ctx={c.get('ctx')} membership={membership} />);
  });

  app.post(`${PAGE}/email`, requireLogin, async (c) => {
    const { accountId } = sessionOf(c);
    const membership = await membershipOf(accountId);
    return submit(c, {
      schema: emailSchema,
      page: (form) => <AccountPage ctx={c.get('ctx')} membership={membership} email={form} />,
      async act({ email, current_password }) {
        const { passwordHash } = await requirePassword(deps, c, current_password);
        await deps.rateLimits.take('confirmPerAccount', accountId);
        if (!deps.mail.available) throw new DomainError('conflict', 'mail-not-set-up', { field: 'email' });
        await deps.commit(requestEmailChange, { accountId, passwordHash, email });
        setFlash(deps, c, { kind: 'info', message: c.get('ctx').t('settings.email-sent', { email }) });
        return c.redirect(PAGE, 303);
      },
    });
  });

  app.post(`${PAGE}/password`, requireLogin, async (c) => {
    const { accountId } = sessionOf(c);
    const membership = await membershipOf(accountId);
    return submit(c, {
      schema: passwordSchema,
      page: (form) => <AccountPage ctx={c.get('ctx')} membership={membership} password={form} />,
      async act({ current_password, password }) {
        const { passwordHash } = await requirePassword(deps, c, current_password);
        checkPassword(password, { email: membership.email });
        const newPasswordHash = await hashPassword(password);
        const visit = visitOf(c);
        startSession(deps, c, await deps.commit(changePassword, { accountId, passwordHash, newPasswordHash, visit }));
        setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('settings.password-done') });
        return c.redirect(PAGE, 303);
      },
    });
  });

  app.get(`${PAGE}/delete`, requireLogin, (c) => c.html(<DeletePage ctx={c.get('ctx')} form={UNTOUCHED} />));

  app.post(`${PAGE}/delete`, requireLogin, (c) =>
    submit(c, {
      schema: deletionSchema,
      page: (form) => <DeletePage ctx={c.get('ctx')} form={form} />,
      async act({ current_password, sure }) {
        if (!sure) throw new DomainError('invalid', 'not-sure', { field: 'sure' });
        const { accountId, passwordHash } = await requirePassword(deps, c, current_password);
        await deps.commit(deleteOwnAccount, { accountId, passwordHash });
        dropCookie(c, deps.site, 'session');
        setFlash(deps, c, { kind: 'info', message: c.get('ctx').t('settings.deleted') });
        return c.redirect('/', 303);
      },
    }),
  );

  return app;
}

interface AccountPageProps {
  ctx: ViewContext;
  membership: OwnMembership;
  email?: FormState;
  password?: FormState;
}

function AccountPage({ ctx, membership, email = UNTOUCHED, password = UNTOUCHED }: AccountPageProps) {
  const { t, locale } = ctx;
  const facts = [
    { key: t('settings.email-present'), value: membership.email },
    { key: t('settings.member-since'), value: formatDate(locale, membership.createdAt, 'day') },
  ];
  return (
    <SettingsLayout ctx={ctx} title={t('settings.account')} section="account">
      <KeyValueList items={facts} />
      <Card title={t('settings.second-factor')}>
        <p>{t(membership.totpEnabledAt === null ? 'settings.second-factor-off' : 'settings.second-factor-on')}</p>
        <p>
          <a class="button" href="/settings/security">
            {t('settings.second-factor-open')}
          </a>
        </p>
      </Card>
      <Card title={t('settings.password')}>
        <PasswordForm ctx={ctx} form={password} />
      </Card>
      <Card title={t('settings.email')}>
        <EmailForm ctx={ctx} form={email} />
      </Card>
      <DangerZone title={t('settings.delete')}>
        <p>{t('settings.delete-text')}</p>
        <p>
          <a class="button" data-kind="danger" href={`${PAGE}/delete`}>
            {t('settings.delete-open')}
          </a>
        </p>
      </DangerZone>
    </SettingsLayout>
  );
}

interface PartProps {
  ctx: ViewContext;
  form: FormState;
}

function PasswordForm({ ctx, form }: PartProps) {
  const { t } = ctx;
  return (
    <Form ctx={ctx} action={`${PAGE}/password`} errors={form.errors} returnTo={PAGE}>
      <CurrentPassword ctx={ctx} id="current-password" error={form.errors['current_password']} />
      <NewPasswordField ctx={ctx} form={form} label={t('reset.new-password')} />
      <p class="hint">{t('settings.password-hint')}</p>
      <SubmitRow ctx={ctx} label={t('reset.submit')} />
    </Form>
  );
}

function EmailForm({ ctx, form }: PartProps) {
  const { t } = ctx;
  return (
    <Form ctx={ctx} action={`${PAGE}/email`} errors={form.errors} returnTo={PAGE}>
      <EmailField ctx={ctx} form={form} label={t('settings.email-new')} hint={t('settings.email-hint')} />
      <CurrentPassword ctx={ctx} id="email-password" error={form.errors['current_password']} />
      <SubmitRow ctx={ctx} label={t('settings.email-submit')} />
    </Form>
  );
}

function DeletePage({ ctx, form: { typed, errors } }: PartProps) {
  const { t } = ctx;
  return (
    <SettingsLayout
      ctx={ctx}
      title={t('settings.delete')}
      section="account"
      back={{ href: PAGE, label: t('settings.account') }}
    >
      <p>{t('settings.delete-text')}</p>
      <Form ctx={ctx} action={`${PAGE}/delete`} errors={errors} returnTo={PAGE}>
        <CurrentPassword ctx={ctx} error={errors['current_password']} />
        <Checkbox
          ctx={ctx}
          name="sure"
          label={t('settings.delete-sure')}
          checked={typed['sure'] !== undefined}
          error={errors['sure']}
          required
        />
        <SubmitRow ctx={ctx} label={t('settings.delete-submit')} danger cancel={{ href: PAGE }} />
      </Form>
    </SettingsLayout>
  );
}

/** Asked for again before what is dangerous. */
export function CurrentPassword({
  ctx,
  id,
  error,
}: {
  ctx: ViewContext;
  id?: string | undefined;
  error: string | undefined;
}) {
  // The summary of errors leads to the field by its usual id; a page with several such forms has one that came back.
  return (
    <Field
      ctx={ctx}
      name="current_password"
      id={error ? undefined : id}
      label={ctx.t('settings.current-password')}
      type="password"
      error={error}
      required
      autocomplete="current-password"
    />
  );
}
