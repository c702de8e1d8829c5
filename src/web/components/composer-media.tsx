import type { MediaView } from '#domain/posts/post-view.ts';
import { limits } from '#kernel/limits.ts';
import { safeUrl } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { FieldError } from '#web/components/form.tsx';
import { Icon } from '#web/components/icon.tsx';

interface ComposerMediaProps {
  ctx: ViewContext;
  media: MediaView[];
  descriptions: string[];
  dropped: ReadonlySet<number> | undefined;
  error: string | undefined;
}

/**
 * File fields `media` with a `media_description` each, by position. Media that the post has already come as
 * `media_keep` (id) with `media_keep_description` by position, and `media_drop` (id) where ticked.
 */
export function ComposerMedia({ ctx, media, descriptions, dropped, error }: ComposerMediaProps) {
  const staying = media.filter(({ id }) => !dropped?.has(id));
  const free = Math.max(0, limits.mediaPerPost - staying.length);
  return (
    <div
      class="composer-media"
      data-part="composer-media"
      id="field-media"
      role="group"
      aria-label={ctx.t('composer.media')}
      aria-describedby={error ? 'field-media-error' : undefined}
    >
      {media.map((item) => (
        <KeptMedia ctx={ctx} item={item} isDropped={dropped?.has(item.id) ?? false} />
      ))}
      {free > 0 ? <NewMedia ctx={ctx} position={0} last={free - 1} descriptions={descriptions} /> : null}
      <FieldError ctx={ctx} id="field-media" error={error} />
    </div>
  );
}

/** Each further file is one disclosure deeper, so that a form without script is not four fields long. */
function NewMedia({
  ctx,
  position,
  last,
  descriptions,
}: {
  ctx: ViewContext;
  position: number;
  last: number;
  descriptions: string[];
}) {
  const id = `field-media-${position}`;
  return (
    <>
      <div class="composer-file" data-media-row>
        <label class="label" for={id}>
          {ctx.t('composer.file', { number: position + 1 })}
        </label>
        <input class="input file" id={id} type="file" name="media" accept="image/*,video/*,audio/*" />
        <label class="label" for={`${id}-description`}>
          {ctx.t('composer.description')}
        </label>
        <textarea
          class="input textarea"
          id={`${id}-description`}
          name="media_description"
          rows={2}
          maxlength={limits.mediaDescriptionCharacters}
          placeholder={ctx.t('composer.description-placeholder')}
          dir="auto"
        >
          {descriptions[position] ?? ''}
        </textarea>
      </div>
      {position < last ? (
        <details class="composer-further" open={Boolean(descriptions[position + 1])}>
          <summary class="chip">
            <Icon ctx={ctx} name="plus" />
            <span>{ctx.t('composer.another-file')}</span>
          </summary>
          <NewMedia ctx={ctx} position={position + 1} last={last} descriptions={descriptions} />
        </details>
      ) : null}
    </>
  );
}

function KeptMedia({ ctx, item, isDropped }: { ctx: ViewContext; item: MediaView; isDropped: boolean }) {
  const preview = safeUrl(item.previewUrl) ?? safeUrl(item.url);
  const id = `field-media-keep-${item.id}`;
  return (
    <div class="composer-kept">
      <input type="hidden" name="media_keep" value={item.id} />
      {preview && item.kind === 'image' ? (
        <img
          class="composer-thumbnail"
          src={preview}
          alt={item.description ?? ctx.t('media.no-description')}
          width="96"
          height="96"
        />
      ) : (
        <span class="composer-thumbnail">
          <Icon ctx={ctx} name={item.kind === 'video' ? 'video' : item.kind === 'audio' ? 'music' : 'file'} />
        </span>
      )}
      <div class="composer-kept-fields">
        <label class="label" for={id}>
          {ctx.t('composer.description')}
        </label>
        <textarea
          class="input textarea"
          id={id}
          name="media_keep_description"
          rows={2}
          maxlength={limits.mediaDescriptionCharacters}
          dir="auto"
        >
          {item.description ?? ''}
        </textarea>
        <label class="choice">
          <input type="checkbox" name="media_drop" value={item.id} checked={isDropped} />
          <span>{ctx.t('composer.drop-media')}</span>
        </label>
      </div>
    </div>
  );
}
