import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findDomainPolicy } from '#domain/moderation/domains.queries.ts';
import { severFollowsOfDomain } from '#domain/relationships/sever-follows.ts';
import { limits } from '#kernel/limits.ts';
import type { Browser } from '../browser.ts';
import { addMember } from '../../members.ts';
import { keepCopy, openStaffedSite, type StaffedSite } from './staff.ts';

let site: StaffedSite;
let browser: Browser;

beforeEach(async () => {
  site = await openStaffedSite();
  browser = await site.as('admin');
});

afterEach(() => site.close());

const policy = (domain: string) => findDomainPolicy(site.world.store, domain);

async function follow(followerId: number, followeeId: number): Promise<void> {
  const { follows } = site.world.store.schema;
  const id = site.world.ids.next(site.world.clock.now());
  await site.world.store.write((tx) =>
    tx.insert(follows).values({
      id,
      followerId,
      followeeId,
      uri: `https://far.test/follows/${id}`,
      state: 'accepted',
      createdAt: site.world.clock.now(),
    }),
  );
}

async function set(domain: string, fields: Record<string, string>): Promise<void> {
  await browser.get(`/admin/domains/policy?domain=${domain}`);
  await browser.submit('/admin/domains/policy', fields);
}

describe('a policy on a server', () => {
  test('is set on a page that says whom it concerns, and shows in the list', async () => {
    const rita = await site.world.remote('rita', 'far.test');
    await follow(site.ids.user, rita);
    await browser.get('/admin/domains');
    expect(browser.page?.words).toContain('No policies');
    await browser.get('/admin/domains/policy?domain=https%3A%2F%2FFar.test%2Fabout');
    expect(browser.page?.words).toContain('Followed from here 1');
    await browser.submit('/admin/domains/policy', {
      severity: 'limit',
      publicComment: 'Loud <i>adverts</i>',
      privateComment: 'Ask again in May',
    });
    expect(browser.page?.location).toBe('/admin/domains');
    await browser.follow();
    expect(browser.page?.words).toContain('The policy on far.test holds.');
    expect(browser.page?.words).toContain('Loud <i>adverts</i>');
    expect(await policy('far.test')).toMatchObject({ severity: 'limit', privateComment: 'Ask again in May' });
  });

  test('that cuts follows asks once more, keeps what was typed, and gives the follows back when it goes', async () => {
    const rita = await site.world.remote('rita', 'far.test');
    await follow(site.ids.user, rita);
    await set('far.test', { severity: 'suspend', privateComment: 'Harassment' });
    expect(browser.page?.status).toBe(422);
    expect(browser.page?.words).toContain('Tick the box if you are sure.');
    expect(browser.form('/admin/domains/policy')).toMatchObject({ severity: 'suspend', privateComment: 'Harassment' });
    expect(await policy('far.test')).toBeNull();

    await browser.submit('/admin/domains/policy', { sure: 'on' });
    await browser.follow();
    expect(browser.page?.words).toContain('One follow was cut.');
    expect(await site.world.store.read.hot('select 1 as x from follows')).toEqual([]);

    await browser.get('/admin/domains/remove?domain=far.test');
    expect(browser.page?.words).toContain('Follows that a suspension cut come back');
    await browser.submit('/admin/domains/remove');
    await browser.follow();
    expect(await policy('far.test')).toBeNull();
    expect(await site.world.store.read.hot('select 1 as x from follows')).toHaveLength(1);
  });

  test('gives back more follows than one command does', async () => {
    await set('far.test', { severity: 'suspend' });
    const count = limits.followsRestoredAtOnce + 1;
    for (let number = 0; number < count; number += 1) {
      await follow(await site.world.remote(`r${number}`, 'far.test'), site.ids.user);
    }
    await site.world.commit(severFollowsOfDomain, 'far.test');
    expect(await site.world.store.read.hot('select 1 as x from follows')).toEqual([]);
    await set('far.test', { severity: 'none' });
    expect(browser.page?.status).toBe(303);
    expect(await site.world.store.read.hot('select 1 as x from follows')).toHaveLength(count);
  });

  test('that refuses media takes the copies away, as does the button for it alone', async () => {
    const [first, other] = [await keepCopy(site, 'media.far.test'), await keepCopy(site, 'near.test')];
    await set('far.test', { severity: 'none', rejectMedia: 'on' });
    expect(await site.deps.mediaCache.storage.open(first)).toBeNull();
    expect(await site.deps.mediaCache.storage.open(other)).not.toBeNull();

    await browser.get('/admin/domains/purge?domain=near.test');
    await browser.submit('/admin/domains/purge');
    await browser.follow();
    expect(browser.page?.words).toContain('One file is removed.');
    expect(await site.deps.mediaCache.storage.open(other)).toBeNull();
  });

  test.each(['', 'not a name', 'a..b'])('is not set on %j', async (domain) => {
    const page = await browser.get(`/admin/domains/policy?domain=${encodeURIComponent(domain)}`);
    expect(page.status).toBe(422);
    expect(page.words).toContain('This is not the name of a server.');
    expect(browser.form('/admin/domains/policy')).toMatchObject({ domain });
  });

  test('is not set on this very server', async () => {
    await set('here.test', { severity: 'suspend', publicComment: 'Oops' });
    expect(browser.page?.status).toBe(422);
    expect(browser.page?.words).toContain('This is your own server.');
    expect(browser.form('/admin/domains/policy')).toMatchObject({ publicComment: 'Oops' });
  });

  test('that is not there cannot be removed', async () => {
    expect((await browser.get('/admin/domains/remove?domain=far.test')).status).toBe(404);
  });
});

describe('blocks', () => {
  test('of networks have an end, keep people out until then, and are lifted', async () => {
    await browser.get('/admin/blocks');
    await browser.submit('/admin/blocks/addresses', { cidr: '203.0.113.0/24', days: '7', comment: 'Flood' });
    await browser.follow();
    expect(browser.page?.words).toContain('203.0.113.0/24');
    expect(browser.page?.words).toContain('Flood');
    const shutOut = site.browser({ address: '203.0.113.9' });
    await addMember(site.world, 'paul');
    await shutOut.get('/login');
    await shutOut.submit('/login', { login: 'paul', password: 'a stage of one’s own' });
    expect(shutOut.page?.words).toContain('This is not possible from your network.');

    const action = /action="(\/admin\/blocks\/addresses\/\d+\/remove)"/.exec(browser.page?.text ?? '')?.[1] ?? '';
    await browser.submit(action);
    await browser.follow();
    expect(browser.page?.words).toContain('No network is blocked.');
    expect((await site.audited()).map((row) => row.action)).toEqual(['address-blocked', 'address-unblocked']);
  });

  test.each([
    ['everybody', 'This is not an address or a network'],
    ['10.0.0.0/4', 'This network is too wide'],
    ['192.0.2.0/24', 'Your own address is in this network'],
  ])('of the network %s are refused, and nothing typed is lost', async (cidr, words) => {
    await browser.get('/admin/blocks');
    await browser.submit('/admin/blocks/addresses', { cidr, days: '90', comment: 'Why not' });
    expect(browser.page?.status).toBe(422);
    expect(browser.page?.words).toContain(words);
    expect(browser.form('/admin/blocks/addresses')).toMatchObject({ cidr, days: '90', comment: 'Why not' });
    expect(await site.audited()).toEqual([]);
  });

  test('of networks are not for ever, whatever is sent', async () => {
    await browser.get('/admin/blocks');
    await browser.submit('/admin/blocks/addresses', { cidr: '203.0.113.0/24', days: '99999' });
    expect(browser.page?.status).toBe(422);
  });

  test('of mail providers may be for ever', async () => {
    await browser.get('/admin/blocks');
    await browser.submit('/admin/blocks/email-domains', {
      domain: 'Trash.test',
      emailDays: '0',
      emailComment: '10 min',
    });
    await browser.follow();
    expect(browser.page?.words).toContain('trash.test 10 min For ever');
    await browser.submit('/admin/blocks/email-domains', { domain: '@', emailDays: '30' });
    expect(browser.page?.status).toBe(422);
    await browser.get('/admin/blocks');
    await browser.submit('/admin/blocks/email-domains/remove');
    await browser.follow();
    expect(browser.page?.words).toContain('No provider is blocked.');
  });
});
