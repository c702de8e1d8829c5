import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSettings } from '#domain/instance/settings.ts';
import { inviteStands } from '#domain/membership/sign-ups.queries.ts';
import { addMember, outboxOf } from '../../members.ts';
import type { Browser } from '../browser.ts';
import { openStaffedSite, type StaffedSite } from './staff.ts';

let site: StaffedSite;
let browser: Browser;

beforeEach(async () => {
  site = await openStaffedSite();
  browser = await site.as('admin');
});

afterEach(() => site.close());

describe('sign-ups that wait', () => {
  test('say why, and are let in', async () => {
    const wanda = await addMember(site.world, 'wanda', { approved: false });
    await site.world.store.write((tx) =>
      tx.hot('update members set sign_up_reason = $1 where account_id = $2', 'I <u>like</u> stages', wanda),
    );
    await browser.get('/admin/sign-ups');
    expect(browser.page?.words).toContain('I <u>like</u> stages');
    expect(browser.page?.words).toContain('wanda@mail.test');
    await browser.submit(`/admin/sign-ups/${wanda}/approve`);
    await browser.follow();
    expect(browser.page?.words).toContain('They are in, and get a mail.');
    expect(browser.page?.words).toContain('Nobody waits');
    expect(await outboxOf(site.world, 'member-approved')).toHaveLength(1);
    const login = site.browser();
    await login.get('/login');
    await login.submit('/login', { login: 'wanda', password: 'a stage of one’s own' });
    expect(login.page?.status).toBe(303);
  });

  test('are rejected after a page that says what happens, and the name is free again', async () => {
    const wanda = await addMember(site.world, 'wanda', { approved: false });
    await browser.get(`/admin/sign-ups/${wanda}/reject`);
    expect(browser.page?.words).toContain('name and mail address are free again');
    await browser.submit(`/admin/sign-ups/${wanda}/reject`);
    await browser.follow();
    expect(browser.page?.words).toContain('The sign-up is rejected.');
    expect((await browser.get(`/admin/sign-ups/${wanda}/reject`)).status).toBe(404);
    expect(await addMember(site.world, 'wanda')).not.toBe(wanda);
  });

  test('that were decided by somebody else meanwhile have no page', async () => {
    const wanda = await addMember(site.world, 'wanda', { approved: false });
    await browser.get('/admin/sign-ups');
    const other = await site.as('moderator');
    await other.get('/admin/sign-ups');
    await other.submit(`/admin/sign-ups/${wanda}/approve`);
    await browser.submit(`/admin/sign-ups/${wanda}/approve`);
    expect(browser.page?.status).toBe(404);
    expect((await browser.get(`/admin/sign-ups/${site.ids.user}/reject`)).status).toBe(404);
  });
});

describe('who may join', () => {
  test('is decided by admins, and moderators do not see the form', async () => {
    await browser.get('/admin/sign-ups');
    expect(browser.form('/admin/sign-ups/mode')).toMatchObject({ registrations: 'closed', minimumAge: '16' });
    await browser.submit('/admin/sign-ups/mode', { registrations: 'approval', minimumAge: '18' });
    await browser.follow();
    expect(browser.page?.words).toContain('Saved.');
    expect(await readSettings(site.world.store.read)).toMatchObject({ registrations: 'approval', minimumAge: 18 });
    expect((await site.browser().get('/sign-up')).words).toContain('I am at least 18 years old');
    const moderator = await site.as('moderator');
    expect((await moderator.get('/admin/sign-ups')).text).not.toContain('/admin/sign-ups/mode');
  });

  test('says what is wrong and keeps the choice', async () => {
    await browser.get('/admin/sign-ups');
    await browser.submit('/admin/sign-ups/mode', { registrations: 'open', minimumAge: '9' });
    expect(browser.page?.status).toBe(422);
    expect(browser.page?.words).toContain('At least 13 is needed.');
    expect(browser.form('/admin/sign-ups/mode')).toMatchObject({ registrations: 'open', minimumAge: '9' });
  });

  test('warns where no mail can be sent', async () => {
    expect((await browser.get('/admin/sign-ups')).words).not.toContain('This server cannot send mail.');
    Object.assign(site.deps.mail, { available: false });
    expect((await browser.get('/admin/sign-ups')).words).toContain('This server cannot send mail.');
  });
});

describe('invitations', () => {
  test('are made with a link that lets somebody sign up, and revoked', async () => {
    await site.edit({ registrations: 'invite' });
    await browser.get('/admin/invites');
    await browser.submit('/admin/invites', { comment: 'The choir', uses: '3', days: '30' });
    await browser.follow();
    expect(browser.page?.words).toContain('The choir');
    expect(browser.page?.words).toContain('0 of 3');
    const code = /invite=(\w+)/.exec(browser.page?.text ?? '')?.[1] ?? '';
    expect((await site.browser().get(`/sign-up?invite=${code}`)).words).toContain('You are invited.');

    const action = /action="(\/admin\/invites\/\d+\/revoke)"/.exec(browser.page?.text ?? '')?.[1] ?? '';
    await browser.submit(action);
    await browser.follow();
    expect(browser.page?.words).toContain('No open invitations');
    expect(await inviteStands(site.world.store.read, code, site.world.clock.now())).toBe(false);
  });

  test('may be for any number and without end', async () => {
    await browser.get('/admin/invites');
    await browser.submit('/admin/invites', { comment: '', uses: '', days: '0' });
    await browser.follow();
    expect(browser.page?.words).toContain('No end');
  });

  test.each([
    { uses: '0', days: '7' },
    { uses: 'many', days: '7' },
    { uses: '1', days: '8' },
    { uses: '1001', days: '7' },
  ])('are not made with %j, and nothing typed is lost', async (fields) => {
    await browser.get('/admin/invites');
    await browser.submit('/admin/invites', { ...fields, comment: 'For Ana' });
    expect(browser.page?.status).toBe(422);
    expect(browser.form('/admin/invites')).toMatchObject({ comment: 'For Ana', uses: fields.uses });
    expect(await site.audited()).toEqual([]);
  });
});
