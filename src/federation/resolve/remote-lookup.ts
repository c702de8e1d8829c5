import { enqueueJobs } from '#db/queue.ts';
import type { CommitWith } from '#db/commit.ts';
import type { Site, Unit } from '#db/unit.ts';
import { accountViews, findAccount, type Reader } from '#domain/accounts/accounts.queries.ts';
import { findPostIdByUri } from '#domain/posts/posts.queries.ts';
import type { LookedUp, RemoteLookup } from '#domain/search/remote-lookup.ts';
import { PROFILE_FRESH_MS } from '#federation/resolve/fetch-profile.ts';
import { planProfile } from '#federation/resolve/plan-profile.ts';
import { newBudget } from '#federation/resolve/budget.ts';
import { quietly } from '#federation/resolve/fetch-faults.ts';
import { FETCH_LANE, planAncestors } from '#federation/resolve/plan-ancestors.ts';
import type { Resolver } from '#federation/resolve/resolve.ts';
import { accountKindOf } from '#federation/translate/account.ts';
import { postKindOf } from '#federation/translate/post.ts';
import { MINUTE_MS, type Clock } from '#kernel/clock.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';

export interface LookupParts {
  reader: Reader;
  resolver: Resolver;
  commit: CommitWith;
  clock: Clock;
  site: Site;
  report(error: unknown): void;
}

/** Counts of an open poll and the answers to a post are asked for again when somebody looks after this long. */
const LOOKED_AFTER_MS = 5 * MINUTE_MS;

/** What the pages ask of other servers. Every failure is "not found": the reader can do nothing else about it. */
export function createRemoteLookup(parts: LookupParts): RemoteLookup {
  return {
    account: (handle, domain) => quietly(() => parts.resolver.accountByHandle(handle, domain)),
    readAgain: async (accountId) => {
      await quietly(() => readAgain(parts, accountId));
    },
    byUrl: (url) => quietly(() => (parts.resolver.isOurs(url) ? ours(parts, url) : theirs(parts, url))),
    refresh(target) {
      parts.commit(planRefresh, { target, now: parts.clock.now() }).catch(parts.report);
    },
  };
}

async function readAgain({ reader, resolver }: LookupParts, accountId: number): Promise<number | null> {
  const uri = (await accountViews(reader, [accountId])).get(accountId)?.uri;
  return uri === undefined || resolver.isOurs(uri) ? null : resolver.accountByUri(uri, newBudget(), 0);
}

/** An address of this instance, of a page or of a document. */
async function ours({ reader, site }: LookupParts, url: string): Promise<LookedUp | null> {
  const path = url.slice(site.origin.length);
  const post = /^\/(?:@[^/]+|users\/[^/]+\/posts)\/(\d+)$/.exec(path);
  const postId = parseId(post?.[1]);
  if (postId !== null) return { kind: 'post', id: postId };
  const page = /^\/(?:@|users\/)([^/@]+)(?:@([^/]+))?$/.exec(path);
  const account = page ? await findAccount(reader, page[1] ?? '', page[2] ?? '') : null;
  return account ? { kind: 'account', id: account.id } : null;
}

async function theirs({ reader, resolver }: LookupParts, url: string): Promise<LookedUp | null> {
  const known = await findPostIdByUri(reader, url);
  if (known !== null) return { kind: 'post', id: known };
  const budget = newBudget(limits.fetchesPerActivity, true);
  const found = await resolver.fetchObject(url, budget);
  if (!found) return null;
  if (accountKindOf(found.json) !== null) {
    const id = await resolver.accountByUri(found.uri, budget);
    return id === null ? null : { kind: 'account', id };
  }
  if (postKindOf(found.json) === null) return null;
  const id = await resolver.postByUri(found.uri, budget, true);
  return id === null ? null : { kind: 'post', id };
}

/** Notes as jobs what is worth asking for again; a job that waits already is not made twice. */
async function planRefresh(unit: Unit, { target, now }: { target: LookedUp; now: number }): Promise<void> {
  if (target.kind === 'account') return planProfile(unit, { accountId: target.id, before: now - PROFILE_FRESH_MS });
  const rows = await unit.tx.hot<{
    uri: string;
    fetched_at: number | null;
    closed_at: number | null;
    received_at: number;
    missing: string | null;
  }>(
    `select p.uri, q.fetched_at, q.closed_at, p.received_at,
       (select r.reply_to_uri from posts r where r.id = p.thread_id and r.reply_to_id is null) as missing
     from posts p left join polls q on q.post_id = p.id
     where p.id = $1 and p.local = 0 and p.visibility in ('public', 'unlisted')`,
    target.id,
  );
  const [post] = rows;
  if (!post) return;
  await planAncestors(unit, post.missing);
  const period = Math.floor(now / LOOKED_AFTER_MS);
  const stale = post.fetched_at !== null && post.closed_at === null && post.fetched_at < now - LOOKED_AFTER_MS;
  await enqueueJobs(unit, [
    ...(stale ? [{ lane: FETCH_LANE, onceKey: `refresh ${post.uri}`, data: { refresh: post.uri } }] : []),
    { lane: FETCH_LANE, onceKey: `replies ${post.uri} ${period}`, data: { repliesOf: post.uri } },
  ]);
}
