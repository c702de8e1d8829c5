import type { ViewContext } from '#web/view-context.ts';
import { Icon } from '#web/components/icon.tsx';

interface PaginationProps {
  ctx: ViewContext;
  /** `nextBefore` of the page: null when there is nothing older. */
  nextBefore: number | null;
  /** Whether this page is not the newest one; `null` hides the link. */
  newest?: boolean | undefined;
  labels?: { older?: string | undefined; newest?: string | undefined } | undefined;
}

/** Older by the cursor `before`, and back to the newest. Other parameters of the address are kept. */
export function Pagination({ ctx, nextBefore, newest, labels = {} }: PaginationProps) {
  const isNewest = newest ?? !ctx.url.searchParams.has('before');
  if (nextBefore === null && isNewest) return null;
  return (
    <nav class="pagination" data-part="pagination" aria-label={ctx.t('pagination.label')}>
      {isNewest ? (
        <span />
      ) : (
        <a class="button" href={withParameter(ctx.url, 'before', null)} rel="first">
          <Icon ctx={ctx} name="arrow-left" />
          {labels.newest ?? ctx.t('pagination.newest')}
        </a>
      )}
      {nextBefore === null ? null : (
        <a class="button" href={withParameter(ctx.url, 'before', String(nextBefore))} rel="next" data-older>
          {labels.older ?? ctx.t('pagination.older')}
          <Icon ctx={ctx} name="arrow-right" />
        </a>
      )}
    </nav>
  );
}

function withParameter(url: URL, name: string, value: string | null): string {
  const parameters = new URLSearchParams(url.searchParams);
  if (value === null) parameters.delete(name);
  else parameters.set(name, value);
  const query = parameters.toString();
  return query ? `${url.pathname}?${query}` : url.pathname;
}
