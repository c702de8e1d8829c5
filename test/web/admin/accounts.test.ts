import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findStaffAccount } from '#domain/moderation/staff-accounts.queries.ts';
import { sessionsOf } from '#domain/membership/sessions.queries.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { addMember, outboxOf, sessionOf } from '../../members.ts';
import type { Browser } from '../browser.ts';
import { openStaffedSite, postRaw, type StaffedSite } from './staff.ts';

let site: StaffedSite;
let browser: Browser;
let pia: number;

beforeEach(async () => {
  site = await openStaffedSite();
  browser = await site.as('owner');
  pia = await addMember(site.world, 'pia');
});

afterEach(() => site.close());

const account = async (id: number) => findStaffAccount(site.world.store, id);
const actions = async () => (await site.audited()).map(({ action, target }) => `${action} ${target}`);

/** Goes to the page that asks, and says yes. */
async function confirm(step: string, id = pia): Promise<void> {
  await browser.get(`/admin/accounts/${id}/${step}`);
  expect(browser.page?.words).toContain('What will happen');
  await browser.submit(`/admin/accounts/${id}/${step.split('?')[0]}`);
  await browser.follow();
}

describe('the list of accounts', () => {
  test('shows the people here, and others where they are asked for', async () => {
    await site.world.remote('rita', 'far.test');
    expect((await browser.get('/admin/accounts')).words).toContain('pia@mail.test');
    expect(browser.page?.words).not.toContain('rita');
    expect((await browser.get('/admin/accounts?origin=remote')).words).toContain('@rita @far.test');
    expect(browser.page?.words).not.toContain('pia@mail.test');
    expect((await browser.get('/admin/accounts?origin=all&domain=far.test')).words).toContain('rita');
  });

  test.each([
    ['text=pia@', 'pia'],
    ['role=moderator', 'the_moderator'],
    ['state=suspended', 'sad'],
    ['state=pending', 'waiting'],
  ])('finds %s', async (query, handle) => {
    const sad = await addMember(site.world, 'sad');
    await addMember(site.world, 'waiting', { approved: false });
    await site.world.store.write((tx) => tx.hot('update accounts set suspended_at = 1 where id = $1', sad));
    await browser.get(`/admin/accounts?${query}`);
    expect([...(browser.page?.text ?? '').matchAll(/id="pick-\d+"/g)]).toHaveLength(1);
    expect(browser.page?.words).toContain(`@${handle}`);
  });

  test('keeps what was asked for in its fields, and says when nobody fits', async () => {
    await browser.get('/admin/accounts?text=nobody%22%3E&origin=remote&state=limited');
    expect(browser.page?.words).toContain('Nobody fits');
    expect(browser.form('/admin/accounts')).toMatchObject({ text: 'nobody">', origin: 'remote', state: 'limited' });
    expect((await browser.get('/admin/accounts?state=strange&role=king')).words).toContain('pia');
  });

  test('goes on where it ends', async () => {
    for (let number = 0; number < 45; number += 1) await site.world.remote(`r${number}`, 'far.test');
    await browser.get('/admin/accounts?origin=remote');
    const older = /href="([^"]*before=[^"]*)"/.exec(browser.page?.text ?? '')?.[1] ?? '';
    expect(older).toContain('origin=remote');
    expect((await browser.get(older.replaceAll('&amp;', '&'))).words).toContain('@r0 @far.test');
  });
});

describe('one account', () => {
  test('is shown with what staff needs to know, and with what was done to it', async () => {
    await confirm('limit');
    await browser.get(`/admin/accounts/${pia}`);
    expect(browser.page?.words).toContain('pia@mail.test');
    expect(browser.page?.words).toContain('Second factor off');
    expect(browser.page?.words).toContain('@the_owner limited @pia');
    expect(browser.page?.text).not.toContain('$argon2id$');
  });

  test('is limited and suspended, and both are taken back', async () => {
    await confirm('limit');
    expect(browser.page?.words).toContain('@pia is limited.');
    expect((await account(pia))?.limitedAt).not.toBeNull();
    await browser.submit(`/admin/accounts/${pia}/unlimit`);
    expect((await account(pia))?.limitedAt).toBeNull();
    const session = await sessionOf(site.world, pia);
    expect(session).not.toBe('');
    await confirm('suspend');
    expect((await account(pia))?.suspendedAt).not.toBeNull();
    expect(await sessionsOf(site.world.store.read, pia, site.world.clock.now())).toEqual([]);
    await confirm('unsuspend');
    expect((await account(pia))?.suspendedAt).toBeNull();
    expect(await actions()).toEqual(
      ['limited', 'unlimited', 'suspended', 'unsuspended'].map((done) => `account-${done} account:${pia}`),
    );
  });

  test('of another server loses its follows, and gets them back', async () => {
    const rita = await site.world.remote('rita', 'far.test');
    await site.world.commit(requestFollow, { followerId: pia, followeeId: rita });
    await site.world.store.write((tx) => tx.hot(`update follows set state = 'accepted'`));
    const follows = () => site.world.store.read.hot('select 1 as x from follows where followee_id = $1', rita);
    await confirm('suspend', rita);
    expect(await follows()).toEqual([]);
    await confirm('unsuspend', rita);
    expect(await follows()).toHaveLength(1);
  });

  test('is deleted for good, after a page that says so', async () => {
    await browser.get(`/admin/accounts/${pia}/delete`);
    expect(browser.page?.words).toContain('There is no way back.');
    await browser.submit(`/admin/accounts/${pia}/delete`);
    expect(browser.page?.location).toBe('/admin/accounts');
    expect((await account(pia))?.deletedAt).not.toBeNull();
    expect((await browser.get(`/admin/accounts/${pia}`)).words).toContain('This account is deleted.');
    expect((await browser.get(`/admin/accounts/${pia}/suspend`)).status).toBe(404);
  });

  test('gets another role, after a page that says what it may do then', async () => {
    await browser.get(`/admin/accounts/${pia}`);
    expect(browser.page?.text).toContain(`action="/admin/accounts/${pia}/role"`);
    await confirm('role?role=moderator');
    expect(browser.page?.words).toContain('The role is now: Moderator.');
    expect((await account(pia))?.role).toBe('moderator');
    await browser.get(`/admin/accounts/${pia}/role?role=owner`);
    expect(browser.page?.words).toContain('An owner can only be unmade by deleting their own account.');
  });

  test('offers an admin no role that an admin may not give', async () => {
    const admin = await site.as('admin');
    await admin.get(`/admin/accounts/${pia}`);
    expect(admin.page?.text).not.toMatch(/<option value="(?:admin|owner)"/);
    expect((await admin.get(`/admin/accounts/${pia}/role?role=admin`)).status).toBe(403);
    expect((await admin.get(`/admin/accounts/${pia}/role?role=emperor`)).status).toBe(422);
    const page = await postRaw(site, await site.as('admin'), `/admin/accounts/${pia}/role`, { role: 'admin' });
    expect(page.status).toBe(403);
    expect((await account(pia))?.role).toBe('user');
  });

  test('that is one’s own, or of one’s own rank, has no buttons that would do nothing', async () => {
    for (const id of [site.ids.owner, await addMember(site.world, 'second', { role: 'owner' })]) {
      const page = await browser.get(`/admin/accounts/${id}`);
      expect(page.status).toBe(200);
      expect(page.text).not.toMatch(/\/(?:limit|suspend|delete|reset-password)"/);
    }
  });
});

describe('somebody who cannot get in', () => {
  test('has the second factor taken off and hears of it', async () => {
    await site.world.store.write((tx) =>
      tx.hot(`update members set totp_enabled_at = 1, totp_sealed = 'x' where account_id = $1`, pia),
    );
    expect((await browser.get(`/admin/accounts/${pia}`)).words).toContain('Second factor on');
    await confirm('reset-totp');
    expect((await browser.get(`/admin/accounts/${pia}`)).words).toContain('Second factor off');
    expect(await outboxOf(site.world, 'security-noticed')).toEqual([
      { type: 'security-noticed', accountId: pia, notice: 'totp-disabled' },
    ]);
  });

  test('that has no second factor is told from one that has', async () => {
    await browser.get(`/admin/accounts/${pia}/reset-totp`);
    await browser.submit(`/admin/accounts/${pia}/reset-totp`);
    await browser.follow();
    expect(browser.page?.words).toContain('The second factor is off.');
    expect(await site.audited()).toEqual([]);
  });

  test('is logged out everywhere and gets a link, after which the old password is nothing', async () => {
    await sessionOf(site.world, pia);
    await confirm('reset-password');
    expect(await sessionsOf(site.world.store.read, pia, site.world.clock.now())).toEqual([]);
    const [mail] = await site.mail();
    expect(mail).toMatchObject({ to: 'pia@mail.test' });
    const link = /https:\/\/here\.test(\/reset-password\/new\S+)/.exec(mail?.text ?? '')?.[1] ?? '';
    const visitor = site.browser();
    expect((await visitor.get(link)).status).toBe(200);
    await visitor.get('/login');
    await visitor.submit('/login', { login: 'pia', password: 'a stage of one’s own' });
    expect(visitor.page?.status).not.toBe(303);
  });

  test('keeps the password where no mail could bring a new one', async () => {
    const { world } = site;
    const before = await world.store.read.hot('select password_hash from members where account_id = $1', pia);
    Object.assign(site.deps.mail, { available: false });
    await browser.get(`/admin/accounts/${pia}/reset-password`);
    await browser.submit(`/admin/accounts/${pia}/reset-password`);
    await browser.follow();
    expect(browser.page?.words).toContain('This server cannot send mail');
    expect(await world.store.read.hot('select password_hash from members where account_id = $1', pia)).toEqual(before);
  });
});

describe('several accounts at once', () => {
  test.each(['limit', 'suspend', 'delete'])('are chosen, shown once more, and then: %s', async (step) => {
    const other = await addMember(site.world, 'other');
    await browser.get(`/admin/accounts/batch?do=${step}&ids=${pia}&ids=${other}&ids=${pia}`);
    expect(browser.page?.words).toContain('@pia');
    expect(browser.page?.words).toContain('@other');
    expect(browser.form('/admin/accounts/batch')).toMatchObject({ do: step });
    await browser.submit('/admin/accounts/batch');
    expect(browser.page).toMatchObject({ status: 303, location: '/admin/accounts' });
    expect((await site.audited()).map(({ target }) => target).toSorted()).toEqual(
      [`account:${pia}`, `account:${other}`].toSorted(),
    );
  });

  test('are all left alone when it may not be done to one, and the page says why', async () => {
    await browser.get(`/admin/accounts/batch?do=suspend&ids=${pia}&ids=${site.ids.owner}`);
    await browser.submit('/admin/accounts/batch');
    expect(browser.page?.status).toBe(403);
    expect(browser.page?.words).toContain('This account has the same role as you, or a higher one.');
    expect(browser.form('/admin/accounts/batch')).toMatchObject({ ids: expect.stringContaining(String(pia)) });
    expect((await account(pia))?.suspendedAt).toBeNull();
  });

  test('are not chosen by nobody, nor deleted by those who may not', async () => {
    await browser.get('/admin/accounts/batch?do=suspend');
    await browser.follow();
    expect(browser.page?.words).toContain('Choose at least one account.');
    const moderator = await site.as('moderator');
    expect((await moderator.get('/admin/accounts')).text).not.toContain('value="delete"');
    expect((await moderator.get(`/admin/accounts/batch?do=delete&ids=${pia}`)).status).toBe(403);
    const page = await postRaw(site, await site.as('moderator'), '/admin/accounts/batch', {
      do: 'delete',
      ids: String(pia),
    });
    expect(page.status).toBe(403);
    expect((await account(pia))?.deletedAt).toBeNull();
  });

  test('cannot be more than a hundred', async () => {
    const ids = Array.from({ length: 101 }, (_, index) => 5000 + index);
    const page = await postRaw(site, await site.as('owner'), '/admin/accounts/batch', {
      do: 'suspend',
      ids: [pia, ...ids].join(' '),
    });
    expect(page.status).toBe(422);
    expect(page.words).toContain('Choose at most 100 accounts at once.');
  });
});
