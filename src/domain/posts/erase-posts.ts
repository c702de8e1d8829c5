import type { Unit } from '#db/unit.ts';
import { REPLY_COUNTED } from '#domain/posts/posts.policy.ts';

/**
 * Removes everything that an account posted, boosted or favourited, with the counts that others show.
 * Set by set: a person may have written tens of thousands of posts. Emits nothing; the caller does.
 */
export async function erasePosts(unit: Unit, accountId: number): Promise<void> {
  const own = 'select id from posts where author_id = $1';
  await unit.tx.hot(
    `insert into tombstones (uri, deleted_at) select uri, $2 from posts where author_id = $1
       and (local = 0 or visibility in ('public', 'unlisted'))
     on conflict (uri) do nothing`,
    accountId,
    unit.now,
  );
  for (const statement of [
    `update posts set replies_count = replies_count
       - (select count(*) from posts r where r.reply_to_id = posts.id and r.author_id = $1 and ${REPLY_COUNTED})
     where id in (select reply_to_id from posts where author_id = $1)`,
    'update posts set boosts_count = boosts_count - 1 where id in (select boost_of_id from posts where author_id = $1)',
    `update posts set favourites_count = favourites_count - 1
     where id in (select post_id from favourites where account_id = $1)`,
    `delete from posts where boost_of_id in (${own})`,
    `update posts set reply_to_id = null where reply_to_id in (${own})`,
    // The files of media without a post are collected by a job.
    'update media set post_id = null where account_id = $1',
    'delete from posts where author_id = $1',
    'delete from favourites where account_id = $1',
  ]) {
    await unit.tx.hot(statement, accountId);
  }
}
