import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { addEmoji } from '#domain/emoji/add-emoji.ts';
import { deleteEmoji } from '#domain/emoji/delete-emoji.ts';
import { editEmoji } from '#domain/emoji/edit-emoji.ts';
import { emojiById, ownEmoji, type OwnEmoji } from '#domain/emoji/emoji.queries.ts';
import { switchEmoji } from '#domain/emoji/switch-emoji.ts';
import { invalid, notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import { setFlash } from '#web/flash.ts';
import { field, submit, UNTOUCHED } from '#web/forms.ts';
import { DeletePage, EmojiListPage, EmojiPage } from '#web/pages/admin/emoji-pages.tsx';
import { frameOf } from '#web/pages/admin/frame.ts';
import { staffAction } from '#web/pages/admin/staff-action.ts';
import { prepareEmoji, withPreparedEmoji } from '#web/prepare-emoji.ts';
import { asStaff, requirePermission } from '#web/staff.ts';
import { submitUpload } from '#web/submit-upload.ts';
import type { UploadedFile } from '#web/uploads.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

const PAGE = '/admin/emoji';

const guard = requirePermission('emoji.edit');

const category = field.text(limits.emojiCategoryCharacters);
const newEmoji = z.object({ shortcode: field.required(limits.shortcodeCharacters + 2), category });

/** The instance's own emoji: what people here can write with. */
export function adminEmojiRoutes(deps: WebDeps): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get(PAGE, guard, async (c) => {
    const [frame, emoji] = [await frameOf(deps, c), await ownEmoji(deps.store)];
    return c.html(<EmojiListPage frame={frame} emoji={emoji} form={UNTOUCHED} />);
  });

  app.post(PAGE, guard, async (c) => {
    const [frame, emoji] = [await frameOf(deps, c), await ownEmoji(deps.store)];
    return submitUpload(deps, c, {
      schema: newEmoji,
      fileField: 'picture',
      page: (form) => <EmojiListPage frame={frame} emoji={emoji} form={form} />,
      async act(typed, files) {
        await takePicture(deps, files, { ...typed, actorId: frame.actorId });
        setFlash(deps, c, { kind: 'success', message: frame.ctx.t('admin-emoji.added') });
        return c.redirect(PAGE, 303);
      },
    });
  });

  app.get(`${PAGE}/:id{[0-9]+}`, guard, async (c) => {
    const [frame, emoji] = [await frameOf(deps, c), await emojiOf(deps, c)];
    return c.html(<EmojiPage frame={frame} emoji={emoji} form={UNTOUCHED} />);
  });

  app.post(`${PAGE}/:id{[0-9]+}`, guard, async (c) => {
    const [frame, emoji] = [await frameOf(deps, c), await emojiOf(deps, c)];
    return submit(c, {
      schema: z.object({ category }),
      page: (form) => <EmojiPage frame={frame} emoji={emoji} form={form} />,
      async act(typed) {
        await deps.commit(asStaff('emoji.edit', editEmoji), { actorId: frame.actorId, id: emoji.id, ...typed });
        setFlash(deps, c, { kind: 'success', message: frame.ctx.t('admin.saved') });
        return c.redirect(PAGE, 303);
      },
    });
  });

  addSteps(app, deps);
  return app;
}

function addSteps(app: Hono<WebEnv>, deps: WebDeps): void {
  for (const step of ['enable', 'disable'] as const) {
    app.post(
      `${PAGE}/:id{[0-9]+}/${step}`,
      guard,
      staffAction(deps, PAGE, async ({ c, actorId, id }) => {
        await deps.commit(asStaff('emoji.edit', switchEmoji), { actorId, id, on: step === 'enable' });
        const { t } = c.get('ctx');
        return { kind: 'success', message: t(step === 'enable' ? 'admin-emoji.enabled' : 'admin-emoji.disabled') };
      }),
    );
  }

  app.get(`${PAGE}/:id{[0-9]+}/delete`, guard, async (c) => {
    const [frame, emoji] = [await frameOf(deps, c), await emojiOf(deps, c)];
    return c.html(<DeletePage frame={frame} emoji={emoji} />);
  });

  app.post(
    `${PAGE}/:id{[0-9]+}/delete`,
    guard,
    staffAction(deps, PAGE, async ({ c, actorId, id }) => {
      const { files } = await deps.commit(asStaff('emoji.edit', deleteEmoji), { actorId, id });
      for (const name of files) await deps.media.uploads.remove(name);
      return { kind: 'success', message: c.get('ctx').t('admin-emoji.deleted') };
    }),
  );
}

async function emojiOf(deps: WebDeps, c: Context<WebEnv>): Promise<OwnEmoji> {
  const emoji = await emojiById(deps.store, parseId(c.req.param('id')) ?? 0);
  if (!emoji) throw notFound();
  return emoji;
}

interface TypedEmoji {
  actorId: number;
  shortcode: string;
  category: string;
}

async function takePicture(deps: WebDeps, files: readonly UploadedFile[], typed: TypedEmoji): Promise<void> {
  const picture = files.find((file) => file.field === 'picture');
  if (!picture) throw invalid('emoji-without-picture', 'picture');
  if (picture.bytes.byteLength > limits.emojiUploadBytes) {
    throw invalid('emoji-upload-too-large', 'picture', { max: limits.emojiUploadBytes / 1024 / 1024 });
  }
  const media = await prepareEmoji(deps, picture.bytes);
  await withPreparedEmoji(deps, media, () =>
    deps.commit(asStaff('emoji.edit', addEmoji), { ...typed, media, from: null }),
  );
}
