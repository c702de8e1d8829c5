import { REPLY_COUNTED } from '#domain/posts/posts.policy.ts';

/*
 * What the counters that people see must be, as SQL. Every command keeps them so; this is how it is checked and
 * repaired. Counts of polls are not among them: a vote outlives the account that cast it.
 */

export const ACCOUNT_COUNTERS = {
  followers_count: `(select count(*) from follows f where f.followee_id = accounts.id and f.state = 'accepted')`,
  following_count: `(select count(*) from follows f where f.follower_id = accounts.id and f.state = 'accepted')`,
  posts_count: `(select count(*) from posts p
    where p.author_id = accounts.id and p.boost_of_id is null and p.visibility <> 'direct')`,
};

export const POST_COUNTERS = {
  replies_count: `(select count(*) from posts r where r.reply_to_id = posts.id and ${REPLY_COUNTED})`,
  boosts_count: '(select count(*) from posts b where b.boost_of_id = posts.id)',
  favourites_count: '(select count(*) from favourites f where f.post_id = posts.id)',
};

/** `set` of an update. */
export function assignments(counters: Record<string, string>): string {
  return Object.entries(counters)
    .map(([column, count]) => `${column} = ${count}`)
    .join(', ');
}

/** Whether any of them is wrong. */
export function differs(counters: Record<string, string>): string {
  return Object.entries(counters)
    .map(([column, count]) => `${column} <> ${count}`)
    .join(' or ');
}
