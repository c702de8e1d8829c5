import { once } from 'node:events';
import { createCommit } from '#db/commit.ts';
import { openMigrated } from '#db/open.ts';
import { createLane } from '#db/queue.ts';
import { takeSlot } from '#db/slots.ts';
import { consumersOf } from '#domain/consumers.ts';
import { react } from '#domain/reactions.ts';
import { systemClock } from '#kernel/clock.ts';
import { createIdSource } from '#kernel/ids.ts';

/*
 * One of several processes that work on the lane `work` of one PostgreSQL until it is empty, and write down which job
 * they have done: worker-process.ts <url> <lease in ms> <ms for each job>
 * It says that it is ready, and begins when it is told anything.
 */
const [url = '', leaseMs = '', workMs = ''] = process.argv.slice(2);
const store = await openMigrated({ engine: 'postgresql', url });
const slot = await takeSlot(store, systemClock);
const ids = createIdSource(slot.number);
const site = { origin: 'https://here.test', host: 'here.test', handleDomain: 'here.test' };
const commit = createCommit({ store, clock: systemClock, ids, site, react, consumersOf, wake: () => undefined });
const { tombstones } = store.schema;

const lane = createLane(
  { store, clock: systemClock, ids, commit, failed: (job, error) => console.error(job.id, error) },
  {
    lane: 'work',
    concurrency: 4,
    leaseMs: Number(leaseMs),
    triesMax: 5,
    backoffMs: () => 0,
    async handle(job) {
      await new Promise((resolve) => setTimeout(resolve, Number(workMs)));
      await job.finish(async ({ tx, now }) => {
        await tx.insert(tombstones).values({ uri: `${slot.number} ${job.id}`, deletedAt: now });
      }, undefined);
    },
  },
);
console.log('ready');
await once(process.stdin, 'data');
process.stdin.destroy();
for (;;) {
  await lane.drain();
  const [left] = await store.read.hot<{ n: number }>('select count(*) as n from jobs where dead_at is null');
  if (Number(left?.n) === 0) break;
  await new Promise((resolve) => setTimeout(resolve, 50));
}
await slot.release();
await store.close();
