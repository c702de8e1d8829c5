import { idsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { lockClause } from '#domain/relationships/parties.ts';
import { ACCOUNT_COUNTERS, assignments, differs, POST_COUNTERS } from '#domain/upkeep/counters.ts';

export interface RebuildInput {
  /** The id after which to begin; 0 for the first. */
  after: number;
  most: number;
}

export interface Rebuilt {
  /** Where to go on; null at the end. */
  next: number | null;
  /** How many were wrong. */
  repaired: number;
}

/** Sets the counters of the next accounts to what the rows say. */
export async function rebuildAccountCounters(unit: Unit, input: RebuildInput): Promise<Rebuilt> {
  return rebuild(unit, 'accounts', ACCOUNT_COUNTERS, input);
}

/** Sets the counters of the next posts to what the rows say. */
export async function rebuildPostCounters(unit: Unit, input: RebuildInput): Promise<Rebuilt> {
  return rebuild(unit, 'posts', POST_COUNTERS, input);
}

async function rebuild(
  unit: Unit,
  table: 'accounts' | 'posts',
  counters: Record<string, string>,
  { after, most }: RebuildInput,
): Promise<Rebuilt> {
  // Locked before they are counted: what another process adds meanwhile is added to the right number.
  const rows = await unit.tx.hot<{ id: number }>(
    `select id from ${table} where id > $1 order by id limit $2${lockClause(unit)}`,
    after,
    most,
  );
  const last = rows.at(-1);
  if (!last) return { next: null, repaired: 0 };
  const repaired = await unit.tx.hot(
    `update ${table} set ${assignments(counters)}
     where id in ${idsIn(unit.engine, '$1')} and (${differs(counters)}) returning id`,
    JSON.stringify(rows.map((row) => row.id)),
  );
  return { next: rows.length === most ? last.id : null, repaired: repaired.length };
}
