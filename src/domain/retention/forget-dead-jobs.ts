import type { Unit } from '#db/unit.ts';
import { firstIdAt } from '#kernel/ids.ts';

/**
 * Forgets jobs that were given up before `before`, and what nobody waits for any more: events without a job, and
 * bodies without a delivery. At most `most` of each; returns whether there may be more.
 */
export async function forgetDeadJobs(unit: Unit, input: { before: number; most: number }): Promise<boolean> {
  const jobs = await unit.tx.hot(
    'delete from jobs where id in (select id from jobs where dead_at < $1 limit $2) returning id',
    input.before,
    input.most,
  );
  // Ids tell the time. What is younger may belong to a transaction of another process that is not done.
  const old = firstIdAt(input.before);
  const events = await unit.tx.hot(
    `delete from outbox where id in (
       select o.id from outbox o where o.id < $1 and not exists (select 1 from jobs j where j.ref_id = o.id) limit $2)
     returning id`,
    old,
    input.most,
  );
  const payloads = await unit.tx.hot(
    `delete from payloads where id in (
       select p.id from payloads p
       where p.id < $1 and not exists (select 1 from deliveries d where d.payload_id = p.id) limit $2)
     returning id`,
    old,
    input.most,
  );
  return [jobs, events, payloads].some((gone) => gone.length === input.most);
}
