import { textsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { policyOfHome } from '#domain/relationships/instance-domain-policy.ts';
import type { Home } from '#domain/relationships/relationships.policy.ts';
import { need } from '#kernel/assert.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { firstIdAt } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';

export interface ReceivedFlag {
  /** The Flag activity's id. */
  uri: string;
  /** The remote account that sent it; for Mastodon, its server's own. */
  reporterId: number;
  /** Accounts and posts, in any order. */
  objectUris: readonly string[];
  /** Plain text. */
  comment: string;
}

/**
 * Another server's report on people here: one for each whom it concerns. Nothing follows from it but that staff looks.
 * Unknown objects are left out; what names nobody here, comes again, or is one too many of its domain today is
 * ignored. Returns the reports' ids.
 */
export async function receiveFlag(unit: Unit, input: ReceivedFlag): Promise<number[]> {
  if (!(await isHeard(unit, input.reporterId))) return [];
  const targets = await findTargets(unit, input);
  const ids: number[] = [];
  for (const [targetId, postIds] of [...targets].slice(0, limits.flagTargets)) {
    // The activity's id is taken once; further reports of the same Flag have one made from it.
    const uri = ids.length === 0 ? input.uri : `${input.uri}#${targetId}`;
    const id = unit.newId();
    const [written] = await unit.tx
      .insert(unit.schema.reports)
      .values({
        id,
        uri,
        reporterId: input.reporterId,
        targetId,
        postIds: postIds.slice(0, limits.reportPosts),
        comment: [...input.comment.trim()].slice(0, limits.reportCharacters).join(''),
        createdAt: unit.now,
      })
      .onConflictDoNothing()
      .returning({ id: unit.schema.reports.id });
    if (!written) return ids;
    ids.push(id);
    unit.emit({ type: 'report-made', reportId: id, forward: false });
  }
  return ids;
}

async function isHeard(unit: Unit, reporterId: number): Promise<boolean> {
  const [reporter] = await unit.tx.hot<Home>(
    `select domain, host from accounts where id = $1 and domain <> '' and suspended_at is null and deleted_at is null`,
    reporterId,
  );
  if (!reporter) return false;
  const { severity } = await policyOfHome({ read: unit.tx, engine: unit.engine }, reporter);
  if (severity === 'suspend') return false;
  const rows = await unit.tx.hot<{ count: number }>(
    `select count(*) as count from reports r join accounts a on a.id = r.reporter_id
     where r.id >= $1 and a.domain = $2`,
    firstIdAt(unit.now - DAY_MS),
    reporter.domain,
  );
  return Number(rows[0]?.count ?? 0) < limits.flagsPerHostDay;
}

/**
 * The local accounts among the objects or behind the posts among them, each with those posts. A report shows them to
 * staff, so a private one has to have been given to somebody of the reporter's server: its address alone is a guess.
 */
async function findTargets(
  unit: Unit,
  { reporterId, objectUris }: Pick<ReceivedFlag, 'reporterId' | 'objectUris'>,
): Promise<Map<number, number[]>> {
  const wanted = JSON.stringify(objectUris.slice(0, limits.flagObjects));
  const [reporter] = await unit.tx.hot<{ uri: string }>('select uri from accounts where id = $1', reporterId);
  const origin = new URL(need(reporter?.uri, 'a reporter has an address')).origin;
  const accounts = await unit.tx.hot<{ id: number }>(
    `select id from accounts where uri in ${textsIn(unit.engine, '$1')} and domain = '' and deleted_at is null
       and kind <> 'application' order by id`,
    wanted,
  );
  const posts = await unit.tx.hot<{ id: number; author_id: number }>(
    `select p.id, p.author_id from posts p
     where p.uri in ${textsIn(unit.engine, '$1')} and p.local = 1 and p.boost_of_id is null
       and (p.visibility in ('public', 'unlisted')
         or exists (select 1 from post_mentions m join accounts r on r.id = m.account_id
           where m.post_id = p.id and r.uri >= $2 and r.uri < $3)
         or (p.visibility = 'followers' and exists (select 1 from follows f join accounts r on r.id = f.follower_id
           where f.followee_id = p.author_id and f.state = 'accepted' and r.uri >= $2 and r.uri < $3)))
     order by p.id`,
    wanted,
    // A range: '0' follows '/'.
    `${origin}/`,
    `${origin}0`,
  );
  const targets = new Map(accounts.map((account): [number, number[]] => [account.id, []]));
  for (const post of posts) targets.set(post.author_id, [...(targets.get(post.author_id) ?? []), post.id]);
  return targets;
}
