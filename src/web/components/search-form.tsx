import { limits } from '#kernel/limits.ts';
import type { ViewContext } from '#web/view-context.ts';
import { Icon } from '#web/components/icon.tsx';

export function SearchForm({
  ctx,
  query = '',
  autofocus = false,
}: {
  ctx: ViewContext;
  query?: string | undefined;
  autofocus?: boolean | undefined;
}) {
  return (
    <form class="search" data-part="search" action="/search" method="get" role="search">
      <Icon ctx={ctx} name="search" />
      <input
        class="input"
        type="search"
        name="q"
        value={query}
        maxlength={limits.searchCharacters}
        placeholder={ctx.t('search.placeholder')}
        aria-label={ctx.t('search.label')}
        autocapitalize="none"
        dir="auto"
        autofocus={autofocus}
        data-search
      />
    </form>
  );
}
