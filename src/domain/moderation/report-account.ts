import { idsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';
import { invalid, notAllowed, notFound } from '#kernel/errors.ts';
import { limits } from '#kernel/limits.ts';

export interface NewReport {
  reporterId: number;
  targetId: number;
  postIds: readonly number[];
  comment: string;
  /** Whether the target's own server is to be told; only where it is another. */
  forward: boolean;
}

/**
 * A local person reports an account, with posts of that account that they can see. Returns the report's id.
 * @throws invalid for oneself, too much text, too many posts or somebody else's; not-found; not-allowed for a
 * suspended reporter.
 */
export async function reportAccount(unit: Unit, input: NewReport): Promise<number> {
  if (input.reporterId === input.targetId) throw invalid('report-self');
  const comment = input.comment.trim();
  if ([...comment].length > limits.reportCharacters) {
    throw invalid('report-too-long', 'comment', { max: limits.reportCharacters });
  }
  const target = await checkParties(unit, input);
  const postIds = await checkPosts(unit, input);
  const id = unit.newId();
  const forward = input.forward && target.domain !== '';
  await unit.tx.insert(unit.schema.reports).values({
    id,
    uri: `${unit.site.origin}/reports/${id}`,
    reporterId: input.reporterId,
    targetId: input.targetId,
    postIds,
    comment,
    forwardedAt: forward ? unit.now : null,
    createdAt: unit.now,
  });
  unit.emit({ type: 'report-made', reportId: id, forward });
  return id;
}

async function checkParties(unit: Unit, input: NewReport): Promise<{ domain: string }> {
  const reporter = await unit.tx.hot(
    `select id from accounts where id = $1 and domain = '' and suspended_at is null and deleted_at is null`,
    input.reporterId,
  );
  if (reporter.length === 0) throw notAllowed('account-inactive');
  const [target] = await unit.tx.hot<{ domain: string }>(
    'select domain from accounts where id = $1 and deleted_at is null and pending_at is null',
    input.targetId,
  );
  if (!target) throw notFound('account-gone');
  return target;
}

async function checkPosts(unit: Unit, input: NewReport): Promise<number[]> {
  const wanted = [...new Set(input.postIds)];
  if (wanted.length > limits.reportPosts) throw invalid('report-posts-too-many', 'posts', { max: limits.reportPosts });
  const rows = await unit.tx.hot<{ id: number }>(
    `select p.id from posts p join accounts a on a.id = p.author_id
     where p.id in ${idsIn(unit.engine, '$1')} and p.author_id = $2 and p.boost_of_id is null and ${visibleTo(3)}
     order by p.id`,
    JSON.stringify(wanted),
    input.targetId,
    input.reporterId,
  );
  // One that the reporter cannot see is told from none by nothing.
  if (rows.length !== wanted.length) throw invalid('report-posts-others', 'posts');
  return rows.map((row) => row.id);
}
