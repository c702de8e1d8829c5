import type { Context } from 'hono';
import { endSession } from '#domain/membership/end-sessions.ts';
import { logIn, type SecondFactor } from '#domain/membership/log-in.ts';
import type { Credentials } from '#domain/membership/membership.queries.ts';
import { readDevice, rememberDevice, startSession, visitOf } from '#web/session.ts';
import type { WebDeps, WebEnv } from '#web/web-deps.ts';

/**
 * Counts a try by what it names, not by the account behind it: otherwise the count would tell whether two names are one
 * account's, and so whether anybody here has a mail address. A browser that was logged in before has tries of its own,
 * so that strangers who guess do not lock it out.
 * @param accountId null where nobody has that name.
 */
export async function takeAccountTry(
  deps: WebDeps,
  c: Context<WebEnv>,
  { accountId, name }: { accountId: number | null; name: string },
): Promise<void> {
  const device = readDevice(deps, c);
  const isKnown = accountId !== null && device.accountIds.includes(accountId);
  if (isKnown) await deps.rateLimits.take('logInPerKnownDevice', `${device.id} ${accountId}`);
  else await deps.rateLimits.take('logInPerAccount', name);
}

export interface LogInTry {
  /** By which its tries were counted. */
  name: string;
  secondFactor: SecondFactor | null;
  /** The password under today's parameters, where its hash has others. */
  rehashed: string | null;
}

/** Opens the session, or says that a code is missing. */
export async function finishLogIn(
  deps: WebDeps,
  c: Context<WebEnv>,
  { accountId, passwordHash }: Credentials,
  { name, secondFactor, rehashed }: LogInTry,
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
  await deps.rateLimits.forgive('logInPerAccount', name);
  await deps.rateLimits.forgive('logInPerKnownDevice', `${device.id} ${accountId}`);
  return { kind: 'session' };
}
