import { Hono } from 'hono';
import { z } from 'zod';
import { addEmoji } from '#domain/emoji/add-emoji.ts';
import { seenEmoji, type EmojiOwner, type SeenEmoji } from '#domain/emoji/seen-emoji.queries.ts';
import { emojiPath } from '#domain/media/media-paths.ts';
import { remoteEmoji, type RemoteSource } from '#domain/media/served-media.queries.ts';
import { policyOf } from '#domain/relationships/instance-domain-policy.ts';
import { invalid, notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import { AdminLayout } from '#web/components/admin-layout.tsx';
import { FilterForm } from '#web/components/admin-parts.tsx';
import { EmojiPicture } from '#web/components/emoji-picture.tsx';
import { EmptyState } from '#web/components/empty-state.tsx';
import { Field, Form, SubmitRow } from '#web/components/form.tsx';
import { Table, type Column } from '#web/components/table.tsx';
import { setFlash } from '#web/flash.ts';
import { field, formEntries, submitEntries, UNTOUCHED, type FormState } from '#web/forms.ts';
import { CategoryField, ShortcodeField } from '#web/pages/admin/emoji-pages.tsx';
import { frameOf, type Frame } from '#web/pages/admin/frame.ts';
import { prepareEmoji, withPreparedEmoji } from '#web/prepare-emoji.ts';
import { asStaff, requirePermission } from '#web/staff.ts';
import type { ViewContext } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const LIST = '/admin/emoji';
const PAGE = '/admin/emoji/elsewhere';
const COPY = '/admin/emoji/copy';

const schema = z.object({
  shortcode: field.required(limits.shortcodeCharacters + 2),
  category: field.text(limits.emojiCategoryCharacters),
});

/** Emoji of other servers, as they were seen here, and taking one over. */
export function adminSeenEmojiRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const guard = requirePermission('emoji.edit');

  app.get(PAGE, guard, async (c) => {
    const frame = await frameOf(deps, c);
    const text = c.req.query('text')?.trim() ?? '';
    return c.html(<SeenPage frame={frame} seen={await seenEmoji(deps.store, text)} text={text} />);
  });

  app.get(COPY, guard, async (c) => {
    const [frame, copied] = [await frameOf(deps, c), await copiedEmoji(deps, c.req.query())];
    return c.html(<CopyPage frame={frame} copied={copied} form={UNTOUCHED} />);
  });

  app.post(COPY, guard, async (c) => {
    const entries = await formEntries(c);
    const [frame, copied] = [await frameOf(deps, c), await copiedEmoji(deps, entries)];
    return submitEntries(c, entries, {
      schema,
      page: (form) => <CopyPage frame={frame} copied={copied} form={form} />,
      async act(typed) {
        await copyEmoji(deps, copied.source, { ...typed, actorId: frame.actorId });
        setFlash(deps, c, { kind: 'success', message: frame.ctx.t('admin-emoji.added') });
        return c.redirect(LIST, 303);
      },
    });
  });

  return app;
}

interface CopiedEmoji {
  /** Where it stands, as the address says it. */
  of: string;
  name: string;
  path: string;
  source: RemoteSource;
}

/** The emoji that the fields `of` and `name` mean; the address of its picture is never taken from a request. */
async function copiedEmoji(deps: WebDeps, { of = '', name = '' }: Record<string, string>): Promise<CopiedEmoji> {
  const [, kind, digits] = /^(post|account)-(\d+)$/.exec(of) ?? [];
  const id = parseId(digits);
  if (id === null) throw notFound();
  const owner: EmojiOwner = kind === 'post' ? { postId: id } : { accountId: id };
  const source = await remoteEmoji(deps.store, owner, name);
  // What only some may see is not passed on to everybody.
  if (!source?.shared || (await isRefused(deps, source))) throw notFound();
  return { of, name, path: emojiPath(owner, name, source.key), source };
}

/** By the server that shows it and by the one that its picture lies on. */
async function isRefused({ store }: WebDeps, { domain, url }: RemoteSource): Promise<boolean> {
  for (const name of new Set([domain, URL.parse(url)?.hostname ?? ''])) {
    const { severity, rejectMedia } = await policyOf(store, name);
    if (rejectMedia || severity === 'suspend') return true;
  }
  return false;
}

interface TypedEmoji {
  actorId: number;
  shortcode: string;
  category: string;
}

async function copyEmoji(deps: WebDeps, source: RemoteSource, typed: TypedEmoji): Promise<void> {
  const copy = await deps.remoteMedia.copyOf(source, 'emoji');
  if (!copy) throw invalid('emoji-not-fetched');
  const bytes = new Uint8Array(await new Response(copy.file.read()).arrayBuffer());
  const media = await prepareEmoji(deps, bytes);
  await withPreparedEmoji(deps, media, () =>
    deps.commit(asStaff('emoji.edit', addEmoji), { ...typed, media, from: source.domain }),
  );
}

function SeenPage({ frame: { ctx, groups }, seen, text }: { frame: Frame; seen: SeenEmoji[]; text: string }) {
  const { t } = ctx;
  return (
    <AdminLayout
      ctx={ctx}
      groups={groups}
      title={t('admin-emoji.elsewhere')}
      intro={t('admin-emoji.elsewhere-intro')}
      back={{ href: LIST, label: t('admin.emoji') }}
    >
      <FilterForm ctx={ctx} action={PAGE}>
        <Field
          ctx={ctx}
          name="text"
          type="search"
          label={t('admin-emoji.find')}
          value={text}
          optional={false}
          spellcheck={false}
        />
      </FilterForm>
      <Table
        caption={t('admin-emoji.elsewhere')}
        columns={seenColumns(ctx)}
        rows={seen}
        empty={<EmptyState title={t('admin-emoji.none-seen')} text={t('admin-emoji.none-seen-text')} />}
      />
    </AdminLayout>
  );
}

function seenColumns(ctx: ViewContext): Column<SeenEmoji>[] {
  const { t } = ctx;
  return [
    { label: t('admin-emoji.picture'), quiet: true, cell: (emoji) => <EmojiPicture emoji={emoji} /> },
    { label: t('admin-emoji.shortcode'), head: true, cell: ({ shortcode }) => `:${shortcode}:` },
    { label: t('domains.server'), cell: ({ domain }) => domain },
    {
      label: t('admin-emoji.copy'),
      quiet: true,
      cell: (emoji) => (
        <a
          class="button"
          href={copyPath(emoji)}
          aria-label={t('admin-emoji.copy-one', { name: `:${emoji.shortcode}:`, domain: emoji.domain })}
        >
          {t('admin-emoji.copy')}
        </a>
      ),
    },
  ];
}

function copyPath({ owner, shortcode }: SeenEmoji): string {
  const of = 'postId' in owner ? `post-${owner.postId}` : `account-${owner.accountId}`;
  return `${COPY}?${new URLSearchParams({ of, name: shortcode }).toString()}`;
}

interface CopyPageProps {
  frame: Frame;
  copied: CopiedEmoji;
  form: FormState;
}

function CopyPage({ frame: { ctx, groups }, copied, form: { typed, errors } }: CopyPageProps) {
  const { t } = ctx;
  return (
    <AdminLayout
      ctx={ctx}
      groups={groups}
      title={t('admin-emoji.copy-title')}
      intro={t('admin-emoji.copy-intro', { domain: copied.source.domain })}
      back={{ href: PAGE, label: t('admin-emoji.elsewhere') }}
    >
      <p>
        <EmojiPicture emoji={{ shortcode: copied.name, url: copied.path }} />
      </p>
      <Form ctx={ctx} action={COPY} errors={errors}>
        <input type="hidden" name="of" value={copied.of} />
        <input type="hidden" name="name" value={copied.name} />
        <ShortcodeField ctx={ctx} value={typed['shortcode'] ?? copied.name} error={errors['shortcode']} />
        <CategoryField ctx={ctx} value={typed['category'] ?? ''} error={errors['category']} known={[]} />
        <SubmitRow ctx={ctx} label={t('admin-emoji.add')} cancel={{ href: PAGE }} />
      </Form>
    </AdminLayout>
  );
}
