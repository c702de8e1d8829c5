import type { Query } from '#db/store.ts';
import { ACCOUNT_COUNTERS, differs, POST_COUNTERS } from '#domain/upkeep/counters.ts';

/** How many accounts and posts show a wrong number. Looks at all of them: seconds on a large instance. */
export async function counterDrift(read: Pick<Query, 'hot'>): Promise<{ accounts: number; posts: number }> {
  const [accounts] = await read.hot<{ n: number }>(
    `select count(*) as n from accounts where ${differs(ACCOUNT_COUNTERS)}`,
  );
  const [posts] = await read.hot<{ n: number }>(`select count(*) as n from posts where ${differs(POST_COUNTERS)}`);
  return { accounts: Number(accounts?.n ?? 0), posts: Number(posts?.n ?? 0) };
}
