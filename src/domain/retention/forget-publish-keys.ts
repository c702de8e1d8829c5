import type { Unit } from '#db/unit.ts';

/** Forgets the keys of what was published before `before`, at most `most`; returns how many. */
export async function forgetPublishKeys(unit: Unit, input: { before: number; most: number }): Promise<number> {
  const gone = await unit.tx.hot(
    `delete from publish_keys where (author_id, key) in (
       select author_id, key from publish_keys where created_at < $1 order by created_at limit $2)
     returning key`,
    input.before,
    input.most,
  );
  return gone.length;
}
