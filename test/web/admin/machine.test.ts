import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '#kernel/clock.ts';
import { setDomainPolicy } from '#domain/moderation/set-domain-policy.ts';
import { addRule } from '#domain/instance/add-rule.ts';
import { publishPolicyText } from '#domain/instance/publish-policy-text.ts';
import { POLICY_KINDS } from '#domain/instance/instance.queries.ts';
import { smtpMail } from '#ports/mail.ts';
import type { Browser } from '../browser.ts';
import { deadJob, report, waiting } from './matrix/staff-forms.ts';
import { keepCopy, openStaffedSite, type StaffedSite } from './staff.ts';

let site: StaffedSite;
let browser: Browser;

beforeEach(async () => {
  site = await openStaffedSite();
  browser = await site.as('owner');
});

afterEach(() => site.close());

async function failingHost(host: string, nextTryAt: number): Promise<void> {
  await site.world.store.write((tx) =>
    tx.hot(
      `insert into delivery_hosts (host, failures, failing_since, next_try_at, last_error)
       values ($1, 3, $2, $3, 'connect <b>ETIMEDOUT</b>')`,
      host,
      site.world.clock.now() - 3 * DAY_MS,
      nextTryAt,
    ),
  );
}

describe('the overview', () => {
  test('says what waits, how many people there are and how the machine does', async () => {
    await report(site);
    await waiting(site);
    const page = await browser.get('/admin');
    expect(page.words).toContain('Open reports 1');
    expect(page.words).toContain('Sign-ups that wait 1');
    expect(page.words).toContain('People here 4');
    expect(page.words).toMatch(/Version Estrade \d/);
    expect(page.words).toMatch(/Database (?:SQLite|PostgreSQL), [\d.]+ /);
  });

  test('says what mail that cannot be sent means', async () => {
    expect((await browser.get('/admin')).words).toContain('Mail is caught, not sent');
    Object.assign(site.deps.mail, { available: false });
    const page = await browser.get('/admin');
    expect(page.words).toContain('No mail can be sent');
    expect(page.words).toContain('nobody can confirm an address');
  });

  test('gives a moderator the people and not the machine', async () => {
    const page = await (await site.as('moderator')).get('/admin');
    expect(page.words).toContain('People here');
    expect(page.words).not.toMatch(/Database|What needs your attention|Invitations|Storage/);
  });

  test('is quiet when all is well', async () => {
    await site.close();
    const kept = [{ name: 'a', bytes: 1, at: 0 }];
    site = await openStaffedSite({
      deps: {
        mail: smtpMail({ url: 'smtp://127.0.0.1:1', from: 'Estrade <a@b.test>' }),
        backups: { everyHours: 24, list: async () => kept },
      },
    });
    const { clock, commit } = site.world;
    kept.splice(0, 1, { name: 'a', bytes: 1, at: clock.now() - HOUR_MS });
    await site.edit({ contactEmail: 'a@b.test', sourceUrl: 'https://code.example/' });
    await commit(addRule, { actorId: null, text: 'Be kind.', hint: '' });
    for (const kind of POLICY_KINDS)
      await commit(publishPolicyText, { actorId: null, kind, locale: 'en', markdown: 'X' });
    browser = await site.as('owner');
    expect((await browser.get('/admin')).words).toContain('All is well.');

    clock.advance(3 * DAY_MS);
    browser = await site.as('owner');
    expect((await browser.get('/admin')).words).toContain('The last backup is old');
    kept.length = 0;
    expect((await browser.get('/admin')).words).toContain('There is no backup yet');
  });
});

describe('the network', () => {
  test('shows who does not answer, since when, and tries them at once', async () => {
    await site.world.remote('rita', 'far.test');
    await failingHost('far.test', site.world.clock.now() + HOUR_MS);
    await browser.get('/admin/peers');
    expect(browser.page?.words).toContain('far.test 3 days ago in 1 hr 0 connect <b>ETIMEDOUT</b>');
    expect(browser.page?.words).toContain('Does not answer');
    await browser.submit('/admin/peers/try');
    await browser.follow();
    expect(browser.page?.words).toContain('far.test is tried within a few seconds.');
    const [row] = await site.world.store.read.hot<{ next_try_at: number }>('select next_try_at from delivery_hosts');
    expect(row?.next_try_at).toBe(site.world.clock.now());
  });

  test('finds servers by a part of their name, and goes on where the page ends', async () => {
    for (let number = 10; number < 55; number += 1) await site.world.remote('r', `s${number}.far.test`);
    await site.world.remote('r', 'near.test');
    const first = await browser.get('/admin/peers');
    const next = /href="([^"]*after=[^"]*)"/.exec(first.text)?.[1] ?? '';
    const second = await browser.get(next.replaceAll('&amp;', '&'));
    expect(`${first.words} ${second.words}`).toContain('near.test');
    expect(second.words).toContain('s54.far.test');
    expect(first.words).not.toContain('s54.far.test');
    const { peers } = site.world.store.schema;
    const now = site.world.clock.now();
    const software = { software: 'mastodon', softwareVersion: '4.5.0' };
    const times = { firstSeenAt: 1, lastHeardAt: now - HOUR_MS, lastDeliveredAt: now - 3 * DAY_MS };
    await site.world.store.write((tx) => tx.insert(peers).values({ host: 'near.test', ...software, ...times }));
    expect((await browser.get('/admin/peers?text=masto')).words).toContain(
      'near.test mastodon 4.5.0 1 1 hr ago 3 days ago All is well',
    );
    const found = await browser.get('/admin/peers?text=NEAR');
    expect(found.words).toContain('near.test');
    expect(found.words).not.toContain('far.test');
  });
});

describe('a policy on the domain of handles', () => {
  const decide = (domain: string, severity: 'none' | 'limit' | 'suspend') =>
    site.world.commit(setDomainPolicy, {
      actorId: site.ids.owner,
      domain,
      severity,
      rejectMedia: false,
      publicComment: '',
      privateComment: '',
    });
  const lineOf = async (host: string) => {
    const { text } = await browser.get(`/admin/peers?text=${host}`);
    return /<tbody[^>]*>[\s\S]*<\/tbody>/.exec(text)?.[0] ?? '';
  };

  test('shows on the line of the server that the handles are served by, with its name', async () => {
    await site.world.remote('rita', 'example.test', 'social.host.test');
    await site.world.remote('sam', 'other.test', 'social.host.test');
    await site.world.remote('tom', 'quiet.test', 'quiet.test');
    await decide('example.test', 'limit');
    expect(await lineOf('social.host.test')).toMatch(/Limited[\s\S]*example\.test/);
    await decide('other.test', 'suspend');
    const line = await lineOf('social.host.test');
    expect(line).toMatch(/Suspended[\s\S]*href="[^"]*other\.test"/);
    expect(line).not.toContain('All is well');
    expect(await lineOf('quiet.test')).toContain('All is well');
  });
});

describe('the queue', () => {
  test('says how much waits in each lane, and lets what was given up begin anew or be forgotten', async () => {
    const [first, second] = [await deadJob(site), await deadJob(site)];
    await browser.get('/admin/queue');
    expect(browser.page?.words).toContain('Fetching from other servers 0 0 2');
    expect(browser.page?.words).toContain('Error: no answer');
    await browser.submit(`/admin/queue/${first}/retry`);
    await browser.follow();
    expect(browser.page?.words).toContain('Fetching from other servers 1 1 1');
    await browser.get(`/admin/queue/${second}/forget`);
    expect(browser.page?.words).toContain('stays undone');
    await browser.submit(`/admin/queue/${second}/forget`);
    await browser.follow();
    expect(browser.page?.words).toContain('Nothing was given up');
    expect((await browser.get('/admin/log')).words).toContain('@the_owner let a job begin anew: fetch');
  });

  test('leaves jobs that wait alone', async () => {
    const id = await deadJob(site);
    await browser.get('/admin/queue');
    await browser.submit(`/admin/queue/${id}/retry`);
    await browser.get(`/admin/queue/${id}/forget`);
    await browser.submit(`/admin/queue/${id}/forget`);
    expect(browser.page?.status).toBe(404);
    expect(await site.world.store.read.hot('select id from jobs where id = $1', id)).toHaveLength(1);
  });
});

describe('storage', () => {
  test('says what takes room, and empties the cache with its files', async () => {
    const file = await keepCopy(site, 'far.test');
    await browser.get('/admin/storage');
    expect(browser.page?.words).toContain('Media of other servers 3 bytes');
    await browser.get('/admin/storage/evict');
    await browser.submit('/admin/storage/evict');
    await browser.follow();
    expect(browser.page?.words).toContain('One file is removed.');
    expect(await site.deps.mediaCache.storage.open(file)).toBeNull();
    expect(await site.world.store.read.hot('select 1 as x from cached_media')).toEqual([]);
  });

  test('lists the copies of the database, or says whose work they are', async () => {
    expect((await browser.get('/admin/storage')).words).toContain('PostgreSQL is backed up by its own tools.');
    await site.close();
    const at = Date.UTC(2026, 0, 1);
    const backups = { everyHours: 6, list: async () => [{ name: 'estrade-1.tar.gz', bytes: 2_000_000, at }] };
    site = await openStaffedSite({ deps: { backups } });
    const page = await (await site.as('owner')).get('/admin/storage');
    expect(page.words).toContain('How often 6 hours');
    expect(page.words).toContain('estrade-1.tar.gz');
    expect(page.words).toContain('2 MB');
  });
});

describe('the log', () => {
  test('is told by whom and, for those who are gone, without', async () => {
    await browser.get('/admin/rules');
    await browser.submit('/admin/rules', { text: 'Be kind.' });
    await site.edit({ name: 'Stage' });
    await browser.get('/admin/log');
    expect(browser.page?.words).toContain('@the_owner added a rule: Be kind.');
    expect(browser.page?.words).toContain('The command line of the server changed the settings of the instance.');
    await browser.get(`/admin/log?actor=${site.ids.admin}`);
    expect(browser.page?.words).toContain('Nothing has been done yet');
    expect(browser.form('/admin/log')).toMatchObject({ actor: String(site.ids.admin) });
  });

  test('bears what a later version wrote', async () => {
    const { auditEntries } = site.world.store.schema;
    await site.world.store.write((tx) =>
      tx.insert(auditEntries).values({
        id: 5,
        actorId: 12345,
        action: 'stage-painted',
        target: 'stage:<1>',
        details: { severity: 'violet', keys: 'unheardOf' },
        createdAt: 5,
      }),
    );
    const page = await browser.get('/admin/log');
    expect(page.words).toContain('Somebody who is gone did something to <1>');
    expect(page.words).toContain('unheardOf');
  });
});
