import { afterEach, describe, expect, test } from 'vitest';
import { issueSetUpToken } from '#domain/membership/complete-set-up.ts';
import { readSettings } from '#domain/instance/settings.ts';
import { hashToken, newToken } from '#kernel/tokens.ts';
import { PASSWORD } from '../members.ts';
import { openSite, type Site } from './site.ts';

let site: Site;

afterEach(() => site.close());

async function openWithLink(): Promise<string> {
  site = await openSite({ setUp: false });
  const token = newToken();
  await site.world.commit(issueSetUpToken, { tokenHash: hashToken(token) });
  return `/set-up?token=${token}`;
}

const answers = { name: 'Stage', registrations: 'approval', handle: 'ada', email: 'ada@mail.test', password: PASSWORD };

describe('an instance that is not set up', () => {
  test('has one page, and that one needs the link', async () => {
    const link = await openWithLink();
    const browser = site.browser();
    for (const path of ['/', '/login', '/sign-up', '/settings/account', '/nothing']) {
      expect((await browser.get(path)).location).toBe('/set-up');
    }
    expect((await browser.get('/set-up')).status).toBe(403);
    expect((await browser.get('/set-up?token=wrong')).status).toBe(403);
    expect((await browser.get(link)).words).toContain('Set up your instance');
  });

  test('is set up by its form, which leaves the owner logged in', async () => {
    const link = await openWithLink();
    const visitor = site.browser({ language: 'fr' });
    await visitor.get(link);
    expect(visitor.page?.words).toContain('Mettre en place votre instance');
    await visitor.submit('/set-up', { ...answers, minimumAge: '18', defaultLocale: 'fr' });
    expect(visitor.page).toMatchObject({ status: 303, location: '/home' });
    expect(await readSettings(site.world.store.read)).toMatchObject({
      name: 'Stage',
      registrations: 'approval',
      minimumAge: 18,
      defaultLocale: 'fr',
      origin: 'https://here.test',
    });
    await visitor.get('/settings/account');
    expect(visitor.page?.words).toContain('ada@mail.test');
    expect(visitor.page?.words).toContain('Votre instance est prête');
    expect((await visitor.get(link)).location).toBe('/');
  });

  test('keeps what was typed when something does not fit, but for the password', async () => {
    const link = await openWithLink();
    const browser = site.browser();
    await browser.get(link);
    await browser.submit('/set-up', { ...answers, name: 'My “stage”', password: 'tiny-pw', minimumAge: '5' });
    expect(browser.page?.status).toBe(422);
    const form = browser.form('/set-up');
    expect(form).toMatchObject({
      name: 'My “stage”',
      registrations: 'approval',
      handle: 'ada',
      email: 'ada@mail.test',
      password: '',
    });
    expect(browser.page?.text).not.toContain('tiny-pw');
    expect(browser.page?.words).toContain('At least 13 is needed');
    await browser.submit('/set-up', { minimumAge: '16', password: 'tiny-pw' });
    expect(browser.page?.words).toContain('A password has at least 10 characters');
    await browser.submit('/set-up', { password: PASSWORD });
    expect(browser.page?.location).toBe('/home');
  });

  test('is not set up without a choice of who may join, and nobody is chosen beforehand', async () => {
    const link = await openWithLink();
    const browser = site.browser();
    await browser.get(link);
    expect(browser.form('/set-up')).toMatchObject({ registrations: 'closed', minimumAge: '16' });
    await browser.submit('/set-up', { ...answers, registrations: '' });
    expect(browser.page?.status).toBe(422);
  });

  test('is not set up by somebody with another token', async () => {
    const link = await openWithLink();
    const browser = site.browser();
    await browser.get(link);
    await browser.submit('/set-up', { ...answers, token: 'wrong' });
    expect(browser.page?.status).toBe(403);
    expect(browser.page?.words).toContain('does not work any more');
    expect((await readSettings(site.world.store.read)).setUpAt).toBeNull();
  });

  test('does not let the token be guessed for long', async () => {
    await openWithLink();
    const browser = site.browser();
    const statuses: number[] = [];
    for (let n = 0; n < 35; n += 1) statuses.push((await browser.get(`/set-up?token=${n}`)).status);
    expect(statuses.filter((status) => status === 429).length).toBe(5);
  });
});
