import type { Context } from 'hono';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import type { PageRequest } from '#kernel/page.ts';

/** The window that the address asks for: `before` is the cursor of the links of `Pagination`. */
export function pageRequestOf(c: Context, limit: number = limits.timelinePage): PageRequest {
  return { before: parseId(c.req.query('before')), after: null, limit };
}
