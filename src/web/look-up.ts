import type { Context } from 'hono';
import { findAccount } from '#domain/accounts/accounts.queries.ts';
import { findMentions } from '#domain/posts/render-text.ts';
import type { LookedUp } from '#domain/search/remote-lookup.ts';
import { limits } from '#kernel/limits.ts';
import type { WebDeps } from '#web/web-deps.ts';

/** An address of an account as people type it. `domain` is empty for this instance. */
export interface TypedHandle {
  handle: string;
  domain: string;
}

/** `@name`, `@name@domain`, `name@domain` or `acct:name@domain`; null for everything else. */
export function readHandle(typed: string, handleDomain: string): TypedHandle | null {
  const match = /^(?:acct:)?(@)?([\p{L}\p{N}_.-]+)(?:@([\p{L}\p{N}.-]+(?::\d{1,5})?))?$/iu.exec(typed.trim());
  const [, at, handle = '', domain = ''] = match ?? [];
  if (!match || (at === undefined && domain === '')) return null;
  const folded = domain.toLowerCase();
  return { handle, domain: folded === handleDomain ? '' : folded };
}

/**
 * The account of a handle: known here, or asked for at its server, as far as this person may still ask.
 * @throws too-many.
 */
export async function lookUpAccount(
  deps: WebDeps,
  accountId: number,
  { handle, domain }: TypedHandle,
): Promise<number | null> {
  const known = await findAccount(deps.store, handle, domain);
  if (known) return known.deletedAt === null ? known.id : null;
  const { lookup } = deps;
  if (domain === '' || !lookup) return null;
  await deps.rateLimits.take('lookUpPerAccount', accountId);
  return within(lookup.account(handle, domain));
}

/**
 * Reads an account of another server anew, where something that was changed there a moment ago decides.
 * @throws too-many.
 */
export async function readAgain(deps: WebDeps, viewerId: number, accountId: number): Promise<void> {
  const { lookup } = deps;
  if (!lookup) return;
  await deps.rateLimits.take('lookUpPerAccount', viewerId);
  await within(lookup.readAgain(accountId).then(() => null));
}

/** @throws too-many. */
export async function lookUpUrl(deps: WebDeps, accountId: number, url: string): Promise<LookedUp | null> {
  const { lookup } = deps;
  if (!lookup) return null;
  await deps.rateLimits.take('lookUpPerAccount', accountId);
  return within(lookup.byUrl(url));
}

/**
 * Asks for those whom a text names and who are not known here, so that they are told of it. Returns the names that
 * nobody answers to.
 */
export async function lookUpMentions(deps: WebDeps, accountId: number, text: string): Promise<string[]> {
  const named = findMentions(text).flatMap(({ handle, domain }) =>
    domain === null ? [] : [{ handle, domain: domain.toLowerCase() }],
  );
  const strangers: TypedHandle[] = [];
  for (const one of named.slice(0, limits.mentionsPerPost)) {
    const known = await findAccount(deps.store, one.handle, one.domain === deps.site.handleDomain ? '' : one.domain);
    if (!known) strangers.push(one);
  }
  const asked = await Promise.all(
    strangers.map(async (one, position) => {
      const isAskable = position < limits.lookUpsPerPost && one.domain !== deps.site.handleDomain;
      // Too many questions leave the name unknown, not the post unwritten.
      const id = isAskable ? await lookUpAccount(deps, accountId, one).catch(() => null) : null;
      return id === null ? `@${one.handle}@${one.domain}` : null;
    }),
  );
  return asked.filter((name) => name !== null);
}

/** Tells the other servers' side that somebody looks at it; for pages of remote accounts and posts. */
export function noteLook(deps: WebDeps, c: Context, target: LookedUp): void {
  if (c.get('session')) deps.lookup?.refresh(target);
}

/** A person does not wait longer for another server than this; what it answers later is known the next time. */
async function within<T>(answer: Promise<T | null>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limits.lookUpMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
