import { LRUCache } from 'lru-cache';
import { enqueueJobs, type NewJob } from '#db/queue.ts';
import type { Store } from '#db/store.ts';
import { findPostIdByUri } from '#domain/posts/posts.queries.ts';
import { policyOf } from '#domain/relationships/instance-domain-policy.ts';
import { createDomainShares } from '#federation/domain-shares.ts';
import type { PassedOn } from '#federation/guard/passed-on.ts';
import type { Admission, InboxRequest } from '#federation/inbox/admit.ts';
import { isHostFollowed } from '#federation/resolve/followed-here.ts';
import { FETCH_LANE } from '#federation/resolve/plan-ancestors.ts';
import { HOUR_MS, type Clock } from '#kernel/clock.ts';
import type { IdSource } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';
import { atMost } from '#kernel/lru-bound.ts';

export interface HintParts {
  store: Store;
  clock: Clock;
  ids: IdSource;
  /** Whether somebody signed it whose key it is. */
  verifyCarrier(request: InboxRequest): Promise<{ verified: true } | { verified: false; reason: string }>;
  /** There are new jobs. */
  wake(): void;
}

const REMEMBERED_MAX = 20_000;
const ACTIVITY_REMEMBERED_MS = HOUR_MS;

/**
 * Takes in what one server passes on of another's. It is a hint to ask the object's own server, and no more: nothing of
 * the body is written down but the object's address, and that only where the object is one of ours to look after. The
 * answer is the same whether it is or not, so that nobody learns by it what is known here; and who brings much, or
 * points at one domain again and again, makes us ask no more often for it.
 */
export function createHintAdmission(parts: HintParts) {
  const remembered = { ...atMost(REMEMBERED_MAX), perf: { now: () => parts.clock.now() }, ttlResolution: 0 };
  const brought = new LRUCache<string, true>({ ...remembered, ttl: ACTIVITY_REMEMBERED_MS });
  const askedAt = new LRUCache<string, number>({ ...remembered, ttl: limits.hintPauseMs });
  const carriers = createDomainShares(limits.hintsPerCarrier, parts.clock);
  const targets = createDomainShares(limits.hintsPerTarget, parts.clock);

  const jobFor = (hint: PassedOn): NewJob | null => {
    const key = `${hint.kind} ${hint.objectUri}`;
    const last = askedAt.get(key);
    // A new post that was not there is not looked for twice; of an edit or an end there may be a later one.
    if (last !== undefined && hint.kind === 'create') return null;
    if (!carriers.take(hostnameOf(hint.carrierOrigin)) || !targets.take(hostnameOf(hint.objectUri))) return null;
    const now = parts.clock.now();
    const dueAt = last === undefined ? now : Math.max(now, last + limits.hintPauseMs);
    if (last === undefined) askedAt.set(key, dueAt);
    return {
      lane: FETCH_LANE,
      onceKey: `passed on ${key}`,
      delayMs: dueAt - now,
      data: { passedOn: { kind: hint.kind, uri: hint.objectUri } },
    };
  };

  return async (request: InboxRequest, hint: PassedOn): Promise<Admission> => {
    // Not by the activity's id alone: a forgery must not keep the genuine one out.
    const name = `${hint.carrierOrigin} ${hint.kind} ${hint.activityUri}`;
    if (brought.has(name)) return { status: 202, reason: 'passed on before' };
    const verified = await parts.verifyCarrier(request);
    if (!verified.verified) return { status: 401, reason: verified.reason };
    brought.set(name, true);
    const job = (await concernsUs(parts, hint)) ? jobFor(hint) : null;
    if (job === null) return { status: 202, reason: 'passed on, of no interest' };
    const now = parts.clock.now();
    await parts.store.write((tx) => enqueueJobs({ tx, now, newId: () => parts.ids.next(now) }, [job]));
    parts.wake();
    return { status: 202, reason: 'a hint' };
  };
}

/** What carries a post on: that it answers one, or that somebody boosted it. */
interface Known {
  id: number;
  author_uri: string;
  reply_to_uri: string | null;
}

/**
 * A post that we do not have is fetched when it answers one that we have, which the carrier's form has said is its own
 * (whether it does is judged by the copy from its origin), or one that has not come yet, when somebody of the carrier's is
 * followed here: the two are delivered side by side, and the answer may be first. One that we have is asked after when
 * the carrier is one who would be told of its changes: it answers something of the carrier's, or somebody there has
 * boosted it.
 */
async function concernsUs({ store }: HintParts, hint: PassedOn): Promise<boolean> {
  for (const uri of [hint.carrierOrigin, hint.objectUri]) {
    if ((await policyOf(store, new URL(uri).host)).severity === 'suspend') return false;
  }
  const rows = await store.read.hot<Known>(
    `select p.id, a.uri as author_uri, p.reply_to_uri from posts p join accounts a on a.id = p.author_id
     where p.uri = $1 and p.local = 0`,
    hint.objectUri,
  );
  const [known] = rows;
  if (!known) return hint.kind !== 'delete' && (await mayAnswer(store, hint.answeredUri ?? ''));
  if (hint.kind === 'create' || known.author_uri !== hint.actorUri) return false;
  if (URL.parse(known.reply_to_uri ?? '')?.origin === hint.carrierOrigin) return true;
  const boosters = await store.read.hot(
    `select 1 as boosted from posts b join accounts a on a.id = b.author_id
     where b.boost_of_id = $1 and substr(a.uri, 1, $2) = $3 limit 1`,
    known.id,
    hint.carrierOrigin.length + 1,
    `${hint.carrierOrigin}/`,
  );
  return boosters.length > 0;
}

async function mayAnswer(store: Store, answeredUri: string): Promise<boolean> {
  if ((await findPostIdByUri(store, answeredUri)) !== null) return true;
  return URL.canParse(answeredUri) && isHostFollowed(store, new URL(answeredUri).host);
}

function hostnameOf(uri: string): string {
  return new URL(uri).hostname;
}
