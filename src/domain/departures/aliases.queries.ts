import type { Query } from '#db/store.ts';

export interface OwnMove {
  /** Addresses of accounts that may move here, or that this one has left. */
  aliases: string[];
  movedToId: number | null;
}

export async function ownMove(read: Pick<Query, 'hot'>, accountId: number): Promise<OwnMove> {
  const rows = await read.hot<{ aliases: string; moved_to_id: number | null }>(
    'select aliases, moved_to_id from accounts where id = $1',
    accountId,
  );
  const [row] = rows;
  return { aliases: row ? (JSON.parse(row.aliases) as string[]) : [], movedToId: row?.moved_to_id ?? null };
}
