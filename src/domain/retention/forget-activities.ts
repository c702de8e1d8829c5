import type { Unit } from '#db/unit.ts';

/**
 * Forgets activities that arrived before `before` and were worked off, at most `most`; returns how many. Until then
 * their ids make a replay harmless, and nobody tries for longer than that.
 */
export async function forgetActivities(unit: Unit, input: { before: number; most: number }): Promise<number> {
  const gone = await unit.tx.hot(
    `delete from activities where id in (
       select a.id from activities a where a.received_at < $1
         and not exists (select 1 from jobs j where j.ref_id = a.id)
       order by a.received_at limit $2)
     returning id`,
    input.before,
    input.most,
  );
  return gone.length;
}
