import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { collectionMembers, followersDigest, followersOnHost } from '#domain/relationships/followers.queries.ts';
import {
  countFollowRequests,
  listBlocks,
  listFollowers,
  listFollowing,
  listFollowRequests,
  listSentRequests,
} from '#domain/relationships/listed-accounts.queries.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import { relationViews } from '#domain/relationships/relationships.queries.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { firstPage } from '#kernel/page.ts';
import { openWorld, type World } from '../../world.ts';
import { update } from '../observed.ts';

let world: World;
let ada: number;

beforeEach(async () => {
  world = await openWorld();
  ada = await world.person('ada');
});

afterEach(() => world.close());

const follows = (followerId: number, followeeId: number) =>
  world.commit(receiveFollow, { uri: `https://x.test/${followerId}/${followeeId}`, followerId, followeeId });

test('followers come in pages, newest first, and lead back', async () => {
  const remotes: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    remotes.push(await world.remote(`r${n}`));
    await follows(remotes[n] ?? 0, ada);
  }
  const first = await listFollowers(world.store, ada, firstPage(2));
  expect(first.items.map((line) => line.account.handle)).toEqual(['r4', 'r3']);
  const second = await listFollowers(world.store, ada, { before: first.nextBefore, after: null, limit: 2 });
  expect(second.items.map((line) => line.account.handle)).toEqual(['r2', 'r1']);
  const third = await listFollowers(world.store, ada, { before: second.nextBefore, after: null, limit: 2 });
  expect(third.items.map((line) => line.account.handle)).toEqual(['r0']);
  expect(third.nextBefore).toBeNull();
  const newer = await listFollowers(world.store, ada, { before: null, after: second.items[0]?.id ?? 0, limit: 10 });
  expect(newer.items.map((line) => line.account.handle)).toEqual(['r4', 'r3']);
});

test('each list holds its own', async () => {
  const ben = await world.person('ben');
  const cleo = await world.person('cleo');
  const rita = await world.remote('rita');
  await update(world, cleo, 'locked = 1');
  await world.commit(requestFollow, { followerId: ada, followeeId: ben });
  await world.commit(requestFollow, { followerId: ada, followeeId: cleo });
  await world.commit(requestFollow, { followerId: ada, followeeId: rita });
  await world.commit(blockAccount, { blockerId: ben, blockedId: rita });
  const names = async (list: typeof listFollowers, id: number) =>
    (await list(world.store, id, firstPage(10))).items.map((line) => line.account.acct);
  expect(await names(listFollowing, ada)).toEqual(['@ben']);
  expect(await names(listFollowers, ben)).toEqual(['@ada']);
  expect(await names(listFollowers, cleo)).toEqual([]);
  expect(await names(listFollowRequests, cleo)).toEqual(['@ada']);
  expect(await names(listSentRequests, ada)).toEqual(['@rita@there.test', '@cleo']);
  expect(await names(listBlocks, ben)).toEqual(['@rita@there.test']);
  expect(await countFollowRequests(world.store, cleo)).toBe(1);
  await update(world, ada, 'suspended_at = 1');
  expect(await names(listFollowers, ben)).toEqual([]);
  expect(await countFollowRequests(world.store, cleo)).toBe(0);
});

test('a relation says how two stand, for a page at once', async () => {
  const ben = await world.person('ben');
  const rita = await world.remote('rita');
  await world.commit(requestFollow, { followerId: ada, followeeId: ben, showBoosts: false, notify: true });
  await world.commit(requestFollow, { followerId: ada, followeeId: rita });
  await follows(rita, ada);
  const views = await relationViews(world.store, ada, [ada, ben, rita, 12345, ben], world.clock.now());
  expect([...views.keys()].toSorted((a, b) => a - b)).toEqual([ada, ben, rita]);
  expect(views.get(ada)).toMatchObject({ self: true, following: false });
  expect(views.get(ben)).toEqual({
    self: false,
    following: true,
    requested: false,
    followedBy: false,
    requestedBy: false,
    showBoosts: false,
    notify: true,
    blocking: false,
    blockedBy: false,
    muting: false,
    mutingUntil: null,
    domainBlocking: false,
  });
  expect(views.get(rita)).toMatchObject({ following: false, requested: true, followedBy: true, showBoosts: true });
  expect(await relationViews(world.store, ada, [], world.clock.now())).toEqual(new Map());
});

test('the collection and the digest of FEP-8fcf name those who are accepted, and of that host only', async () => {
  const uris = new Map<string, string>();
  for (const [handle, host] of [
    ['r1', 'there.test'],
    ['r2', 'there.test'],
    ['e', 'there.test.evil.test'],
    ['p', 'there.test:8443'],
  ] as const) {
    const id = await world.remote(handle, host);
    uris.set(handle, `https://${host}/users/${handle}`);
    await follows(id, ada);
  }
  const waiting = await world.remote('waiting');
  await update(world, ada, 'locked = 1');
  await follows(waiting, ada);

  // Of somebody with many followers they are found by another way.
  for (const count of [100_000, 4]) {
    await update(world, ada, `followers_count = ${count}`);
    expect(await followersOnHost(world.store, ada, 'there.test')).toEqual([uris.get('r1'), uris.get('r2')]);
    expect(await followersOnHost(world.store, ada, 'there.test:8443')).toEqual([uris.get('p')]);
  }
  const [one, other] = ['r1', 'r2'].map((name) =>
    createHash('sha256')
      .update(uris.get(name) ?? '')
      .digest(),
  );
  const expected = Buffer.from((one ?? Buffer.of()).map((byte, index) => byte ^ (other?.[index] ?? 0))).toString('hex');
  expect(await followersDigest(world.store, ada, 'there.test')).toBe(expected);
  expect(await followersDigest(world.store, ada, 'nobody.test')).toBe('0'.repeat(64));

  const page = await collectionMembers(world.store, ada, 'followers', firstPage(10));
  expect(page.items.map((item) => item.uri)).toEqual(['p', 'e', 'r2', 'r1'].map((name) => uris.get(name)));
  const theirs = await collectionMembers(world.store, await idOf('r1'), 'following', firstPage(10));
  expect(theirs.items.map((item) => item.uri)).toEqual(['https://here.test/users/ada']);
});

async function idOf(handle: string): Promise<number> {
  const rows = await world.store.read.hot<{ id: number }>('select id from accounts where handle = $1', handle);
  return rows[0]?.id ?? 0;
}
