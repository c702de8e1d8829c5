import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addRule } from '#domain/instance/add-rule.ts';
import { publishPolicyText } from '#domain/instance/publish-policy-text.ts';
import { setDomainPolicy } from '#domain/moderation/set-domain-policy.ts';
import { publishPost } from '#domain/posts/publish-post.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { addMember } from '../members.ts';
import { browserAs } from './admin/staff.ts';
import { tagsOf } from './html-structure.ts';
import { openSite, type Site } from './site.ts';

let site: Site;

beforeEach(async () => {
  site = await openSite();
});

afterEach(() => site.close());

async function post(authorId: number, text: string, visibility: Visibility = 'public'): Promise<number> {
  return site.world.commit(publishPost, {
    authorId,
    text,
    warning: null,
    sensitive: false,
    language: null,
    visibility,
    replyToId: null,
    mediaIds: [],
    poll: null,
  });
}

const visit = (path: string, language = 'en') => site.browser({ language }).get(path);

describe('the front page', () => {
  test('says where one is, and leads on; whoever is at home here is led home', async () => {
    await site.edit({ name: 'The Loft', description: 'For <b>makers</b>', registrations: 'open' });
    const page = await visit('/');
    expect(page.words).toContain('The Loft');
    expect(page.words).toContain('For <b>makers</b>');
    expect(page.text).toContain('href="/sign-up"');
    expect(page.text).toContain('href="/login"');
    expect(page.text).toContain('<meta name="description" content="For &lt;b&gt;makers&lt;/b&gt;"');
    expect(tagsOf(page.text).filter(({ name }) => name === 'h1')).toHaveLength(1);
    const ana = await addMember(site.world, 'ana');
    expect((await (await browserAs(site, ana)).get('/')).location).toBe('/home');
  });

  test('sets no cookie', async () => {
    expect((await visit('/')).headers.getSetCookie()).toEqual([]);
  });

  test.each([
    ['open', 'Everybody may join who is 16 or older.', true],
    ['approval', 'The team reads every sign-up.', true],
    ['invite', 'You need an invitation to join', true],
    ['closed', 'Nobody can join at present.', false],
  ] as const)('says who may join: %s', async (registrations, words, hasDoor) => {
    await site.edit({ registrations });
    const page = await visit('/');
    expect(page.words).toContain(words);
    expect(page.text.includes('href="/sign-up"')).toBe(hasDoor);
  });

  test('shows the latest public posts of people here, and nothing else', async () => {
    const [ana, lim] = [await addMember(site.world, 'ana'), await addMember(site.world, 'lim')];
    await site.world.store.write((tx) => tx.hot('update accounts set limited_at = 1 where id = $1', lim));
    await post(ana, 'A public word');
    await post(ana, 'For followers alone', 'followers');
    await post(ana, 'Whispered', 'direct');
    await post(ana, 'Not listed', 'unlisted');
    await post(lim, 'By somebody limited');
    const page = await visit('/');
    expect(page.words).toContain('A public word');
    expect(page.words).not.toMatch(/followers alone|Whispered|Not listed|somebody limited/);
    await site.edit({ showLatestPosts: false });
    expect((await visit('/')).words).not.toContain('A public word');
  });

  test('puts on stage only those who wish to be found', async () => {
    const ana = await addMember(site.world, 'ana');
    await addMember(site.world, 'shy');
    await site.world.store.write((tx) => tx.hot('update accounts set discoverable = 1 where id = $1', ana));
    const page = await visit('/');
    expect(page.text).toContain('href="/@ana"');
    expect(page.text).not.toContain('href="/@shy"');
  });

  test('speaks French', async () => {
    await site.world.commit(addRule, { actorId: null, text: 'Soyez gentils.', hint: '' });
    const page = await visit('/', 'fr');
    expect(page.words).toContain('Une scène parmi d’autres');
    expect(page.words).not.toMatch(/\{\w+\}|\bfront\.[a-z]/);
  });
});

describe('the pages about the server', () => {
  const PATHS = ['/about', '/rules', '/terms', '/privacy', '/imprint', '/about/servers', '/source'];

  test.each(PATHS)('%s is there for everybody, in both languages', async (path) => {
    const ana = await addMember(site.world, 'ana');
    for (const language of ['en', 'fr']) {
      const page = await visit(path, language);
      expect(page.status).toBe(200);
      expect(page.text).toContain(`<html lang="${language}"`);
      expect(page.words).not.toMatch(/\{\w+\}|\b(?:about|texts|domains)\.[a-z]/);
      expect(tagsOf(page.text).filter(({ name }) => name === 'h1')).toHaveLength(1);
    }
    expect((await (await browserAs(site, ana)).get(path)).status).toBe(200);
  });

  test('say what it is, who runs it and what holds, and tell nobody’s mail address', async () => {
    await addMember(site.world, 'boss', { role: 'owner' });
    await addMember(site.world, 'helper', { role: 'moderator' });
    await site.edit({ longDescription: 'Made by **hand** <script>', contactEmail: 'hello@here.test' });
    await site.world.commit(addRule, { actorId: null, text: 'Be kind.', hint: 'Really.' });
    const page = await visit('/about');
    expect(page.text).toContain('Made by <strong>hand</strong> &lt;script&gt;');
    expect(page.text).toContain('href="mailto:hello@here.test"');
    expect(page.words).toContain('@boss');
    expect(page.words).toContain('Be kind. Really.');
    expect(page.words).not.toMatch(/@helper|@mail\.test/);
  });

  test('show a text in the reader’s language, or else in the other, with its language named', async () => {
    const publish = (locale: 'en' | 'fr', markdown: string) =>
      site.world.commit(publishPolicyText, { actorId: null, kind: 'imprint', locale, markdown });
    expect((await visit('/imprint')).words).toContain('Not written yet');
    await publish('fr', '# Mentions\n\nNous.');
    expect((await visit('/imprint')).text).toContain('<div class="prose policy" lang="fr"><h2>Mentions</h2>');
    await publish('en', 'We.');
    expect((await visit('/imprint')).text).toContain('lang="en"><p>We.</p>');
    expect((await visit('/imprint', 'fr')).words).toContain('En vigueur depuis le');
  });

  test('offer an admin to write what is not written', async () => {
    const boss = await browserAs(site, await addMember(site.world, 'boss', { role: 'admin' }));
    expect((await boss.get('/terms')).text).toContain('href="/admin/texts/terms/en"');
    expect((await visit('/terms')).text).not.toContain('/admin/texts');
  });

  test('tell which servers are limited and why, where the admin wishes; never what the team wrote for itself', async () => {
    const set = (domain: string, severity: 'none' | 'limit' | 'suspend') =>
      site.world.commit(setDomainPolicy, {
        actorId: null,
        domain,
        severity,
        rejectMedia: false,
        publicComment: `Because ${domain}`,
        privateComment: 'Between us',
      });
    await set('bad.test', 'suspend');
    await set('loud.test', 'limit');
    await set('watched.test', 'none');
    const page = await visit('/about/servers');
    expect(page.words).toContain('bad.test Suspended Because bad.test');
    expect(page.words).toContain('loud.test Limited Because loud.test');
    expect(page.words).not.toMatch(/watched|Between us/);
    await site.edit({ showDomainPolicies: false });
    expect((await visit('/about/servers')).status).toBe(404);
    expect((await visit('/about')).text).not.toContain('/about/servers');
  });

  test('lead to the source', async () => {
    expect((await visit('/source')).words).toContain('GNU Affero General Public License');
    await site.edit({ sourceUrl: 'https://code.example/fork' });
    expect(await visit('/source')).toMatchObject({ status: 302, location: 'https://code.example/fork' });
  });
});
