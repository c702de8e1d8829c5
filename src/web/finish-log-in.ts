import type { Context } from 'hono';
import { endSession } from '#domain/membership/end-sessions.ts';
import { logIn, type SecondFactor } from '#domain/membership/log-in.ts';
import type { Credentials } from '#domain/membership/membership.queries.ts';
import { readDevice, rememberDevice, startSession, visitOf } from '#web/session.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/** A browser that was logged in before has tries of its own: strangers who guess do not lock it out. */
export async function takeAccountTry(deps: WebDeps, c: Context<WebEnv>, account: number | string): Promise<void> {
  const device = readDevice(deps, c);
  const known = typeof account === 'number' && device.accountIds.includes(account);
  if (known) await deps.rateLimits.take('logInPerKnownDevice', `${device.id} ${account}`);
  else await deps.rateLimits.take('logInPerAccount', account);
}

/** Opens the session, or says that a code is missing. */
export async function finishLogIn(
  deps: WebDeps,
  c: Context<WebEnv>,
  { accountId, passwordHash }: Credentials,
  secondFactor: SecondFactor | null,
  rehashed: string | null = null,
): Promise<{ kind: 'session' | 'second-factor' }> {
  const device = readDevice(deps, c);
  const deviceKnown = device.accountIds.includes(accountId);
  const entered = await deps.commit(logIn, {
    accountId,
    passwordHash,
    rehashed,
    secondFactor,
    visit: visitOf(c),
    deviceKnown,
  });
  if (entered.kind === 'second-factor') return entered;
  // What the browser brought from before ends here.
  const former = c.get('session');
  if (former) await deps.commit(endSession, { accountId: former.accountId, sessionId: former.id });
  startSession(deps, c, entered.token);
  rememberDevice(deps, c, device, accountId);
  await deps.rateLimits.forgive('logInPerAccount', accountId);
  await deps.rateLimits.forgive('logInPerKnownDevice', `${device.id} ${accountId}`);
  return { kind: 'session' };
}
