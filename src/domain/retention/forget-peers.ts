import type { Unit } from '#db/unit.ts';

/** Forgets servers that have not been in contact since `before`; returns whether more wait. */
export async function forgetPeers(unit: Unit, input: { before: number; most: number }): Promise<boolean> {
  const rows = await unit.tx.hot(
    `delete from peers where host in (select host from peers where first_seen_at < $1
       and coalesce(last_heard_at, 0) < $1 and coalesce(last_delivered_at, 0) < $1 limit $2) returning host`,
    input.before,
    input.most,
  );
  return rows.length === input.most;
}
