import { eq } from 'drizzle-orm';
import { TOTP } from 'otpauth';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { profileView } from '#domain/accounts/accounts.queries.ts';
import { ownProfile } from '#domain/accounts/own-profile.queries.ts';
import { ownMembership } from '#domain/membership/membership.queries.ts';
import type { RemoteLookup } from '#domain/search/remote-lookup.ts';
import { sessionsOf } from '#domain/membership/sessions.queries.ts';
import { limits } from '#kernel/limits.ts';
import { browserOf } from '#web/user-agent.ts';
import { addMember, PASSWORD, sessionOf } from '../members.ts';
import type { Browser } from './browser.ts';
import { openSite, type Site } from './site.ts';

let site: Site;
let ana: number;
let browser: Browser;

beforeEach(async () => {
  site = await openSite();
  ana = await addMember(site.world, 'ana');
  browser = await memberBrowser(ana);
});

afterEach(() => site.close());

async function memberBrowser(accountId: number, language = 'en'): Promise<Browser> {
  const opened = site.browser({ language });
  opened.jar.set('__Host-session', await sessionOf(site.world, accountId));
  return opened;
}

const membership = () => ownMembership(site.world.store.read, ana);

describe('the settings', () => {
  test.each([
    'profile',
    'privacy',
    'account',
    'security',
    'sessions',
    'appearance',
    'account/delete',
    'security/confirm',
  ])('at %s are for those who are logged in', async (path) => {
    const page = await site.browser().get(`/settings/${path}`);
    expect(page.location).toBe(`/login?return_to=${encodeURIComponent(`/settings/${path}`)}`);
  });

  test.each(['profile', 'privacy', 'account', 'security', 'sessions', 'appearance'])(
    'at %s speak French',
    async (path) => {
      const french = await memberBrowser(ana, 'fr');
      await french.get(`/settings/${path}`);
      expect(french.page?.status).toBe(200);
      expect(french.page?.text).toContain('<html lang="fr"');
      expect(french.page?.words).not.toMatch(/\{\w+\}|settings\.|profile-form\.|privacy\./);
    },
  );
});

test('the list of settings leads to each of them', async () => {
  const page = await browser.get('/settings');
  const sections = new Set([...page.text.matchAll(/href="(\/settings\/[a-z-]+)"/g)].map(([, path = '']) => path));
  expect(sections.size).toBeGreaterThan(5);
  for (const path of sections) expect((await browser.get(path)).status, path).toBe(200);
});

describe('preferences', () => {
  test('change the pages at once, in the language that was chosen', async () => {
    await browser.get('/settings/appearance');
    expect(browser.form('/settings/appearance')).toMatchObject({
      scheme: 'auto',
      locale: '',
      defaultVisibility: 'public',
    });
    await browser.submit('/settings/appearance', {
      scheme: 'dark',
      locale: 'fr',
      defaultVisibility: 'followers',
      defaultLanguage: 'br',
      defaultSensitive: 'on',
    });
    await browser.follow();
    expect(browser.page?.text).toContain('data-scheme="dark"');
    expect(browser.page?.words).toContain('Enregistré.');
    expect(browser.form('/settings/appearance')).toMatchObject({
      scheme: 'dark',
      locale: 'fr',
      defaultVisibility: 'followers',
      defaultLanguage: 'br',
      defaultSensitive: 'on',
    });
    expect((await browser.get('/settings/appearance')).words).not.toContain('Enregistré.');
  });

  test('are sent by a browser while nothing particular is chosen', async () => {
    const { text } = await browser.get('/settings/appearance');
    const stopping = [...text.matchAll(/<select[^>]* required[^>]*>(.*?)<\/select>/gs)].filter(([, options = '']) =>
      options.includes('value=""'),
    );
    expect(stopping).toEqual([]);
    expect(text).toContain('<select');
  });

  test('that do not exist are refused', async () => {
    await browser.get('/settings/appearance');
    await browser.submit('/settings/appearance', { scheme: 'neon', locale: 'xx', defaultVisibility: 'direct' });
    expect(browser.page?.status).toBe(422);
    expect(await membership()).toMatchObject({ scheme: 'auto', locale: null, defaultVisibility: 'public' });
  });
});

describe('the profile', () => {
  test('shows what was typed, with links, and gives it back for the next edit', async () => {
    await addMember(site.world, 'bob');
    await browser.get('/settings/profile');
    const typed = {
      displayName: 'Ana <A.>',
      bio: 'I & my *stage*\nhttps://ana.example/ with @bob',
      name0: 'Site',
      value0: 'https://www.ana.example/a/very/long/address/that/is/cut',
      name1: 'Friend',
      value1: '@bob@here.test',
      bot: 'on',
    };
    await browser.upload('/settings/profile', typed);
    expect(browser.page).toMatchObject({ status: 303, location: '/settings/profile' });
    const profile = await profileView(site.world.store, ana);
    expect(profile).toMatchObject({ displayName: 'Ana <A.>', bot: true });
    expect(profile?.bioHtml).toContain('I &amp; my *stage*<br>');
    expect(profile?.bioHtml).toContain('href="https://ana.example/"');
    expect(profile?.bioHtml).toContain('class="u-url mention"');
    expect(profile?.fields.map((field) => field.name)).toEqual(['Site', 'Friend']);
    await browser.follow();
    expect(browser.form('/settings/profile')).toMatchObject(typed);
    await browser.upload('/settings/profile', { bot: '' });
    expect((await profileView(site.world.store, ana))?.fields).toEqual(profile?.fields);
  });

  test('takes a picture, re-encoded, and takes it away again', async () => {
    const red = { width: 20, height: 20, channels: 3 as const, background: '#f00' };
    const png = await sharp({ create: red })
      .withMetadata({ exif: { IFD0: { Copyright: 'secret place' } } })
      .png()
      .toBuffer();
    await browser.get('/settings/profile');
    await browser.upload('/settings/profile', { avatar: new Blob([new Uint8Array(png)], { type: 'image/png' }) });
    expect(browser.page?.status).toBe(303);
    const profile = await profileView(site.world.store, ana);
    const file = profile?.avatarUrl?.replace('/media/', '') ?? '';
    expect(file).toMatch(/^[\w-]+\.\w+$/);
    await browser.follow();
    await browser.upload('/settings/profile', { removeAvatar: 'on' });
    expect((await ownProfile(site.world.store.read, ana))?.hasAvatar).toBe(false);
  });

  test('keeps what was typed when a picture is none, and says so by its field', async () => {
    await browser.get('/settings/profile');
    const evil = new Blob(['<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'], {
      type: 'image/png',
    });
    await browser.upload('/settings/profile', { displayName: 'Ana A.', avatar: evil });
    expect(browser.page?.status).toBe(422);
    expect(browser.page?.text).toContain('id="field-avatar-error"');
    expect(browser.form('/settings/profile')['displayName']).toBe('Ana A.');
    expect((await ownProfile(site.world.store.read, ana))?.displayName).toBe('');
  });

  test('has an end to its words', async () => {
    await browser.get('/settings/profile');
    await browser.upload('/settings/profile', { bio: 'x'.repeat(limits.bioCharacters + 1), name0: 'x'.repeat(300) });
    expect(browser.page?.status).toBe(422);
    expect(browser.page?.text).toContain('id="field-bio-error"');
    expect(browser.page?.text).toContain('id="field-name0-error"');
  });

  test('of a member who asks to be found by nobody says so on another page', async () => {
    await browser.get('/settings/profile');
    await browser.upload('/settings/profile', { displayName: 'Ana', name0: 'Site', value0: 'https://ana.example' });
    await browser.get('/settings/privacy');
    await browser.submit('/settings/privacy', { locked: 'on', countsHidden: 'on' });
    expect(await ownProfile(site.world.store.read, ana)).toMatchObject({
      displayName: 'Ana',
      locked: true,
      countsHidden: true,
      discoverable: false,
      indexable: false,
    });
    expect((await profileView(site.world.store, ana))?.fields).toHaveLength(1);
  });
});

describe('a new password', () => {
  const change = async (typed: Record<string, string>) => {
    await browser.get('/settings/account');
    return browser.submit('/settings/account/password', typed);
  };

  test('ends all other sessions, and this one goes on under a new secret', async () => {
    const other = await memberBrowser(ana);
    const before = browser.jar.get('__Host-session');
    await change({ current_password: PASSWORD, password: 'another stage entirely' });
    expect(browser.page?.location).toBe('/settings/account');
    expect(browser.jar.get('__Host-session')).not.toBe(before);
    expect((await browser.follow()).words).toContain('Your password is changed');
    expect((await other.get('/settings/account')).status).toBe(303);
    const thief = site.browser();
    thief.jar.set('__Host-session', before as string);
    expect((await thief.get('/settings/account')).status).toBe(303);
  });

  test('needs the present one, which cannot be guessed for long', async () => {
    await change({ current_password: 'wrong password', password: 'another stage entirely' });
    expect(browser.page?.status).toBe(422);
    expect(browser.page?.words).toContain('This is not your present password.');
    expect(browser.page?.text).not.toContain('wrong password');
    for (let n = 0; n < limits.rates.passwordPerAccount.tries; n += 1) {
      await change({ current_password: 'wrong password', password: 'another stage entirely' });
    }
    expect(browser.page?.status).toBe(429);
  });

  test('is a good one', async () => {
    await change({ current_password: PASSWORD, password: 'ana@mail.test' });
    expect(browser.page?.words).toContain('easy to guess');
  });
});

describe('a new mail address', () => {
  test('counts after the link in its mail, and the old one is told', async () => {
    await browser.get('/settings/account');
    await browser.submit('/settings/account/email', { email: 'ana@new.test', current_password: PASSWORD });
    expect((await browser.follow()).words).toContain('on its way to ana@new.test');
    const mail = await site.mail();
    expect(mail.map((message) => message.to).toSorted()).toEqual(['ana@mail.test', 'ana@new.test']);
    expect((await membership())?.email).toBe('ana@mail.test');
    const text = mail.find((message) => message.to === 'ana@new.test')?.text ?? '';
    await browser.get(/https:\/\/here\.test(\/\S+)/.exec(text)?.[1] ?? '');
    await browser.submit('/confirm-email');
    expect(browser.page?.location).toBe('/settings/account');
    expect((await browser.follow()).words).toContain('Your new address is confirmed.');
    expect((await membership())?.email).toBe('ana@new.test');
  });

  test('that is another member’s gets the same answer, and that member is told', async () => {
    await addMember(site.world, 'bob');
    await browser.get('/settings/account');
    await browser.submit('/settings/account/email', { email: 'bob@mail.test', current_password: PASSWORD });
    expect(browser.page?.location).toBe('/settings/account');
    expect((await browser.follow()).words).toContain('on its way to bob@mail.test');
    const mail = await site.mail();
    expect(mail.map((message) => message.to).toSorted()).toEqual(['ana@mail.test', 'bob@mail.test']);
    const told = mail.find((message) => message.to === 'bob@mail.test')?.text;
    expect(told).toContain('your account already: @bob');
    expect(told).not.toContain('token=');
  });
});

describe('the second factor', () => {
  const secretOnPage = () =>
    /<code>([A-Z2-7 ]+)<\/code>/.exec(browser.page?.text ?? '')?.[1]?.replaceAll(' ', '') ?? '';
  const codesOnPage = () =>
    [...(browser.page?.text ?? '').matchAll(/<code>([2-9A-Z]{4}(?:-[2-9A-Z]{4}){3})<\/code>/g)].map(([, code]) => code);

  async function turnOn() {
    await browser.get('/settings/security');
    await browser.submit('/settings/security/start', { current_password: PASSWORD });
    await browser.follow();
    const secret = secretOnPage();
    await browser.submit('/settings/security/confirm', {
      code: new TOTP({ secret }).generate({ timestamp: site.world.clock.now() }),
    });
    return secret;
  }

  test('is turned on with a key, a code and ten recovery codes that are shown once', async () => {
    await turnOn();
    expect(browser.page?.status).toBe(200);
    expect(codesOnPage()).toHaveLength(limits.recoveryCodes);
    expect(browser.page?.headers.get('cache-control')).toBe('no-store');
    const sealed = await site.world.store.read.hot<{ totp_sealed: string }>(
      'select totp_sealed from members where account_id = $1',
      ana,
    );
    expect(sealed[0]?.totp_sealed).not.toMatch(/^[A-Z2-7]{32}$/);
    await browser.get('/settings/security');
    expect(browser.page?.words).toContain('10 codes are left.');
    expect(codesOnPage()).toEqual([]);
    expect((await browser.get('/settings/security/confirm')).location).toBe('/settings/security');
  });

  test('opens in an app with the name of the instance', async () => {
    await site.edit({ name: 'My: stage' });
    await browser.get('/settings/security');
    await browser.submit('/settings/security/start', { current_password: PASSWORD });
    await browser.follow();
    const uri = /href="(otpauth:[^"]*)"/.exec(browser.page?.text ?? '')?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(uri).toContain('otpauth://totp/My%20%20stage:ana?');
    expect(new URL(uri).searchParams.get('secret')).toBe(secretOnPage());
  });

  test('is not turned on without the password, nor with a wrong code, and the key stays the same for another try', async () => {
    await browser.get('/settings/security');
    await browser.submit('/settings/security/start', { current_password: 'wrong password' });
    expect(browser.page?.status).toBe(422);
    await browser.submit('/settings/security/start', { current_password: PASSWORD });
    await browser.follow();
    const secret = secretOnPage();
    await browser.submit('/settings/security/confirm', { code: '000000' });
    expect(browser.page?.status).toBe(422);
    expect(secretOnPage()).toBe(secret);
    expect((await membership())?.totpEnabledAt).toBeNull();
  });

  test('gets new recovery codes and is turned off, each with the password', async () => {
    await turnOn();
    const before = codesOnPage();
    await browser.get('/settings/security');
    await browser.submit('/settings/security/codes', { current_password: PASSWORD });
    expect(codesOnPage()).toHaveLength(limits.recoveryCodes);
    expect(codesOnPage()).not.toContain(before[0]);
    await browser.get('/settings/security');
    await browser.submit('/settings/security/stop', { current_password: 'wrong password' });
    expect(browser.page?.status).toBe(422);
    await browser.submit('/settings/security/stop', { current_password: PASSWORD });
    expect((await browser.follow()).words).toContain('The second factor is off.');
    expect((await membership())?.totpEnabledAt).toBeNull();
  });
});

describe('the sessions', () => {
  test('are listed with their browsers, and one or all others can be ended', async () => {
    const [one, two] = [await memberBrowser(ana), await memberBrowser(ana)];
    await browser.get('/settings/sessions');
    expect(browser.page?.words).toContain('This one');
    const actions = [...(browser.page?.text ?? '').matchAll(/action="(\/settings\/sessions\/\d+\/end)"/g)].map(
      ([, action = '']) => action,
    );
    expect(actions).toHaveLength(2);
    await browser.submit(actions[0] as string);
    expect((await browser.follow()).words).toContain('The session is ended.');
    const open = await Promise.all([one, two].map(async (other) => (await other.get('/settings/sessions')).status));
    expect(open.toSorted((a, b) => a - b)).toEqual([200, 303]);
    await browser.get('/settings/sessions');
    await browser.submit('/settings/sessions/others/end');
    expect((await two.get('/settings/sessions')).status).toBe(303);
    expect((await browser.follow()).status).toBe(200);
  });

  test('of somebody else are not there', async () => {
    const bob = await addMember(site.world, 'bob');
    const other = await memberBrowser(bob);
    const [line] = await sessionsOf(site.world.store.read, bob, site.world.clock.now());
    const id = line?.id ?? 0;
    await browser.get('/settings/sessions');
    const { _csrf = '' } = browser.form('/logout');
    const send = (sessionId: string) =>
      browser.send(`/settings/sessions/${sessionId}/end`, {
        method: 'POST',
        body: new URLSearchParams({ _csrf }),
        headers: { origin: 'https://here.test' },
      });
    for (const sessionId of [String(id), '1', 'x', `${id}0000000`]) expect((await send(sessionId)).status).toBe(404);
    expect((await other.get('/settings/sessions')).status).toBe(200);
  });

  test.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox · Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari · iOS',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
      'Edge · Windows',
    ],
    [
      'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
      'Chrome · Android',
    ],
    ['curl/8.0', null],
    ['', null],
  ])('know %s', (userAgent, name) => {
    expect(browserOf(userAgent)).toBe(name);
  });
});

describe('the deletion of one’s own account', () => {
  test('needs the password and a box that is ticked, and ends with a visitor', async () => {
    await browser.get('/settings/account/delete');
    await browser.submit('/settings/account/delete', { current_password: PASSWORD });
    expect(browser.page?.words).toContain('Tick the box');
    await browser.submit('/settings/account/delete', { current_password: 'wrong password', sure: 'on' });
    expect(browser.page?.status).toBe(422);
    expect(browser.form('/settings/account/delete')['sure']).toBe('on');
    await browser.submit('/settings/account/delete', { current_password: PASSWORD, sure: 'on' });
    expect(browser.page?.location).toBe('/');
    expect(browser.jar.has('__Host-session')).toBe(false);
    expect(await membership()).toBeNull();
    await browser.get('/login');
    await browser.submit('/login', { login: 'ana', password: PASSWORD });
    expect(browser.page?.words).toContain('Name and password do not fit together.');
  });

  test('is refused to the only owner, who keeps everything', async () => {
    const ada = await addMember(site.world, 'ada', { role: 'owner' });
    const owner = await memberBrowser(ada);
    await owner.get('/settings/account/delete');
    await owner.submit('/settings/account/delete', { current_password: PASSWORD, sure: 'on' });
    expect(owner.page?.status).toBe(403);
    expect((await owner.get('/settings/account')).status).toBe(200);
  });
});

describe('moving away', () => {
  test('reads the new account again: it may have named this one only just now', async () => {
    let aliases: string[] = [];
    const lookup: RemoteLookup = {
      account: async () => null,
      byUrl: async () => null,
      async readAgain(id) {
        const { accounts } = site.world.store.schema;
        await site.world.store.write((tx) => tx.update(accounts).set({ aliases }).where(eq(accounts.id, id)));
      },
      refresh: () => undefined,
    };
    await site.close();
    site = await openSite({ deps: { lookup } });
    ana = await addMember(site.world, 'ana');
    browser = await memberBrowser(ana);
    const targetId = await site.world.remote('ana', 'new.test');
    const answers = { target: '@ana@new.test', current_password: PASSWORD, sure: 'on' };
    await browser.get('/settings/move');
    await browser.submit('/settings/move', answers);
    expect(browser.page?.words).toContain('The other account does not name this one as its alias yet.');
    aliases = [(await profileView(site.world.store, ana))?.uri ?? ''];
    await browser.submit('/settings/move', answers);
    expect(browser.page?.location).toBe('/settings/move');
    expect(await site.world.store.read.hot('select moved_to_id from accounts where id = $1', ana)).toEqual([
      { moved_to_id: targetId },
    ]);
  });
});
