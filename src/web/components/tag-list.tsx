import type { TagUse, TagView } from '#domain/search/tags.queries.ts';
import type { ViewContext } from '#web/view-context.ts';

/** Hashtags, with plain counts where there are any: nobody has to guess why one stands above another. */
export function TagList({ ctx, tags }: { ctx: ViewContext; tags: readonly (TagView | TagUse)[] }) {
  return (
    <ul class="tag-list" role="list">
      {tags.map((tag) => (
        <li>
          <a class="tag-line" href={`/tags/${encodeURIComponent(tag.displayName)}`}>
            <bdi class="tag-name">#{tag.displayName}</bdi>{' '}
            {'postsCount' in tag ? (
              <span class="tag-use">
                {ctx.t('tag.people', { count: tag.peopleCount })} · {ctx.t('tag.posts', { count: tag.postsCount })}
              </span>
            ) : null}
          </a>
        </li>
      ))}
    </ul>
  );
}
