import type { Unit } from '#db/unit.ts';
import { deleteFollow } from '#domain/relationships/follow-rows.ts';
import { lockPair } from '#domain/relationships/parties.ts';
import { invalid } from '#kernel/errors.ts';

/**
 * A local person shuts another out: follows end in both directions, and each ending is told as what it is.
 * @throws invalid for oneself, not-found for an unknown account.
 */
export async function blockAccount(unit: Unit, input: { blockerId: number; blockedId: number }): Promise<void> {
  if (input.blockerId === input.blockedId) throw invalid('block-self');
  const [blocker] = await lockPair(unit, input.blockerId, input.blockedId);
  const id = unit.newId();
  const uri = `${blocker.uri}#blocks/${id}`;
  if (!(await insertBlock(unit, { ...input, id, uri }))) return;
  const own = await deleteFollow(unit, input.blockerId, input.blockedId);
  if (own) {
    unit.emit({ type: 'follow-undone', followerId: input.blockerId, followeeId: input.blockedId, uri: own.uri });
  }
  const theirs = await deleteFollow(unit, input.blockedId, input.blockerId);
  if (theirs) {
    unit.emit({ type: 'follow-rejected', followerId: input.blockedId, followeeId: input.blockerId, uri: theirs.uri });
  }
  unit.emit({ type: 'account-blocked', ...input, uri });
}

export interface NewBlock {
  id: number;
  blockerId: number;
  blockedId: number;
  uri: string;
}

/** False when the block is there already. */
export async function insertBlock(unit: Unit, block: NewBlock): Promise<boolean> {
  const rows = await unit.tx.hot(
    `insert into blocks (id, blocker_id, blocked_id, uri, created_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning id`,
    block.id,
    block.blockerId,
    block.blockedId,
    block.uri,
    unit.now,
  );
  return rows.length > 0;
}
