import type { Commit } from '#db/unit.ts';
import { sweepMembership } from '#domain/membership/sweep-membership.ts';
import { forgetEndedBlocks } from '#domain/moderation/forget-ended-blocks.ts';

/** Forgets sessions, links, challenges, sign-ups and blocks whose time is over. To be run every hour. */
export async function forgetEnded({ commit }: { commit: Commit }): Promise<void> {
  await commit(sweepMembership, undefined);
  await commit(forgetEndedBlocks, undefined);
}
