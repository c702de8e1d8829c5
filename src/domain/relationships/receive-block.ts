import type { Unit } from '#db/unit.ts';
import { insertBlock } from '#domain/relationships/block-account.ts';
import { deleteFollow } from '#domain/relationships/follow-rows.ts';
import { lockPair } from '#domain/relationships/parties.ts';

/**
 * A remote account blocks one of ours (false for anybody else's): follows end in both directions. Their server
 * has ended them already, so nothing goes back to it.
 */
export async function receiveBlock(
  unit: Unit,
  input: { uri: string; blockerId: number; blockedId: number },
): Promise<boolean> {
  const [blocker, blocked] = await lockPair(unit, input.blockerId, input.blockedId);
  if (blocker.local || !blocked.local) return false;
  if (!(await insertBlock(unit, { ...input, id: unit.newId() }))) return false;
  await deleteFollow(unit, blocker.id, blocked.id);
  await deleteFollow(unit, blocked.id, blocker.id);
  unit.emit({ type: 'account-blocked', ...input });
  return true;
}
