import type { MediaView } from '#domain/posts/post-view.ts';
import { averageColour } from '#web/blurhash-colour.ts';
import { safeUrl } from '#web/safe-html.ts';
import type { ViewContext } from '#web/view-context.ts';
import { Icon } from '#web/components/icon.tsx';

interface MediaGridProps {
  ctx: ViewContext;
  media: MediaView[];
  /** Behind a veil until asked for. */
  sensitive: boolean;
  postId: number;
}

export function MediaGrid({ ctx, media, sensitive, postId }: MediaGridProps) {
  if (media.length === 0) return null;
  const visual = media.filter((item) => item.kind === 'image' || item.kind === 'video');
  const other = media.filter((item) => item.kind === 'audio' || item.kind === 'file');
  const inside = (
    <>
      {visual.length > 0 ? (
        <div class="media-grid" data-part="media-grid" data-count={Math.min(visual.length, 4)}>
          {visual.map((item) => (
            <Figure ctx={ctx} item={item} alone={visual.length === 1} group={postId} />
          ))}
        </div>
      ) : null}
      {other.map((item) => (
        <AudioOrFile ctx={ctx} item={item} />
      ))}
    </>
  );
  if (!sensitive) return inside;
  return (
    <details class="veil" data-part="media-veil">
      <summary class="veil-bar">
        <Icon ctx={ctx} name="eye-off" />
        <span class="veil-text">{ctx.t('media.sensitive', { count: media.length })}</span>
        <span class="warning-button">
          <span class="when-closed">{ctx.t('post.warning-show')}</span>
          <span class="when-open">{ctx.t('post.warning-hide')}</span>
        </span>
      </summary>
      {inside}
    </details>
  );
}

function Figure({ ctx, item, alone, group }: { ctx: ViewContext; item: MediaView; alone: boolean; group: number }) {
  return (
    <figure class="media" data-part="media" data-shape={alone ? shapeOf(item) : undefined}>
      {isShown(item) ? <Ground item={item} /> : null}
      <Visual ctx={ctx} item={item} group={group} />
      {isShown(item) ? <Description ctx={ctx} item={item} /> : null}
    </figure>
  );
}

function isShown(item: MediaView): boolean {
  return safeUrl(item.url) !== null || safeUrl(item.previewUrl) !== null;
}

function Visual({ ctx, item, group }: { ctx: ViewContext; item: MediaView; group: number }) {
  const url = safeUrl(item.url);
  const preview = safeUrl(item.previewUrl) ?? (item.kind === 'image' ? url : null);
  if (item.kind === 'video' && url) {
    return (
      <video
        class="media-visual"
        src={url}
        poster={preview ?? undefined}
        controls
        preload="none"
        aria-label={item.description ?? undefined}
      />
    );
  }
  if (!preview) return <Missing ctx={ctx} item={item} />;
  return (
    <a class="media-link" href={url ?? preview} data-lightbox={group}>
      <img
        class="media-visual"
        src={preview}
        alt={item.description ?? ctx.t('media.no-description')}
        width={item.width ?? undefined}
        height={item.height ?? undefined}
        data-focus-x={focusStep(item.focusX)}
        data-focus-y={focusStep(-item.focusY)}
        loading="lazy"
        decoding="async"
      />
    </a>
  );
}

/** Still being processed, or remote media that this instance does not keep: the origin has them. */
function Missing({ ctx, item }: { ctx: ViewContext; item: MediaView }) {
  const remote = safeUrl(item.remoteUrl);
  return (
    <div class="media-missing">
      <Icon ctx={ctx} name="image-off" />
      {remote ? (
        <a href={remote} rel="noopener noreferrer nofollow">
          {ctx.t('media.at-origin')}
        </a>
      ) : (
        <span>{ctx.t('media.processing')}</span>
      )}
    </div>
  );
}

/** The description on demand; a badge where there is none. */
function Description({ ctx, item }: { ctx: ViewContext; item: MediaView }) {
  if (!item.description) {
    return (
      <figcaption class="media-undescribed" data-part="media-undescribed">
        {ctx.t('media.no-description')}
      </figcaption>
    );
  }
  return (
    <figcaption class="media-caption">
      <details class="media-description" data-part="media-description">
        <summary class="media-badge" title={ctx.t('media.description')}>
          <span aria-hidden="true">{ctx.t('media.alt-badge')}</span>
          <span class="visually-hidden">{ctx.t('media.description')}</span>
        </summary>
        <p class="media-description-text" dir="auto">
          {item.description}
        </p>
      </details>
    </figcaption>
  );
}

function AudioOrFile({ ctx, item }: { ctx: ViewContext; item: MediaView }) {
  const url = safeUrl(item.url) ?? safeUrl(item.remoteUrl);
  const label = item.description ?? ctx.t(item.kind === 'audio' ? 'media.audio' : 'media.file');
  return (
    <div class="media-row" data-part="media-row">
      {item.kind === 'audio' && safeUrl(item.url) ? (
        <audio src={safeUrl(item.url) ?? undefined} controls preload="none" aria-label={label} />
      ) : null}
      <p class="media-row-words">
        <Icon ctx={ctx} name={item.kind === 'audio' ? 'music' : 'file'} />
        {url ? (
          <a href={url} rel="noopener noreferrer nofollow" dir="auto">
            {label}
          </a>
        ) : (
          <span>{ctx.t('media.processing')}</span>
        )}
      </p>
    </div>
  );
}

/** The picture's mean colour below it while it loads. */
function Ground({ item }: { item: MediaView }) {
  const colour = item.blurhash === null ? null : averageColour(item.blurhash);
  if (colour === null) return null;
  return (
    <svg class="media-ground" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      <rect width="1" height="1" fill={colour} />
    </svg>
  );
}

function shapeOf(item: MediaView): 'tall' | 'square' | 'wide' | 'panorama' {
  const ratio = item.width && item.height ? item.width / item.height : 16 / 9;
  if (ratio < 0.8) return 'tall';
  if (ratio < 1.2) return 'square';
  return ratio < 2.2 ? 'wide' : 'panorama';
}

/** The focus as one of eleven steps of `object-position`, because the page may carry no inline style. */
function focusStep(focus: number): number | undefined {
  if (!Number.isFinite(focus) || focus === 0) return undefined;
  return Math.round(((Math.max(-1, Math.min(1, focus)) + 1) / 2) * 10);
}
