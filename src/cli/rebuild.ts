import { rebuildAccountCounters, rebuildPostCounters, type RebuildInput } from '#domain/upkeep/rebuild-counters.ts';
import { rebuildAccountSearch, rebuildPostSearch } from '#domain/upkeep/rebuild-search.ts';
import { inBatches } from '#jobs/in-batches.ts';
import type { Commit } from '#db/unit.ts';
import { UsageError, type CliCommand } from '#cli/command.ts';
import { withInstance } from '#cli/open-instance.ts';

export const rebuild: CliCommand = {
  usage: ['rebuild counters', 'rebuild search'],
  does: 'Makes counters or the search index anew from what there is. The server may go on meanwhile.',
  async run(args) {
    const [what, ...more] = args;
    if (more.length > 0 || (what !== 'counters' && what !== 'search'))
      throw new UsageError('It takes "counters" or "search".');
    return withInstance(async ({ commit }) => {
      if (what === 'search') {
        await rebuildSearch(commit);
        console.log('The search index is made anew.');
      } else {
        const { accounts, posts } = await rebuildCounters(commit);
        console.log(`Repaired the counters of ${accounts} accounts and ${posts} posts.`);
      }
      return 0;
    });
  },
};

/** How many were wrong. */
export async function rebuildCounters(commit: Commit): Promise<{ accounts: number; posts: number }> {
  const repaired = { accounts: 0, posts: 0 };
  await walk(async (input) => {
    const one = await commit(rebuildAccountCounters, input);
    repaired.accounts += one.repaired;
    return one.next;
  });
  await walk(async (input) => {
    const one = await commit(rebuildPostCounters, input);
    repaired.posts += one.repaired;
    return one.next;
  });
  return repaired;
}

export async function rebuildSearch(commit: Commit): Promise<void> {
  await walk((input) => commit(rebuildPostSearch, input));
  await walk((input) => commit(rebuildAccountSearch, input));
}

/** From the first id to the last. */
async function walk(step: (input: RebuildInput) => Promise<number | null>): Promise<void> {
  let after: number | null = 0;
  await inBatches(async (most) => {
    after = await step({ after: after ?? 0, most });
    return after === null ? 'through' : 'more';
  });
}
