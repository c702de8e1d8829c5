import type { Query } from '#db/store.ts';
import { pageOf, type Page, type PageRequest } from '#kernel/page.ts';

type Read = Pick<Query, 'hot'>;

export interface LaneDepth {
  lane: string;
  waiting: number;
  /** Those that have failed already and are tried again. */
  retrying: number;
  dead: number;
  /** When the one that has waited longest was due; null when none is. */
  oldestDueAt: number | null;
}

/** What waits in each lane of the queue. */
export async function laneDepths(read: Read): Promise<LaneDepth[]> {
  const rows = await read.hot<LaneDepth>(
    `select lane, sum(case when dead_at is null then 1 else 0 end) as waiting,
       sum(case when dead_at is null and last_error is not null then 1 else 0 end) as retrying,
       sum(case when dead_at is null then 0 else 1 end) as dead,
       min(case when dead_at is null then due_at end) as "oldestDueAt"
     from jobs group by lane order by lane`,
  );
  return rows.map((row) => ({
    ...row,
    waiting: Number(row.waiting),
    retrying: Number(row.retrying),
    dead: Number(row.dead),
  }));
}

export interface DeadJob {
  id: number;
  lane: string;
  tries: number;
  deadAt: number;
  /** The error of the last try, as it was logged: for people who run the server. */
  lastError: string | null;
}

/** Jobs that were given up, the newest first. */
export async function deadJobs(read: Read, { before, limit }: PageRequest): Promise<Page<DeadJob>> {
  const rows = await read.hot<DeadJob>(
    `select id, lane, tries, dead_at as "deadAt", last_error as "lastError" from jobs
     where dead_at is not null and id < $1 order by id desc limit $2`,
    before ?? Number.MAX_SAFE_INTEGER,
    limit + 1,
  );
  return pageOf(rows, limit);
}
