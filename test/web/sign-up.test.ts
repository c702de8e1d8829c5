import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { webcrypto } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findAccount } from '#domain/accounts/accounts.queries.ts';
import { addRule } from '#domain/instance/add-rule.ts';
import { approveSignUp } from '#domain/membership/approve-sign-up.ts';
import { createInvite } from '#domain/membership/create-invite.ts';
import { limits } from '#kernel/limits.ts';
import { newChallenge, readProof } from '#web/proof-of-work.ts';
import { addMember, PASSWORD } from '../members.ts';
import { testKeys } from '../world.ts';
import type { Browser } from './browser.ts';
import { openSite, type Site } from './site.ts';

let site: Site;

beforeEach(async () => {
  site = await openSite();
});

afterEach(() => site.close());

const answers = { handle: 'nina', email: 'nina@mail.test', password: PASSWORD, isOldEnough: 'on', acceptsRules: 'on' };

async function join_(browser: Browser, typed: Record<string, string> = {}) {
  await browser.get('/sign-up');
  return browser.submit('/sign-up', { ...answers, ...typed });
}

const linkIn = (text: string | undefined) => /https:\/\/here\.test(\/\S+)/.exec(text ?? '')?.[1] ?? '';

/** Runs the island as a browser would, on a field with the challenge. */
async function solve(challenge: string): Promise<string> {
  const island = readFileSync(join(import.meta.dirname, '../../src/web/assets/islands/proof-of-work.js'), 'utf8');
  let submitted = () => undefined as void;
  const sent = new Promise<void>((resolve) => {
    submitted = resolve;
  });
  let onSubmit: (event: unknown) => void = () => undefined;
  const form = {
    addEventListener: (_: string, listener: typeof onSubmit) => {
      onSubmit = listener;
    },
    setAttribute: () => undefined,
    removeAttribute: () => undefined,
    requestSubmit: () => submitted(),
  };
  const field = { dataset: { challenge }, form, value: '' };
  runInNewContext(`{${island}}`, { document: { querySelector: () => field }, crypto: webcrypto });
  let prevented = false;
  onSubmit({ preventDefault: () => (prevented = true), submitter: null });
  expect(prevented).toBe(true);
  await sent;
  return field.value;
}

describe('signing up without JavaScript', () => {
  test('goes from the form over the mail and the team to the first log-in', async () => {
    await site.edit({ registrations: 'open' });
    const judge = await addMember(site.world, 'judge', { role: 'moderator' });
    const browser = site.browser();
    await join_(browser);
    expect(browser.page?.location).toBe('/sign-up/next?mail=1&approval=1');
    await browser.follow();
    expect(browser.page?.words).toContain('somebody of the team looks at your sign-up');

    const [message] = await site.mail();
    expect(message?.to).toBe('nina@mail.test');
    await browser.get(linkIn(message?.text));
    expect(browser.page?.words).toContain('Is nina@mail.test your address?');
    await browser.submit('/confirm-email');
    expect(browser.page?.location).toBe('/sign-up/next?approval=1');
    expect((await site.mail()).at(-1)).toMatchObject({ to: 'judge@mail.test' });

    await browser.get('/login');
    await browser.submit('/login', { login: 'nina', password: PASSWORD });
    expect(browser.page?.words).toContain('has not decided');
    // Until then the account exists for nobody.
    expect(await findAccount(site.world.store, 'nina', '')).toBeNull();
    const [nina] = await site.world.store.read.hot<{ id: number }>(`select id from accounts where handle = 'nina'`);
    await site.world.commit(approveSignUp, { actorId: judge, accountId: nina?.id ?? 0 });
    expect(await findAccount(site.world.store, 'nina', '')).not.toBeNull();
    await browser.submit('/login', { login: 'nina', password: PASSWORD });
    expect(browser.page?.location).toBe('/home');
  });

  test('says on the form that somebody will look', async () => {
    await site.edit({ registrations: 'open' });
    const page = await site.browser().get('/sign-up');
    expect(page.text).toMatch(/<noscript>.*Without JavaScript/);
  });
});

describe('signing up with the proof of work', () => {
  test('needs nobody’s approval', async () => {
    await site.edit({ registrations: 'open' });
    const browser = site.browser();
    await browser.get('/sign-up');
    const challenge = /data-challenge="([^"]*)"/.exec(browser.page?.text ?? '')?.[1]?.replaceAll('&quot;', '"') ?? '';
    const proof = await solve(challenge);
    await browser.submit('/sign-up', { ...answers, proof });
    expect(browser.page?.location).toBe('/sign-up/next?mail=1');

    const second = site.browser();
    await join_(second, { handle: 'rosa', email: 'rosa@mail.test', proof });
    expect(second.page?.location).toBe('/sign-up/next?mail=1&approval=1');
  });

  test('takes only challenges of ours, solved and unaltered', async () => {
    const secret = 'ours';
    const challenge = await newChallenge(secret, 1000);
    const solved = await solve(challenge);
    expect(await readProof(secret, solved)).toMatchObject({ expiresAt: 1000 + limits.proofOfWorkMs });
    expect(await readProof('another secret', solved)).toBeNull();
    const { solution } = JSON.parse(solved) as { solution: { counter: number; derivedKey: string } };
    const parsed = JSON.parse(challenge) as { parameters: Record<string, unknown>; signature: string };
    const change = (changes: Record<string, unknown>, other = solution) =>
      readProof(
        secret,
        JSON.stringify({ challenge: { ...parsed, parameters: { ...parsed.parameters, ...changes } }, solution: other }),
      );
    expect(await change({})).not.toBeNull();
    expect(await change({ data: { expiresAtMs: 9e15 } })).toBeNull();
    expect(await change({ cost: 1 })).toBeNull();
    expect(await change({ keyPrefix: '00' })).toBeNull();
    expect(await change({ extra: true })).toBeNull();
    expect(await change({}, { ...solution, derivedKey: '00'.repeat(32) })).toBeNull();
    for (const nonsense of ['', 'null', '{', '[]', '{"challenge":5}', '"x"'])
      expect(await readProof(secret, nonsense)).toBeNull();
  });
});

describe('an address that is a member’s already', () => {
  /** Everything that a stranger can see of a sign-up with this address, from the form to the log-in. */
  async function seen(email: string, handle: string): Promise<string[]> {
    const browser = site.browser({ address: handle === 'free' ? '192.0.2.1' : '198.51.100.1' });
    const pages: string[] = [];
    const password = 'other words than those of nina';
    const note = () =>
      pages.push(
        [browser.page?.status, browser.page?.location, browser.page?.words.replaceAll(handle, 'handle')].join(),
      );
    await join_(browser, { handle, email, password });
    note();
    await browser.follow();
    note();
    for (const login of [handle, email]) {
      await browser.get('/login');
      await browser.submit('/login', { login, password });
      pages.push((browser.page?.words ?? '').replaceAll(email, 'address').replaceAll(handle, 'handle'));
    }
    await join_(browser, { handle, email: 'another@mail.test', password });
    pages.push((browser.page?.words ?? '').replaceAll(handle, 'handle'));
    return pages;
  }

  test('gets the same pages as a free one: nobody learns by them who is a member', async () => {
    await site.edit({ registrations: 'open' });
    await addMember(site.world, 'nina');
    const taken = await seen('Nina+here@mail.test', 'ronja');
    expect(taken).toEqual(await seen('free@mail.test', 'free'));
    expect(taken[0]).toContain('/sign-up/next?mail=1');
    expect(taken[2]).toContain('confirm');
  });

  test('is told so by mail, with the way back to the account and no link that makes another', async () => {
    await site.edit({ registrations: 'open' });
    await addMember(site.world, 'nina', { locale: 'fr' });
    await join_(site.browser(), { handle: 'rosa' });
    const mails = await site.mail();
    expect(mails.map(({ to }) => to)).toEqual(['nina@mail.test']);
    expect(mails[0]?.text).toContain('Bonjour nina');
    expect(mails[0]?.text).toContain('https://here.test/login');
    expect(mails[0]?.text).toContain('https://here.test/reset-password');
    expect(mails[0]?.text).not.toContain('token=');
  });

  test('is not filled with mail', async () => {
    await site.edit({ registrations: 'open' });
    await addMember(site.world, 'nina');
    for (let n = 0; n < 6; n += 1) await join_(site.browser({ address: `192.0.2.${n + 1}` }), { handle: `rosa${n}` });
    expect(await site.mail()).toHaveLength(limits.signUpMailsPerDay);
  });
});

describe('two sign-ups with one address', () => {
  test('have a link each: whoever reads the mail decides which of them it is', async () => {
    await site.edit({ registrations: 'open' });
    const stranger = site.browser({ address: '192.0.2.1' });
    await join_(stranger, { handle: 'squatter' });
    const owner = site.browser({ address: '192.0.2.2' });
    await join_(owner, { handle: 'nina' });
    const [first, second] = await site.mail();
    expect([first?.text, second?.text].map((text) => /Hello (\w+)/.exec(text ?? '')?.[1])).toEqual([
      'squatter',
      'nina',
    ]);
    await owner.get(linkIn(second?.text));
    await owner.submit('/confirm-email');
    expect(owner.page?.location).toBe('/sign-up/next?approval=1');
    await stranger.get(linkIn(first?.text));
    await stranger.submit('/confirm-email');
    expect(stranger.page?.words).toContain('Somebody has signed up with this address');
  });
});

describe('the sign-up page', () => {
  test('is closed until the admin opens it', async () => {
    const browser = site.browser();
    await browser.get('/sign-up');
    expect(browser.page?.words).toContain('takes no new members');
    expect(() => browser.form('/sign-up')).toThrow('no form');
    await browser.get('/login');
    const { _csrf = '' } = browser.form('/login');
    const page = await browser.send('/sign-up', {
      method: 'POST',
      body: new URLSearchParams({ ...answers, _csrf }),
      headers: { origin: 'https://here.test' },
    });
    expect(page.status).toBe(403);
    expect(await site.world.store.read.$count(site.world.store.schema.members)).toBe(0);
  });

  test('shows the rules and asks for the reason where the team decides', async () => {
    await site.edit({ registrations: 'approval', minimumAge: 18 });
    await site.world.commit(addRule, { actorId: null, text: 'Be <kind>', hint: 'Also late at night' });
    const browser = site.browser();
    await join_(browser, { reason: '' });
    expect(browser.page?.status).toBe(422);
    expect(browser.page?.words).toContain('Be <kind> Also late at night');
    expect(browser.page?.words).toContain('I am at least 18 years old');
    expect(browser.page?.words).toContain('Something is missing here.');
    await browser.submit('/sign-up', { password: PASSWORD, reason: 'I know Ana' });
    expect(browser.page?.location).toBe('/sign-up/next?mail=1&approval=1');
  });

  test('opens with an invitation, which is carried along', async () => {
    await site.edit({ registrations: 'invite' });
    const creatorId = await addMember(site.world, 'ada', { role: 'owner' });
    const { code } = await site.world.commit(createInvite, { creatorId, comment: '', usesMax: 1, lifeMs: null });
    const browser = site.browser();
    await browser.get(`/sign-up?invite=${code}`);
    expect(browser.page?.words).toContain('You are invited.');
    await browser.submit('/sign-up', { ...answers, password: 'short pw' });
    expect(browser.form('/sign-up')).toMatchObject({ invite: code, handle: 'nina' });
    await browser.submit('/sign-up', { password: PASSWORD });
    expect(browser.page?.location).toBe('/sign-up/next?mail=1');

    const late = site.browser();
    await late.get(`/sign-up?invite=${code}`);
    expect(late.page?.words).toContain('This invitation does not work');
    await late.submit('/sign-up', { ...answers, handle: 'late', email: 'late@mail.test', invite: code });
    expect(late.page?.status).toBe(422);
  });

  test.each([
    [{ handle: '' }, 'handle', 'Something is missing here.'],
    [{ handle: 'admin' }, 'handle', 'kept for the instance'],
    [{ handle: 'ni na' }, 'handle', 'Only letters'],
    [{ email: 'nina' }, 'email', 'no mail address'],
    [{ handle: 'TAKEN' }, 'handle', 'This name is taken'],
    [{ password: 'short pw' }, 'password', 'at least 10 characters'],
    [{ password: 'nina@mail.test' }, 'password', 'easy to guess'],
    [{ isOldEnough: '' }, 'isOldEnough', 'You can join when you are 16'],
    [{ acceptsRules: '' }, 'acceptsRules', 'read the rules'],
  ])('says by the field what is wrong with %o, and keeps the rest', async (typed, field, words) => {
    await site.edit({ registrations: 'open' });
    await addMember(site.world, 'taken');
    const browser = site.browser();
    await join_(browser, typed);
    expect([409, 422]).toContain(browser.page?.status);
    const error = new RegExp(`id="field-${field}-error"[\\s\\S]*?<span>([^<]*)`).exec(browser.page?.text ?? '')?.[1];
    expect(error).toContain(words);
    const form = browser.form('/sign-up');
    for (const name of ['handle', 'email'] as const)
      expect(form[name]).toBe((typed as Record<string, string>)[name] ?? answers[name]);
    expect(form['password']).toBe('');
    expect(browser.page?.text).not.toContain(answers.password);
  });

  test('speaks French', async () => {
    await site.edit({ registrations: 'open' });
    const browser = site.browser({ language: 'fr' });
    await join_(browser, { handle: 'admin' });
    expect(browser.page?.words).toContain('Ce nom est réservé à l’instance.');
    await browser.submit('/sign-up', { handle: 'nina', password: PASSWORD });
    expect((await site.mail())[0]?.subject).toBe('Confirmez votre adresse pour Estrade');
  });

  test('does not take sign-ups without end from one address', async () => {
    await site.edit({ registrations: 'open' });
    const browser = site.browser();
    const statuses: number[] = [];
    for (let n = 0; n <= limits.rates.signUpPerVisitor.tries; n += 1) {
      statuses.push((await join_(browser, { handle: `nina${n}`, email: `nina${n}@mail.test` })).status);
    }
    expect(statuses.at(-1)).toBe(429);
    expect(browser.form('/sign-up')['email']).toBe(`nina${limits.rates.signUpPerVisitor.tries}@mail.test`);
  });

  test.each([
    ['/set-up', 'closed', { token: 'wrong', name: 'Mine', registrations: 'open' }],
    ['/sign-up', 'closed', {}],
    ['/sign-up', 'invite', {}],
    ['/sign-up', 'approval', { invite: 'not-an-invite' }],
  ] as const)(
    'makes no keys, which cost a good part of a second, for who sends %s while it is %s',
    async (path, mode, typed) => {
      await site.close();
      let made = 0;
      const keys = () => {
        made += 1;
        return testKeys();
      };
      site = await openSite({ deps: { keys } });
      await site.edit({ registrations: mode });
      const browser = site.browser();
      await browser.get('/login');
      const { _csrf = '' } = browser.form('/login');
      const body = new URLSearchParams({
        ...answers,
        ...typed,
        _csrf,
        minimumAge: '16',
        theme: 'plain',
        defaultLocale: 'en',
      });
      const headers = { origin: 'https://here.test' };
      const { status } = await browser.send(path, { method: 'POST', body, headers });
      expect([403, 409, 422]).toContain(status);
      expect(made).toBe(0);
      await site.edit({ registrations: 'approval' });
      await join_(browser, { reason: 'To sing' });
      expect(made).toBe(1);
    },
  );

  test('sends those who are logged in home', async () => {
    await site.edit({ registrations: 'open' });
    await addMember(site.world, 'ana');
    const browser = site.browser();
    await browser.get('/login');
    await browser.submit('/login', { login: 'ana', password: PASSWORD });
    expect((await browser.get('/sign-up')).location).toBe('/home');
  });
});

describe('the mail of a sign-up', () => {
  test('confirms only by the button, not by looking', async () => {
    await site.edit({ registrations: 'open' });
    const browser = site.browser();
    await join_(browser);
    const link = linkIn((await site.mail())[0]?.text);
    await browser.get(link);
    await browser.get(link);
    const confirmed = () =>
      site.world.store.read.hot<{ at: number | null }>('select email_confirmed_at as at from members');
    expect(await confirmed()).toEqual([{ at: null }]);
    await browser.submit('/confirm-email');
    expect((await confirmed())[0]?.at).not.toBeNull();
    const late = await browser.get(link);
    expect(late.status).toBe(410);
    expect(late.words).toContain('This link was used, or is too old.');
  });

  test('can be asked for again, with one answer for everybody and not without end', async () => {
    await site.edit({ registrations: 'open' });
    const browser = site.browser();
    await join_(browser);
    const pages: string[] = [];
    for (const email of ['nina@mail.test', 'nobody@mail.test']) {
      await browser.get('/confirm-email');
      await browser.submit('/confirm-email/again', { email });
      pages.push((await browser.follow()).words);
    }
    expect(pages[0]).toBe(pages[1]);
    expect(await site.mail()).toHaveLength(2);
    const statuses: number[] = [];
    for (let n = 0; n < limits.rates.confirmPerAccount.tries; n += 1) {
      const other = site.browser({ address: `198.51.100.${n}` });
      await other.get('/confirm-email');
      statuses.push((await other.submit('/confirm-email/again', { email: 'NINA+x@mail.test' })).status);
    }
    expect(statuses.at(-1)).toBe(429);
  });
});
