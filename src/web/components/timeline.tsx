import type { Child } from '#web/jsx/html.ts';
import type { TimelineItem } from '#domain/posts/post-view.ts';
import type { Page } from '#kernel/page.ts';
import type { ViewContext } from '#web/view-context.ts';
import { Pagination } from '#web/components/pagination.tsx';
import { TimelinePost } from '#web/components/post.tsx';

interface TimelineProps {
  ctx: ViewContext;
  page: Page<TimelineItem>;
  /** An `EmptyState`. */
  empty: Child;
}

/** A page of posts. One that is empty only because of who may see what leads on to the older ones. */
export function Timeline({ ctx, page, empty }: TimelineProps) {
  const { items, nextBefore } = page;
  return (
    <>
      <div class="timeline">
        {items.map((item) => (
          <TimelinePost ctx={ctx} item={item} />
        ))}
      </div>
      {items.length === 0 && nextBefore === null ? empty : null}
      <Pagination ctx={ctx} nextBefore={nextBefore} />
    </>
  );
}
