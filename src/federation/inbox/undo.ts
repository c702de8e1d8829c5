import type { Unit } from '#db/unit.ts';
import { findAccountByUri } from '#domain/accounts/accounts.queries.ts';
import { receiveUndoBoost } from '#domain/posts/boost-post.ts';
import { receiveUndoFavourite } from '#domain/posts/favourite-post.ts';
import { receiveUndoBlock } from '#domain/relationships/receive-undo-block.ts';
import { receiveUndoFollow } from '#domain/relationships/receive-undo-follow.ts';
import type { InboxContext, Outcome } from '#federation/inbox/inbox-context.ts';
import { rememberUndone } from '#federation/inbox/undone.ts';
import type { Activity } from '#federation/translate/activity-types.ts';

type Undo = Extract<Activity, { kind: 'undo' }>;

/** What is undone may be named by its id alone; then each of the actor's own things is tried by that id. */
export async function handleUndo(context: InboxContext, activity: Undo): Promise<Outcome> {
  const uri = activity.undone?.uri ?? activity.objectUri;
  const kind = activity.undone?.kind ?? null;
  const objectUri = activity.undone?.objectUri ?? null;
  const object = objectUri ? await findAccountByUri(context.reader, objectUri) : null;
  const actorId = context.actorId;
  const isOf = (one: typeof kind) => kind === null || kind === one;
  const pairedId = kind === null ? null : (object?.id ?? null);
  return async (unit: Unit) => {
    const found = [
      isOf('follow') && (await receiveUndoFollow(unit, { followerId: actorId, uri, followeeId: pairedId })),
      isOf('block') && (await receiveUndoBlock(unit, { blockerId: actorId, uri, blockedId: pairedId })),
      isOf('announce') && (await receiveUndoBoost(unit, { actorId, uri, postUri: objectUri })),
      isOf('like') && (await receiveUndoFavourite(unit, { actorId, uri: uri ?? '', postUri: objectUri })),
    ];
    if (uri === null) return;
    const { actorUri } = context;
    if (!found.includes(true)) await rememberUndone(unit, { actorUri, undoUri: activity.uri, uri });
    // Hollo 0.10 blocks, and snac 2.94 likes and boosts, a second time under the id of the first.
    await forgetActivity(unit, { uri, actorUri });
  };
}

/** So that it may come again. One that waits for its turn stays. */
async function forgetActivity(unit: Unit, { uri, actorUri }: { uri: string; actorUri: string }): Promise<void> {
  await unit.tx.hot(`delete from activities where uri = $1 and actor_uri = $2 and raw = ''`, uri, actorUri);
}
