import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '#kernel/limits.ts';
import { addMember, PASSWORD, sessionOf } from '../members.ts';
import { openSite, type Site } from './site.ts';

let site: Site;
let ana: number;

beforeEach(async () => {
  site = await openSite();
  ana = await addMember(site.world, 'ana', { locale: 'fr' });
});

afterEach(() => site.close());

const NEW = 'another stage of one’s own';

async function ask(email: string, address = '192.0.2.1') {
  const browser = site.browser({ address });
  await browser.get('/reset-password');
  return browser.submit('/reset-password', { email });
}

async function link(): Promise<string> {
  const message = (await site.mail()).at(-1);
  return /https:\/\/here\.test(\/\S+)/.exec(message?.text ?? '')?.[1] ?? '';
}

describe('a forgotten password', () => {
  test('is answered alike for a member and for a stranger', async () => {
    const [known, unknown] = [await ask('ana@mail.test'), await ask('nobody@mail.test')];
    for (const page of [known, unknown]) expect(page).toMatchObject({ status: 303, location: '/reset-password/sent' });
    expect(known.headers.getSetCookie()).toEqual(unknown.headers.getSetCookie());
    expect((await site.mail()).map((message) => message.to)).toEqual(['ana@mail.test']);
  });

  test('is replaced over the mailed link, which ends every session', async () => {
    const before = site.browser();
    before.jar.set('__Host-session', await sessionOf(site.world, ana));
    await ask('ana@mail.test');
    const path = await link();
    const browser = site.browser({ language: 'fr' });
    await browser.get(path);
    expect(browser.page?.words).toContain('Choisir un nouveau mot de passe');
    await browser.submit('/reset-password/new', { password: 'court' });
    expect(browser.page?.status).toBe(422);
    expect(browser.page?.words).toContain('au moins 10 caractères');
    await browser.submit('/reset-password/new', { password: NEW });
    expect(browser.page?.location).toBe('/login');
    await browser.follow();
    expect(browser.page?.words).toContain('Votre mot de passe est changé.');
    expect((await before.get('/settings/account')).location).toContain('/login');
    await browser.submit('/login', { login: 'ana', password: PASSWORD });
    expect(browser.page?.status).toBe(403);
    await browser.submit('/login', { login: 'ana', password: NEW });
    expect(browser.page?.location).toBe('/home');
  });

  test('is replaced once, and in time', async () => {
    await ask('ana@mail.test');
    const path = await link();
    const first = site.browser();
    const second = site.browser();
    await first.get(path);
    await second.get(path);
    await first.submit('/reset-password/new', { password: NEW });
    await second.submit('/reset-password/new', { password: NEW });
    expect(second.page?.status).toBe(410);
    expect((await second.get(path)).status).toBe(410);
    await ask('ana@mail.test');
    const late = await link();
    site.world.clock.advance(limits.resetTokenMs);
    expect((await second.get(late)).status).toBe(410);
  });

  test('does not fill a mailbox: three mails an hour, from however many addresses', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < limits.rates.resetPerAccount.tries + 2; n += 1) {
      statuses.push((await ask(n % 2 ? 'ANA@mail.test' : 'ana+tag@mail.test', `198.51.100.${n}`)).status);
    }
    expect(statuses).toEqual([303, 303, 303, 429, 429]);
    expect(await site.mail()).toHaveLength(3);
  });

  test('does not let one address ask for many', async () => {
    const statuses: number[] = [];
    for (let n = 0; n <= limits.rates.resetPerVisitor.tries; n += 1)
      statuses.push((await ask(`a${n}@mail.test`)).status);
    expect(statuses.at(-1)).toBe(429);
  });

  test('cannot be replaced by mail where there is none', async () => {
    await site.close();
    site = await openSite({ deps: { mail: { available: false, send: async () => 'refused', caught: () => null } } });
    const browser = site.browser();
    await browser.get('/reset-password');
    expect(browser.page?.words).toContain('cannot send mail');
    expect(() => browser.form('/reset-password')).toThrow('no form');
  });
});

describe('the page of caught mail', () => {
  test('shows it, with links to follow', async () => {
    await ask('ana@mail.test');
    const path = await link();
    const page = await site.browser().get('/dev/mail');
    expect(page.words).toContain('ana@mail.test');
    expect(page.text).toContain(`href="https://here.test${path}"`);
  });

  test('does not exist where mail is sent', async () => {
    await site.close();
    site = await openSite({ deps: { mail: { available: true, send: async () => 'sent', caught: () => null } } });
    expect((await site.browser().get('/dev/mail')).status).toBe(404);
  });
});
