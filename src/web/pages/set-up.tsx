import { Hono } from 'hono';
import { z } from 'zod';
import { editableSettings, REGISTRATIONS, type Registrations } from '#domain/instance/settings.ts';
import { completeSetUp } from '#domain/membership/complete-set-up.ts';
import { setUpTokenHash } from '#domain/membership/membership.queries.ts';
import { checkPassword } from '#domain/membership/membership.policy.ts';
import { conflict, notAllowed } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { visitorOf } from '#kernel/networks.ts';
import { hashPassword } from '#kernel/password.ts';
import { hashToken, sameSecret } from '#kernel/tokens.ts';
import { AuthLayout } from '#web/components/auth-layout.tsx';
import { EmailField, HandleField, NewPasswordField } from '#web/components/credential-fields.tsx';
import { Notice } from '#web/components/flash.tsx';
import { Field, FieldGroup, Form, RadioGroup, Select, SubmitRow, TextArea } from '#web/components/form.tsx';
import { setFlash } from '#web/flash.ts';
import { field, formEntries, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import type { MessageKey } from '#web/i18n.ts';
import { rememberDevice, readDevice, startSession, visitOf } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const { name, description, registrations, minimumAge, theme, defaultLocale } = editableSettings.shape;

const schema = z.object({
  token: field.secret,
  name: name.prefault(''),
  description: description.prefault(''),
  registrations,
  minimumAge: z.coerce.number().pipe(minimumAge),
  theme,
  defaultLocale,
  handle: field.required(limits.handleCharacters),
  email: field.required(limits.emailCharacters),
  password: field.secret,
});

/** The first page of an instance: whoever has the link from the server's log makes it theirs, once. */
export function setUpRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/set-up', async (c) => {
    if ((await deps.settings.read()).setUpAt !== null) return c.redirect('/', 303);
    const ctx = c.get('ctx');
    const token = c.req.query('token') ?? '';
    await deps.rateLimits.take('setUpPerVisitor', visitorOf(c.get('address')));
    const expected = await setUpTokenHash(deps.store.read);
    if (expected === null || !sameSecret(expected, hashToken(token))) return c.html(<WhereIsTheLink ctx={ctx} />, 403);
    return c.html(<SetUpPage deps={deps} ctx={ctx} token={token} form={UNTOUCHED} />);
  });

  app.post('/set-up', async (c) => {
    const ctx = c.get('ctx');
    const typedToken = (await formEntries(c))['token'] ?? '';
    await deps.rateLimits.take('setUpPerVisitor', visitorOf(c.get('address')));
    return submit(c, {
      schema,
      page: (form) => <SetUpPage deps={deps} ctx={ctx} token={typedToken} form={form} />,
      async act({ token, handle, email, password, ...settings }) {
        await requireSetUpToken(deps, token);
        checkPassword(password, { handle, email });
        const [passwordHash, ownerKeys, instanceKeys] = await Promise.all([
          hashPassword(password),
          deps.keys(),
          deps.keys(),
        ]);
        const { accountId, sessionToken } = await deps.commit(completeSetUp, {
          tokenHash: hashToken(token),
          settings,
          handle,
          email,
          passwordHash,
          ownerKeys,
          instanceKeys,
          locale: ctx.locale,
          visit: visitOf(c),
        });
        startSession(deps, c, sessionToken);
        rememberDevice(deps, c, readDevice(deps, c), accountId);
        setFlash(deps, c, { kind: 'success', message: ctx.t('set-up.done') });
        return c.redirect('/home', 303);
      },
    });
  });

  return app;
}

/** Before the work that a stranger could ask for: keys take a good part of a second. @throws not-allowed, conflict. */
async function requireSetUpToken({ settings, store }: WebDeps, token: string): Promise<void> {
  if ((await settings.read()).setUpAt !== null) throw conflict('set-up-already');
  const expected = await setUpTokenHash(store.read);
  if (expected === null || !sameSecret(expected, hashToken(token))) throw notAllowed('set-up-token-wrong');
}

function WhereIsTheLink({ ctx }: { ctx: ViewContext }) {
  return (
    <AuthLayout ctx={ctx} title={ctx.t('set-up.title')}>
      <p>{ctx.t('set-up.where')}</p>
    </AuthLayout>
  );
}

interface SetUpPageProps {
  deps: WebDeps;
  ctx: ViewContext;
  token: string;
  form: FormState;
}

function SetUpPage({ deps, ctx, token, form }: SetUpPageProps) {
  const { typed, errors } = form;
  const { t } = ctx;
  const { site, themes } = deps;
  const languages = [
    { value: 'en', label: 'English' },
    { value: 'fr', label: 'Français' },
  ];
  return (
    <AuthLayout ctx={ctx} title={t('set-up.title')} intro={<p>{t('set-up.intro')}</p>} wide>
      {isLocal(site.host) ? (
        <Notice ctx={ctx} kind="warning" title={t('set-up.local-title')}>
          <p>{t('set-up.local', { host: site.host })}</p>
        </Notice>
      ) : (
        <Notice ctx={ctx}>
          <p>{t('set-up.for-ever', { origin: site.origin, handle: `@name@${site.handleDomain}` })}</p>
        </Notice>
      )}
      <Form ctx={ctx} action="/set-up" errors={errors}>
        <input type="hidden" name="token" value={token} />
        <FieldGroup title={t('set-up.instance')}>
          <Field
            ctx={ctx}
            name="name"
            label={t('set-up.name')}
            value={typed['name']}
            error={errors['name']}
            required
            maxlength={limits.instanceNameCharacters}
          />
          <TextArea
            ctx={ctx}
            name="description"
            label={t('set-up.description')}
            hint={t('set-up.description-hint')}
            value={typed['description']}
            error={errors['description']}
            rows={2}
            maxlength={limits.instanceDescriptionCharacters}
          />
          <RegistrationsChoice ctx={ctx} value={typed['registrations'] ?? 'closed'} error={errors['registrations']} />
          <Field
            ctx={ctx}
            name="minimumAge"
            label={t('set-up.minimum-age')}
            hint={t('set-up.minimum-age-hint')}
            type="number"
            min={limits.minimumAgeLeast}
            max={limits.minimumAgeMost}
            value={typed['minimumAge'] ?? '16'}
            error={errors['minimumAge']}
            required
            short
          />
          <Select
            ctx={ctx}
            name="defaultLocale"
            label={t('set-up.language')}
            options={languages}
            value={typed['defaultLocale'] ?? ctx.locale}
            error={errors['defaultLocale']}
            required
            short
          />
          <Select
            ctx={ctx}
            name="theme"
            label={t('set-up.theme')}
            options={themes.map((one) => ({ value: one.name, label: one.title }))}
            value={typed['theme'] ?? 'plain'}
            error={errors['theme']}
            required
            short
          />
        </FieldGroup>
        <FieldGroup title={t('set-up.owner')} hint={t('set-up.owner-hint')}>
          <HandleField ctx={ctx} form={form} handleDomain={site.handleDomain} />
          <EmailField ctx={ctx} form={form} />
          <NewPasswordField ctx={ctx} form={form} />
        </FieldGroup>
        <SubmitRow ctx={ctx} label={t('set-up.submit')} />
      </Form>
    </AuthLayout>
  );
}

const MODES: Record<Registrations, { label: MessageKey; hint: MessageKey }> = {
  closed: { label: 'registrations.closed', hint: 'registrations.closed-hint' },
  approval: { label: 'registrations.approval', hint: 'registrations.approval-hint' },
  invite: { label: 'registrations.invite', hint: 'registrations.invite-hint' },
  open: { label: 'registrations.open', hint: 'registrations.open-hint' },
};

/** Who may join; the administration asks it in the same words. */
export function RegistrationsChoice({
  ctx,
  value,
  error,
}: {
  ctx: ViewContext;
  value: string;
  error?: string | undefined;
}) {
  const options = REGISTRATIONS.map((mode) => ({
    value: mode,
    label: ctx.t(MODES[mode].label),
    hint: ctx.t(MODES[mode].hint),
  }));
  return (
    <RadioGroup
      ctx={ctx}
      name="registrations"
      label={ctx.t('registrations.label')}
      options={options}
      value={value}
      error={error}
      required
    />
  );
}

function isLocal(host: string): boolean {
  return /(?:^|\.)localhost(?::\d+)?$/.test(host);
}
