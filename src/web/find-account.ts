import type { Context } from 'hono';
import type { ProfileView } from '#domain/accounts/account-view.ts';
import { findAccount, profileView } from '#domain/accounts/accounts.queries.ts';
import { INSTANCE_HANDLE } from '#domain/accounts/account-uris.ts';
import { DomainError, notFound } from '#kernel/errors.ts';
import { lookUpAccount, readHandle } from '#web/look-up.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/**
 * The profile that the first part of the path names. Members find accounts of other servers that were not known yet.
 * @throws not-found; gone for an account that is deleted, or suspended and looked at by a visitor.
 */
export async function profileOfPath(deps: WebDeps, c: Context<WebEnv>): Promise<ProfileView> {
  const session = c.get('session');
  const typed = readHandle(c.req.param('at') ?? '', deps.site.handleDomain);
  if (!typed || (typed.domain === '' && typed.handle.toLowerCase() === INSTANCE_HANDLE)) throw notFound();
  const known = await findAccount(deps.store, typed.handle, typed.domain);
  const isGone = known && (known.deletedAt !== null || (known.suspendedAt !== null && !session));
  if (isGone) throw new DomainError('gone', 'gone');
  const id = known?.id ?? (session ? await lookUpAccount(deps, session.accountId, typed) : null);
  const profile = id === null ? null : await profileView(deps.store, id);
  if (!profile) throw notFound();
  return profile;
}
