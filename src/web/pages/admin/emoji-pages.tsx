import type { OwnEmoji } from '#domain/emoji/emoji.queries.ts';
import { limits } from '#kernel/limits.ts';
import { ActionForm } from '#web/components/action-form.tsx';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { AdminConfirm } from '#web/components/admin-parts.tsx';
import { Badge } from '#web/components/badge.tsx';
import { Card } from '#web/components/card.tsx';
import { EmojiPicture } from '#web/components/emoji-picture.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Field, FileField, Form, SubmitRow } from '#web/components/form.tsx';
import { Table, type Column } from '#web/components/table.tsx';
import type { FormState } from '#web/forms.ts';
import type { Frame } from '#web/pages/admin/frame.ts';
import type { ViewContext } from '#web/view-context.ts';

const PAGE = '/admin/emoji';

interface ListPageProps {
  frame: Frame;
  emoji: OwnEmoji[];
  form: FormState;
}

export function EmojiListPage({ frame: { ctx, groups }, emoji, form: { typed, errors } }: ListPageProps) {
  const { t } = ctx;
  const categories = new Set(emoji.map(({ category }) => category).filter(Boolean));
  return (
    <AdminLayout
      ctx={ctx}
      groups={groups}
      title={t('admin.emoji')}
      intro={t('admin-emoji.intro')}
      actions={
        <a class="button" href={`${PAGE}/elsewhere`}>
          {t('admin-emoji.elsewhere')}
        </a>
      }
    >
      <Card title={t('admin-emoji.new')}>
        <Form ctx={ctx} action={PAGE} errors={errors} multipart>
          <ShortcodeField ctx={ctx} value={typed['shortcode'] ?? ''} error={errors['shortcode']} />
          <CategoryField ctx={ctx} value={typed['category'] ?? ''} error={errors['category']} known={[...categories]} />
          <FileField
            ctx={ctx}
            name="picture"
            label={t('admin-emoji.picture')}
            hint={t('admin-emoji.picture-hint', { max: limits.emojiUploadBytes / 1024 / 1024 })}
            accept="image/png,image/gif,image/webp,image/jpeg,image/avif"
            error={errors['picture']}
            required
          />
          <SubmitRow ctx={ctx} label={t('admin-emoji.add')} />
        </Form>
      </Card>
      <Card title={t('admin-emoji.here')}>
        <Table
          caption={t('admin-emoji.here')}
          columns={emojiColumns(ctx)}
          rows={emoji}
          empty={<EmptyState title={t('admin-emoji.none')} text={t('admin-emoji.none-text')} />}
        />
      </Card>
    </AdminLayout>
  );
}

interface TextProps {
  ctx: ViewContext;
  value: string;
  error: string | undefined;
}

export function ShortcodeField({ ctx, value, error }: TextProps) {
  return (
    <Field
      ctx={ctx}
      name="shortcode"
      label={ctx.t('admin-emoji.shortcode')}
      hint={ctx.t('admin-emoji.shortcode-hint')}
      value={value}
      error={error}
      required
      spellcheck={false}
      maxlength={limits.shortcodeCharacters + 2}
    />
  );
}

export function CategoryField({ ctx, value, error, known }: TextProps & { known: readonly string[] }) {
  const hint =
    known.length === 0
      ? ctx.t('admin-emoji.category-hint')
      : ctx.t('admin-emoji.category-known', { names: known.join(', ') });
  return (
    <Field
      ctx={ctx}
      name="category"
      label={ctx.t('admin-emoji.category')}
      hint={hint}
      value={value}
      error={error}
      maxlength={limits.emojiCategoryCharacters}
    />
  );
}

function emojiColumns(ctx: ViewContext): Column<OwnEmoji>[] {
  const { t } = ctx;
  return [
    { label: t('admin-emoji.picture'), quiet: true, cell: (emoji) => <EmojiPicture emoji={emoji} /> },
    {
      label: t('admin-emoji.shortcode'),
      head: true,
      cell: ({ id, shortcode }) => <a href={`${PAGE}/${id}`}>{`:${shortcode}:`}</a>,
    },
    { label: t('admin-emoji.category'), cell: ({ category }) => category || t('admin-emoji.no-category') },
    {
      label: t('admin-emoji.state'),
      cell: ({ disabledAt }) =>
        disabledAt === null ? t('admin-emoji.on') : <Badge ctx={ctx} kind="warning" label={t('admin-emoji.off')} />,
    },
    { label: t('admin-emoji.steps'), quiet: true, cell: (emoji) => <Steps ctx={ctx} emoji={emoji} /> },
  ];
}

function Steps({ ctx, emoji: { id, shortcode, disabledAt } }: { ctx: ViewContext; emoji: OwnEmoji }) {
  const { t } = ctx;
  const isOff = disabledAt !== null;
  const name = `:${shortcode}:`;
  return (
    <span class="admin-steps">
      <ActionForm ctx={ctx} action={`${PAGE}/${id}/${isOff ? 'enable' : 'disable'}`} returnTo={PAGE}>
        <button
          class="button"
          type="submit"
          aria-label={t(isOff ? 'admin-emoji.enable-one' : 'admin-emoji.disable-one', { name })}
        >
          {t(isOff ? 'admin-emoji.enable' : 'admin-emoji.disable')}
        </button>
      </ActionForm>
      <a class="button" href={`${PAGE}/${id}/delete`} aria-label={t('admin-emoji.delete-one', { name })}>
        {t('admin-emoji.delete')}
      </a>
    </span>
  );
}

interface OnePageProps {
  frame: Frame;
  emoji: OwnEmoji;
  form: FormState;
}

export function EmojiPage({ frame: { ctx, groups }, emoji, form: { typed, errors } }: OnePageProps) {
  const { t } = ctx;
  return (
    <AdminLayout
      ctx={ctx}
      groups={groups}
      title={`:${emoji.shortcode}:`}
      intro={t('admin-emoji.edit-intro')}
      back={{ href: PAGE, label: t('admin.emoji') }}
    >
      <p>
        <EmojiPicture emoji={emoji} />
      </p>
      <Form ctx={ctx} action={`${PAGE}/${emoji.id}`} errors={errors}>
        <CategoryField ctx={ctx} value={typed['category'] ?? emoji.category} error={errors['category']} known={[]} />
        <SubmitRow ctx={ctx} label={t('admin.save')} cancel={{ href: PAGE }} />
      </Form>
      <Steps ctx={ctx} emoji={emoji} />
    </AdminLayout>
  );
}

export function DeletePage({ frame: { ctx, groups }, emoji }: Omit<OnePageProps, 'form'>) {
  const { t } = ctx;
  return (
    <AdminConfirm
      ctx={ctx}
      groups={groups}
      title={t('admin-emoji.delete-title', { name: `:${emoji.shortcode}:` })}
      effects={[t('admin-effect.emoji-gone'), t('admin-effect.emoji-elsewhere')]}
      undo={t('admin-effect.emoji-undo')}
      action={`${PAGE}/${emoji.id}/delete`}
      label={t('admin-emoji.delete')}
      danger
      cancel={PAGE}
    >
      <EmojiPicture emoji={emoji} />
    </AdminConfirm>
  );
}
