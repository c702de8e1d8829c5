import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Unit } from '#db/unit.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { policyOf } from '#domain/relationships/instance-domain-policy.ts';
import { receiveAccept } from '#domain/relationships/receive-accept.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import { receiveUndoFollow } from '#domain/relationships/receive-undo-follow.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { restoreSeveredFollows } from '#domain/relationships/restore-severed-follows.ts';
import {
  severFollowsOfAccount,
  severFollowsOfDomain,
  type SeveranceCause,
} from '#domain/relationships/sever-follows.ts';
import { limits } from '#kernel/limits.ts';
import { openWorld, type World } from '../../world.ts';
import { counters, emitted, expectExactCounters, followState, followUriOf, forgetEvents, update } from '../observed.ts';

let world: World;
let ada: number;
let ben: number;
let rita: number;
let deep: number;

beforeEach(async () => {
  world = await openWorld();
  ada = await world.person('ada');
  ben = await world.person('ben');
  rita = await world.remote('rita');
  deep = await world.remote('deep', 'a.there.test');
});

afterEach(async () => {
  await expectExactCounters(world);
  await world.close();
});

const setPolicy = (domain: string, severity: 'none' | 'limit' | 'suspend') =>
  world.store.write((tx) =>
    tx.hot(
      `insert into domain_policies (domain, severity, severity_since, reject_media, public_comment, private_comment, created_at, updated_at)
       values ($1, $2, 1, 0, '', '', 1, 1) on conflict (domain) do update set severity = excluded.severity`,
      domain,
      severity,
    ),
  );
const sever = (domain: string) => world.commit((unit: Unit, name: string) => severFollowsOfDomain(unit, name), domain);
const restore = (cause: SeveranceCause) => world.commit(restoreSeveredFollows, { cause });
const theirFollow = (followerId: number, followeeId: number) =>
  world.commit(receiveFollow, { uri: `https://there.test/f/${followerId}/${followeeId}`, followerId, followeeId });

async function ourFollow(followerId: number, followeeId: number): Promise<void> {
  await world.commit(requestFollow, { followerId, followeeId, showBoosts: false, notify: true });
  const uri = await followUriOf(world, followerId, followeeId);
  await world.commit(receiveAccept, { followeeId, uri, followerId: null });
}

describe('the policy on a domain', () => {
  test('is that of the longest name it lies under', async () => {
    await setPolicy('there.test', 'suspend');
    await setPolicy('good.there.test', 'none');
    const severity = async (domain: string) => (await policyOf(world.store, domain)).severity;
    expect(await severity('there.test')).toBe('suspend');
    expect(await severity('WWW.There.test')).toBe('suspend');
    expect(await severity('there.test:8443')).toBe('suspend');
    expect(await severity('there.test.')).toBe('suspend');
    expect(await severity('x.good.there.test')).toBe('none');
    expect(await severity(`${'a.'.repeat(60)}there.test`)).toBe('suspend');
    expect(await severity('nothere.test')).toBe('none');
    expect(await severity('test')).toBe('none');
    expect(await severity('')).toBe('none');
  });
});

describe('a suspended domain', () => {
  beforeEach(async () => {
    await theirFollow(rita, ada);
    await theirFollow(deep, ada);
    await theirFollow(rita, ben);
    await ourFollow(ada, rita);
    await world.commit(requestFollow, { followerId: ben, followeeId: rita });
    await forgetEvents(world);
  });

  test('loses its follows in both directions, and nobody is told', async () => {
    await setPolicy('there.test', 'suspend');
    expect(await sever('there.test')).toBe(4);
    for (const id of [ada, ben, rita, deep]) expect(await counters(world, id)).toEqual({ followers: 0, following: 0 });
    expect(await world.store.read.$count(world.store.schema.follows)).toBe(0);
    expect(await emitted(world, 'follow-rejected')).toEqual([]);
    expect(await emitted(world, 'follow-undone')).toEqual([]);
  });

  test('spares a name with a milder policy of its own', async () => {
    await setPolicy('there.test', 'suspend');
    await setPolicy('a.there.test', 'limit');
    await sever('there.test');
    expect(await followState(world, deep, ada)).toBe('accepted');
    expect(await followState(world, rita, ada)).toBeNull();
  });

  test('gets its followers back as they were, and is asked anew by ours', async () => {
    await setPolicy('there.test', 'suspend');
    await sever('there.test');
    await restore('domain:there.test');
    expect(await followState(world, rita, ada)).toBeNull();

    await setPolicy('there.test', 'none');
    expect(await restore('domain:there.test')).toEqual({ more: false });
    expect(await followState(world, rita, ada)).toBe('accepted');
    expect(await followState(world, deep, ada)).toBe('accepted');
    expect(await followState(world, rita, ben)).toBe('accepted');
    expect(await followState(world, ada, rita)).toBe('pending');
    expect(await emitted(world, 'follow-requested')).toMatchObject([{ followerId: ada, followeeId: rita }]);
    expect(await world.store.read.hot('select show_boosts, notify from follows where follower_id = $1', ada)).toEqual([
      { show_boosts: 0, notify: 1 },
    ]);
    const undo = { followerId: rita, uri: `https://there.test/f/${rita}/${ada}`, followeeId: null };
    expect(await world.commit(receiveUndoFollow, undo)).toBe(true);
    await restore('domain:there.test');
    expect(await followState(world, rita, ada)).toBeNull();
  });

  test('gets nothing back that a block or another suspension forbids', async () => {
    await setPolicy('there.test', 'suspend');
    await setPolicy('a.there.test', 'suspend');
    await sever('there.test');
    await world.commit(blockAccount, { blockerId: ada, blockedId: rita });
    await setPolicy('there.test', 'none');
    await restore('domain:there.test');
    expect(await followState(world, rita, ada)).toBeNull();
    expect(await followState(world, rita, ben)).toBe('accepted');
    expect(await followState(world, deep, ada)).toBeNull();
    await setPolicy('a.there.test', 'none');
    await restore('domain:a.there.test');
    expect(await followState(world, deep, ada)).toBe('accepted');
  });

  test('a suspended account waits for its own restoring', async () => {
    await world.commit((unit: Unit, id: number) => severFollowsOfAccount(unit, id), rita);
    await update(world, rita, 'suspended_at = 1');
    await setPolicy('there.test', 'suspend');
    await sever('there.test');
    await setPolicy('there.test', 'none');
    await restore('domain:there.test');
    expect(await followState(world, rita, ada)).toBeNull();
    expect(await followState(world, deep, ada)).toBe('accepted');
    await restore(`account:${rita}`);
    expect(await followState(world, rita, ada)).toBeNull();
    await update(world, rita, 'suspended_at = null');
    await restore(`account:${rita}`);
    expect(await followState(world, rita, ada)).toBe('accepted');
  });
});

test('many follows come back in several rounds', async () => {
  const many = limits.followsRestoredAtOnce + 5;
  const { accounts, follows } = world.store.schema;
  const uri = (n: number) => `https://there.test/${n}`;
  await world.store.write(async (tx) => {
    for (let from = 1; from <= many; from += 500) {
      const some = Array.from({ length: Math.min(500, many + 1 - from) }, (_, index) => from + index);
      await tx.insert(accounts).values(
        some.map((n) => ({
          id: n,
          handle: `m${n}`,
          handleFolded: `m${n}`,
          domain: 'there.test',
          uri: uri(n),
          url: uri(n),
          inbox: uri(n),
          createdAt: 1,
          updatedAt: 1,
          followingCount: 1,
        })),
      );
      await tx.insert(follows).values(
        some.map((n) => ({
          id: n,
          followerId: n,
          followeeId: ada,
          uri: uri(n),
          state: 'accepted' as const,
          createdAt: 1,
        })),
      );
    }
    await tx
      .update(accounts)
      .set({ followersCount: many })
      .where(sql`id = ${ada}`);
  });
  await setPolicy('there.test', 'suspend');
  expect(await sever('there.test')).toBe(many);
  expect(await counters(world, ada)).toEqual({ followers: 0, following: 0 });
  await setPolicy('there.test', 'none');
  expect(await restore('domain:there.test')).toEqual({ more: true });
  expect(await restore('domain:there.test')).toEqual({ more: false });
  expect(await counters(world, ada)).toEqual({ followers: many, following: 0 });
});
