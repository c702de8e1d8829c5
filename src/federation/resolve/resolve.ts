import { FetchError } from '@fedify/vocab-runtime';
import type { CommitWith } from '#db/commit.ts';
import { enqueueJobs } from '#db/queue.ts';
import type { Site, Unit } from '#db/unit.ts';
import { findAccount, findAccountByUri, type AccountAddress, type Reader } from '#domain/accounts/accounts.queries.ts';
import { receiveAccount } from '#domain/accounts/receive-account.ts';
import type { RemoteAccount } from '#domain/accounts/remote-account.ts';
import { findPostIdByUri } from '#domain/posts/posts.queries.ts';
import { receivePost, refreshPost } from '#domain/posts/receive-post.ts';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import { policyOf } from '#domain/relationships/instance-domain-policy.ts';
import { createDomainShares, ShareSpent } from '#federation/domain-shares.ts';
import type { InstanceSigner } from '#federation/instance-signer.ts';
import type { Loaders } from '#federation/loaders.ts';
import { readUri } from '#federation/guard/speaker.ts';
import { lookUpHandle, type WebFingerOptions } from '#federation/resolve/ask-web-finger.ts';
import { readAccount } from '#federation/translate/account.ts';
import type { Audience } from '#federation/translate/audience.ts';
import { authorOf as authorUriOf, readPost } from '#federation/translate/post.ts';
import { DAY_MS, monotonicMs, type Clock } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

/** How many documents one cause may still make us fetch, and until when: a server that drips costs each its time. */
export interface Budget {
  fetches: number;
  /** On the monotonic clock. */
  until: number;
  /** A person waits for it, who has limits of their own; what strangers cause comes out of the domain's share. */
  forPerson: boolean;
}

export function newBudget(fetches: number = limits.fetchesPerActivity, forPerson = false): Budget {
  return { fetches, until: monotonicMs() + fetches * limits.fetchMs, forPerson };
}

export interface ResolverParts {
  reader: Reader;
  commit: CommitWith;
  clock: Clock;
  site: Site;
  loaders: Loaders;
  signer: InstanceSigner;
  webFinger: WebFingerOptions;
}

/** Lane of background fetches: the rest of a thread, the counts of a poll. */
export const FETCH_LANE = 'fetch';

/** A remote account's document is read again when what we have is older. */
const ACCOUNT_FRESH_MS = DAY_MS;

export type Resolver = ReturnType<typeof createResolver>;

/**
 * Finds accounts and posts by their addresses, here first and then at their origin. Every document must carry the
 * address that was asked for: one that names another is asked for there once, and dropped when it differs again
 * (FEP-fe34). Nothing is fetched from a suspended domain, and of each registrable domain only so much in a time:
 * whoever owns one has as many names below it as they like, and each can name the next. What goes beyond it throws
 * `ShareSpent`.
 */
export function createResolver(parts: ResolverParts) {
  const shares = createDomainShares(limits.documentsPerDomain, parts.clock);
  const spendFrom = (budget: Budget) => (at: URL) => {
    if (!budget.forPerson && !shares.take(at.hostname))
      throw new ShareSpent(`the domain of ${at.host} has had its share`);
  };

  const isOurs = (uri: string) => uri.startsWith(`${parts.site.origin}/`);

  const isSuspended = async (uri: string) => {
    const host = URL.parse(uri)?.host;
    return !host || (await policyOf(parts.reader, host)).severity === 'suspend';
  };

  /** The document at an address, with the address that it gives itself; null when there is none to be had. */
  async function fetchObject(uri: string, budget: Budget): Promise<{ uri: string; json: unknown } | null> {
    let at = uri;
    for (let round = 0; round < 2; round += 1) {
      if (budget.fetches <= 0 || monotonicMs() > budget.until || (await isSuspended(at))) return null;
      budget.fetches -= 1;
      const { document, documentUrl } = await parts.loaders.fetchDocument(at, {
        signer: await parts.signer.signer(),
        beforeRequest: spendFrom(budget),
      });
      const id = readUri((document as { id?: unknown } | null)?.id, {
        plainHttpHosts: (hostname) => parts.webFinger.plainHttp(hostname),
      })?.href;
      if (!id || isOurs(id)) return null;
      if (id === URL.parse(at)?.href) return speaksFor(documentUrl, id) ? { uri: id, json: document } : null;
      at = id;
    }
    return null;
  }

  async function fetchAccount(uri: string, budget: Budget): Promise<number | null> {
    const found = await fetchObject(uri, budget);
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
    const options = { ...parts.webFinger, beforeRequest: spendFrom(budget) };
    const ask = (domain: string) => lookUpHandle(account.handle, domain, options);
    const { host } = new URL(account.uri);
    const answer = await ask(host);
    const [, domain] = answer?.subject?.toLowerCase().split('@') ?? [];
    if (!domain || domain === host || answer?.self !== account.uri || domain === parts.site.handleDomain) return host;
    const back = await ask(domain);
    return back?.self === account.uri ? domain : host;
  }

  async function accountByUri(uri: string, budget = newBudget(), freshMs = ACCOUNT_FRESH_MS): Promise<number | null> {
    const known = await findAccountByUri(parts.reader, uri);
    if (isOurs(uri)) return known && known.deletedAt === null ? known.id : null;
    if (known && isFresh(known, freshMs)) return known.id;
    try {
      return (await fetchAccount(uri, budget)) ?? known?.id ?? null;
    } catch (error) {
      // A server that is away does not take its people away.
      if (known) return known.id;
      throw error;
    }
  }

  function isFresh({ suspendedAt, fetchedAt }: AccountAddress, freshMs: number): boolean {
    return suspendedAt !== null || (fetchedAt !== null && fetchedAt > parts.clock.now() - freshMs);
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

  /** @param wholeThread whether what the post answers is looked for, too, in the background. */
  async function postByUri(uri: string, budget = newBudget(), wholeThread = false): Promise<number | null> {
    const known = await findPostIdByUri(parts.reader, uri);
    if (known !== null || isOurs(uri)) return known;
    const found = await fetchObject(uri, budget);
    const post = found ? await translatePost(found.json) : null;
    const authorId = post ? await authorOf(post, budget) : null;
    if (!post || authorId === null) return null;
    return parts.commit(wholeThread ? storePostWithThread : receivePost, { post, authorId });
  }

  /** @param audience of the activity that brought it: Discourse addresses that alone. */
  async function translatePost(json: unknown, audience?: Audience): Promise<RemotePost | null> {
    const author = authorUriOf((json as { attributedTo?: unknown }).attributedTo);
    const followersUri = author === null ? null : await followersUriOf(author);
    const read = readPost(json, { now: parts.clock.now(), followersUri, ...(audience ? { audience } : {}) });
    return 'post' in read ? read.post : null;
  }

  async function followersUriOf(authorUri: string): Promise<string | null> {
    const rows = await parts.reader.read.hot<{ followers_uri: string | null }>(
      'select followers_uri from accounts where uri = $1',
      authorUri,
    );
    return rows[0]?.followers_uri ?? null;
  }

  async function authorOf(post: RemotePost, budget: Budget): Promise<number | null> {
    if (new URL(post.authorUri).origin !== new URL(post.uri).origin) return null;
    return accountByUri(post.authorUri, budget);
  }

  /** Reads a known remote post again: its words and its poll's counts. */
  async function refreshPostByUri(uri: string, budget = newBudget()): Promise<void> {
    const found = await fetchObject(uri, budget);
    const post = found ? await translatePost(found.json) : null;
    const authorId = post ? await authorOf(post, budget) : null;
    if (post && authorId !== null) await parts.commit(refreshPost, { post, authorId });
  }

  return {
    isOurs,
    isSuspended,
    fetchObject,
    accountByUri,
    accountByHandle,
    postByUri,
    translatePost,
    authorOf,
    refreshPostByUri,
    followersUriOf,
  };
}

/** Where a document lay decides who says it: a server that redirects anywhere has not said what lies there. */
function speaksFor(documentUrl: string, id: string): boolean {
  return URL.parse(documentUrl)?.origin === new URL(id).origin;
}

/** A received post, and the search for what it answers, or what that answers in its turn, where it is unknown. */
export async function storePostWithThread(
  unit: Unit,
  input: { post: RemotePost; authorId: number },
): Promise<number | null> {
  const id = await receivePost(unit, input);
  if (id === null || input.post.replyToUri === null) return id;
  const answered = await unit.tx.hot<{ reply_to_id: number | null; reply_to_uri: string | null }>(
    'select reply_to_id, reply_to_uri from posts where uri = $1',
    input.post.replyToUri,
  );
  // One that was found on a profile came without its thread.
  const missing = answered[0]?.reply_to_id === null ? answered[0].reply_to_uri : null;
  await planAncestors(unit, answered[0] ? missing : input.post.replyToUri);
  return id;
}

/** Notes as a job that a post is to be looked for, and what it answers; nothing for one that could only be ours. */
export async function planAncestors(unit: Unit, uri: string | null): Promise<void> {
  if (uri === null || uri.startsWith(`${unit.site.origin}/`)) return;
  const buried = await unit.tx.hot('select 1 as buried from tombstones where uri = $1', uri);
  if (buried.length > 0) return;
  await enqueueJobs(unit, [{ lane: FETCH_LANE, onceKey: `ancestors ${uri}`, data: { ancestorsFrom: uri } }]);
}

/** Whether a fetch failed for good: what is asked for is not there, or not for us. */
export function isGoneForUs(error: unknown): boolean {
  return [401, 403, 404, 410].includes(statusOf(error));
}

/** The status with which a fetch was refused; 0 when nothing answered. */
export function statusOf(error: unknown): number {
  return error instanceof FetchError ? (error.response?.status ?? 0) : 0;
}

/**
 * Null instead of an error: for look-ups on a person's behalf, where "not found" is the whole answer, and for the parts
 * of a search that goes on without them. What only has to wait still does.
 */
export async function quietly<T>(look: () => Promise<T | null>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof ShareSpent) throw error;
    return null;
  }
}
