import type { Unit } from '#db/unit.ts';
import { followUri } from '#domain/relationships/request-follow.ts';
import { undoFollow } from '#domain/relationships/undo-follow.ts';

/**
 * Brings our view of who here follows a remote account into line with its own (FEP-8fcf): a follow that it does not
 * know ends here, and one that only it believes in is taken back there.
 */
export async function reconcileFollowers(
  unit: Unit,
  input: { followeeId: number; uris: readonly string[] },
): Promise<void> {
  const listed = new Set(input.uris);
  const ours = await unit.tx.hot<{ id: number; uri: string }>(
    `select a.id, a.uri from follows f join accounts a on a.id = f.follower_id
     where f.followee_id = $1 and f.state = 'accepted' and a.domain = ''`,
    input.followeeId,
  );
  for (const { id, uri } of ours) {
    if (!listed.has(uri)) await undoFollow(unit, { followerId: id, followeeId: input.followeeId });
    listed.delete(uri);
  }
  for (const uri of listed) {
    const strangers = await unit.tx.hot<{ id: number; uri: string }>(
      `select a.id, a.uri from accounts a where a.uri = $1 and a.domain = ''
       and not exists (select 1 from follows f where f.follower_id = a.id and f.followee_id = $2)`,
      uri,
      input.followeeId,
    );
    for (const stranger of strangers) {
      unit.emit({
        type: 'follow-undone',
        followerId: stranger.id,
        followeeId: input.followeeId,
        uri: followUri(stranger, unit.newId()),
      });
    }
  }
}
