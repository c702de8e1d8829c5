import { randomUUID } from 'node:crypto';
import type { Child } from '#web/jsx/html.ts';
import { VISIBILITIES, type Visibility } from '#domain/posts/visibility.ts';
import type { MediaView, PostView } from '#domain/posts/post-view.ts';
import { limits } from '#kernel/limits.ts';
import { keep, keepDrawn } from '#web/jsx/keep.ts';
import type { ViewContext } from '#web/view-context.ts';
import { FormFields } from '#web/components/action-form.tsx';
import { Avatar } from '#web/components/avatar.tsx';
import { ComposerMedia } from '#web/components/composer-media.tsx';
import { ComposerPoll, type PollDraft } from '#web/components/composer-poll.tsx';
import { ErrorSummary, FieldError, type FormErrors } from '#web/components/form.tsx';
import { Icon } from '#web/components/icon.tsx';
import { languageChoices } from '#web/components/languages.ts';
import { VISIBILITY_ICONS } from '#web/components/post-head.tsx';
import type { IconName } from '#web/icon-names.ts';

/** What was typed, so that nothing is lost when a post is refused; all of it may be missing. */
export interface ComposerValues {
  text?: string | undefined;
  warning?: string | undefined;
  visibility?: Visibility | undefined;
  language?: string | undefined;
  sensitive?: boolean | undefined;
  /** By position, as the fields `media_description` were sent. */
  mediaDescriptions?: string[] | undefined;
  /** The media that are ticked to be removed. */
  mediaDropped?: ReadonlySet<number> | undefined;
  poll?: PollDraft | undefined;
}

interface ComposerProps {
  ctx: ViewContext;
  /** `/posts` for a new post, `/posts/<id>/edit` for an edit. */
  action?: string | undefined;
  values?: ComposerValues | undefined;
  errors?: FormErrors | undefined;
  replyTo?: PostView | undefined;
  /** Media that the post already has, for editing: kept, described anew or dropped. */
  media?: MediaView[] | undefined;
  /** An edit cannot change for whom a post is. */
  edit?: boolean | undefined;
  charactersMax?: number | undefined;
  returnTo?: string | undefined;
  /** Fits above a timeline: low until it is used. */
  compact?: boolean | undefined;
  autofocus?: boolean | undefined;
}

export function Composer(props: ComposerProps) {
  const { ctx, values = {}, errors = {}, replyTo, edit = false, compact = false } = props;
  const { t } = ctx;
  const max = props.charactersMax ?? limits.postCharacters;
  const label = t(edit ? 'composer.label-edit' : replyTo ? 'composer.label-reply' : 'composer.label');
  return (
    <form
      method="post"
      action={props.action ?? '/posts'}
      enctype="multipart/form-data"
      class="composer"
      data-part="composer"
      data-compact={compact ? '' : undefined}
      data-composer
      id={replyTo ? 'reply' : 'compose'}
      aria-label={label}
    >
      <FormFields ctx={ctx} returnTo={props.returnTo} />
      <input type="hidden" name="form_token" value={randomUUID()} />
      {replyTo ? <input type="hidden" name="reply_to" value={replyTo.id} /> : null}
      <ErrorSummary ctx={ctx} errors={errors} />
      <div class="composer-row">
        {ctx.viewer ? <Avatar account={ctx.viewer.account} /> : null}
        <ComposerText {...props} label={label} max={max} />
      </div>
      <ComposerOptions {...props} />
      <div class="composer-foot">
        {edit ? null : <VisibilitySelect ctx={ctx} value={values.visibility ?? replyTo?.visibility ?? 'public'} />}
        <LanguageSelect ctx={ctx} value={values.language ?? ctx.locale} />
        <span class="composer-send">
          <span class="composer-counter" data-counter hidden aria-hidden="true" />
          <span class="visually-hidden" data-counter-words={t('composer.characters-left')} aria-live="polite" />
          <button class="button" type="submit" data-kind="primary">
            {t(edit ? 'composer.save' : replyTo ? 'composer.reply' : 'composer.post')}
          </button>
        </span>
      </div>
    </form>
  );
}

function ComposerText({
  ctx,
  values = {},
  errors = {},
  replyTo,
  compact,
  autofocus,
  label,
  max,
}: ComposerProps & { label: string; max: number }) {
  // The summary of errors leads to the field by its usual id; an answer that came back is alone on its page.
  const id = replyTo && !errors['text'] ? 'field-reply-text' : 'field-text';
  return (
    <div class="composer-text" data-invalid={errors['text'] ? '' : undefined}>
      <label class="visually-hidden" for={id}>
        {label}
      </label>
      <textarea
        class="composer-input"
        id={id}
        name="text"
        rows={compact ? 2 : 4}
        dir="auto"
        placeholder={ctx.t(replyTo ? 'composer.placeholder-reply' : 'composer.placeholder')}
        data-max={max}
        autofocus={autofocus}
        aria-describedby={errors['text'] ? `${id}-error` : undefined}
        aria-invalid={errors['text'] ? 'true' : undefined}
      >
        {values.text ?? (replyTo ? mentionsFor(ctx, replyTo) : '')}
      </textarea>
      <FieldError ctx={ctx} id={id} error={errors['text']} />
    </div>
  );
}

/** The empty ones stand above every home. */
function ComposerOptions(props: ComposerProps) {
  const { ctx, values = {}, errors = {}, media = [], edit = false } = props;
  const { warning, mediaDescriptions, sensitive, poll } = values;
  const filled = Boolean(warning || mediaDescriptions || sensitive || poll) || media.length > 0;
  if (filled || Object.keys(errors).length > 0) return <DrawnOptions {...props} />;
  const { locale, viewer, assets } = ctx;
  return keep(`composer options ${locale} ${edit} ${viewer?.offersEmoji ?? false} ${assets.url('icons.svg')}`, () => (
    <DrawnOptions ctx={ctx} edit={edit} />
  ));
}

function DrawnOptions({ ctx, values = {}, errors = {}, media = [], edit = false }: ComposerProps) {
  const { t } = ctx;
  const pollOpen =
    (values.poll?.options.some((option) => option.trim() !== '') ?? false) || errors['poll'] !== undefined;
  return (
    <div class="composer-options">
      <Option
        ctx={ctx}
        icon="triangle-alert"
        label={t('composer.warning')}
        open={Boolean(values.warning || errors['warning'])}
      >
        <p class="hint" id="composer-warning-hint">
          {t('composer.warning-hint')}
        </p>
        <input
          class="input"
          type="text"
          id="field-warning"
          name="warning"
          value={values.warning ?? ''}
          maxlength={limits.warningCharacters}
          aria-label={t('composer.warning')}
          aria-describedby={errors['warning'] ? 'composer-warning-hint field-warning-error' : 'composer-warning-hint'}
          aria-invalid={errors['warning'] ? 'true' : undefined}
          dir="auto"
        />
        <FieldError ctx={ctx} id="field-warning" error={errors['warning']} />
      </Option>
      <Option
        ctx={ctx}
        icon="image"
        label={t('composer.media')}
        open={media.length > 0 || errors['media'] !== undefined}
      >
        <ComposerMedia
          ctx={ctx}
          media={media}
          descriptions={values.mediaDescriptions ?? []}
          dropped={values.mediaDropped}
          error={errors['media']}
        />
        <label class="choice">
          <input type="checkbox" name="sensitive" value="on" checked={values.sensitive} />
          <span>{t('composer.sensitive')}</span>
        </label>
      </Option>
      {edit ? null : (
        <Option ctx={ctx} icon="chart-bar-big" label={t('composer.poll')} open={pollOpen}>
          <ComposerPoll ctx={ctx} poll={values.poll} error={errors['poll']} />
        </Option>
      )}
      {ctx.viewer?.offersEmoji ? (
        // Elsewhere, so that nothing typed is lost.
        <a
          class="chip"
          href="/emoji"
          target="_blank"
          data-emoji-list={t('composer.emoji-find')}
          data-emoji-none={t('composer.emoji-not-found')}
        >
          <Icon ctx={ctx} name="smile" />
          <span>{t('composer.emoji')}</span>
        </a>
      ) : null}
    </div>
  );
}

interface OptionProps {
  ctx: ViewContext;
  icon: IconName;
  label: string;
  open: boolean;
  children?: Child;
}

function Option({ ctx, icon, label, open, children }: OptionProps) {
  return (
    <details class="composer-option" open={open}>
      <summary class="chip">
        <Icon ctx={ctx} name={icon} />
        <span>{label}</span>
      </summary>
      <div class="composer-panel">{children}</div>
    </details>
  );
}

const VisibilitySelect = keepDrawn<{ value: Visibility }>(({ ctx, value }) => (
  <span class="select" data-quiet>
    <Icon ctx={ctx} name={VISIBILITY_ICONS[value]} />
    <select class="input" name="visibility" aria-label={ctx.t('composer.visibility')} data-icon-select>
      {VISIBILITIES.map((visibility) => (
        <option
          value={visibility}
          selected={visibility === value}
          title={ctx.t(`visibility.${visibility}.hint`)}
          data-icon={VISIBILITY_ICONS[visibility]}
        >
          {ctx.t(`visibility.${visibility}`)}
        </option>
      ))}
    </select>
    <Icon ctx={ctx} name="chevron-down" />
  </span>
));

const LanguageSelect = keepDrawn<{ value: string }>(({ ctx, value }) => (
  <span class="select" data-quiet>
    <Icon ctx={ctx} name="languages" />
    <select class="input" name="language" aria-label={ctx.t('composer.language')}>
      {languageChoices(ctx.locale, value).map((choice) => (
        <option value={choice.value} selected={choice.value === value}>
          {choice.label}
        </option>
      ))}
    </select>
    <Icon ctx={ctx} name="chevron-down" />
  </span>
));

/** Those who take part in the conversation, the viewer left out. */
function mentionsFor(ctx: ViewContext, post: PostView): string {
  const people = [post.author, ...post.mentions].filter((account) => account.id !== ctx.viewer?.account.id);
  const unique = [...new Set(people.map((account) => account.acct))];
  return unique.length > 0 ? `${unique.join(' ')} ` : '';
}
