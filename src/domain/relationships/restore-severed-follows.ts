import { idsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { policyOfHome } from '#domain/relationships/instance-domain-policy.ts';
import { findFollow, findFollowByUri, insertFollow } from '#domain/relationships/follow-rows.ts';
import { lockPair, standingOf } from '#domain/relationships/parties.ts';
import { followRefusal, type Home, type Party } from '#domain/relationships/relationships.policy.ts';
import { followUri } from '#domain/relationships/request-follow.ts';
import { accountsAt, homesUnder, type SeveranceCause } from '#domain/relationships/sever-follows.ts';
import { limits } from '#kernel/limits.ts';

interface SeveredRow {
  id: number;
  follower_id: number;
  followee_id: number;
  uri: string;
  show_boosts: number;
  notify: number;
}

/**
 * Gives back what a suspension cut, as far as no suspension stands any more; whatever cut it. Remote followers
 * follow again; our own follows are asked for anew, since their followees may have changed their mind unheard.
 * What cannot be (a block, an account that is gone) is forgotten. Returns whether more wait: a command restores
 * a limited number, and is to be called again.
 */
export async function restoreSeveredFollows(unit: Unit, input: { cause: SeveranceCause }): Promise<{ more: boolean }> {
  const accounts = await accountsOf(unit, input.cause);
  const max = limits.followsRestoredAtOnce;
  const rows = await unit.tx.hot<SeveredRow>(
    `select id, follower_id, followee_id, uri, show_boosts, notify from severed_follows
     where follower_id in ${idsIn(unit.engine, '$1')} or followee_id in ${idsIn(unit.engine, '$1')}
     order by id limit $2`,
    JSON.stringify(accounts),
    max + 1,
  );
  for (const row of rows.slice(0, max)) {
    await restore(unit, row);
    await unit.tx.hot('delete from severed_follows where id = $1', row.id);
  }
  return { more: rows.length > max };
}

/** The accounts that the cause concerned and on which no suspension lies. */
async function accountsOf(unit: Unit, cause: SeveranceCause): Promise<number[]> {
  const [kind, name = ''] = cause.split(/:(.*)/s);
  const reader = { read: unit.tx, engine: unit.engine };
  const homes =
    kind === 'account'
      ? await unit.tx.hot<Home>('select domain, host from accounts where id = $1', Number(name))
      : await homesUnder(unit, name);
  const open: Home[] = [];
  for (const home of homes) {
    if ((await policyOfHome(reader, home)).severity !== 'suspend') open.push(home);
  }
  const ids = kind === 'account' ? (open.length > 0 ? [Number(name)] : []) : await accountsAt(unit, open);
  const free = await unit.tx.hot<{ id: number }>(
    `select id from accounts where id in ${idsIn(unit.engine, '$1')} and suspended_at is null`,
    JSON.stringify(ids),
  );
  return free.map(({ id }) => id);
}

async function restore(unit: Unit, row: SeveredRow): Promise<void> {
  const [follower, followee] = await lockPair(unit, row.follower_id, row.followee_id);
  if (await findFollow(unit, follower.id, followee.id)) return;
  if (followRefusal(follower, followee, await standingOf(unit, follower, followee))) return;
  const options = { showBoosts: row.show_boosts !== 0, notify: row.notify !== 0 };
  if (follower.local) await askAnew(unit, follower, followee, options);
  else if (!(await findFollowByUri(unit, row.uri))) {
    const pair = { followerId: follower.id, followeeId: followee.id, uri: row.uri };
    await insertFollow(unit, { ...pair, id: unit.newId(), state: 'accepted' });
  }
}

async function askAnew(
  unit: Unit,
  follower: Party,
  followee: Party,
  options: { showBoosts: boolean; notify: boolean },
): Promise<void> {
  const id = unit.newId();
  const pair = { followerId: follower.id, followeeId: followee.id, uri: followUri(follower, id) };
  await insertFollow(unit, { ...pair, ...options, id, state: 'pending' });
  unit.emit({ type: 'follow-requested', ...pair });
}
