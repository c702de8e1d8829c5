import { enqueueJobs, PermanentFailure, type Job } from '#db/queue.ts';
import type { Site, Unit } from '#db/unit.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { createDomainShares } from '#federation/domain-shares.ts';
import { findSecondMeaning } from '#federation/guard/second-meaning.ts';
import { handleAccountDelete, handleFlag, handleMove } from '#federation/inbox/accounts.ts';
import { handleBlock, handleFollow, handleFollowAnswer } from '#federation/inbox/relationships.ts';
import type { InboxContext, Outcome } from '#federation/inbox/inbox-context.ts';
import {
  handleAnnounce,
  handleCreate,
  handleDelete,
  handleLike,
  handlePin,
  handleUpdate,
  handleVote,
} from '#federation/inbox/posts.ts';
import { handleQuoteRequest } from '#federation/inbox/quotes.ts';
import { isSilenced } from '#federation/inbox/silenced.ts';
import { handleUndo } from '#federation/inbox/undo.ts';
import { newBudget } from '#federation/resolve/budget.ts';
import { isGoneForUs } from '#federation/resolve/fetch-faults.ts';
import { FETCH_LANE } from '#federation/resolve/plan-ancestors.ts';
import type { Resolver } from '#federation/resolve/resolve.ts';
import { readActivity } from '#federation/translate/activity.ts';
import type { Activity } from '#federation/translate/activity-types.ts';
import type { Clock } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';

export interface DispatchParts {
  reader: Reader;
  resolver: Resolver;
  clock: Clock;
  site: Site;
  log(message: string, details: Record<string, unknown>): void;
}

interface Received {
  uri: string;
  actor_uri: string;
  raw: string;
}

/**
 * Handles one admitted activity. Its sender was verified at the front; here it is read a second time as JSON-LD, and
 * dropped when the two readings differ. Then each kind goes to its handler, whose one change is committed together
 * with the acknowledgement. What is gone at its origin, or not for us, is dropped and not tried for days.
 */
export function createDispatch(parts: DispatchParts): (job: Job) => Promise<void> {
  const passOns = createDomainShares(limits.passOnsPerDomain, parts.clock);
  return async (job) => {
    const rows = await parts.reader.read.hot<Received>(
      'select uri, actor_uri, raw from activities where id = $1',
      job.refId,
    );
    const [received] = rows;
    if (!received || received.raw === '') return;
    const outcome = await outcomeOf({ ...parts, passOns }, received);
    if (typeof outcome === 'string') parts.log('activity dropped', { uri: received.uri, why: outcome });
    await job.finish(async (unit: Unit) => {
      if (typeof outcome !== 'string') await outcome(unit);
      // The body has served; its id stays, so that a replay finds it.
      await unit.tx.hot(`update activities set raw = '' where id = $1`, job.refId);
      if (job.data['sync']) {
        const data = { sync: job.data['sync'], actorUri: received.actor_uri };
        await enqueueJobs(unit, [{ lane: FETCH_LANE, onceKey: `sync ${received.actor_uri}`, data }]);
      }
    }, undefined);
  };
}

async function outcomeOf(parts: DispatchParts & Pick<InboxContext, 'passOns'>, received: Received): Promise<Outcome> {
  const { raw } = received;
  const json = JSON.parse(raw) as Record<string, unknown>;
  const difference = await findSecondMeaning(json);
  if (difference !== null) return `read in two ways: ${difference}`;
  const activity = readActivity(json);
  if (activity.kind === 'ignored' || activity.kind === 'refused') return `${activity.kind}: ${activity.why}`;
  // The front writes it as `URL` does: letters of other scripts may stand in an address as they are.
  if (URL.parse(activity.actorUri)?.href !== received.actor_uri) return 'the actor is not the one that was verified';
  const budget = newBudget();
  try {
    if (await parts.resolver.isSuspended(activity.actorUri)) return 'from a suspended domain';
    const actorId = await parts.resolver.accountByUri(activity.actorUri, budget);
    if (actorId === null) return 'by nobody who can be found';
    if (await isSilenced(parts.reader, actorId)) return 'by a suspended or deleted account';
    const context: InboxContext = { ...parts, budget, actorId, actorUri: activity.actorUri, raw, json };
    return await handle(context, activity);
  } catch (error) {
    if (isGoneForUs(error)) return `gone at its origin, or not for us: ${String(error)}`;
    throw error;
  }
}

type Handled = Exclude<Activity, { kind: 'ignored' | 'refused' }>;

function handle(context: InboxContext, activity: Handled): Promise<Outcome> {
  switch (activity.kind) {
    case 'follow':
      return handleFollow(context, activity);
    case 'accept':
    case 'reject':
      return handleFollowAnswer(context, activity);
    case 'undo':
      return handleUndo(context, activity);
    case 'create':
      return handleCreate(context, activity);
    case 'update':
      return handleUpdate(context, activity);
    case 'delete':
      return activity.ofActor ? handleAccountDelete(context) : handleDelete(context, activity);
    case 'announce':
      return handleAnnounce(context, activity);
    case 'like':
      return handleLike(context, activity);
    case 'vote':
      return handleVote(context, activity);
    case 'block':
      return handleBlock(context, activity);
    case 'move':
      return handleMove(context, activity);
    case 'add':
    case 'remove':
      return handlePin(context, activity);
    case 'flag':
      return handleFlag(context, activity);
    case 'quote-request':
      return handleQuoteRequest(context, activity);
    default:
      throw new PermanentFailure(`no handler for ${(activity as { kind: string }).kind}`);
  }
}
