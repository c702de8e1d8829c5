import type { CommitWith } from '#db/commit.ts';
import type { Job } from '#db/queue.ts';
import { findPostIdByUri } from '#domain/posts/posts.queries.ts';
import type { Site } from '#db/unit.ts';
import { findAccountByUri, type Reader } from '#domain/accounts/accounts.queries.ts';
import { noteGone } from '#domain/departures/note-gone.ts';
import { syncFollowers, type SyncHint } from '#federation/inbox/followers-sync.ts';
import { fetchPassedOn, lookAt, type Hint } from '#federation/resolve/fetch-passed-on.ts';
import { fetchProfile } from '#federation/resolve/fetch-profile.ts';
import { fetchReplies } from '#federation/resolve/fetch-replies.ts';
import { newBudget } from '#federation/resolve/budget.ts';
import { isGoneForUs } from '#federation/resolve/fetch-faults.ts';
import type { Resolver } from '#federation/resolve/resolve.ts';
import type { Clock } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

export interface FetchJobParts {
  reader: Reader;
  resolver: Resolver;
  commit: CommitWith;
  clock: Clock;
  site: Site;
}

/** One of them is given. */
interface FetchJobData {
  ancestorsFrom?: string;
  /** The address of a known post whose answers are looked for. */
  repliesOf?: string;
  /** The address of a known post that is to be read again. */
  refresh?: string;
  sync?: SyncHint;
  actorUri?: string;
  /** The address of an account whose inbox is gone. */
  checkGone?: string;
  passedOn?: Hint;
  /** The address of an account whose totals, pins and newest posts are wanted. */
  profileOf?: string;
}

/**
 * The background fetches. Going up a thread ends at a known post, at its beginning, or when the budget is spent:
 * a chain that somebody generates as we walk it costs a bounded number of requests, and no recursion.
 */
export function createFetchJob(parts: FetchJobParts): (job: Job) => Promise<void> {
  const { reader, resolver } = parts;
  return async (job) => {
    const { ancestorsFrom, repliesOf, refresh, sync, actorUri, checkGone, passedOn, profileOf } =
      job.data as FetchJobData;
    try {
      if (ancestorsFrom) await fetchAncestors(reader, resolver, ancestorsFrom);
      if (repliesOf) await fetchReplies(reader, resolver, repliesOf);
      if (refresh) await resolver.refreshPostByUri(refresh);
      if (sync && actorUri) await syncFollowers(parts, actorUri, sync);
      if (checkGone) await checkWhetherGone(parts, checkGone);
      if (profileOf) await fetchProfile(parts, profileOf);
      if (passedOn) await fetchPassedOn(parts, passedOn);
    } catch (error) {
      if (!isGoneForUs(error)) throw error;
    }
  };
}

async function checkWhetherGone({ reader, resolver, commit }: FetchJobParts, uri: string): Promise<void> {
  const account = await findAccountByUri(reader, uri);
  if (!account || account.domain === '') return;
  if ((await lookAt(resolver, uri)) === 'deleted') await commit(noteGone, { accountId: account.id });
}

async function fetchAncestors(reader: Reader, resolver: Resolver, from: string): Promise<void> {
  // Each ancestor may cost its author's document, too.
  const budget = newBudget(limits.threadFetchesPerTrigger * 2);
  const seen = new Set<string>();
  let at: string | null = from;
  while (at !== null && !seen.has(at) && seen.size < limits.threadAncestors && !resolver.isOurs(at)) {
    seen.add(at);
    if ((await findPostIdByUri(reader, at)) !== null) return;
    const id = await resolver.postByUri(at, budget);
    if (id === null) return;
    const rows: { reply_to_uri: string | null }[] = await reader.read.hot(
      'select reply_to_uri from posts where id = $1',
      id,
    );
    at = rows[0]?.reply_to_uri ?? null;
  }
}
