import { Hono } from 'hono';
import { z } from 'zod';
import { editSettings } from '#domain/instance/edit-settings.ts';
import { editableSettings, type Settings } from '#domain/instance/settings.ts';
import { limits } from '#kernel/limits.ts';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { Checkbox, Field, FieldGroup, Form, Select, SubmitRow, TextArea } from '#web/components/form.tsx';
import { setFlash } from '#web/flash.ts';
import { field, isChecked, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { asStaff, requirePermission } from '#web/staff.ts';
import type { Theme } from '#web/themes.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/instance';

const { name, description, longDescription, contactEmail, sourceUrl, postCharacters, theme, defaultLocale } =
  editableSettings.shape;

const schema = z.object({
  name: name.prefault(''),
  description: description.prefault(''),
  longDescription: longDescription.prefault(''),
  contactEmail: z.string().trim().pipe(contactEmail).prefault(''),
  sourceUrl: z.string().trim().pipe(sourceUrl).prefault(''),
  postCharacters: z.coerce.number().pipe(postCharacters),
  theme,
  defaultLocale,
  showLatestPosts: field.checkbox,
  showDomainPolicies: field.checkbox,
});

/** What the instance says of itself, and how it looks to visitors. */
export function adminInstanceRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const guard = requirePermission('instance.edit');
  const { themes } = deps;

  app.get(PAGE, guard, async (c) => {
    const [frame, settings] = [await frameOf(deps, c), await deps.settings.read()];
    return c.html(<InstancePage frame={frame} settings={settings} themes={themes} form={UNTOUCHED} />);
  });

  app.post(PAGE, guard, async (c) => {
    const [frame, settings] = [await frameOf(deps, c), await deps.settings.read()];
    return submit(c, {
      schema: schema.refine((values) => themes.some((theme) => theme.name === values.theme), { path: ['theme'] }),
      page: (form) => <InstancePage frame={frame} settings={settings} themes={themes} form={form} />,
      async act(changes) {
        await deps.commit(asStaff('instance.edit', editSettings), { actorId: frame.actorId, changes });
        setFlash(deps, c, { kind: 'success', message: frame.ctx.t('admin.saved') });
        return c.redirect(PAGE, 303);
      },
    });
  });

  return app;
}

interface InstancePageProps {
  frame: Frame;
  settings: Settings;
  themes: readonly Theme[];
  form: FormState;
}

function InstancePage({ frame, settings, themes, form }: InstancePageProps) {
  const { ctx, groups } = frame;
  const { t } = ctx;
  return (
    <AdminLayout ctx={ctx} groups={groups} title={t('admin.instance')}>
      <Form ctx={ctx} action={PAGE} errors={form.errors} returnTo={PAGE}>
        <SelfFields frame={frame} settings={settings} form={form} />
        <ContactFields frame={frame} settings={settings} form={form} />
        <LookFields frame={frame} settings={settings} themes={themes} form={form} />
        <SubmitRow ctx={ctx} label={t('admin.save')} />
      </Form>
    </AdminLayout>
  );
}

type PartProps = Omit<InstancePageProps, 'themes'>;

function SelfFields({ frame: { ctx }, settings, form: { typed, errors } }: PartProps) {
  const { t } = ctx;
  return (
    <FieldGroup title={t('admin-instance.self')}>
      <Field
        ctx={ctx}
        name="name"
        label={t('set-up.name')}
        value={typed['name'] ?? settings.name}
        error={errors['name']}
        required
        maxlength={limits.instanceNameCharacters}
      />
      <TextArea
        ctx={ctx}
        name="description"
        label={t('set-up.description')}
        hint={t('set-up.description-hint')}
        value={typed['description'] ?? settings.description}
        error={errors['description']}
        rows={2}
        maxlength={limits.instanceDescriptionCharacters}
      />
      <TextArea
        ctx={ctx}
        name="longDescription"
        label={t('admin-instance.long-description')}
        hint={t('admin-instance.long-description-hint')}
        value={typed['longDescription'] ?? settings.longDescription}
        error={errors['longDescription']}
        rows={6}
        maxlength={limits.instanceTextCharacters}
      />
    </FieldGroup>
  );
}

function ContactFields({ frame: { ctx }, settings, form: { typed, errors } }: PartProps) {
  const { t } = ctx;
  return (
    <FieldGroup title={t('admin-instance.contact')}>
      <Field
        ctx={ctx}
        name="contactEmail"
        label={t('admin-instance.contact-email')}
        hint={t('admin-instance.contact-email-hint')}
        type="email"
        value={typed['contactEmail'] ?? settings.contactEmail}
        error={errors['contactEmail']}
        maxlength={limits.emailCharacters}
      />
      <Field
        ctx={ctx}
        name="sourceUrl"
        label={t('admin-instance.source-url')}
        hint={t('admin-instance.source-url-hint')}
        type="url"
        value={typed['sourceUrl'] ?? settings.sourceUrl}
        error={errors['sourceUrl']}
        maxlength={2000}
      />
    </FieldGroup>
  );
}

function LookFields({ frame: { ctx }, settings, themes, form }: InstancePageProps) {
  const { t } = ctx;
  const { typed, errors } = form;
  const languages = [
    { value: 'en', label: 'English' },
    { value: 'fr', label: 'Français' },
  ];
  return (
    <FieldGroup title={t('admin-instance.look')}>
      <Select
        ctx={ctx}
        name="theme"
        label={t('set-up.theme')}
        hint={t('admin-instance.theme-hint')}
        options={themes.map((one) => ({ value: one.name, label: one.title }))}
        value={typed['theme'] ?? settings.theme}
        error={errors['theme']}
        required
        short
      />
      <Select
        ctx={ctx}
        name="defaultLocale"
        label={t('set-up.language')}
        hint={t('admin-instance.language-hint')}
        options={languages}
        value={typed['defaultLocale'] ?? settings.defaultLocale}
        error={errors['defaultLocale']}
        required
        short
      />
      <Field
        ctx={ctx}
        name="postCharacters"
        label={t('admin-instance.post-characters')}
        hint={t('admin-instance.post-characters-hint', { max: limits.postCharactersMax })}
        type="number"
        min={1}
        max={limits.postCharactersMax}
        value={typed['postCharacters'] ?? String(settings.postCharacters)}
        error={errors['postCharacters']}
        required
        short
      />
      <Checkbox
        ctx={ctx}
        name="showLatestPosts"
        label={t('admin-instance.show-latest-posts')}
        hint={t('admin-instance.show-latest-posts-hint')}
        checked={isChecked(form, 'showLatestPosts', settings.showLatestPosts)}
        error={errors['showLatestPosts']}
      />
      <Checkbox
        ctx={ctx}
        name="showDomainPolicies"
        label={t('admin-instance.show-domain-policies')}
        hint={t('admin-instance.show-domain-policies-hint')}
        checked={isChecked(form, 'showDomainPolicies', settings.showDomainPolicies)}
        error={errors['showDomainPolicies']}
      />
    </FieldGroup>
  );
}
