import type { Unit } from '#db/unit.ts';
import { lockPair } from '#domain/relationships/parties.ts';

/** A local person lifts a block; follows do not come back. */
export async function undoBlock(unit: Unit, input: { blockerId: number; blockedId: number }): Promise<void> {
  await lockPair(unit, input.blockerId, input.blockedId);
  const rows = await unit.tx.hot<{ uri: string }>(
    'delete from blocks where blocker_id = $1 and blocked_id = $2 returning uri',
    input.blockerId,
    input.blockedId,
  );
  if (rows[0]) unit.emit({ type: 'block-undone', ...input, uri: rows[0].uri });
}
