import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';

export interface RemoteTotals {
  accountId: number;
  /** Null where its server does not say, or not now: what it said before stays. */
  followers: number | null;
  following: number | null;
  posts: number | null;
  /** Whether its newest posts were asked for as well. */
  withPosts: boolean;
}

/** Notes how much a remote account's own server says that it has, and that it was asked. */
export async function receiveTotals(unit: Unit, input: RemoteTotals): Promise<void> {
  const { accounts } = unit.schema;
  await unit.tx
    .update(accounts)
    .set({
      ...(input.followers === null ? {} : { followersTotal: input.followers }),
      ...(input.following === null ? {} : { followingTotal: input.following }),
      ...(input.posts === null ? {} : { postsTotal: input.posts }),
      profileFetchedAt: unit.now,
      ...(input.withPosts ? { outboxFetchedAt: unit.now } : {}),
    })
    .where(eq(accounts.id, input.accountId));
}
