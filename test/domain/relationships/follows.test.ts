import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acceptFollow } from '#domain/relationships/accept-follow.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { blockDomain } from '#domain/relationships/block-domain.ts';
import { receiveAccept } from '#domain/relationships/receive-accept.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import { receiveReject } from '#domain/relationships/receive-reject.ts';
import { receiveUndoFollow } from '#domain/relationships/receive-undo-follow.ts';
import { recountFollows } from '#domain/relationships/recount-follows.ts';
import { rejectFollow } from '#domain/relationships/reject-follow.ts';
import { removeFollower } from '#domain/relationships/remove-follower.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { setFollowOptions } from '#domain/relationships/set-follow-options.ts';
import { undoFollow } from '#domain/relationships/undo-follow.ts';
import { limits } from '#kernel/limits.ts';
import { openWorld, type World } from '../../world.ts';
import {
  counters,
  emitted,
  expectExactCounters,
  followState,
  followUriOf,
  forgetEvents,
  reasonOf,
  update,
} from '../observed.ts';

let world: World;
let ada: number;
let ben: number;
let rita: number;

beforeEach(async () => {
  world = await openWorld();
  ada = await world.person('ada');
  ben = await world.person('ben');
  rita = await world.remote('rita');
});

afterEach(async () => {
  await expectExactCounters(world);
  await world.close();
});

const follow = (followerId: number, followeeId: number) => world.commit(requestFollow, { followerId, followeeId });

describe('following somebody here', () => {
  test('stands at once', async () => {
    expect(await follow(ada, ben)).toBe('accepted');
    expect(await counters(world, ada)).toEqual({ followers: 0, following: 1 });
    expect(await counters(world, ben)).toEqual({ followers: 1, following: 0 });
    expect(await emitted(world, 'follow-accepted')).toMatchObject([
      { followerId: ada, followeeId: ben, byRequest: false },
    ]);
  });

  test('waits for a locked person, and counts from their word on', async () => {
    await update(world, ben, 'locked = 1');
    expect(await follow(ada, ben)).toBe('pending');
    expect(await counters(world, ben)).toEqual({ followers: 0, following: 0 });
    await world.commit(acceptFollow, { followeeId: ben, followerId: ada });
    await world.commit(acceptFollow, { followeeId: ben, followerId: ada });
    expect(await counters(world, ben)).toEqual({ followers: 1, following: 0 });
    expect(await emitted(world, 'follow-accepted')).toMatchObject([{ byRequest: true }]);
  });

  test('waits where the follower is limited', async () => {
    await update(world, ada, 'limited_at = 1');
    expect(await follow(ada, ben)).toBe('pending');
  });

  test('twice is once', async () => {
    await follow(ada, ben);
    expect(await follow(ada, ben)).toBe('accepted');
    expect(await emitted(world, 'follow-accepted')).toHaveLength(1);
    expect(await counters(world, ben)).toEqual({ followers: 1, following: 0 });
  });

  test('ends with an undo, which twice is once', async () => {
    await follow(ada, ben);
    await world.commit(undoFollow, { followerId: ada, followeeId: ben });
    await world.commit(undoFollow, { followerId: ada, followeeId: ben });
    expect(await followState(world, ada, ben)).toBeNull();
    expect(await counters(world, ben)).toEqual({ followers: 0, following: 0 });
    expect(await emitted(world, 'follow-undone')).toHaveLength(1);
  });

  test('has a new address each time', async () => {
    await follow(ada, rita);
    const first = await followUriOf(world, ada, rita);
    await world.commit(undoFollow, { followerId: ada, followeeId: rita });
    await follow(ada, rita);
    const second = await followUriOf(world, ada, rita);
    expect(first).toMatch(/^https:\/\/here\.test\/users\/ada#follows\/\d+$/);
    expect(second).not.toBe(first);
  });

  test('can be refused and withdrawn while it waits', async () => {
    await update(world, ben, 'locked = 1');
    await follow(ada, ben);
    await world.commit(rejectFollow, { followeeId: ben, followerId: ada });
    expect(await followState(world, ada, ben)).toBeNull();
    await follow(ada, ben);
    await world.commit(undoFollow, { followerId: ada, followeeId: ben });
    await expect(world.commit(acceptFollow, { followeeId: ben, followerId: ada })).rejects.toMatchObject({
      code: 'not-found',
      reason: 'follow-request-gone',
    });
    expect(await followState(world, ada, ben)).toBeNull();
  });

  test('a refusal that comes too late takes no follower away, but sending away does', async () => {
    await follow(ada, ben);
    await world.commit(rejectFollow, { followeeId: ben, followerId: ada });
    expect(await followState(world, ada, ben)).toBe('accepted');
    await world.commit(removeFollower, { followeeId: ben, followerId: ada });
    expect(await followState(world, ada, ben)).toBeNull();
    expect(await emitted(world, 'follow-rejected')).toHaveLength(1);
  });

  test('keeps its options', async () => {
    await follow(ada, ben);
    const options = () => world.store.read.hot('select show_boosts, notify from follows where follower_id = $1', ada);
    expect(await options()).toEqual([{ show_boosts: 1, notify: 0 }]);
    await world.commit(setFollowOptions, { followerId: ada, followeeId: ben, showBoosts: false });
    await world.commit(requestFollow, { followerId: ada, followeeId: ben, notify: true });
    expect(await options()).toEqual([{ show_boosts: 0, notify: 1 }]);
    await expect(
      world.commit(setFollowOptions, { followerId: ben, followeeId: ada, notify: true }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  test('can be recounted', async () => {
    await follow(ada, ben);
    await update(world, ben, 'followers_count = 17, following_count = 3');
    await world.commit(recountFollows, { accountId: ben });
    expect(await counters(world, ben)).toEqual({ followers: 1, following: 0 });
  });
});

describe('a follow is refused', () => {
  const refusal = (followerId: number, followeeId: number) => reasonOf(follow(followerId, followeeId));

  test('of oneself, of nobody, and of the instance itself', async () => {
    expect(await refusal(ada, ada)).toBe('follow-self');
    expect(await refusal(ada, 12345)).toBe('account-gone');
    await update(world, ben, `kind = 'application'`);
    expect(await refusal(ada, ben)).toBe('account-gone');
  });

  test.each([
    ['suspended', 'suspended_at = 1', 'account-gone'],
    ['deleted', 'deleted_at = 1', 'account-gone'],
    ['moved', 'moved_to_id = 1', 'follow-moved'],
  ])('of somebody %s', async (_, set, reason) => {
    await update(world, rita, set);
    expect(await refusal(ada, rita)).toBe(reason);
  });

  test.each([['suspended_at = 1'], ['deleted_at = 1'], ['moved_to_id = 1']])('by somebody with %s', async (set) => {
    await update(world, ada, set);
    expect(await refusal(ada, ben)).toBe('account-inactive');
  });

  test('where either has blocked the other', async () => {
    await world.commit(blockAccount, { blockerId: ada, blockedId: ben });
    expect(await refusal(ada, ben)).toBe('follow-blocking');
    expect(await refusal(ben, ada)).toBe('follow-blocked');
  });

  test('where the domain is blocked, also by a name above it', async () => {
    const deep = await world.remote('deep', 'a.there.test');
    await world.commit(blockDomain, { accountId: ada, domain: 'there.test' });
    expect(await refusal(ada, rita)).toBe('follow-domain-blocked');
    expect(await refusal(ada, deep)).toBe('follow-domain-blocked');
    expect(await refusal(ben, rita)).toBe('no refusal');
  });

  test('where this instance has suspended the domain', async () => {
    const { domainPolicies } = world.store.schema;
    await world.store.write((tx) =>
      tx
        .insert(domainPolicies)
        .values({ domain: 'there.test', severity: 'suspend', severitySince: 1, createdAt: 1, updatedAt: 1 }),
    );
    expect(await refusal(ada, rita)).toBe('follow-domain-suspended');
  });

  test('beyond the number that a home timeline bears', async () => {
    const max = limits.followsPerAccount;
    const { accounts, follows } = world.store.schema;
    await world.store.write(async (tx) => {
      for (let from = 1; from <= max; from += 500) {
        const some = Array.from({ length: 500 }, (_, index) => from + index);
        const text = (n: number) => `https://many.test/${n}`;
        await tx.insert(accounts).values(
          some.map((n) => ({
            id: n,
            handle: `m${n}`,
            handleFolded: `m${n}`,
            domain: 'many.test',
            uri: text(n),
            url: text(n),
            inbox: text(n),
            createdAt: 1,
            updatedAt: 1,
          })),
        );
        await tx.insert(follows).values(
          some.map((n) => ({
            id: n,
            followerId: ada,
            followeeId: n,
            uri: text(n),
            state: 'pending' as const,
            createdAt: 1,
          })),
        );
      }
    });
    expect(await refusal(ada, ben)).toBe('follows-too-many');
  });
});

describe('following somebody elsewhere', () => {
  const uri = () => followUriOf(world, ada, rita);
  const answer = async (over: object = {}) => ({ followeeId: rita, uri: await uri(), followerId: ada, ...over });

  test('waits for their server', async () => {
    expect(await follow(ada, rita)).toBe('pending');
    expect(await emitted(world, 'follow-requested')).toEqual([
      { type: 'follow-requested', followerId: ada, followeeId: rita, uri: await uri() },
    ]);
    expect(await world.commit(receiveAccept, await answer())).toBe(true);
    expect(await followState(world, ada, rita)).toBe('accepted');
    expect(await world.commit(receiveAccept, await answer())).toBe(false);
    expect(await counters(world, rita)).toEqual({ followers: 1, following: 0 });
  });

  test('is accepted by its id alone, or by the pair where the peer gave it an id of its own', async () => {
    await follow(ada, rita);
    await world.commit(receiveAccept, await answer({ followerId: null }));
    expect(await followState(world, ada, rita)).toBe('accepted');
    await world.commit(undoFollow, { followerId: ada, followeeId: rita });
    await follow(ada, rita);
    await world.commit(receiveAccept, await answer({ uri: 'https://there.test/their-own-id' }));
    expect(await followState(world, ada, rita)).toBe('accepted');
    await world.commit(undoFollow, { followerId: ada, followeeId: rita });
    await follow(ada, rita);
    await world.commit(receiveAccept, await answer({ uri: null }));
    expect(await followState(world, ada, rita)).toBe('accepted');
  });

  test('is accepted by nobody but whom we asked', async () => {
    await follow(ada, rita);
    const mallory = await world.remote('mallory', 'evil.test');
    for (const forged of [
      await answer({ followeeId: mallory }),
      await answer({ followeeId: mallory, followerId: null }),
      await answer({ followeeId: mallory, uri: null }),
      await answer({ uri: 'https://evil.test/1', followerId: null }),
      { followeeId: rita, uri: null, followerId: null },
      { followeeId: rita, uri: null, followerId: ben },
    ]) {
      expect(await world.commit(receiveAccept, forged)).toBe(false);
      expect(await world.commit(receiveReject, forged)).toBe(false);
    }
    expect(await followState(world, ada, rita)).toBe('pending');
  });

  test('does not come to be by an Accept of what was never asked', async () => {
    expect(await world.commit(receiveAccept, { followeeId: rita, uri: null, followerId: ada })).toBe(false);
    expect(await followState(world, ada, rita)).toBeNull();
  });

  test('is not moved by a late answer to an earlier request', async () => {
    await follow(ada, rita);
    const stale = await answer();
    await world.commit(undoFollow, { followerId: ada, followeeId: rita });
    await follow(ada, rita);
    expect(await world.commit(receiveAccept, stale)).toBe(false);
    expect(await world.commit(receiveReject, stale)).toBe(false);
    expect(await followState(world, ada, rita)).toBe('pending');
  });

  test('ends with a Reject, before or after an Accept', async () => {
    await follow(ada, rita);
    expect(await world.commit(receiveReject, await answer())).toBe(true);
    expect(await followState(world, ada, rita)).toBeNull();
    await follow(ada, rita);
    await world.commit(receiveAccept, await answer());
    expect(await world.commit(receiveReject, await answer({ uri: 'https://there.test/x' }))).toBe(true);
    expect(await followState(world, ada, rita)).toBeNull();
    expect(await counters(world, ada)).toEqual({ followers: 0, following: 0 });
  });
});

describe('somebody elsewhere follows', () => {
  const theirs = 'https://there.test/follows/1';
  const receive = (uri = theirs) => world.commit(receiveFollow, { uri, followerId: rita, followeeId: ada });

  test('stands at once, or waits for a locked person', async () => {
    expect(await receive()).toBe('accepted');
    await update(world, ben, 'locked = 1');
    expect(await world.commit(receiveFollow, { uri: `${theirs}2`, followerId: rita, followeeId: ben })).toBe('pending');
    expect(await counters(world, ada)).toEqual({ followers: 1, following: 0 });
    expect(await counters(world, ben)).toEqual({ followers: 0, following: 0 });
  });

  test('a repeated Follow is accepted again, under its newest id, and counts once', async () => {
    await receive();
    await receive();
    await receive('https://there.test/follows/2');
    expect((await emitted(world, 'follow-accepted')).map((event) => event.uri)).toEqual([
      theirs,
      theirs,
      'https://there.test/follows/2',
    ]);
    expect(await counters(world, ada)).toEqual({ followers: 1, following: 0 });
  });

  test('a repeated Follow of one who waits is no consent', async () => {
    await update(world, ada, 'locked = 1');
    await receive();
    expect(await receive()).toBe('pending');
    expect(await emitted(world, 'follow-accepted')).toEqual([]);
    await world.commit(acceptFollow, { followeeId: ada, followerId: rita });
    expect(await emitted(world, 'follow-accepted')).toMatchObject([{ uri: theirs, byRequest: true }]);
  });

  test('the id of another one’s follow is worth nothing', async () => {
    await receive();
    const mallory = await world.remote('mallory', 'evil.test');
    expect(await world.commit(receiveFollow, { uri: theirs, followerId: mallory, followeeId: ben })).toBe('ignored');
    expect(await followState(world, mallory, ben)).toBeNull();
  });

  test('is refused when blocked, and told so', async () => {
    await world.commit(blockAccount, { blockerId: ada, blockedId: rita });
    await forgetEvents(world);
    expect(await receive()).toBe('rejected');
    expect(await emitted(world, 'follow-rejected')).toEqual([
      { type: 'follow-rejected', followerId: rita, followeeId: ada, uri: theirs },
    ]);
    expect(await followState(world, rita, ada)).toBeNull();
  });

  test.each([['suspended_at = 1'], ['deleted_at = 1'], ['moved_to_id = 1'], [`kind = 'application'`]])(
    'is refused for an account with %s',
    async (set) => {
      await update(world, ada, set);
      expect(await receive()).toBe('rejected');
      expect(await followState(world, rita, ada)).toBeNull();
    },
  );

  test('a limited domain waits for consent, a suspended one gets none', async () => {
    const { domainPolicies } = world.store.schema;
    await world.store.write((tx) =>
      tx
        .insert(domainPolicies)
        .values({ domain: 'test', severity: 'limit', severitySince: 1, createdAt: 1, updatedAt: 1 }),
    );
    expect(await receive()).toBe('pending');
    await world.commit(removeFollower, { followeeId: ada, followerId: rita });
    await world.store.write((tx) => tx.update(domainPolicies).set({ severity: 'suspend' }));
    expect(await receive()).toBe('rejected');
  });

  test('goes again by id or by pair', async () => {
    await receive();
    expect(await world.commit(receiveUndoFollow, { followerId: rita, uri: theirs, followeeId: null })).toBe(true);
    await receive();
    expect(
      await world.commit(receiveUndoFollow, {
        followerId: rita,
        uri: 'https://there.test/undo-of-it',
        followeeId: ada,
      }),
    ).toBe(true);
    expect(await followState(world, rita, ada)).toBeNull();
    expect(await counters(world, ada)).toEqual({ followers: 0, following: 0 });
  });

  test('is not undone by somebody else', async () => {
    await receive();
    const mallory = await world.remote('mallory', 'evil.test');
    await world.commit(receiveFollow, { uri: 'https://evil.test/1', followerId: mallory, followeeId: ada });
    for (const forged of [
      { followerId: mallory, uri: theirs, followeeId: ada },
      { followerId: mallory, uri: theirs, followeeId: null },
      { followerId: mallory, uri: null, followeeId: ben },
      { followerId: rita, uri: 'https://there.test/unknown', followeeId: null },
    ]) {
      expect(await world.commit(receiveUndoFollow, forged)).toBe(false);
    }
    expect(await followState(world, rita, ada)).toBe('accepted');
    expect(await followState(world, mallory, ada)).toBe('accepted');
  });
});
