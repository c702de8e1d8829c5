import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listAudit } from '#domain/moderation/audit.queries.ts';
import { deleteAccounts } from '#domain/moderation/delete-accounts.ts';
import { limitAccount, unlimitAccount } from '#domain/moderation/limit-account.ts';
import { findStaffAccount, listStaffAccounts, type AccountFilter } from '#domain/moderation/staff-accounts.queries.ts';
import { suspendAccount, suspendAccounts } from '#domain/moderation/suspend-account.ts';
import { unsuspendAccount } from '#domain/moderation/unsuspend-account.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { limits } from '#kernel/limits.ts';
import { firstPage } from '#kernel/page.ts';
import { openWorld, type World } from '../../world.ts';
import {
  counters,
  emitted,
  enrol,
  expectExactCounters,
  followState,
  publish,
  reasonOf,
  receive,
  update,
} from '../observed.ts';

let world: World;
let ada: number;
let mona: number;
let arno: number;
let otto: number;
let rita: number;

beforeEach(async () => {
  world = await openWorld();
  ada = await world.person('ada');
  mona = await world.person('mona');
  arno = await world.person('arno');
  otto = await world.person('otto');
  rita = await world.remote('rita');
  await enrol(world, ada);
  await enrol(world, mona, 'moderator');
  await enrol(world, arno, 'admin');
  await enrol(world, otto, 'owner');
});

afterEach(async () => {
  await expectExactCounters(world);
  await world.close();
});

const actions = async () => (await listAudit(world.store, {}, firstPage(50))).items.map((line) => line.action);

describe('a suspension', () => {
  test('ends a local person’s sessions and hides what they wrote, until it is lifted', async () => {
    const postId = await publish(world, ada, 'hello');
    await world.commit(requestFollow, { followerId: mona, followeeId: ada });
    await world.store.write((tx) =>
      tx.insert(world.store.schema.sessions).values({
        id: 1,
        accountId: ada,
        tokenHash: 't',
        csrfToken: 'c',
        createdAt: 1,
        lastSeenAt: 1,
        expiresAt: 9,
      }),
    );
    await world.commit(suspendAccount, { actorId: mona, accountId: ada });
    expect(await world.store.read.$count(world.store.schema.sessions)).toBe(0);
    expect(await findPost(world.store, null, postId)).toBeNull();
    expect(await followState(world, mona, ada)).toBe('accepted');
    expect(await emitted(world, 'account-suspended')).toEqual([{ type: 'account-suspended', accountId: ada }]);

    await world.commit(suspendAccount, { actorId: mona, accountId: ada });
    await world.commit(unsuspendAccount, { actorId: mona, accountId: ada });
    await world.commit(unsuspendAccount, { actorId: mona, accountId: ada });
    expect(await findPost(world.store, null, postId)).not.toBeNull();
    expect(await actions()).toEqual(['account-unsuspended', 'account-suspended']);
  });

  test('of a remote account cuts its follows and gives them back', async () => {
    await world.commit(receiveFollow, { uri: 'https://there.test/f', followerId: rita, followeeId: ada });
    await world.commit(suspendAccount, { actorId: mona, accountId: rita });
    expect(await counters(world, ada)).toEqual({ followers: 0, following: 0 });
    expect(await world.commit(unsuspendAccount, { actorId: mona, accountId: rita })).toEqual({ moreFollows: false });
    expect(await followState(world, rita, ada)).toBe('accepted');
  });

  test('of many is of all or of none', async () => {
    const spam = await Promise.all(['s1', 's2'].map((handle) => world.remote(handle, 'spam.test')));
    expect(await reasonOf(world.commit(suspendAccounts, { actorId: mona, accountIds: [...spam, arno] }))).toBe(
      'account-outranks',
    );
    expect(await emitted(world, 'account-suspended')).toEqual([]);
    await world.commit(suspendAccounts, { actorId: mona, accountIds: spam });
    expect(await emitted(world, 'account-suspended')).toHaveLength(2);
    const tooMany = Array.from({ length: limits.accountsPerBatch + 1 }, (_, n) => n + 1);
    expect(await reasonOf(world.commit(suspendAccounts, { actorId: mona, accountIds: tooMany }))).toBe(
      'batch-too-large',
    );
    expect(await reasonOf(world.commit(suspendAccounts, { actorId: mona, accountIds: [] }))).toBe('batch-empty');
  });
});

describe('staff acts only on those below', () => {
  const commands = { suspendAccount, unsuspendAccount, limitAccount, unlimitAccount };
  const who = { ada: () => ada, mona: () => mona, arno: () => arno, otto: () => otto } as const;
  type Name = keyof typeof who;

  test.each<[Name, Name, string]>([
    ['ada', 'mona', 'not-allowed'],
    ['mona', 'mona', 'account-outranks'],
    ['mona', 'arno', 'account-outranks'],
    ['arno', 'otto', 'account-outranks'],
    ['otto', 'otto', 'account-outranks'],
    ['arno', 'mona', 'no refusal'],
    ['otto', 'arno', 'no refusal'],
  ])('%s on %s: %s', async (actor, target, expected) => {
    for (const command of Object.values(commands) as (typeof limitAccount)[]) {
      expect(await reasonOf(world.commit(command, { actorId: who[actor](), accountId: who[target]() }))).toBe(expected);
    }
  });

  test('a suspended moderator moderates nobody, the command line everybody but the instance', async () => {
    await world.commit(suspendAccount, { actorId: null, accountId: mona });
    expect(await reasonOf(world.commit(suspendAccount, { actorId: mona, accountId: ada }))).toBe('not-allowed');
    await world.commit(suspendAccount, { actorId: null, accountId: otto });
    await update(world, ada, `kind = 'application'`);
    expect(await reasonOf(world.commit(suspendAccount, { actorId: null, accountId: ada }))).toBe('account-of-instance');
    expect(await reasonOf(world.commit(suspendAccount, { actorId: null, accountId: 12345 }))).toBe('account-gone');
  });
});

test('a limit is set and lifted', async () => {
  const limited = async () => (await findStaffAccount(world.store, rita))?.limitedAt;
  for (let round = 0; round < 2; round += 1) await world.commit(limitAccount, { actorId: mona, accountId: rita });
  expect(await limited()).toBe(world.clock.now());
  for (let round = 0; round < 2; round += 1) await world.commit(unlimitAccount, { actorId: mona, accountId: rita });
  expect(await limited()).toBeNull();
  expect(await actions()).toEqual(['account-unlimited', 'account-limited']);
});

describe('a deletion', () => {
  test('is the admins’, and takes posts and follows along, here and elsewhere', async () => {
    const postId = await receive(world, { id: rita, uri: 'https://there.test/users/rita' }, '1');
    const own = await publish(world, ada, 'hello');
    await world.commit(receiveFollow, { uri: 'https://there.test/f', followerId: rita, followeeId: mona });
    expect(await reasonOf(world.commit(deleteAccounts, { actorId: mona, accountIds: [rita] }))).toBe('not-allowed');
    await world.commit(deleteAccounts, { actorId: arno, accountIds: [rita, ada] });
    expect(await findPost(world.store, null, postId)).toBeNull();
    expect(await findPost(world.store, null, own)).toBeNull();
    expect(await counters(world, mona)).toEqual({ followers: 0, following: 0 });
    expect((await emitted(world, 'account-deleted')).map((event) => [event.accountId, event.local])).toEqual([
      [rita, false],
      [ada, true],
    ]);
    expect(await reasonOf(world.commit(deleteAccounts, { actorId: arno, accountIds: [ada] }))).toBe('account-gone');
    const { items } = await listAudit(world.store, { action: 'account-deleted' }, firstPage(10));
    expect(items.map((line) => line.details['handle'])).toEqual(['ada', 'rita@there.test']);
  });

  test('never leaves the instance without an owner', async () => {
    expect(await reasonOf(world.commit(deleteAccounts, { actorId: otto, accountIds: [otto] }))).toBe(
      'account-outranks',
    );
    expect(await reasonOf(world.commit(deleteAccounts, { actorId: null, accountIds: [otto] }))).toBe('last-owner');
  });
});

describe('the staff’s list of accounts', () => {
  const found = async (filter: AccountFilter) =>
    (await listStaffAccounts(world.store, filter, firstPage(50))).items.map((line) => line.account.handle).toSorted();

  test('is filtered by origin, domain, role and state', async () => {
    const pending = await world.person('pia');
    await enrol(world, pending);
    await world.store.write((tx) => tx.hot('update members set approved_at = null where account_id = $1', pending));
    await world.commit(suspendAccount, { actorId: null, accountId: rita });
    await world.commit(limitAccount, { actorId: null, accountId: ada });
    await world.remote('lou', 'else.test');
    expect(await found({ origin: 'local' })).toEqual(['ada', 'arno', 'mona', 'otto', 'pia']);
    expect(await found({ origin: 'remote' })).toEqual(['lou', 'rita']);
    expect(await found({ domain: 'Else.test' })).toEqual(['lou']);
    expect(await found({ role: 'moderator' })).toEqual(['mona']);
    expect(await found({ state: 'pending' })).toEqual(['pia']);
    expect(await found({ state: 'suspended' })).toEqual(['rita']);
    expect(await found({ state: 'limited' })).toEqual(['ada']);
    expect(await found({ state: 'active', origin: 'local' })).toEqual(['arno', 'mona', 'otto']);
    await world.commit(deleteAccounts, { actorId: null, accountIds: [ada] });
    expect(await found({ origin: 'local' })).toEqual(['arno', 'mona', 'otto', 'pia']);
    expect(await found({ state: 'deleted' })).toEqual(['ada']);
  });

  test('is searched by handle and mail address', async () => {
    expect(await found({ text: 'MO' })).toEqual(['mona']);
    expect(await found({ text: '@rita@there.test' })).toEqual(['rita']);
    expect(await found({ text: `${arno}@here` })).toEqual(['arno']);
    expect(await found({ text: `%` })).toEqual([]);
    expect(await found({ text: `' or 1=1 --` })).toEqual([]);
  });

  test('comes in pages and tells what staff needs', async () => {
    const first = await listStaffAccounts(world.store, {}, firstPage(3));
    const next = await listStaffAccounts(world.store, {}, { before: first.nextBefore, after: null, limit: 3 });
    expect([...first.items, ...next.items].map((line) => line.account.handle)).toEqual([
      'rita',
      'otto',
      'arno',
      'mona',
      'ada',
    ]);
    expect(await findStaffAccount(world.store, mona)).toMatchObject({
      role: 'moderator',
      email: `${mona}@here.test`,
      emailConfirmed: true,
      pending: false,
      openReports: 0,
    });
    expect(await findStaffAccount(world.store, rita)).toMatchObject({ role: null, email: null, pending: false });
    expect(await findStaffAccount(world.store, 12345)).toBeNull();
  });
});
