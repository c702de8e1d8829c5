import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listAudit } from '#domain/moderation/audit.queries.ts';
import { receiveFlag } from '#domain/moderation/receive-flag.ts';
import { reportAccount, type NewReport } from '#domain/moderation/report-account.ts';
import { countOpenReports, findReport, listReports } from '#domain/moderation/reports.queries.ts';
import { reopenReport, resolveReport } from '#domain/moderation/resolve-report.ts';
import { deletePost } from '#domain/posts/delete-post.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { DAY_MS, SECOND_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { firstPage } from '#kernel/page.ts';
import { openWorld, type World } from '../../world.ts';
import { emitted, enrol, publish, reasonOf, receive, update } from '../observed.ts';

let world: World;
let ada: number;
let ben: number;
let mona: number;
let rita: number;

beforeEach(async () => {
  world = await openWorld();
  ada = await world.person('ada');
  ben = await world.person('ben');
  mona = await world.person('mona');
  rita = await world.remote('rita');
  for (const id of [ada, ben]) await enrol(world, id);
  await enrol(world, mona, 'moderator');
});

afterEach(() => world.close());

const reports = async (filter = {}) => (await listReports(world.store, filter, firstPage(50))).items;

describe('a report made here', () => {
  const report = (over: Partial<NewReport> = {}) =>
    world.commit(reportAccount, {
      reporterId: ada,
      targetId: ben,
      postIds: [],
      comment: 'rude',
      forward: true,
      ...over,
    });

  test('is there for staff with its posts, and staff hears of it', async () => {
    const postId = await publish(world, ben, 'rude words', { visibility: 'unlisted' });
    const id = await report({ postIds: [postId, postId], comment: '  rude  ' });
    expect(await reports({ resolved: false })).toMatchObject([
      { id, comment: 'rude', postIds: [postId], reporter: { handle: 'ada' }, target: { handle: 'ben' } },
    ]);
    expect((await findReport(world.store, id))?.posts.map((post) => post.id)).toEqual([postId]);
    expect(await emitted(world, 'report-made')).toEqual([{ type: 'report-made', reportId: id, forward: false }]);
    expect(await world.store.read.hot('select account_id, kind from notifications')).toEqual([
      { account_id: mona, kind: 'report' },
    ]);
  });

  test('goes to the other server when asked for, and only there', async () => {
    const id = await report({ targetId: rita });
    await report({ targetId: rita, forward: false });
    expect((await emitted(world, 'report-made')).map((event) => event.forward)).toEqual([true, false]);
    expect((await findReport(world.store, id))?.forwardedAt).toBe(world.clock.now());
  });

  test('discloses a direct post to staff, also after the author blocks the reporter', async () => {
    const postId = await publish(world, ben, 'rude, @ada', { visibility: 'direct' });
    const id = await report({ postIds: [postId] });
    await world.commit(blockAccount, { blockerId: ben, blockedId: ada });
    expect((await findReport(world.store, id))?.posts.map((post) => post.id)).toEqual([postId]);
    await world.commit(deletePost, { authorId: ben, postId });
    expect((await findReport(world.store, id))?.posts).toEqual([]);
  });

  test('takes no post of others, nor one that the reporter cannot see', async () => {
    const hidden = await publish(world, ben, 'friends only', { visibility: 'followers' });
    const monas = await publish(world, mona, 'hello');
    for (const postIds of [[hidden], [monas], [12345]]) {
      expect(await reasonOf(report({ postIds }))).toBe('report-posts-others');
    }
    expect(await reports()).toEqual([]);
  });

  test.each<[string, () => Partial<NewReport>, string]>([
    ['of oneself', () => ({ targetId: ada }), 'report-self'],
    ['of nobody', () => ({ targetId: 12345 }), 'account-gone'],
    ['that is a novel', () => ({ comment: 'x'.repeat(limits.reportCharacters + 1) }), 'report-too-long'],
    [
      'of too many posts',
      () => ({ postIds: Array.from({ length: limits.reportPosts + 1 }, (_, n) => n + 1) }),
      'report-posts-too-many',
    ],
    ['by somebody elsewhere', () => ({ reporterId: rita }), 'account-inactive'],
  ])('%s is refused', async (_, over, reason) => {
    expect(await reasonOf(report(over()))).toBe(reason);
  });
});

describe('a report from elsewhere', () => {
  const uri = 'https://there.test/flags/1';
  const flag = (over: object = {}) =>
    world.commit(receiveFlag, {
      uri,
      reporterId: rita,
      objectUris: ['https://here.test/users/ben'],
      comment: 'spam',
      ...over,
    });

  test('is taken once', async () => {
    const postId = await publish(world, ben, 'buy');
    const objectUris = [`https://here.test/users/ben/posts/${postId}`, 'https://here.test/users/ben'];
    expect(await flag({ objectUris })).toHaveLength(1);
    expect(await flag({ objectUris: ['https://here.test/users/ada'] })).toEqual([]);
    expect(await reports()).toMatchObject([{ target: { handle: 'ben' }, postIds: [postId], comment: 'spam' }]);
    expect(await emitted(world, 'report-made')).toMatchObject([{ forward: false }]);
  });

  test('shows staff a private post only where it was given to somebody of the reporting server', async () => {
    const address = (postId: number) => `https://here.test/users/ben/posts/${postId}`;
    const direct = await publish(world, ben, '@ada secret', { visibility: 'direct' });
    const followers = await publish(world, ben, 'among friends', { visibility: 'followers' });
    const objectUris = [direct, followers].map(address);
    expect(await flag({ objectUris })).toEqual([]);
    expect(await flag({ uri: `${uri}b`, objectUris: [...objectUris, 'https://here.test/users/ben'] })).toHaveLength(1);
    expect((await reports())[0]?.postIds).toEqual([]);
    // Her server has both by now, and sends its report in its own name.
    const nora = await world.remote('nora');
    await world.commit(receiveFollow, { uri: 'https://there.test/follows/1', followerId: nora, followeeId: ben });
    const given = await publish(world, ben, '@nora@there.test go away', { visibility: 'direct' });
    const more = [...objectUris, address(given)];
    expect(await flag({ uri: `${uri}c`, objectUris: more })).toHaveLength(1);
    expect((await reports())[0]?.postIds).toEqual([followers, given]);
  });

  test('is one for each whom it concerns', async () => {
    const postId = await publish(world, ada, 'buy too');
    const objectUris = ['https://here.test/users/ben', `https://here.test/users/ada/posts/${postId}`];
    expect(await flag({ objectUris })).toHaveLength(2);
    expect(await flag({ objectUris })).toEqual([]);
    expect((await reports()).map((one) => one.target.handle).toSorted()).toEqual(['ada', 'ben']);
  });

  test('is nothing when it concerns nobody here', async () => {
    const theirs = await receive(world, { id: rita, uri: 'https://there.test/users/rita' }, '1');
    expect(theirs).toBeGreaterThan(0);
    const objectUris = [
      'https://there.test/users/rita',
      'https://there.test/users/rita/posts/1',
      'https://x.test/',
      'nonsense',
    ];
    expect(await flag({ objectUris })).toEqual([]);
    expect(await flag({ objectUris: [] })).toEqual([]);
  });

  test('is looked at to a limit', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => `https://here.test/nothing/${n}`);
    expect(await flag({ objectUris: [...many, 'https://here.test/users/ben'] })).toEqual([]);
    await flag({ comment: '<b>'.repeat(limits.reportCharacters) });
    expect((await reports())[0]?.comment).toHaveLength(limits.reportCharacters);
  });

  test('is no longer heard when its domain sends too many, until tomorrow', async () => {
    for (let n = 0; n < limits.flagsPerHostDay; n += 1) await flag({ uri: `${uri}/${n}` });
    const lou = await world.remote('lou');
    expect(await flag({ uri: `${uri}/more`, reporterId: lou })).toEqual([]);
    const other = await world.remote('other', 'else.test');
    expect(await flag({ uri: 'https://else.test/1', reporterId: other })).toHaveLength(1);
    world.clock.advance(DAY_MS + SECOND_MS);
    expect(await flag({ uri: `${uri}/more` })).toHaveLength(1);
  });

  test('is not heard from here, from a suspended account, or from a suspended domain', async () => {
    expect(await flag({ reporterId: ada })).toEqual([]);
    await update(world, rita, 'suspended_at = 1');
    expect(await flag()).toEqual([]);
    await update(world, rita, 'suspended_at = null');
    await world.store.write((tx) =>
      tx.insert(world.store.schema.domainPolicies).values({
        domain: 'test',
        severity: 'suspend',
        severitySince: 1,
        createdAt: 1,
        updatedAt: 1,
      }),
    );
    expect(await flag()).toEqual([]);
  });
});

describe('staff', () => {
  const reportOn = (targetId: number) =>
    world.commit(reportAccount, { reporterId: ada, targetId, postIds: [], comment: '', forward: false });

  test('closes and opens reports, which is written down', async () => {
    const reportId = await reportOn(ben);
    expect(await countOpenReports(world.store)).toBe(1);
    for (let round = 0; round < 2; round += 1) await world.commit(resolveReport, { actorId: mona, reportId });
    expect(await countOpenReports(world.store)).toBe(0);
    expect(await reports({ resolved: true })).toMatchObject([{ resolvedBy: { handle: 'mona' } }]);
    await world.commit(reopenReport, { actorId: null, reportId });
    expect(await reports({ resolved: false, targetId: ben })).toMatchObject([{ resolvedBy: null, resolvedAt: null }]);
    const { items } = await listAudit(world.store, {}, firstPage(10));
    expect(items.map((line) => [line.action, line.actor?.handle ?? null, line.byCommandLine, line.target])).toEqual([
      ['report-reopened', null, true, `report:${reportId}`],
      ['report-resolved', 'mona', false, `report:${reportId}`],
    ]);
  });

  test('closes no report on itself, and nobody else closes one', async () => {
    const onMona = await reportOn(mona);
    expect(await reasonOf(world.commit(resolveReport, { actorId: mona, reportId: onMona }))).toBe('report-on-oneself');
    expect(await reasonOf(world.commit(resolveReport, { actorId: ada, reportId: onMona }))).toBe('not-allowed');
    expect(await reasonOf(world.commit(resolveReport, { actorId: mona, reportId: 12345 }))).toBe('not-found');
    expect(await countOpenReports(world.store)).toBe(1);
  });
});
