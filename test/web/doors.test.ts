import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '#kernel/limits.ts';
import { clientAddress } from '#web/client-address.ts';
import { mayBringFiles } from '#web/form-type.ts';
import { localPath } from '#web/forms.ts';
import { addMember, PASSWORD, sessionOf } from '../members.ts';
import type { Browser } from './browser.ts';
import { openSite, type Site } from './site.ts';

let site: Site;
let ana: number;

beforeEach(async () => {
  site = await openSite();
  ana = await addMember(site.world, 'ana');
});

afterEach(() => site.close());

async function member(): Promise<Browser> {
  const browser = site.browser();
  browser.jar.set('__Host-session', await sessionOf(site.world, ana));
  await browser.get('/settings/appearance');
  return browser;
}

const schemeOf = async () =>
  (await site.world.store.read.hot<{ scheme: string }>('select scheme from members where account_id = $1', ana))[0]
    ?.scheme;

const form = { scheme: 'dark', locale: '', defaultVisibility: 'public', defaultLanguage: '' };
const encoded = { 'content-type': 'application/x-www-form-urlencoded' };

/** Every form of these pages, as another site would send it: with the member's cookies. */
const FORMS = [
  '/settings/appearance',
  '/settings/privacy',
  '/settings/profile',
  '/settings/account/email',
  '/settings/account/password',
  '/settings/account/delete',
  '/settings/security/start',
  '/settings/security/confirm',
  '/settings/security/codes',
  '/settings/security/stop',
  '/settings/sessions/others/end',
  '/settings/sessions/5/end',
  '/logout',
  '/login',
  '/login/second-factor',
  '/sign-up',
  '/reset-password',
  '/reset-password/new',
  '/confirm-email',
  '/confirm-email/again',
  '/set-up',
];

describe('a form that another site sends', () => {
  test.each(FORMS)('to %s is refused, with a token that was stolen as well', async (action) => {
    const browser = await member();
    const { _csrf = '' } = browser.form('/settings/appearance');
    const body = new URLSearchParams({ ...form, _csrf });
    for (const headers of [
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { origin: 'https://here.test.evil.test' },
      { origin: 'http://here.test' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site', origin: 'https://here.test' },
    ]) {
      const page = await browser.send(action, { method: 'POST', body, headers });
      expect([action, headers, page.status]).toEqual([action, headers, 403]);
    }
    expect(await schemeOf()).toBe('auto');
  });

  test.each(FORMS)(
    'to %s is refused without the token, though the browser says nothing of its origin',
    async (action) => {
      const browser = await member();
      for (const _csrf of [undefined, '', 'wrong', `${browser.form('/settings/appearance')['_csrf']}x`]) {
        const body = new URLSearchParams(_csrf === undefined ? form : { ...form, _csrf });
        expect((await browser.send(action, { method: 'POST', body, headers: encoded })).status).toBe(403);
      }
      expect(await schemeOf()).toBe('auto');
      expect(await site.world.store.read.$count(site.world.store.schema.sessions)).toBe(1);
    },
  );

  test('as plain text, as JSON, with files or without a type is refused', async () => {
    const browser = await member();
    const { _csrf = '' } = browser.form('/settings/appearance');
    const text = new URLSearchParams({ ...form, _csrf }).toString();
    const data = new FormData();
    for (const [name, value] of Object.entries({ ...form, _csrf })) data.append(name, value);
    for (const [body, type] of [
      [text, 'text/plain'],
      [JSON.stringify({ ...form, _csrf }), 'application/json'],
      [JSON.stringify({ ...form, _csrf }), 'text/plain'],
      [text, 'multipart/form-data'],
    ] as const) {
      const page = await browser.send('/settings/appearance', {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      });
      expect([type, page.status, page.headers.get('content-type')]).toEqual([type, 415, 'text/html; charset=UTF-8']);
    }
    expect((await browser.send('/settings/profile', { method: 'POST', body: data })).status).toBe(403);
    const trick = await browser.send('/settings/appearance?_method=POST', {
      headers: { 'x-http-method-override': 'POST' },
    });
    expect(trick.status).toBe(200);
    expect(await schemeOf()).toBe('auto');
  });

  test('is refused by every form that there is, in either encoding, without the token and with another’s', async () => {
    const browser = await member();
    await browser.get('/compose');
    await browser.upload('/posts', { text: 'Hello', visibility: 'public' });
    const postId = /(?:post|item)-(\d+)/.exec(browser.page?.location ?? '')?.[1] ?? '';
    const other = site.browser();
    other.jar.set('__Host-session', await sessionOf(site.world, await addMember(site.world, 'eve', { role: 'owner' })));
    await other.get('/settings/appearance');
    const foreign = other.form('/settings/appearance')['_csrf'] ?? '';
    const state = () =>
      site.world.store.read.hot('select count(*) as n from outbox union all select count(*) from sessions');
    const before = await state();
    const actions = site.app.routes
      .filter(({ method }) => method === 'POST')
      .map(({ path }) => path.replace(/:id(?:\{[^}]*\})?/, path.startsWith('/posts/') ? postId : String(ana)));
    expect(actions.length).toBeGreaterThan(80);
    for (const action of new Set(actions)) {
      for (const token of [{}, { _csrf: foreign }]) {
        const data = new FormData();
        for (const [name, value] of Object.entries(token)) data.append(name, value);
        for (const body of [new URLSearchParams(token), data]) {
          const headers = { origin: 'https://here.test', 'sec-fetch-site': 'same-origin' };
          const page = await browser.send(action, { method: 'POST', body, headers });
          // What is no form of that address is not even looked at; and for a member there is no administration.
          const wanted = body !== data || mayBringFiles(action) ? 403 : 415;
          const refused = body === data && action === '/admin/emoji' ? 404 : wanted;
          expect([action, body.constructor.name, page.status]).toEqual([action, body.constructor.name, refused]);
        }
      }
    }
    expect(await state()).toEqual(before);
  });

  test('with a file, from our page but with another’s token, is refused', async () => {
    const browser = await member();
    await browser.get('/settings/profile');
    const page = await browser.upload('/settings/profile', { displayName: 'Eve', _csrf: 'wrong' });
    expect(page.status).toBe(403);
  });

  test('with the token of another session is refused', async () => {
    const eve = await addMember(site.world, 'eve');
    const other = site.browser();
    other.jar.set('__Host-session', await sessionOf(site.world, eve));
    await other.get('/settings/appearance');
    const browser = await member();
    const page = await browser.submit('/settings/appearance', {
      ...form,
      _csrf: other.form('/settings/appearance')['_csrf'] ?? '',
    });
    expect(page.status).toBe(403);
    expect(page.words).toContain('another site has sent the form');
  });
});

describe('a body that is no form of ours', () => {
  /** Every address that takes a form, with numbers of nothing. */
  const doors = () =>
    [...new Set(site.app.routes.filter(({ method }) => method === 'POST').map(({ path }) => path))].map((path) =>
      path.replaceAll(/:\w+(?:\{[^}]*\})?/g, '1'),
    );
  const typesWithoutFiles = [
    'application/json',
    'text/plain',
    'multipart/mixed; boundary=x',
    'multipart/form-data',
    'application/x-www-form-urlencoded-not',
    'application/x-www-form-urlencoded, text/plain',
    'not a type',
  ];
  const files = ['/posts', '/posts/1/edit', '/posts/1/redraft', '/settings/profile', '/admin/emoji'];

  test('is answered with a page that says so, at every door, though it brings the token', async () => {
    const browser = await member();
    const { _csrf = '' } = browser.form('/settings/appearance');
    const headers = { origin: 'https://here.test', 'sec-fetch-site': 'same-origin', 'x-csrf-token': _csrf };
    expect(doors().length).toBeGreaterThan(60);
    for (const door of doors()) {
      const types = files.includes(door)
        ? typesWithoutFiles
        : [...typesWithoutFiles, 'multipart/form-data; boundary=x'];
      for (const type of types) {
        const init = { method: 'POST', body: '--x--\r\n', headers: { ...headers, 'content-type': type } };
        const page = await browser.send(door, init);
        expect([door, type, page.status]).toEqual([door, type, 415]);
        expect(page.words).toContain('What arrived was not one of our forms');
      }
    }
    expect(await schemeOf()).toBe('auto');
  });

  test('nor has anything in it is answered with words, at every door, in every encoding that it takes', async () => {
    const browser = await member();
    const { _csrf = '' } = browser.form('/settings/appearance');
    const headers = { origin: 'https://here.test', 'sec-fetch-site': 'same-origin', 'x-csrf-token': _csrf };
    const broken = (type: string) => ({ ...headers, 'content-type': type });
    for (const door of doors().filter((path) => path !== '/logout')) {
      for (const [body, type] of [
        ['', 'application/x-www-form-urlencoded'],
        ['%%%=%ff&=&&a[b]=c&_csrf', 'application/x-www-form-urlencoded; charset=utf-16'],
        ['--x\r\n', 'multipart/form-data; boundary=x'],
        [
          `--x\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n${_csrf}\r\n--x--\r\n`,
          'multipart/form-data; boundary=x',
        ],
      ] as const) {
        const { status } = await browser.send(door, { method: 'POST', body, headers: broken(type) });
        expect(status, `${door} as ${type}`).toBeLessThan(500);
      }
      expect((await browser.send(door, { method: 'POST', headers })).status, `${door} without a body`).toBeLessThan(
        500,
      );
    }
  });
});

describe('a form of ours', () => {
  test('that was refused leads back to its page', async () => {
    const browser = await member();
    await browser.get('/settings/account');
    const page = await browser.submit(
      '/settings/account/password',
      { _csrf: 'wrong' },
      { referer: 'https://here.test/settings/account' },
    );
    expect(page.text).toContain('href="/settings/account"');
    const foreign = await browser.send('/logout', {
      method: 'POST',
      headers: { referer: 'https://evil.test/settings/account' },
    });
    expect(foreign.status).toBe(403);
    expect(foreign.text).not.toContain('/settings/account');
  });

  test('is taken, from its page and from a script of it', async () => {
    const browser = await member();
    expect((await browser.submit('/settings/appearance', { scheme: 'dark' })).status).toBe(303);
    expect(await schemeOf()).toBe('dark');
    await browser.follow();
    const { _csrf = '' } = browser.form('/settings/appearance');
    const headers = { ...encoded, origin: 'https://here.test', 'x-csrf-token': _csrf };
    const body = new URLSearchParams({ ...form, scheme: 'light' });
    expect((await browser.send('/settings/appearance', { method: 'POST', body, headers })).status).toBe(303);
    expect(await schemeOf()).toBe('light');
  });

  test('of a visitor needs the cookie that came with it', async () => {
    const browser = site.browser();
    await browser.get('/login');
    const typed = { login: 'ana', password: PASSWORD };
    const { _csrf = '' } = browser.form('/login');
    const thief = site.browser();
    await thief.get('/login');
    expect((await thief.submit('/login', { ...typed, _csrf })).status).toBe(403);
    browser.jar.delete('__Host-csrf');
    expect((await browser.submit('/login', typed)).status).toBe(403);
    await browser.get('/login');
    browser.jar.set('__Host-csrf', 'planted');
    expect((await browser.submit('/login', { ...typed, _csrf: 'planted' })).status).toBe(403);
  });

  test('works in two windows of a visitor', async () => {
    const browser = site.browser();
    await browser.get('/login');
    const first = browser.form('/login');
    await browser.get('/login');
    expect(browser.form('/login')['_csrf']).not.toBe(first['_csrf']);
    await browser.submit('/login', { ...first, login: 'ana', password: PASSWORD });
    expect(browser.page?.location).toBe('/home');
  });

  test('keeps what was typed without a NUL, which no person types', async () => {
    const browser = await member();
    await browser.get('/settings/profile');
    expect((await browser.upload('/settings/profile', { displayName: 'A\0na', bio: 'I \0sing' })).status).toBe(303);
    await browser.get('/compose');
    expect((await browser.upload('/posts', { text: 'He\0llo', visibility: 'public' })).status).toBe(303);
    await browser.get('/settings/blocks/domains');
    expect((await browser.submit('/settings/blocks/domains', { domain: 'evil\0.test' })).status).toBe(303);
    const profile = await browser.get('/@ana');
    for (const words of ['Ana', 'I sing', 'Hello']) expect(profile.words).toContain(words);
  });

  test('that is larger than any form is refused before it is read', async () => {
    const browser = await member();
    const typed = { ...form, scheme: 'x'.repeat(limits.formBodyBytes) };
    expect((await browser.submit('/settings/appearance', typed)).status).toBe(413);
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('a'.repeat(65_536))),
    });
    const endless = { method: 'POST', body, duplex: 'half', headers: { ...encoded, origin: 'https://here.test' } };
    expect((await browser.send('/settings/appearance', endless as never)).status).toBe(413);
  });
});

describe('every answer', () => {
  test.each(['/login', '/nothing-here', '/settings/account', '/assets/none.css'])(
    'of %s says how it may be used',
    async (path) => {
      const { headers } = await site.browser().get(path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('strict-transport-security')).toContain('max-age=');
      expect(headers.get('server')).toBeNull();
    },
  );

  test('is for one reader only, in a language that depends on the request', async () => {
    const { headers } = await site.browser().get('/login');
    expect(headers.get('cache-control')).toBe('private, no-cache');
    expect(headers.get('vary')).toBe('Cookie, Accept-Language');
  });

  test('holds nothing that the policy forbids: no script and no style between the lines', async () => {
    const browser = await member();
    for (const path of [
      '/settings/appearance',
      '/settings/profile',
      '/settings/account',
      '/settings/sessions',
      '/settings/security',
      '/login',
    ]) {
      const { text } = await browser.get(path);
      expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
      expect(text).not.toMatch(/<script(?![^>]*\ssrc="\/assets\/)/);
    }
  });

  test('names this instance as it is configured, whatever host was asked for', async () => {
    const page = await site.browser().get('/', { host: 'evil.test', 'x-forwarded-host': 'evil.test' });
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('evil.test');
    const asked = await site.app.request('https://evil.test/');
    const text = await asked.text();
    expect(text).toContain('<link rel="canonical" href="https://here.test/"');
    expect(text).not.toContain('evil.test');
  });

  test('leads nowhere else, though its address looks like another site', async () => {
    const browser = await member();
    await browser.get('//evil.test/x?y');
    expect(browser.page?.text).not.toMatch(/(?:href|action|value)="\/\/evil/);
    const refused = await browser.send('/logout', {
      method: 'POST',
      headers: { ...encoded, referer: 'https://here.test//evil.test/x' },
    });
    expect(refused.status).toBe(403);
    expect(refused.text).not.toContain('//evil.test');
  });

  test('to a visitor who only reads sets no cookie', async () => {
    expect((await site.browser().get('/nothing-here')).headers.getSetCookie()).toEqual([]);
  });

  test('for what is not there is a page', async () => {
    const page = await site.browser({ language: 'fr' }).get('/nothing-here');
    expect(page.status).toBe(404);
    expect(page.words).toContain('Il n’y a rien ici');
  });

  test('of an asset may be kept for ever, and is not sent twice', async () => {
    const browser = site.browser();
    const page = await browser.get(site.deps.assets.script);
    expect(page.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(page.headers.getSetCookie()).toEqual([]);
    const again = await browser.get(site.deps.assets.script, { 'if-none-match': page.headers.get('etag') ?? '' });
    expect(again).toMatchObject({ status: 304, text: '' });
  });

  test('to a fault of ours names a reference and nothing else', async () => {
    await site.close();
    const faults: unknown[] = [];
    site = await openSite({
      deps: {
        report(error) {
          faults.push(error);
          return 'REF-7';
        },
        rateLimits: {
          take: () => Promise.reject(new Error('secret detail')),
          forgive: () => Promise.resolve(),
        },
      },
    });
    const browser = site.browser();
    await browser.get('/login');
    const page = await browser.submit('/login', { login: 'ana', password: PASSWORD });
    expect(page.status).toBe(500);
    expect(page.words).toContain('REF-7');
    expect(page.text).not.toContain('secret detail');
    expect(faults).toHaveLength(1);
  });
});

describe('on plain http, which only this machine has', () => {
  test('cookies go without the prefix that https demands', async () => {
    await site.close();
    const local = { origin: 'http://localhost:3000', host: 'localhost:3000', handleDomain: 'localhost:3000' };
    site = await openSite({ deps: { site: local } });
    await addMember(site.world, 'ana');
    const browser = site.browser();
    await browser.get('/login');
    const page = await browser.submit('/login', { login: 'ana', password: PASSWORD });
    const cookie = page.headers.getSetCookie().find((line) => line.startsWith('session='));
    expect(cookie).toMatch(/HttpOnly.*SameSite=Lax|SameSite=Lax.*HttpOnly/);
    expect(cookie).not.toMatch(/Secure|Domain/);
    expect(page.headers.get('strict-transport-security')).toBeNull();
    expect((await browser.get('/settings/account')).status).toBe(200);
  });
});

describe('the address of a visitor', () => {
  test.each<[string, string | null, string | null, string[], string | null]>([
    ['is the connection’s', '192.0.2.1', null, [], '192.0.2.1'],
    ['is not what a stranger writes', '192.0.2.1', '10.0.0.1', [], '192.0.2.1'],
    ['is what our proxy says', '127.0.0.1', '192.0.2.1', ['127.0.0.1/32'], '192.0.2.1'],
    [
      'is the last that is not ours',
      '127.0.0.1',
      '6.6.6.6, 192.0.2.1, 10.0.0.2',
      ['127.0.0.0/8', '10.0.0.0/8'],
      '192.0.2.1',
    ],
    [
      'is not what stands left of a stranger',
      '127.0.0.1',
      '10.0.0.9, 192.0.2.1',
      ['127.0.0.0/8', '10.0.0.0/8'],
      '192.0.2.1',
    ],
    ['is our proxy’s where it says nothing', '127.0.0.1', null, ['127.0.0.1/32'], '127.0.0.1'],
    ['is our proxy’s where it writes nonsense', '127.0.0.1', 'unknown', ['127.0.0.1/32'], '127.0.0.1'],
    ['is known through a proxy on IPv6', '::1', '[2001:db8::7]:4711', ['::1/128'], '2001:db8::7'],
    ['is known through a proxy that writes ports', '::ffff:127.0.0.1', '192.0.2.1:4711', ['127.0.0.0/8'], '192.0.2.1'],
    ['may be unknown', null, '192.0.2.1', ['127.0.0.1/32'], null],
  ])('%s', (_, peer, forwarded, trusted, expected) => {
    expect(clientAddress(peer, forwarded, trusted)).toBe(expected);
  });

  test('behind a trusted proxy is noted with the session', async () => {
    await site.close();
    site = await openSite({ deps: { config: { trustedProxies: ['192.0.2.1/32'] } } });
    await addMember(site.world, 'ana');
    const browser = site.browser();
    await browser.get('/login');
    await browser.submit('/login', { login: 'ana', password: PASSWORD }, { 'x-forwarded-for': '203.0.113.5' });
    expect((await browser.get('/settings/sessions')).words).toContain('203.0.113.5');
  });
});

test.each([
  ['/home', '/home'],
  ['/a?b=c#d', '/a?b=c#d'],
  ['', '/x'],
  [null, '/x'],
  ['https://evil.test', '/x'],
  ['//evil.test', '/x'],
  ['/\\evil.test', '/x'],
  ['/\nevil', '/x'],
  ['home', '/x'],
])('a way back of %j leads to %s', (typed, expected) => {
  expect(localPath(typed, '/x')).toBe(expected);
});
