import { idsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { REPLY_COUNTED } from '#domain/posts/posts.policy.ts';
import { reportedPostsOf } from '#domain/retention/aged-posts.queries.ts';
import { UNTOUCHED } from '#domain/retention/retention.policy.ts';

/**
 * Forgets posts of other servers that nobody here would miss, and returns how many: those of `ids` that arrived before
 * `before` and still are untouched. Unlike a deletion this leaves no grave: a post that matters again is fetched again.
 * The files of its media are collected by a job. Emits nothing, since nothing has happened to the posts.
 */
export async function forgetRemotePosts(
  unit: Unit,
  input: { ids: readonly number[]; before: number },
): Promise<number> {
  const ids = JSON.stringify(await stillUntouched(unit, input));
  if (ids === '[]') return 0;
  const these = idsIn(unit.engine, '$1');
  for (const statement of [
    `update posts set replies_count = replies_count
       - (select count(*) from posts r where r.reply_to_id = posts.id and r.id in ${these} and ${REPLY_COUNTED})
     where id in (select reply_to_id from posts where id in ${these})`,
    `update accounts set posts_count = posts_count
       - (select count(*) from posts p where p.author_id = accounts.id and p.id in ${these} and p.visibility <> 'direct')
     where id in (select author_id from posts where id in ${these})`,
    `update posts set reply_to_id = null where reply_to_id in ${these}`,
    `delete from posts where boost_of_id in ${these}`,
    `update media set post_id = null, position = 0, created_at = 0 where post_id in ${these}`,
  ]) {
    await unit.tx.hot(statement, ids);
  }
  return (await unit.tx.hot(`delete from posts where id in ${these} returning id`, ids)).length;
}

async function stillUntouched(unit: Unit, input: { ids: readonly number[]; before: number }): Promise<number[]> {
  const rows = await unit.tx.hot<{ id: number; author_id: number }>(
    `select p.id, p.author_id from posts p where p.id in ${idsIn(unit.engine, '$2')} and ${UNTOUCHED}`,
    input.before,
    JSON.stringify(input.ids),
  );
  const kept: number[] = [];
  for (const [authorId, theirs] of Map.groupBy(rows, (row) => row.author_id)) {
    const reported = await reportedPostsOf(unit.tx, authorId);
    kept.push(...theirs.map((row) => row.id).filter((id) => !reported.has(id)));
  }
  return kept;
}
