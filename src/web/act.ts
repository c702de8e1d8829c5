import type { Context, Handler } from 'hono';
import { DomainError, notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { setFlash } from '#web/flash.ts';
import { formEntries, localPath, STATUS_OF } from '#web/forms.ts';
import type { RateName } from '#web/rate-limits.ts';
import { sessionOf } from '#web/session.ts';
import type { Flash } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

export interface Action {
  c: Context<WebEnv>;
  accountId: number;
  /** The `:id` of the path. */
  id: number;
  entries: Record<string, string>;
}

/** What is said on the next page; null where the page itself shows what was done. */
type Outcome = Flash | null;

/**
 * The handler of a button: does it, and leads back to where the button stands. A refusal is said there as well, since
 * whoever pressed a button below a post has nothing to correct on a page of its own.
 * The `toggles` island gets no page at all.
 */
export function act(deps: WebDeps, rate: RateName, work: (action: Action) => Promise<Outcome>): Handler<WebEnv> {
  return async (c) => {
    const { accountId } = sessionOf(c);
    const entries = await formEntries(c);
    const isIsland = c.req.header('x-estrade-island') !== undefined;
    try {
      await deps.rateLimits.take(rate, accountId);
      const id = parseId(c.req.param('id'));
      if (id === null) throw notFound();
      const flash = await work({ c, accountId, id, entries });
      if (isIsland) return c.body(null, 204);
      if (flash) setFlash(deps, c, flash);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const message = c.get('ctx').t.error(error.reason, error.values);
      if (isIsland) return c.text(message, STATUS_OF[error.code]);
      setFlash(deps, c, { kind: 'error', message });
    }
    return c.redirect(localPath(entries['return_to'], '/home'), 303);
  };
}
