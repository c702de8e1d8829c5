import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { policyTextVersions, rulesInForce } from '#domain/instance/instance.queries.ts';
import { readSettings } from '#domain/instance/settings.ts';
import type { Browser } from '../browser.ts';
import { openStaffedSite, type StaffedSite } from './staff.ts';

let site: StaffedSite;
let browser: Browser;

beforeEach(async () => {
  site = await openStaffedSite();
  browser = await site.as('admin');
});

afterEach(() => site.close());

const rules = () => rulesInForce(site.world.store.read);

describe('the instance', () => {
  const typed = {
    name: 'La Scène',
    description: 'Pour tout le monde',
    longDescription: '## Hello\n\n*all* of you',
    contactEmail: 'ana@example.org',
    sourceUrl: 'https://code.example/estrade',
    postCharacters: '700',
    theme: 'plain',
    defaultLocale: 'fr',
  };

  test('is described in a form that comes back as it was left', async () => {
    await browser.get('/admin/instance');
    expect(browser.form('/admin/instance')).toMatchObject({ showLatestPosts: 'on', showDomainPolicies: 'on' });
    await browser.submit('/admin/instance', typed);
    expect(browser.page?.status).toBe(303);
    await browser.follow();
    expect(browser.page?.words).toContain('Saved.');
    expect(browser.form('/admin/instance')).toMatchObject({ ...typed, showLatestPosts: 'on' });
    expect(await readSettings(site.world.store.read)).toMatchObject({ ...typed, postCharacters: 700 });
    expect(browser.page?.words).toContain('Back to La Scène');
  });

  test('can be told to show less: a box that is not ticked is not sent', async () => {
    await browser.get('/admin/instance');
    const { showLatestPosts: _, showDomainPolicies: __, ...rest } = browser.form('/admin/instance');
    await browser.send('/admin/instance', {
      method: 'POST',
      body: new URLSearchParams(rest),
      headers: { origin: site.deps.site.origin },
    });
    expect(await readSettings(site.world.store.read)).toMatchObject({
      showLatestPosts: false,
      showDomainPolicies: false,
    });
  });

  test.each([
    ['name', '   ', 'Something is missing here.'],
    ['contactEmail', 'ana at example', 'This is no mail address. It looks like name@example.org.'],
    ['sourceUrl', 'javascript:alert(1)', 'This is no web address. It looks like https://example.org.'],
    ['postCharacters', '99999', 'At most 10000 is possible.'],
    ['postCharacters', 'many', 'Enter a whole number.'],
    ['postCharacters', '1.5', 'Enter a whole number.'],
    ['theme', 'sequins', 'This cannot be used as it stands here.'],
    ['defaultLocale', 'xx', 'Choose one of these.'],
  ])('says what is wrong with %s and keeps the rest', async (name, value, words) => {
    await browser.get('/admin/instance');
    await browser.submit('/admin/instance', { ...typed, [name]: value });
    expect(browser.page?.status).toBe(422);
    expect(browser.page?.words.replaceAll('10,000', '10000')).toContain(words);
    expect(browser.form('/admin/instance')['longDescription']).toBe(typed.longDescription);
    expect((await readSettings(site.world.store.read)).description).toBe('');
  });
});

describe('rules', () => {
  async function add(text: string, hint = ''): Promise<void> {
    await browser.get('/admin/rules');
    await browser.submit('/admin/rules', { text, hint });
    await browser.follow();
  }

  test('are added, put in order, changed and retired', async () => {
    expect((await browser.get('/admin/rules')).words).toContain('No rules yet');
    await add('Be kind.', 'To everybody.');
    await add('No spam.');
    const [first, second] = await rules();
    await browser.submit(`/admin/rules/${second?.id}/move`);
    await browser.follow();
    expect((await rules()).map(({ text }) => text)).toEqual(['No spam.', 'Be kind.']);

    await browser.get(`/admin/rules/${first?.id}`);
    expect(browser.form(`/admin/rules/${first?.id}`)).toMatchObject({ text: 'Be kind.', hint: 'To everybody.' });
    await browser.submit(`/admin/rules/${first?.id}`, { text: 'Be kinder.' });
    expect((await rules()).map(({ text }) => text)).toEqual(['No spam.', 'Be kinder.']);

    const last = (await rules())[1]?.id;
    await browser.get(`/admin/rules/${last}/retire`);
    expect(browser.page?.words).toContain('Be kinder.');
    await browser.submit(`/admin/rules/${last}/retire`);
    await browser.follow();
    expect(browser.page?.words).toContain('The rule is no longer in force.');
    expect((await browser.get(`/admin/rules/${last}`)).status).toBe(404);
    expect((await browser.get('/admin/log')).words).toContain('@the_admin retired a rule: Be kinder.');
  });

  test('that say nothing are not added, and what they mean is not lost', async () => {
    await browser.get('/admin/rules');
    await browser.submit('/admin/rules', { text: ' ', hint: 'A long explanation' });
    expect(browser.page?.status).toBe(422);
    expect(browser.form('/admin/rules')).toMatchObject({ hint: 'A long explanation' });
    expect(await rules()).toEqual([]);
  });
});

describe('the texts', () => {
  const versions = (kind: 'terms' | 'imprint' | 'privacy', locale: 'en' | 'fr') =>
    policyTextVersions(site.world.store.read, kind, locale);

  test('start from a draft with what the server knows filled in, and are not published with the rest open', async () => {
    await site.edit({ name: 'The Loft', contactEmail: 'hello@loft.example', minimumAge: 18 });
    await browser.get('/admin/texts/terms/en');
    expect(browser.page?.text).toContain('/admin/texts/terms/en?from=draft');
    await browser.get('/admin/texts/terms/en?from=draft');
    const { markdown = '' } = browser.form('/admin/texts/terms/en');
    expect(markdown).toContain('# Terms of The Loft');
    expect(markdown).toContain('at least 18 years');
    await browser.submit('/admin/texts/terms/en');
    expect(browser.page?.status).toBe(422);
    expect(browser.page?.words).toContain('{date} still stands in the text.');
    expect(browser.form('/admin/texts/terms/en')['markdown']).toBe(markdown);
    expect(await versions('terms', 'en')).toEqual([]);

    const filled = markdown.replaceAll(/\{[a-z-]+\}/g, 'X');
    await browser.submit('/admin/texts/terms/en', { markdown: filled });
    await browser.follow();
    expect(browser.page?.words).toContain('The text is in force.');
    expect((await site.browser().get('/terms')).text).toContain('<h2>Terms of The Loft</h2>');
  });

  test('are shown before they are published, and kept when they are replaced or withdrawn', async () => {
    await browser.get('/admin/texts/privacy/fr');
    await browser.submit('/admin/texts/privacy/fr', { markdown: '# Un\n\n**gras**', preview: 'on' });
    expect(browser.page?.status).toBe(200);
    expect(browser.page?.text).toContain('<strong>gras</strong>');
    expect(await versions('privacy', 'fr')).toEqual([]);
    expect(browser.form('/admin/texts/privacy/fr')).toMatchObject({ markdown: '# Un\n\n**gras**' });

    for (const markdown of ['Premier', 'Second', '']) {
      await browser.get('/admin/texts/privacy/fr');
      await browser.submit('/admin/texts/privacy/fr', { markdown });
    }
    const kept = await versions('privacy', 'fr');
    expect(kept.map(({ markdown }) => markdown)).toEqual(['', 'Second', 'Premier']);
    await browser.get('/admin/texts/privacy/fr');
    expect(browser.page?.words).toContain('withdrawn');
    expect((await browser.get(`/admin/texts/versions/${kept[2]?.id}`)).words).toContain('Premier');
    expect((await site.browser().get('/privacy')).words).toContain('Not written yet');
  });

  test('are three, in two languages', async () => {
    const page = await browser.get('/admin/texts');
    for (const kind of ['imprint', 'terms', 'privacy'])
      for (const locale of ['en', 'fr']) expect(page.text).toContain(`/admin/texts/${kind}/${locale}`);
    for (const path of ['/admin/texts/recipe/en', '/admin/texts/terms/xx', '/admin/texts/versions/5'])
      expect((await browser.get(path)).status).toBe(404);
  });
});
