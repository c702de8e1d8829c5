import type { Unit } from '#db/unit.ts';
import { lockClause } from '#domain/relationships/parties.ts';

/** Sets an account's two counters to what the rows say: for repairs, since every command keeps them exact. */
export async function recountFollows(unit: Unit, input: { accountId: number }): Promise<void> {
  await unit.tx.hot(`select id from accounts where id = $1${lockClause(unit)}`, input.accountId);
  await unit.tx.hot(
    `update accounts set
       followers_count = (select count(*) from follows where followee_id = accounts.id and state = 'accepted'),
       following_count = (select count(*) from follows where follower_id = accounts.id and state = 'accepted')
     where id = $1`,
    input.accountId,
  );
}
