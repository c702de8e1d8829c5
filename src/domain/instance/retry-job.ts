import type { Unit } from '#db/unit.ts';
import { recordAudit } from '#domain/instance/record-audit.ts';
import { notFound } from '#kernel/errors.ts';

interface JobInput {
  actorId: number | null;
  jobId: number;
}

/** Lets a job that was given up begin anew, with all its tries. @throws not-found. */
export async function retryJob(unit: Unit, input: JobInput): Promise<void> {
  const [job] = await unit.tx.hot<{ lane: string }>(
    `update jobs set dead_at = null, due_at = $1, tries = 0, lease = 0 where id = $2 and dead_at is not null
     returning lane`,
    unit.now,
    input.jobId,
  );
  if (!job) throw notFound();
  await record(unit, input, 'job-retried', job.lane);
}

/** Removes a job that was given up; what it should have done stays undone. @throws not-found. */
export async function forgetJob(unit: Unit, input: JobInput): Promise<void> {
  const [job] = await unit.tx.hot<{ lane: string; ref_id: number | null }>(
    'delete from jobs where id = $1 and dead_at is not null returning lane, ref_id',
    input.jobId,
  );
  if (!job) throw notFound();
  if (job.ref_id !== null && job.lane.startsWith('event:')) {
    // An event whose consumers are all done is no longer needed.
    await unit.tx.hot(
      'delete from outbox where id = $1 and not exists (select 1 from jobs where ref_id = $1)',
      job.ref_id,
    );
  }
  await record(unit, input, 'job-forgotten', job.lane);
}

async function record(unit: Unit, input: JobInput, action: string, lane: string): Promise<void> {
  await recordAudit(unit, { actorId: input.actorId, action, target: `job:${input.jobId}`, details: { lane } });
}
