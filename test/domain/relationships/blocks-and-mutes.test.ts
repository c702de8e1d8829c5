import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { blockDomain } from '#domain/relationships/block-domain.ts';
import { forgetEndedMutes } from '#domain/relationships/forget-ended-mutes.ts';
import { forgetRelationships } from '#domain/relationships/forget-relationships.ts';
import { listDomainBlocks, listMutes } from '#domain/relationships/listed-accounts.queries.ts';
import { muteAccount } from '#domain/relationships/mute-account.ts';
import { receiveAccept } from '#domain/relationships/receive-accept.ts';
import { receiveBlock } from '#domain/relationships/receive-block.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import { receiveUndoBlock } from '#domain/relationships/receive-undo-block.ts';
import { findRelation } from '#domain/relationships/relationships.queries.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { unblockDomain } from '#domain/relationships/unblock-domain.ts';
import { undoBlock } from '#domain/relationships/undo-block.ts';
import { unmuteAccount } from '#domain/relationships/unmute-account.ts';
import { HOUR_MS } from '#kernel/clock.ts';
import { firstPage } from '#kernel/page.ts';
import { openWorld, type World } from '../../world.ts';
import { counters, emitted, expectExactCounters, followState, followUriOf, forgetEvents } from '../observed.ts';

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

const relation = (viewerId: number, id: number) => findRelation(world.store, viewerId, id, world.clock.now());

/** Ada and Rita follow each other. */
async function befriend(): Promise<void> {
  await world.commit(requestFollow, { followerId: ada, followeeId: rita });
  const uri = await followUriOf(world, ada, rita);
  await world.commit(receiveAccept, { followeeId: rita, uri, followerId: null });
  await world.commit(receiveFollow, { uri: 'https://there.test/f/1', followerId: rita, followeeId: ada });
  await forgetEvents(world);
}

describe('a block', () => {
  test('ends follows in both directions and tells each of them, then the block', async () => {
    await befriend();
    await world.commit(blockAccount, { blockerId: ada, blockedId: rita });
    expect(await counters(world, ada)).toEqual({ followers: 0, following: 0 });
    expect(await emitted(world, 'follow-undone')).toMatchObject([{ followerId: ada, followeeId: rita }]);
    expect(await emitted(world, 'follow-rejected')).toMatchObject([
      { followerId: rita, uri: 'https://there.test/f/1' },
    ]);
    expect(await emitted(world, 'account-blocked')).toMatchObject([{ blockerId: ada, blockedId: rita }]);
    expect(await relation(ada, rita)).toMatchObject({ blocking: true, following: false, followedBy: false });
    expect(await relation(rita, ada)).toMatchObject({ blockedBy: true });
  });

  test('twice is once, and lifted twice is once', async () => {
    for (let round = 0; round < 2; round += 1) await world.commit(blockAccount, { blockerId: ada, blockedId: ben });
    expect(await emitted(world, 'account-blocked')).toHaveLength(1);
    for (let round = 0; round < 2; round += 1) await world.commit(undoBlock, { blockerId: ada, blockedId: ben });
    expect(await emitted(world, 'block-undone')).toHaveLength(1);
    expect(await relation(ada, ben)).toMatchObject({ blocking: false });
  });

  test('is not for oneself', async () => {
    await expect(world.commit(blockAccount, { blockerId: ada, blockedId: ada })).rejects.toMatchObject({
      reason: 'block-self',
    });
  });
});

describe('a received block', () => {
  const uri = 'https://there.test/blocks/1';
  const receive = () => world.commit(receiveBlock, { uri, blockerId: rita, blockedId: ada });

  test('ends follows in both directions, which their server knows', async () => {
    await befriend();
    expect(await receive()).toBe(true);
    expect(await followState(world, ada, rita)).toBeNull();
    expect(await followState(world, rita, ada)).toBeNull();
    expect(await emitted(world, 'follow-undone')).toEqual([]);
    expect(await emitted(world, 'follow-rejected')).toEqual([]);
    expect(await receive()).toBe(false);
    expect(await relation(ada, rita)).toMatchObject({ blockedBy: true });
  });

  test('is of somebody else for somebody of ours, and nothing else', async () => {
    expect(await world.commit(receiveBlock, { uri, blockerId: ben, blockedId: ada })).toBe(false);
    const mallory = await world.remote('mallory', 'evil.test');
    expect(await world.commit(receiveBlock, { uri, blockerId: mallory, blockedId: rita })).toBe(false);
    await receive();
    expect(await world.commit(receiveBlock, { uri, blockerId: mallory, blockedId: ben })).toBe(false);
    expect(await relation(ben, mallory)).toMatchObject({ blockedBy: false });
  });

  test('is lifted by who made it, by its id or by the pair', async () => {
    const mallory = await world.remote('mallory', 'evil.test');
    await receive();
    expect(await world.commit(receiveUndoBlock, { blockerId: mallory, uri, blockedId: ada })).toBe(false);
    expect(await world.commit(receiveUndoBlock, { blockerId: rita, uri: null, blockedId: null })).toBe(false);
    expect(await relation(ada, rita)).toMatchObject({ blockedBy: true });
    expect(await world.commit(receiveUndoBlock, { blockerId: rita, uri, blockedId: null })).toBe(true);
    await receive();
    expect(await world.commit(receiveUndoBlock, { blockerId: rita, uri: null, blockedId: ada })).toBe(true);
    expect(await relation(ada, rita)).toMatchObject({ blockedBy: false });
  });
});

describe('a mute', () => {
  const mute = (over: object = {}) =>
    world.commit(muteAccount, { muterId: ada, mutedId: ben, hideNotifications: true, expiresAt: null, ...over });
  const muted = async () => (await listMutes(world.store, ada, firstPage(10), world.clock.now())).items;

  test('is listed with its terms, which a second one replaces', async () => {
    await mute();
    await mute({ hideNotifications: false, expiresAt: world.clock.now() + HOUR_MS });
    expect(await muted()).toMatchObject([
      { account: { acct: '@ben' }, hideNotifications: false, until: world.clock.now() + HOUR_MS },
    ]);
    expect(await relation(ada, ben)).toMatchObject({ muting: true, mutingUntil: world.clock.now() + HOUR_MS });
    await world.commit(unmuteAccount, { muterId: ada, mutedId: ben });
    expect(await muted()).toEqual([]);
  });

  test('ends by itself', async () => {
    await mute({ expiresAt: world.clock.now() + HOUR_MS });
    await mute({ mutedId: rita });
    world.clock.advance(HOUR_MS);
    expect(await relation(ada, ben)).toMatchObject({ muting: false, mutingUntil: null });
    expect((await muted()).map((line) => line.account.id)).toEqual([rita]);
    await world.commit(forgetEndedMutes, undefined);
    expect(await world.store.read.hot('select muted_id from mutes')).toEqual([{ muted_id: rita }]);
  });

  test.each([
    ['oneself', () => ({ mutedId: ada }), 'mute-self'],
    ['nobody', () => ({ mutedId: 12345 }), 'account-gone'],
    ['somebody until yesterday', () => ({ expiresAt: world.clock.now() - 1 }), 'mute-end-past'],
  ])('is not for %s', async (_, over, reason) => {
    await expect(mute(over())).rejects.toMatchObject({ reason });
  });
});

describe('a block of a domain', () => {
  test('sends its followers away, those of names below it too, and tells them', async () => {
    const deep = await world.remote('deep', 'www.there.test');
    const ported = await world.remote('ported', 'there.test:8443');
    const twin = await world.remote('twin', 'nowhere.test');
    for (const id of [rita, deep, ported, twin]) {
      await world.commit(receiveFollow, { uri: `https://x.test/${id}`, followerId: id, followeeId: ada });
    }
    await forgetEvents(world);
    expect(await world.commit(blockDomain, { accountId: ada, domain: ' https://There.TEST/about ' })).toBe(3);
    expect(await counters(world, ada)).toEqual({ followers: 1, following: 0 });
    expect(await followState(world, twin, ada)).toBe('accepted');
    expect(new Set((await emitted(world, 'follow-rejected')).map((event) => event.followerId))).toEqual(
      new Set([rita, deep, ported]),
    );
    for (const id of [rita, deep, ported]) expect(await relation(ada, id)).toMatchObject({ domainBlocking: true });
    expect(await relation(ada, twin)).toMatchObject({ domainBlocking: false });
    expect(await relation(ben, rita)).toMatchObject({ domainBlocking: false });
  });

  test('lets nobody from there follow until it is lifted', async () => {
    await world.commit(blockDomain, { accountId: ada, domain: 'there.test' });
    const receive = () =>
      world.commit(receiveFollow, { uri: 'https://there.test/1', followerId: rita, followeeId: ada });
    expect(await receive()).toBe('rejected');
    await world.commit(unblockDomain, { accountId: ada, domain: 'there.test' });
    expect(await receive()).toBe('accepted');
  });

  test.each([
    ['here.test', 'domain-own'],
    ['test', 'domain-own'],
    ['', 'domain-malformed'],
    ['%', 'domain-malformed'],
    ['a_b.test', 'domain-malformed'],
    ['javascript:alert(1)', 'domain-malformed'],
  ])('is not possible for %s', async (domain, reason) => {
    await expect(world.commit(blockDomain, { accountId: ada, domain })).rejects.toMatchObject({ reason });
    expect((await listDomainBlocks(world.store, ada, firstPage(10))).items).toEqual([]);
  });

  test('takes a name as people write it', async () => {
    await world.commit(blockDomain, { accountId: ada, domain: '@troll@Évil.example.' });
    await world.commit(blockDomain, { accountId: ada, domain: 'xn--vil-9la.example' });
    expect((await listDomainBlocks(world.store, ada, firstPage(10))).items).toMatchObject([
      { domain: 'xn--vil-9la.example' },
    ]);
  });
});

test('an account that goes leaves no counter behind', async () => {
  await befriend();
  await world.commit(requestFollow, { followerId: ben, followeeId: ada });
  await world.commit(blockAccount, { blockerId: ben, blockedId: rita });
  await world.commit((unit, accountId: number) => forgetRelationships(unit, accountId), ada);
  await world.store.write((tx) => tx.hot('delete from accounts where id = $1', ada));
  expect(await counters(world, ben)).toEqual({ followers: 0, following: 0 });
  expect(await counters(world, rita)).toEqual({ followers: 0, following: 0 });
  expect(await world.store.read.$count(world.store.schema.blocks)).toBe(1);
});
