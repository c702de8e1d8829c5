import type { Context } from 'hono';
import type { TimelineItem } from '#domain/posts/post-view.ts';
import type { Page, PageRequest } from '#kernel/page.ts';
import type { WebEnv } from '#web/web-deps.ts';

/** How often a visitor's page is read on before it is shown short. */
const ROUNDS_MAX = 5;

/** Null for visitors. */
export function viewerIdOf(c: Context<WebEnv>): number | null {
  return c.get('session')?.accountId ?? null;
}

/**
 * A timeline's page. Visitors are shown what was written here: who wrote elsewhere chose another server to be read on.
 */
export async function readForViewer(
  viewerId: number | null,
  page: PageRequest,
  read: (page: PageRequest) => Promise<Page<TimelineItem>>,
): Promise<Page<TimelineItem>> {
  if (viewerId !== null) return read(page);
  const items: TimelineItem[] = [];
  let next = page;
  for (let round = 1; ; round += 1) {
    const found = await read(next);
    items.push(...found.items.filter(({ post }) => post.author.domain === null));
    if (items.length > page.limit) {
      const shown = items.slice(0, page.limit);
      return { items: shown, nextBefore: shown.at(-1)?.id ?? null };
    }
    if (found.nextBefore === null || round === ROUNDS_MAX) return { items, nextBefore: found.nextBefore };
    next = { ...page, before: found.nextBefore };
  }
}
