import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { Unit } from '#db/unit.ts';
import { editProfile, type ProfileEdit } from '#domain/accounts/edit-profile.ts';
import { ownProfile, type OwnProfile } from '#domain/accounts/own-profile.queries.ts';
import { addMedia } from '#domain/media/add-media.ts';
import { prepareMedia, withdrawMedia, type PreparedMedia } from '#domain/media/prepare-media.ts';
import { mentionedAccounts } from '#domain/posts/mentioned-accounts.ts';
import { renderField, renderText, textOfHtml, type MentionTarget } from '#domain/posts/render-text.ts';
import { need } from '#kernel/assert.ts';
import { DomainError } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';
import { Checkbox, Field, FieldGroup, FileField, Form, SubmitRow, TextArea } from '#web/components/form.tsx';
import { SettingsLayout } from '#web/components/settings-layout.tsx';
import { setFlash } from '#web/flash.ts';
import { field, isChecked, submit, UNTOUCHED, type FormState } from '#web/forms.ts';
import { requireLogin, sessionOf } from '#web/session.ts';
import { submitUpload } from '#web/submit-upload.ts';
import type { UploadedFile } from '#web/uploads.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PROFILE = '/settings/profile';
const PRIVACY = '/settings/privacy';
const POSITIONS = Array.from({ length: limits.profileFields }, (_, position) => position);

const profileSchema = z.object({
  displayName: field.text(limits.displayNameCharacters),
  bio: field.text(limits.bioCharacters),
  bot: field.checkbox,
  removeAvatar: field.checkbox,
  removeHeader: field.checkbox,
  ...Object.fromEntries(
    POSITIONS.flatMap((position) =>
      ['name', 'value'].map((part) => [`${part}${position}`, field.text(limits.profileFieldCharacters)]),
    ),
  ),
});

const privacySchema = z.object({
  locked: field.checkbox,
  discoverable: field.checkbox,
  indexable: field.checkbox,
  countsHidden: field.checkbox,
});

/** What a person says of themselves, and who may find and follow them. */
export function profileSettingsRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  const profileOf = async (c: Context<WebEnv>) =>
    need(await ownProfile(deps.store.read, sessionOf(c).accountId), 'a session without an account');

  const done = (c: Context<WebEnv>, page: string) => {
    setFlash(deps, c, { kind: 'success', message: c.get('ctx').t('settings.saved') });
    return c.redirect(page, 303);
  };

  app.get(PROFILE, requireLogin, async (c) =>
    c.html(<ProfilePage ctx={c.get('ctx')} profile={await profileOf(c)} form={UNTOUCHED} />),
  );

  app.post(PROFILE, requireLogin, async (c) => {
    const { accountId } = sessionOf(c);
    const profile = await profileOf(c);
    return submitUpload(deps, c, {
      schema: profileSchema,
      page: (form) => <ProfilePage ctx={c.get('ctx')} profile={profile} form={form} />,
      async act(values, files) {
        await deps.rateLimits.take('profilePerAccount', accountId);
        await saveProfile(deps, accountId, { ...profile, ...values, fields: fieldsIn(values) }, files, values);
        return done(c, PROFILE);
      },
    });
  });

  app.get(PRIVACY, requireLogin, async (c) =>
    c.html(<PrivacyPage ctx={c.get('ctx')} profile={await profileOf(c)} form={UNTOUCHED} />),
  );

  app.post(PRIVACY, requireLogin, async (c) => {
    const profile = await profileOf(c);
    return submit(c, {
      schema: privacySchema,
      page: (form) => <PrivacyPage ctx={c.get('ctx')} profile={profile} form={form} />,
      async act(values) {
        await saveProfile(deps, sessionOf(c).accountId, { ...profile, ...values, fields: fieldsOf(profile) }, [], {});
        return done(c, PRIVACY);
      },
    });
  });

  return app;
}

type TypedProfile = Omit<OwnProfile, 'fields'> & { fields: { name: string; value: string }[] };

type Pictures = Partial<Record<'avatar' | 'header', PreparedMedia>>;

/** Pictures are re-encoded first; a refusal after that leaves no file behind. */
async function saveProfile(
  deps: WebDeps,
  accountId: number,
  profile: TypedProfile,
  files: readonly UploadedFile[],
  remove: { removeAvatar?: boolean; removeHeader?: boolean },
): Promise<void> {
  const pictures: Pictures = {};
  try {
    for (const { field: name, bytes } of files) {
      if (name === 'avatar' || name === 'header') pictures[name] ??= await preparePicture(deps, bytes, name);
    }
    await deps.commit(writeProfile, { accountId, profile, pictures, remove });
  } catch (error) {
    for (const media of Object.values(pictures)) await withdrawMedia(deps.media, media);
    throw error;
  }
}

/** A refusal belongs to the field from which the picture came. */
async function preparePicture(deps: WebDeps, bytes: Uint8Array, name: 'avatar' | 'header'): Promise<PreparedMedia> {
  try {
    return await prepareMedia(deps.media, bytes, name);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, error.reason, { field: name, values: error.values, cause: error });
  }
}

interface ProfileWrite {
  accountId: number;
  profile: TypedProfile;
  pictures: Pictures;
  remove: { removeAvatar?: boolean; removeHeader?: boolean };
}

async function writeProfile(unit: Unit, { accountId, profile, pictures, remove }: ProfileWrite): Promise<void> {
  const { origin } = unit.site;
  const words = [profile.bio, ...profile.fields.map((one) => one.value)].join('\n');
  const mentions = new Map<string, MentionTarget>();
  for (const [key, { target }] of await mentionedAccounts(unit, words)) mentions.set(key, target);
  const { displayName, bio, locked, bot, discoverable, indexable, countsHidden } = profile;
  const edit: ProfileEdit = {
    accountId,
    displayName,
    bio,
    bioHtml: renderText(bio, mentions, origin),
    fields: profile.fields.map((one) => ({ ...one, valueHtml: renderField(one.value, mentions, origin) })),
    locked,
    bot,
    discoverable,
    indexable,
    countsHidden,
  };
  if (remove.removeAvatar) edit.avatarMediaId = null;
  if (remove.removeHeader) edit.headerMediaId = null;
  if (pictures.avatar) edit.avatarMediaId = await addMedia(unit, { accountId, media: pictures.avatar });
  if (pictures.header) edit.headerMediaId = await addMedia(unit, { accountId, media: pictures.header });
  await editProfile(unit, edit);
}

function fieldsIn(values: Record<string, unknown>): { name: string; value: string }[] {
  const text = (name: string) => {
    const value = values[name];
    return typeof value === 'string' ? value : '';
  };
  return POSITIONS.map((position) => ({ name: text(`name${position}`), value: text(`value${position}`) }));
}

/** Fields are stored as they are shown; a mention is shown shorter than it was typed. */
function fieldsOf({ fields }: OwnProfile): { name: string; value: string }[] {
  const mention = /<span class="h-card"><a [^>]*title="(@[^"]*)"[^>]*>.*?<\/a><\/span>/g;
  return fields.map(({ name, valueHtml }) => ({ name, value: textOfHtml(valueHtml.replaceAll(mention, '$1')) }));
}

interface PageProps {
  ctx: ViewContext;
  profile: OwnProfile;
  form: FormState;
}

function ProfilePage({ ctx, profile, form }: PageProps) {
  const { t } = ctx;
  const { typed, errors } = form;
  return (
    <SettingsLayout ctx={ctx} title={t('settings.profile')} section="profile">
      <Form ctx={ctx} action={PROFILE} errors={errors} multipart>
        <Field
          ctx={ctx}
          name="displayName"
          label={t('profile-form.name')}
          value={typed['displayName'] ?? profile.displayName}
          error={errors['displayName']}
          autocomplete="nickname"
          maxlength={limits.displayNameCharacters}
        />
        <TextArea
          ctx={ctx}
          name="bio"
          label={t('profile-form.bio')}
          hint={t('profile-form.bio-hint')}
          value={typed['bio'] ?? profile.bio}
          error={errors['bio']}
          maxlength={limits.bioCharacters}
        />
        <ExtraFields ctx={ctx} profile={profile} typed={typed} errors={errors} />
        <Checkbox
          ctx={ctx}
          name="bot"
          label={t('profile-form.bot')}
          hint={t('profile-form.bot-hint')}
          checked={isChecked(form, 'bot', profile.bot)}
          error={errors['bot']}
        />
        <PictureField ctx={ctx} name="avatar" has={profile.hasAvatar} form={form} />
        <PictureField ctx={ctx} name="header" has={profile.hasHeader} form={form} />
        <SubmitRow ctx={ctx} label={t('settings.save')} />
      </Form>
    </SettingsLayout>
  );
}

const PICTURES = {
  avatar: { label: 'profile-form.avatar', remove: 'profile-form.avatar-remove', removeName: 'removeAvatar' },
  header: { label: 'profile-form.header', remove: 'profile-form.header-remove', removeName: 'removeHeader' },
} as const;

interface PictureFieldProps {
  ctx: ViewContext;
  name: keyof typeof PICTURES;
  has: boolean;
  form: FormState;
}

function PictureField({ ctx, name, has, form }: PictureFieldProps) {
  const { label, remove, removeName } = PICTURES[name];
  return (
    <>
      <FileField
        ctx={ctx}
        name={name}
        label={ctx.t(label)}
        hint={ctx.t('profile-form.picture-hint')}
        accept="image/*"
        error={form.errors[name]}
      />
      {has ? (
        <Checkbox ctx={ctx} name={removeName} label={ctx.t(remove)} checked={isChecked(form, removeName, false)} />
      ) : null}
    </>
  );
}

function ExtraFields({ ctx, profile, typed, errors }: PageProps['form'] & Omit<PageProps, 'form'>) {
  const { t } = ctx;
  const known = fieldsOf(profile);
  const backLink = `<a rel="me" href="https://${ctx.instance.host}/@${ctx.viewer?.account.handle ?? ''}">`;
  return (
    <FieldGroup title={t('profile-form.fields')} hint={t('profile-form.fields-hint')}>
      <p class="hint">{t.rich('profile-form.verify-hint', { code: <code>{backLink}</code> })}</p>
      {POSITIONS.map((position) => {
        const number = position + 1;
        const [name, value] = [`name${position}`, `value${position}`];
        return (
          <div class="field-pair">
            <Field
              ctx={ctx}
              name={name}
              label={t('profile-form.field-name', { number })}
              value={typed[name] ?? known[position]?.name}
              error={errors[name]}
              maxlength={limits.profileFieldCharacters}
            />
            <Field
              ctx={ctx}
              name={value}
              label={t('profile-form.field-value', { number })}
              value={typed[value] ?? known[position]?.value}
              error={errors[value]}
              maxlength={limits.profileFieldCharacters}
            />
          </div>
        );
      })}
    </FieldGroup>
  );
}

function PrivacyPage({ ctx, profile, form }: PageProps) {
  const { t } = ctx;
  const { errors } = form;
  return (
    <SettingsLayout ctx={ctx} title={t('settings.privacy')} section="privacy">
      <Form ctx={ctx} action={PRIVACY} errors={errors}>
        <Checkbox
          ctx={ctx}
          name="locked"
          label={t('privacy.locked')}
          hint={t('privacy.locked-hint')}
          checked={isChecked(form, 'locked', profile.locked)}
        />
        <Checkbox
          ctx={ctx}
          name="discoverable"
          label={t('privacy.discoverable')}
          hint={t('privacy.discoverable-hint')}
          checked={isChecked(form, 'discoverable', profile.discoverable)}
        />
        <Checkbox
          ctx={ctx}
          name="indexable"
          label={t('privacy.indexable')}
          hint={t('privacy.indexable-hint')}
          checked={isChecked(form, 'indexable', profile.indexable)}
        />
        <Checkbox
          ctx={ctx}
          name="countsHidden"
          label={t('privacy.counts-hidden')}
          hint={t('privacy.counts-hidden-hint')}
          checked={isChecked(form, 'countsHidden', profile.countsHidden)}
        />
        <SubmitRow ctx={ctx} label={t('settings.save')} />
      </Form>
    </SettingsLayout>
  );
}
