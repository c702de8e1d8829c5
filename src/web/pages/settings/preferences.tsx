import { Hono } from 'hono';
import { z } from 'zod';
import { editPreferences } from '#domain/membership/edit-preferences.ts';
import { ownMembership, type OwnMembership } from '#domain/membership/membership.queries.ts';
import { need } from '#kernel/assert.ts';
import { Checkbox, FieldGroup, Form, RadioGroup, Select, SubmitRow } from '#web/components/form.tsx';
import { languageChoices } from '#web/components/languages.ts';
import { SettingsLayout } from '#web/components/settings-layout.tsx';
import { setFlash } from '#web/flash.ts';
import { field, isChecked, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { createTranslator, pickLocale } from '#web/i18n.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/settings/appearance';

/** An empty choice stands for none. */
const optional = <T extends z.ZodType>(value: T) =>
  z.preprocess((typed) => (typed === '' || typed === undefined ? null : typed), value.nullable());

const schema = z.object({
  locale: optional(z.enum(['en', 'fr'])),
  scheme: z.enum(['light', 'dark', 'auto']),
  defaultVisibility: z.enum(['public', 'unlisted', 'followers']),
  defaultLanguage: optional(z.string().max(40)),
  defaultSensitive: field.checkbox,
});

/** How pages look to a person, and what a new post begins with. */
export function preferencesRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  const membershipOf = async (accountId: number) =>
    need(await ownMembership(deps.store.read, accountId), 'a session without a member');

  app.get(PAGE, requireLogin, async (c) => {
    const membership = await membershipOf(sessionOf(c).accountId);
    return c.html(<PreferencesPage ctx={c.get('ctx')} membership={membership} form={UNTOUCHED} />);
  });

  app.post(PAGE, requireLogin, async (c) => {
    const { accountId } = sessionOf(c);
    const membership = await membershipOf(accountId);
    return submit(c, {
      schema,
      page: (form) => <PreferencesPage ctx={c.get('ctx')} membership={membership} form={form} />,
      async act(preferences) {
        await deps.commit(editPreferences, { accountId, ...preferences });
        // In the language that was just chosen.
        const locale = pickLocale(c.req.header('accept-language'), preferences.locale);
        setFlash(deps, c, { kind: 'success', message: createTranslator(locale)('settings.saved') });
        return c.redirect(PAGE, 303);
      },
    });
  });

  return app;
}

interface PreferencesPageProps {
  ctx: ViewContext;
  membership: OwnMembership;
  form: FormState;
}

function PreferencesPage({ ctx, membership, form }: PreferencesPageProps) {
  const { t, locale } = ctx;
  const { typed, errors } = form;
  const schemes = [
    { value: 'auto', label: t('preferences.scheme-auto') },
    { value: 'light', label: t('preferences.scheme-light') },
    { value: 'dark', label: t('preferences.scheme-dark') },
  ];
  const locales = [
    { value: '', label: t('preferences.locale-browser') },
    { value: 'en', label: 'English' },
    { value: 'fr', label: 'Français' },
  ];
  const visibilities = (['public', 'unlisted', 'followers'] as const).map((value) => ({
    value,
    label: t(`visibility.${value}`),
  }));
  const languages = [
    { value: '', label: t('preferences.language-page') },
    ...languageChoices(locale, membership.defaultLanguage),
  ];
  return (
    <SettingsLayout ctx={ctx} title={t('settings.appearance')} section="appearance">
      <Form ctx={ctx} action={PAGE} errors={errors}>
        <RadioGroup
          ctx={ctx}
          name="scheme"
          label={t('preferences.scheme')}
          options={schemes}
          value={typed['scheme'] ?? membership.scheme}
          error={errors['scheme']}
          required
        />
        <Select
          ctx={ctx}
          name="locale"
          label={t('preferences.locale')}
          options={locales}
          value={typed['locale'] ?? membership.locale ?? ''}
          error={errors['locale']}
          required
          short
        />
        <FieldGroup title={t('preferences.posting')}>
          <Select
            ctx={ctx}
            name="defaultVisibility"
            label={t('composer.visibility')}
            options={visibilities}
            value={typed['defaultVisibility'] ?? membership.defaultVisibility}
            error={errors['defaultVisibility']}
            required
            short
          />
          <Select
            ctx={ctx}
            name="defaultLanguage"
            label={t('composer.language')}
            options={languages}
            value={typed['defaultLanguage'] ?? membership.defaultLanguage ?? ''}
            error={errors['defaultLanguage']}
            required
            short
          />
          <Checkbox
            ctx={ctx}
            name="defaultSensitive"
            label={t('composer.sensitive')}
            checked={isChecked(form, 'defaultSensitive', membership.defaultSensitive)}
            error={errors['defaultSensitive']}
          />
        </FieldGroup>
        <SubmitRow ctx={ctx} label={t('settings.save')} />
      </Form>
    </SettingsLayout>
  );
}
