import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blockAddress, unblockAddress } from '#domain/moderation/block-address.ts';
import { blockEmailDomain, unblockEmailDomain } from '#domain/moderation/block-email-domain.ts';
import { listAddressBlocks, listEmailDomainBlocks } from '#domain/moderation/blocks.queries.ts';
import { domainImpact, findDomainPolicy, listDomainPolicies, listPeers } from '#domain/moderation/domains.queries.ts';
import { forgetEndedBlocks } from '#domain/moderation/forget-ended-blocks.ts';
import { limitAccount, unlimitAccount } from '#domain/moderation/limit-account.ts';
import { purgeRemoteMedia } from '#domain/moderation/purge-remote-media.ts';
import { removeDomainPolicy, setDomainPolicy, type NewPolicy } from '#domain/moderation/set-domain-policy.ts';
import { suspendAccount } from '#domain/moderation/suspend-account.ts';
import { unsuspendAccount } from '#domain/moderation/unsuspend-account.ts';
import { refuseBlockedAddress, refuseBlockedEmailDomain } from '#domain/membership/refuse-blocked.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import { localTimeline, federatedTimeline } from '#domain/timelines/timelines.queries.ts';
import { blockDomain } from '#domain/relationships/block-domain.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { firstPage } from '#kernel/page.ts';
import { openWorld, type World } from '../../world.ts';
import { counters, emitted, enrol, expectExactCounters, followState, reasonOf, receive } from '../observed.ts';

let world: World;
let ada: number;
let arno: number;
let mona: number;
let rita: number;
let deep: number;

beforeEach(async () => {
  world = await openWorld();
  ada = await world.person('ada');
  arno = await world.person('arno');
  mona = await world.person('mona');
  rita = await world.remote('rita');
  deep = await world.remote('deep', 'www.there.test');
  await enrol(world, ada);
  await enrol(world, arno, 'admin');
  await enrol(world, mona, 'moderator');
});

afterEach(async () => {
  await expectExactCounters(world);
  await world.close();
});

const set = (domain: string, severity: NewPolicy['severity'], over: Partial<NewPolicy> = {}) =>
  world.commit(setDomainPolicy, {
    actorId: arno,
    domain,
    severity,
    rejectMedia: false,
    publicComment: '',
    privateComment: '',
    ...over,
  });
const remove = (domain: string) => world.commit(removeDomainPolicy, { actorId: arno, domain });
const suspended = async (...ids: number[]) => {
  const rows = await world.store.read.hot<{ id: number }>('select id from accounts where suspended_at is not null');
  return ids.map((id) => rows.some((row) => row.id === id));
};
const follow = (followerId: number, followeeId: number) =>
  world.commit(receiveFollow, { uri: `https://x.test/${followerId}/${followeeId}`, followerId, followeeId });

describe('a server whose handles live on a domain of another name', () => {
  let split: number;

  beforeEach(async () => {
    split = await world.remote('sacha', 'example.test', 'social.host.test');
  });

  test.each(['example.test', 'social.host.test', 'host.test', 'HOST.test:443', 'https://social.host.test/@sacha'])(
    'is suspended as %s, loses its follows, and comes back',
    async (name) => {
      const postId = await receive(world, { id: split, uri: 'https://social.host.test/users/sacha' }, '1');
      await follow(split, ada);
      expect(await domainImpact(world.store, name)).toMatchObject({ accounts: 1, followers: 1 });
      expect(await set(name, 'suspend')).toMatchObject({ followsCut: 1 });
      expect(await suspended(split, rita)).toEqual([true, false]);
      expect(await findPost(world.store, ada, postId)).toBeNull();
      await remove(name);
      expect(await suspended(split)).toEqual([false]);
      expect(await followState(world, split, ada)).toBe('accepted');
    },
  );

  test('stays suspended as long as one of its names is', async () => {
    await set('example.test', 'suspend');
    await set('host.test', 'suspend');
    await remove('example.test');
    expect(await suspended(split)).toEqual([true]);
    await set('host.test', 'limit');
    expect(await suspended(split)).toEqual([false]);
    const rows = await world.store.read.hot(
      'select 1 as limited from accounts where id = $1 and limited_at > 0',
      split,
    );
    expect(rows).toHaveLength(1);
  });

  test('is shut out by a person under either name', async () => {
    await receive(world, { id: split, uri: 'https://social.host.test/users/sacha' }, 'hello');
    await follow(split, ada);
    const shown = async () => (await federatedTimeline(world.store, ada, firstPage(10))).items.length;
    expect(await shown()).toBe(1);
    await world.commit(blockDomain, { accountId: ada, domain: 'host.test' });
    expect(await shown()).toBe(0);
    expect(await followState(world, split, ada)).toBeNull();
    expect(await reasonOf(world.commit(requestFollow, { followerId: ada, followeeId: split }))).toBe(
      'follow-domain-blocked',
    );
  });
});

describe('a suspended domain', () => {
  test('is hidden with all below it, loses its follows, and comes back', async () => {
    const postId = await receive(world, { id: deep, uri: 'https://www.there.test/users/deep' }, '1');
    await follow(rita, ada);
    await follow(deep, ada);
    expect(await domainImpact(world.store, 'there.test')).toEqual({
      accounts: 2,
      following: 0,
      followers: 2,
      reports: 0,
    });

    expect(await set('There.test', 'suspend')).toEqual({ domain: 'there.test', followsCut: 2, moreFollows: false });
    expect(await findPost(world.store, ada, postId)).toBeNull();
    expect(await counters(world, ada)).toEqual({ followers: 0, following: 0 });
    expect(await reasonOf(world.commit(requestFollow, { followerId: ada, followeeId: rita }))).toBe('account-gone');
    await set('there.test', 'suspend', { publicComment: 'spam' });
    expect(await emitted(world, 'domain-suspended')).toEqual([{ type: 'domain-suspended', domain: 'there.test' }]);

    await remove('there.test');
    expect(await findPost(world.store, ada, postId)).not.toBeNull();
    expect(await followState(world, deep, ada)).toBe('accepted');
    expect(await suspended(rita, deep)).toEqual([false, false]);
    expect(await reasonOf(remove('there.test'))).toBe('not-found');
  });

  test('spares a name with an exception, whichever came first', async () => {
    await set('www.there.test', 'none');
    await set('there.test', 'suspend');
    expect(await suspended(rita, deep)).toEqual([true, false]);
    await remove('www.there.test');
    expect(await suspended(rita, deep)).toEqual([true, true]);
    await set('www.there.test', 'none');
    expect(await suspended(rita, deep)).toEqual([true, false]);
  });

  test('keeps down what another policy or a suspension of its own keeps down', async () => {
    const lou = await world.remote('lou');
    await follow(lou, ada);
    world.clock.advance(1000);
    await world.commit(suspendAccount, { actorId: arno, accountId: lou });
    world.clock.advance(1000);
    await set('there.test', 'suspend');
    world.clock.advance(1000);
    await set('www.there.test', 'suspend');
    await remove('there.test');
    expect(await suspended(rita, deep, lou)).toEqual([false, true, true]);
    await remove('www.there.test');
    expect(await suspended(rita, deep, lou)).toEqual([false, false, true]);
    await world.commit(unsuspendAccount, { actorId: arno, accountId: lou });
    expect(await followState(world, lou, ada)).toBe('accepted');
  });

  test('an account of it can be suspended for itself, and not be let in alone', async () => {
    await set('there.test', 'suspend');
    expect(await reasonOf(world.commit(unsuspendAccount, { actorId: arno, accountId: rita }))).toBe(
      'account-domain-suspended',
    );
    world.clock.advance(1000);
    await world.commit(suspendAccount, { actorId: arno, accountId: rita });
    await set('there.test', 'none');
    expect(await suspended(rita, deep)).toEqual([true, false]);
  });
});

describe('a limited domain', () => {
  const federated = async () =>
    (await federatedTimeline(world.store, ada, firstPage(20))).items.map((item) => item.post.author.handle);

  test('is not in public lists, new accounts of it neither, until it is lifted', async () => {
    await receive(world, { id: rita, uri: 'https://there.test/users/rita' }, '1');
    expect(await federated()).toEqual(['rita']);
    await set('there.test', 'limit');
    const lou = await world.remote('lou', 'new.there.test');
    await receive(world, { id: lou, uri: 'https://new.there.test/users/lou' }, '1');
    expect(await federated()).toEqual([]);
    expect((await localTimeline(world.store, ada, firstPage(20))).items).toEqual([]);
    await remove('there.test');
    expect((await federated()).toSorted()).toEqual(['lou', 'rita']);
  });

  test('leaves alone who is limited for themselves', async () => {
    await set('there.test', 'limit');
    world.clock.advance(1000);
    await world.commit(limitAccount, { actorId: mona, accountId: rita });
    const limited = async () =>
      (
        await world.store.read.hot<{ id: number }>('select id from accounts where limited_at is not null order by id')
      ).map((row) => row.id);
    await world.commit(unlimitAccount, { actorId: mona, accountId: deep });
    expect(await limited()).toEqual([rita, deep]);
    await set('there.test', 'none');
    expect(await limited()).toEqual([rita]);
    await set('there.test', 'limit');
    await world.commit(unlimitAccount, { actorId: mona, accountId: rita });
    expect(await limited()).toEqual([rita, deep]);
    await remove('there.test');
    expect(await limited()).toEqual([]);
  });
});

describe('policies', () => {
  test.each([
    ['here.test', 'domain-own'],
    ['test', 'domain-own'],
    ['not a domain', 'domain-malformed'],
    ['', 'domain-malformed'],
  ])('are not for %s', async (domain, reason) => {
    expect(await reasonOf(set(domain, 'suspend'))).toBe(reason);
  });

  test('are the admins’', async () => {
    expect(await reasonOf(set('there.test', 'suspend', { actorId: mona }))).toBe('not-allowed');
    expect(await reasonOf(world.commit(removeDomainPolicy, { actorId: ada, domain: 'there.test' }))).toBe(
      'not-allowed',
    );
    expect(await reasonOf(set('there.test', 'suspend', { actorId: null }))).toBe('no refusal');
    const privateComment = 'x'.repeat(limits.reportCharacters + 1);
    expect(await reasonOf(set('there.test', 'none', { privateComment }))).toBe('comment-too-long');
  });

  test('are listed by name, and shown with the servers that they hold', async () => {
    await set('b.test', 'limit', { publicComment: 'ads' });
    await set('a.test', 'suspend', { rejectMedia: true });
    await set('c.test', 'none', { privateComment: 'watch' });
    const first = await listDomainPolicies(world.store, { after: null, limit: 2 });
    expect(first.items.map((line) => line.domain)).toEqual(['a.test', 'b.test']);
    const next = await listDomainPolicies(world.store, { after: first.nextAfter, limit: 2 });
    expect(next).toMatchObject({ items: [{ domain: 'c.test', privateComment: 'watch' }], nextAfter: null });
    const open = await listDomainPolicies(world.store, { after: null, limit: 9 }, ['limit', 'suspend']);
    expect(open.items.map((line) => line.domain)).toEqual(['a.test', 'b.test']);
    expect(await findDomainPolicy(world.store, 'a.test')).toMatchObject({ severity: 'suspend', rejectMedia: true });

    await world.store.write((tx) =>
      tx.insert(world.store.schema.peers).values([
        { host: 'www.a.test', software: 'mastodon', firstSeenAt: 1 },
        { host: 'there.test', firstSeenAt: 1 },
      ]),
    );
    // One that is known by an account only is a server all the same.
    await world.store.write((tx) =>
      tx.hot(
        `insert into delivery_hosts (host, failures, failing_since, next_try_at) values ('www.there.test', 3, 5, 9)`,
      ),
    );
    const peers = await listPeers(world.store, {}, { after: null, limit: 9 });
    expect(peers.items.map((line) => [line.host, line.severity, line.accounts])).toEqual([
      ['there.test', 'none', 1],
      ['www.a.test', 'suspend', 0],
      ['www.there.test', 'none', 1],
    ]);
    expect(peers.items.map((line) => line.failingSince)).toEqual([null, null, 5]);
    const page = await listPeers(world.store, {}, { after: 'there.test', limit: 1 });
    expect(page).toMatchObject({ items: [{ host: 'www.a.test' }], nextAfter: 'www.a.test' });
    expect((await listPeers(world.store, { text: 'WWW' }, { after: null, limit: 9 })).items).toHaveLength(2);
    expect((await listPeers(world.store, { text: '_' }, { after: null, limit: 9 })).items).toEqual([]);
  });
});

test('kept copies of a domain’s media go, with those below it', async () => {
  await world.store.write((tx) =>
    tx.insert(world.store.schema.cachedMedia).values(
      ['there.test', 'cdn.there.test', 'else.test'].map((host) => ({
        urlHash: host,
        url: `https://${host}/1`,
        host,
        file: `${host}.webp`,
        fetchedAt: 1,
        usedAt: 1,
      })),
    ),
  );
  const purge = (actorId: number) => world.commit(purgeRemoteMedia, { actorId, domain: 'there.test' });
  expect(await reasonOf(purge(mona))).toBe('not-allowed');
  const { cache, more } = await purge(arno);
  expect(cache.toSorted()).toEqual(['cdn.there.test.webp', 'there.test.webp']);
  expect(more).toBe(false);
});

describe('blocks at the door', () => {
  const block = (cidr: string, expiresAt = world.clock.now() + DAY_MS) =>
    world.commit(blockAddress, { actorId: arno, cidr, comment: '', expiresAt });
  const comesIn = (address: string) => reasonOf(world.commit(refuseBlockedAddress, address));

  test('keep a network out until their end', async () => {
    await block('192.0.2.0/24');
    const six = await block('2001:db8::/32');
    expect(await comesIn('192.0.2.77')).toBe('address-blocked');
    expect(await comesIn('::ffff:192.0.2.77')).toBe('address-blocked');
    expect(await comesIn('2001:db8::1')).toBe('address-blocked');
    expect(await comesIn('192.0.3.1')).toBe('no refusal');
    await world.commit(unblockAddress, { actorId: arno, blockId: six });
    expect(await comesIn('2001:db8::1')).toBe('no refusal');
    const shown = async () => (await listAddressBlocks(world.store, firstPage(9), world.clock.now())).items;
    expect(await shown()).toMatchObject([{ cidr: '192.0.2.0/24' }]);
    world.clock.advance(DAY_MS);
    expect(await shown()).toEqual([]);
    expect(await comesIn('192.0.2.77')).toBe('no refusal');
    await world.commit(forgetEndedBlocks, undefined);
    expect(await world.store.read.$count(world.store.schema.addressBlocks)).toBe(0);
  });

  test.each([
    ['192.0.2.300', 'network-malformed'],
    ['192.0.2.0/33', 'network-malformed'],
    ['192.0.2.0/x', 'network-malformed'],
    ['192.0.2.0/24/8', 'network-malformed'],
    ['', 'network-malformed'],
    ['0.0.0.0/0', 'network-too-wide'],
    ['2000::/3', 'network-too-wide'],
  ])('are not for %s', async (cidr, reason) => {
    expect(await reasonOf(block(cidr))).toBe(reason);
  });

  test('have an end in the future, and are the admins’', async () => {
    expect(await reasonOf(block('192.0.2.1', world.clock.now()))).toBe('block-end-past');
    const expiresAt = world.clock.now() + 1;
    const input = { actorId: mona, cidr: '192.0.2.1', comment: '', expiresAt };
    expect(await reasonOf(world.commit(blockAddress, input))).toBe('not-allowed');
    expect(await reasonOf(world.commit(unblockAddress, { actorId: arno, blockId: 1 }))).toBe('not-found');
  });

  test('keep mail domains out, for ever or for a time', async () => {
    const signsUp = (domain: string) => reasonOf(world.commit(refuseBlockedEmailDomain, domain));
    const blockMail = (domain: string, expiresAt: number | null) =>
      world.commit(blockEmailDomain, { actorId: arno, domain, comment: '', expiresAt });
    await blockMail('Spam.test', null);
    await blockMail('short.test', world.clock.now() + DAY_MS);
    expect(await signsUp('mail.spam.test')).toBe('email-domain-blocked');
    expect(await signsUp('short.test')).toBe('email-domain-blocked');
    const page = { after: null, limit: 9 };
    expect((await listEmailDomainBlocks(world.store, page, world.clock.now())).items).toHaveLength(2);
    world.clock.advance(DAY_MS);
    expect(await signsUp('short.test')).toBe('no refusal');
    await world.commit(forgetEndedBlocks, undefined);
    await world.commit(unblockEmailDomain, { actorId: arno, domain: 'spam.test' });
    expect(await signsUp('spam.test')).toBe('no refusal');
    expect(await world.store.read.$count(world.store.schema.emailDomainBlocks)).toBe(0);
  });
});
