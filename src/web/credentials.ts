import type { Context } from 'hono';
import { credentialsOf, type Credentials } from '#domain/membership/membership.queries.ts';
import { invalid } from '#kernel/errors.ts';
import { verifyPassword } from '#kernel/password.ts';
import { sessionOf } from '#web/session.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/**
 * The credentials of the person whose session it is, once the password is right: what is dangerous asks for it again.
 * @throws invalid at the field `current_password`, too-many.
 */
export async function requirePassword(deps: WebDeps, c: Context<WebEnv>, password: string): Promise<Credentials> {
  const { accountId } = sessionOf(c);
  await deps.rateLimits.take('passwordPerAccount', accountId);
  const credentials = await credentialsOf(deps.store.read, accountId);
  if (!(await verifyPassword(credentials?.passwordHash ?? null, password)) || credentials === null) {
    throw invalid('password-wrong', 'current_password');
  }
  await deps.rateLimits.forgive('passwordPerAccount', accountId);
  return credentials;
}
