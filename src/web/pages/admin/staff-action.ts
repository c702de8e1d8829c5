import type { Context, Handler } from 'hono';
import { DomainError, notFound } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { setFlash } from '#web/flash.ts';
import { formEntries, localPath } from '#web/forms.ts';
import { sessionOf } from '#web/session.ts';
import type { Flash } from '#web/view-context.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

export interface StaffAction {
  c: Context<WebEnv>;
  actorId: number;
  /** The `:id` of the path; 0 where it has none. */
  id: number;
  entries: Record<string, string>;
}

/**
 * The handler of a button in the administration, behind `requirePermission`: does it, says what was done, and leads
 * back to where the button stood. What cannot be is said there; what is not allowed or not there gets a page.
 */
export function staffAction(
  deps: WebDeps,
  back: string,
  work: (action: StaffAction) => Promise<Flash>,
): Handler<WebEnv> {
  return async (c) => {
    const { accountId: actorId } = sessionOf(c);
    const entries = await formEntries(c);
    const param = c.req.param('id');
    const id = param === undefined ? 0 : parseId(param);
    if (id === null) throw notFound();
    try {
      setFlash(deps, c, await work({ c, actorId, id, entries }));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'not-allowed' || error.code === 'not-found') throw error;
      setFlash(deps, c, { kind: 'error', message: c.get('ctx').t.error(error.reason, error.values) });
    }
    return c.redirect(localPath(entries['return_to'], back), 303);
  };
}
