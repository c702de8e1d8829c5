import { textsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';

/**
 * Looks at the next `most` graves after the address `after` and forgets those of other servers' posts from before
 * `before`: a Create that comes later still is not believable. Ours stay for ever, since others may ask for them.
 * Returns the address to go on from; null at the end.
 */
export async function forgetTombstones(
  unit: Unit,
  input: { after: string; before: number; most: number },
): Promise<string | null> {
  const rows = await unit.tx.hot<{ uri: string; deleted_at: number }>(
    'select uri, deleted_at from tombstones where uri > $1 order by uri limit $2',
    input.after,
    input.most,
  );
  const ours = `${unit.site.origin}/`;
  const stale = rows.filter((row) => row.deleted_at < input.before && !row.uri.startsWith(ours)).map((row) => row.uri);
  if (stale.length > 0) {
    await unit.tx.hot(`delete from tombstones where uri in ${textsIn(unit.engine, '$1')}`, JSON.stringify(stale));
  }
  return rows.length === input.most ? (rows.at(-1)?.uri ?? null) : null;
}
