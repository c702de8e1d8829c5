import type { Unit } from '#db/unit.ts';
import { notFound } from '#kernel/errors.ts';

/** What a follower wants to see of whom they follow; what is left out stays. @throws not-found without a follow. */
export async function setFollowOptions(
  unit: Unit,
  input: { followerId: number; followeeId: number; showBoosts?: boolean; notify?: boolean },
): Promise<void> {
  const flag = (value: boolean | undefined) => (value === undefined ? null : value ? 1 : 0);
  const rows = await unit.tx.hot(
    `update follows set show_boosts = coalesce($1, show_boosts), notify = coalesce($2, notify)
     where follower_id = $3 and followee_id = $4 returning id`,
    flag(input.showBoosts),
    flag(input.notify),
    input.followerId,
    input.followeeId,
  );
  if (rows.length === 0) throw notFound('follow-gone');
}
