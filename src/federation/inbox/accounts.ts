import { receiveAccountDelete } from '#domain/departures/receive-account-delete.ts';
import { receiveMove } from '#domain/departures/receive-move.ts';
import { receiveFlag } from '#domain/moderation/receive-flag.ts';
import type { InboxContext, Outcome } from '#federation/inbox/inbox-context.ts';
import type { Activity } from '#federation/translate/activity-types.ts';

type Of<K extends Activity['kind']> = Extract<Activity, { kind: K }>;

export async function handleAccountDelete(context: InboxContext): Promise<Outcome> {
  return (unit) => receiveAccountDelete(unit, { actorId: context.actorId });
}

/** The target's document is read anew: it must name the old account by now. */
export async function handleMove(context: InboxContext, activity: Of<'move'>): Promise<Outcome> {
  const targetId = await context.resolver.accountByUri(activity.targetUri, context.budget, 0);
  if (targetId === null) return 'a move to nowhere';
  return (unit) => receiveMove(unit, { actorId: context.actorId, targetId });
}

export async function handleFlag(context: InboxContext, activity: Of<'flag'>): Promise<Outcome> {
  return (unit) =>
    receiveFlag(unit, {
      reporterId: context.actorId,
      uri: activity.uri,
      objectUris: activity.objectUris,
      comment: activity.comment ?? '',
    });
}
