import { TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { confirmTotp } from '#domain/membership/confirm-totp.ts';
import { endAllSessions } from '#domain/membership/end-sessions.ts';
import { startTotp } from '#domain/membership/start-totp.ts';
import { MINUTE_MS, SECOND_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { newTotpSecret } from '#web/totp.ts';
import { addMember, outboxOf, PASSWORD } from '../members.ts';
import type { Browser } from './browser.ts';
import { openSite, type Site } from './site.ts';

let site: Site;
let ana: number;

beforeEach(async () => {
  site = await openSite();
  ana = await addMember(site.world, 'ana');
});

afterEach(() => site.close());

async function logIn(browser: Browser, changes: Record<string, string> = {}) {
  await browser.get('/login');
  return browser.submit('/login', { login: 'ana', password: PASSWORD, ...changes });
}

const isIn = async (browser: Browser) => (await browser.get('/settings/account')).status === 200;

describe('logging in', () => {
  test('leads home, with a cookie that only this host over https gets and no script reads', async () => {
    const browser = site.browser();
    const page = await logIn(browser);
    expect(page).toMatchObject({ status: 303, location: '/home' });
    const cookie = page.headers.getSetCookie().find((line) => line.startsWith('__Host-session='));
    expect(cookie).toMatch(/; Secure/);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(cookie).toMatch(/; Path=\//);
    expect(cookie).toMatch(/; Max-Age=2592000/);
    expect(cookie).not.toMatch(/Domain/);
    expect(await isIn(browser)).toBe(true);
  });

  test('leads back to where it began, and never to another site', async () => {
    const browser = site.browser();
    await browser.get('/settings/sessions?x=1');
    expect(browser.page?.location).toBe('/login?return_to=%2Fsettings%2Fsessions%3Fx%3D1');
    await browser.follow();
    await browser.submit('/login', { login: 'ana', password: PASSWORD });
    expect(browser.page?.location).toBe('/settings/sessions?x=1');
    for (const evil of ['https://evil.test/', '//evil.test', '/\\evil.test', 'javascript:alert(1)', '/\t/evil.test']) {
      const other = site.browser();
      await other.get(`/login?return_to=${encodeURIComponent(evil)}`);
      expect(other.form('/login')['return_to']).toBe('/home');
      await other.submit('/login', { login: 'ana', password: PASSWORD, return_to: evil });
      expect(other.page?.location).toBe('/home');
    }
  });

  test('says the same of a wrong password and of somebody who is not here, and keeps the name', async () => {
    const browser = site.browser();
    const wrong = await logIn(browser, { password: 'wrong password' });
    const wrongForm = browser.form('/login');
    const unknown = await logIn(browser, { login: 'nobody', password: 'wrong password' });
    expect([wrong.status, unknown.status]).toEqual([403, 403]);
    expect(wrong.words.replaceAll('ana', '')).toBe(unknown.words.replaceAll('nobody', ''));
    expect(wrong.words).toContain('Name and password do not fit together.');
    expect(wrongForm).toMatchObject({ login: 'ana', password: '' });
    expect(wrong.text).not.toContain('wrong password');
    expect(wrong.headers.getSetCookie().join()).not.toContain('session');
  });

  test('says so in French', async () => {
    const browser = site.browser({ language: 'fr-CA,fr;q=0.9,en;q=0.1' });
    await logIn(browser, { password: 'wrong password' });
    expect(browser.page?.words).toContain('Le nom et le mot de passe ne vont pas ensemble.');
    expect(browser.page?.text).toContain('<html lang="fr"');
  });

  test('tells a person who may not come in yet why, once the password is right', async () => {
    await addMember(site.world, 'new', { confirmed: false });
    await addMember(site.world, 'waits', { approved: false });
    const browser = site.browser();
    expect((await logIn(browser, { login: 'new' })).words).toContain('Please confirm your address first');
    expect((await logIn(browser, { login: 'waits' })).words).toContain('has not decided on your sign-up yet');
    expect((await logIn(browser, { login: 'waits', password: 'wrong password' })).words).toContain(
      'do not fit together',
    );
  });

  test('gives a new session whatever cookie was there before', async () => {
    const browser = site.browser();
    browser.jar.set('__Host-session', 'planted-by-somebody');
    await logIn(browser);
    const first = browser.jar.get('__Host-session');
    expect(first).not.toBe('planted-by-somebody');
    await addMember(site.world, 'bob');
    await browser.get('/login');
    expect(browser.page?.location).toBe('/home');
    const thief = site.browser();
    thief.jar.set('__Host-session', 'planted-by-somebody');
    expect(await isIn(thief)).toBe(false);
  });

  test('tells a member by mail of a strange browser, and not of one that was here before', async () => {
    const browser = site.browser();
    await logIn(browser);
    await browser.get('/settings/account');
    await browser.submit('/logout');
    await logIn(browser);
    expect(await outboxOf(site.world, 'security-noticed')).toEqual([]);
    await logIn(site.browser());
    expect(await outboxOf(site.world, 'security-noticed')).toMatchObject([{ accountId: ana, notice: 'new-login' }]);
  });
});

describe('a session', () => {
  test('ends with logging out, also for whoever has copied the cookie', async () => {
    const browser = site.browser();
    await logIn(browser);
    const copy = site.browser();
    for (const [name, value] of browser.jar) copy.jar.set(name, value);
    expect(await isIn(copy)).toBe(true);
    await browser.get('/settings/account');
    await browser.submit('/logout');
    expect(browser.page?.location).toBe('/');
    expect(browser.jar.has('__Host-session')).toBe(false);
    expect(await isIn(copy)).toBe(false);
  });

  test('ends at once when it is ended elsewhere or the account is suspended', async () => {
    const browser = site.browser();
    await logIn(browser);
    await site.world.commit(endAllSessions, { accountId: ana });
    expect(await isIn(browser)).toBe(false);
    await logIn(browser);
    await site.world.store.write((tx) => tx.hot('update accounts set suspended_at = 1 where id = $1', ana));
    expect(await isIn(browser)).toBe(false);
  });

  test('moves its end, and the cookie’s, when it is used, at most every five minutes', async () => {
    const browser = site.browser();
    await logIn(browser);
    expect((await browser.get('/settings/account')).headers.getSetCookie()).toEqual([]);
    site.world.clock.advance(limits.sessionTouchMs);
    expect((await browser.get('/settings/account')).headers.getSetCookie().join()).toContain('__Host-session=');
    site.world.clock.advance(limits.sessionIdleMs - 1);
    expect(await isIn(browser)).toBe(true);
    site.world.clock.advance(limits.sessionIdleMs);
    expect(await isIn(browser)).toBe(false);
  });
});

describe('guessing a password', () => {
  test('ends after some tries for one account, from however many addresses', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < limits.rates.logInPerAccount.tries + 2; n += 1) {
      const browser = site.browser({ address: `198.51.100.${n}` });
      statuses.push((await logIn(browser, { password: 'wrong password' })).status);
    }
    expect(statuses.slice(-2)).toEqual([429, 429]);
    expect(statuses.filter((status) => status === 403)).toHaveLength(limits.rates.logInPerAccount.tries);
    const owner = site.browser({ address: '203.0.113.9' });
    expect((await logIn(owner)).words).toContain('That was often');
  });

  test('by strangers does not lock out the browser that its owner uses', async () => {
    const owner = site.browser();
    await logIn(owner);
    await owner.get('/settings/account');
    await owner.submit('/logout');
    for (let n = 0; n < limits.rates.logInPerAccount.tries; n += 1) {
      await logIn(site.browser({ address: `198.51.100.${n}` }), { password: 'wrong password' });
    }
    expect((await logIn(owner)).location).toBe('/home');
  });

  test('tells nobody by the count of tries whose a mail address is, or that it is anybody’s', async () => {
    const { tries } = limits.rates.logInPerAccount;
    const statuses = async (names: string[]) => {
      const found: number[] = [];
      for (const [n, login] of names.entries()) {
        const browser = site.browser({ address: `198.51.100.${n}` });
        found.push((await logIn(browser, { login, password: 'wrong password' })).status);
      }
      return found;
    };
    const tagged = (name: string) => Array.from({ length: tries + 1 }, (_, n) => `${name}+${n}@mail.test`);
    expect(await statuses(tagged('ana'))).toEqual(await statuses(tagged('nobody')));
    // Her address has had all its tries; her name has not had one.
    expect(await statuses(['ana'])).toEqual(await statuses(['nobody']));
  });

  test('ends after some tries from one address, for however many accounts', async () => {
    const browser = site.browser({ address: '2001:db8::1' });
    for (let n = 0; n < limits.rates.logInPerVisitor.tries; n += 1) {
      expect((await logIn(browser, { login: `someone${n}`, password: 'wrong password' })).status).toBe(403);
    }
    const neighbour = site.browser({ address: '2001:db8::ffff' });
    expect((await logIn(neighbour)).status).toBe(429);
    expect((await logIn(site.browser())).location).toBe('/home');
  });

  test('is not helped by an invented X-Forwarded-For', async () => {
    const browser = site.browser();
    const statuses: number[] = [];
    for (let n = 0; n <= limits.rates.logInPerVisitor.tries; n += 1) {
      await browser.get('/login');
      const typed = { login: `someone${n}`, password: 'wrong password' };
      statuses.push((await browser.submit('/login', typed, { 'x-forwarded-for': `198.51.100.${n}` })).status);
    }
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('a second factor', () => {
  let secret: string;
  let codes: string[];

  beforeEach(async () => {
    secret = newTotpSecret();
    const totpSealed = site.world.sealer.seal(secret);
    await site.world.commit(startTotp, { accountId: ana, totpSealed });
    codes = await site.world.commit(confirmTotp, { accountId: ana, totpSealed, step: 1 });
  });

  const codeAt = (offsetMs = 0) => new TOTP({ secret }).generate({ timestamp: site.world.clock.now() + offsetMs });

  async function half(browser = site.browser()) {
    await logIn(browser, { return_to: '/settings/sessions' });
    expect(browser.page?.location).toBe('/login/second-factor');
    expect(browser.jar.has('__Host-session')).toBe(false);
    await browser.follow();
    return browser;
  }

  test('is asked for after the password, and leads on to where it began', async () => {
    const browser = await half();
    await browser.submit('/login/second-factor', { code: codeAt() });
    expect(browser.page?.location).toBe('/settings/sessions');
    expect(browser.jar.has('__Host-second-factor')).toBe(false);
    expect(await isIn(browser)).toBe(true);
  });

  test.each([-30, 0, 30])('is taken %d seconds off', async (seconds) => {
    const browser = await half();
    expect((await browser.submit('/login/second-factor', { code: codeAt(seconds * SECOND_MS) })).status).toBe(303);
  });

  test.each(['000000', '12345', 'nonsense', ''])('is not %j', async (code) => {
    const browser = await half();
    expect((await browser.submit('/login/second-factor', { code })).status).toBe(422);
    expect(await isIn(browser)).toBe(false);
  });

  test('is not a code from a minute ago, nor one that was used', async () => {
    const browser = await half();
    expect((await browser.submit('/login/second-factor', { code: codeAt(-61 * SECOND_MS) })).status).toBe(422);
    const code = codeAt();
    expect((await browser.submit('/login/second-factor', { code })).status).toBe(303);
    const thief = await half();
    expect((await thief.submit('/login/second-factor', { code })).words).toContain('was used before');
  });

  test('can be a recovery code', async () => {
    const browser = await half();
    await browser.submit('/login/second-factor', { code: ` ${codes[0]?.toLowerCase()} ` });
    expect(browser.page?.status).toBe(303);
    const again = await half();
    expect((await again.submit('/login/second-factor', { code: codes[0] as string })).status).toBe(422);
  });

  test('has no page for those who have not given the password, or too long ago', async () => {
    const stranger = site.browser();
    expect((await stranger.get('/login/second-factor')).location).toBe('/login');
    const browser = await half();
    const { jar } = browser;
    const sealed = jar.get('__Host-second-factor') as string;
    jar.set('__Host-second-factor', `${sealed.slice(0, -4)}AAAA`);
    expect((await browser.get('/login/second-factor')).location).toBe('/login');
    jar.set('__Host-second-factor', sealed);
    site.world.clock.advance(limits.secondFactorMs);
    expect((await browser.get('/login/second-factor')).location).toBe('/login');
  });

  test('of another purpose’s seal is none', async () => {
    const browser = await half();
    browser.jar.set('__Host-second-factor', browser.form('/login/second-factor')['_csrf'] as string);
    expect((await browser.get('/login/second-factor')).location).toBe('/login');
  });

  test('cannot be guessed for long', async () => {
    const browser = await half();
    let status = 0;
    for (let n = 0; n < limits.rates.logInPerAccount.tries + 1; n += 1) {
      status = (await browser.submit('/login/second-factor', { code: '000000' })).status;
    }
    expect(status).toBe(429);
    site.world.clock.advance(MINUTE_MS);
    expect((await browser.submit('/login/second-factor', { code: codeAt() })).status).toBe(429);
  });
});
