import type { Unit } from '#db/unit.ts';

export interface ReceivedUndoBlock {
  /** Who undoes: the account whose server signed the activity. */
  blockerId: number;
  /** The id of the Block, where it is named. */
  uri: string | null;
  /** Whom the embedded Block names as its object, where one is embedded. */
  blockedId: number | null;
}

/** A remote account lifts its block, found by its id or by the pair. Somebody else's is not touched (false). */
export async function receiveUndoBlock(unit: Unit, input: ReceivedUndoBlock): Promise<boolean> {
  const rows = await unit.tx.hot<{ uri: string; blocked_id: number }>(
    `delete from blocks where blocker_id = $1 and (uri = $2 or blocked_id = $3) returning uri, blocked_id`,
    input.blockerId,
    input.uri ?? '',
    input.blockedId ?? 0,
  );
  for (const row of rows) {
    unit.emit({ type: 'block-undone', blockerId: input.blockerId, blockedId: row.blocked_id, uri: row.uri });
  }
  return rows.length > 0;
}
