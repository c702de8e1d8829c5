import type { CommitWith } from '#db/commit.ts';
import type { Site } from '#db/unit.ts';
import { findAccount, findAccountByUri, type AccountAddress, type Reader } from '#domain/accounts/accounts.queries.ts';
import { receiveAccount } from '#domain/accounts/receive-account.ts';
import type { RemoteAccount } from '#domain/accounts/remote-account.ts';
import { policyOf } from '#domain/relationships/instance-domain-policy.ts';
import { lookUpHandle, type WebFingerOptions } from '#federation/resolve/ask-web-finger.ts';
import { newBudget, type Budget } from '#federation/resolve/budget.ts';
import { quietly } from '#federation/resolve/fetch-faults.ts';
import type { ObjectFetch } from '#federation/resolve/fetch-object.ts';
import { readAccount } from '#federation/translate/account.ts';
import { DAY_MS, type Clock } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

/** A remote account's document is read again when what we have is older. */
const ACCOUNT_FRESH_MS = DAY_MS;

export interface AccountFinderParts {
  reader: Reader;
  commit: CommitWith;
  clock: Clock;
  site: Site;
  webFinger: WebFingerOptions;
  objects: ObjectFetch;
}

export type AccountFinder = ReturnType<typeof createAccountFinder>;

/** Finds accounts by address or handle, here first and then where they live. */
export function createAccountFinder({ objects, ...parts }: AccountFinderParts) {
  async function accountByUri(uri: string, budget = newBudget(), freshMs = ACCOUNT_FRESH_MS): Promise<number | null> {
    const known = await findAccountByUri(parts.reader, uri);
    if (objects.isOurs(uri)) return known && known.deletedAt === null ? known.id : null;
    if (known && isFresh(known, freshMs)) return known.id;
    try {
      return (await fetchAccount(uri, budget)) ?? known?.id ?? null;
    } catch (error) {
      // A server that is away does not take its people away.
      if (known) return known.id;
      throw error;
    }
  }

  async function accountByHandle(handle: string, domain: string | null): Promise<number | null> {
    const at = domain?.toLowerCase() ?? '';
    const known = await findAccount(parts.reader, handle, at === parts.site.handleDomain ? '' : at);
    if (known) return known.deletedAt === null ? known.id : null;
    if (!at || at === parts.site.handleDomain) return null;
    if ((await policyOf(parts.reader, at)).severity === 'suspend') return null;
    const answer = await lookUpHandle(handle, at, parts.webFinger);
    if (!answer?.self) return null;
    return quietly(() => accountByUri(answer.self as string, newBudget(limits.fetchesPerActivity, true)));
  }

  function isFresh({ suspendedAt, fetchedAt }: AccountAddress, freshMs: number): boolean {
    return suspendedAt !== null || (fetchedAt !== null && fetchedAt > parts.clock.now() - freshMs);
  }

  async function fetchAccount(uri: string, budget: Budget): Promise<number | null> {
    const found = await objects.fetchObject(uri, budget);
    if (!found) return null;
    return storeAccount(found.json, budget);
  }

  /** Writes down an actor's document that came from its own address. */
  async function storeAccount(json: unknown, budget: Budget): Promise<number | null> {
    const read = readAccount(json);
    if ('refused' in read) return null;
    const domain = await confirmDomain(read.account, budget);
    // A handle's domain may be another than the host that was asked, and either may be suspended.
    if ((await policyOf(parts.reader, domain)).severity === 'suspend') return null;
    return parts.commit(receiveAccount, { ...read.account, domain });
  }

  /** Where the handle lives: its web host, or the domain that both WebFinger directions agree on. */
  async function confirmDomain(account: RemoteAccount, budget: Budget): Promise<string> {
    const options = { ...parts.webFinger, beforeRequest: objects.spendFrom(budget) };
    const ask = (domain: string) => lookUpHandle(account.handle, domain, options);
    const { host } = new URL(account.uri);
    const answer = await ask(host);
    const [, domain] = answer?.subject?.toLowerCase().split('@') ?? [];
    if (!domain || domain === host || answer?.self !== account.uri || domain === parts.site.handleDomain) return host;
    const back = await ask(domain);
    return back?.self === account.uri ? domain : host;
  }

  return { accountByUri, accountByHandle };
}
