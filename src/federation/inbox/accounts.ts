import { receiveAccountDelete } from '#domain/departures/receive-account-delete.ts';
import { receiveMove } from '#domain/departures/receive-move.ts';
import { receiveFlag } from '#domain/moderation/receive-flag.ts';
import { receiveUndoBoost } from '#domain/posts/boost-post.ts';
import { receiveUndoFavourite } from '#domain/posts/favourite-post.ts';
import { receiveUndoBlock } from '#domain/relationships/receive-undo-block.ts';
import { receiveUndoFollow } from '#domain/relationships/receive-undo-follow.ts';
import { findAccountByUri } from '#domain/accounts/accounts.queries.ts';
import type { InboxContext, Outcome } from '#federation/inbox/inbox-context.ts';
import type { Activity } from '#federation/translate/activity-types.ts';
import type { Unit } from '#db/unit.ts';

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

/** What is undone may be named by its id alone; then each of the actor's own things is tried by that id. */
export async function handleUndo(context: InboxContext, activity: Of<'undo'>): Promise<Outcome> {
  const uri = activity.undone?.uri ?? activity.objectUri;
  const kind = activity.undone?.kind ?? null;
  const objectUri = activity.undone?.objectUri ?? null;
  const object = objectUri ? await findAccountByUri(context.reader, objectUri) : null;
  const actorId = context.actorId;
  return async (unit: Unit) => {
    if (kind === null || kind === 'follow') {
      await receiveUndoFollow(unit, {
        followerId: actorId,
        uri,
        followeeId: kind === null ? null : (object?.id ?? null),
      });
    }
    if (kind === null || kind === 'block') {
      await receiveUndoBlock(unit, { blockerId: actorId, uri, blockedId: kind === null ? null : (object?.id ?? null) });
    }
    if (kind === null || kind === 'announce') await receiveUndoBoost(unit, { actorId, uri, postUri: objectUri });
    if (kind === null || kind === 'like')
      await receiveUndoFavourite(unit, { actorId, uri: uri ?? '', postUri: objectUri });
    // Hollo 0.10 blocks, and snac 2.94 likes and boosts, a second time under the id of the first.
    if (uri) await forgetActivity(unit, { uri, actorUri: context.actorUri });
  };
}

/** So that it may come again. One that waits for its turn stays. */
async function forgetActivity(unit: Unit, { uri, actorUri }: { uri: string; actorUri: string }): Promise<void> {
  await unit.tx.hot(`delete from activities where uri = $1 and actor_uri = $2 and raw = ''`, uri, actorUri);
}
