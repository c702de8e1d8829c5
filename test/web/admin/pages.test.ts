import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addRule } from '#domain/instance/add-rule.ts';
import en from '#locales/en.json' with { type: 'json' };
import fr from '#locales/fr.json' with { type: 'json' };
import { asStaff } from '#web/staff.ts';
import { tagsOf } from '../html-structure.ts';
import { adminPages } from './matrix/pages.ts';
import { openStaffedSite, type StaffedSite } from './staff.ts';

let site: StaffedSite;

beforeAll(async () => {
  site = await openStaffedSite();
});

afterAll(() => site.close());

describe('each page of the administration', () => {
  test.each(adminPages)('$path speaks both languages', async ({ path, make }) => {
    const address = make ? await make(site) : path;
    for (const language of ['en', 'fr']) {
      const page = await (await site.as('owner', { language })).get(address);
      expect(page.status).toBe(200);
      expect(page.text).toContain(`<html lang="${language}"`);
      expect(page.words).not.toMatch(
        /\{\w+\}|\b(?:admin|audit|domains|concern|texts|queue|peers|storage)(?:-[a-z]+)?\.[a-z]/,
      );
    }
  });

  test.each(adminPages)('$path is never themed, and stays out of search engines', async ({ path, make }) => {
    await site.edit({ theme: 'nocturne' });
    const page = await (await site.as('owner')).get(make ? await make(site) : path);
    expect(page.text).toContain('data-theme="plain"');
    expect(page.text).toContain('<meta name="robots" content="noindex"');
  });

  test.each(adminPages)('$path has every form guarded, every field named and every id once', async ({ path, make }) => {
    const page = await (await site.as('owner')).get(make ? await make(site) : path);
    const forms = [...page.text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)];
    for (const [, attributes = '', inside = ''] of forms) {
      if (attributes.includes('method="post"')) expect(inside).toContain('name="_csrf"');
      // It becomes an address, and of one that is too long our server hears nothing.
      for (const [field] of attributes.includes('method="get"')
        ? inside.matchAll(/<input\b[^>]*type="(?:text|search)"[^>]*>/g)
        : [])
        expect(field).toContain('maxlength=');
    }
    const tags = tagsOf(page.text);
    const ids = tags.flatMap(({ attributes }) => attributes.get('id') ?? []).filter((id) => id !== 'stage-light');
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const labels = new Set(tags.filter(({ name }) => name === 'label').map(({ attributes }) => attributes.get('for')));
    const fields = tags.filter(
      ({ name, attributes }) =>
        ['select', 'textarea', 'input'].includes(name) &&
        !['hidden', 'checkbox', 'radio'].includes(attributes.get('type') ?? ''),
    );
    expect(fields.filter(({ attributes }) => !labels.has(attributes.get('id')))).toEqual([]);
    expect(tags.filter(({ name }) => name === 'h1')).toHaveLength(1);
  });
});

describe('the way into the administration', () => {
  test('is shown to staff only, and leads to what they may enter', async () => {
    expect((await (await site.as('user')).get('/about')).text).not.toContain('href="/admin"');
    expect((await (await site.as('moderator')).get('/about')).text).toContain('href="/admin"');
    const moderator = await (await site.as('moderator')).get('/admin');
    const links = new Set([...moderator.text.matchAll(/href="(\/admin[^"]*)"/g)].map(([, href = '']) => href));
    expect([...links].toSorted()).toEqual([
      '/admin',
      '/admin/accounts',
      '/admin/log',
      '/admin/reports',
      '/admin/sign-ups',
    ]);
    for (const href of links) expect((await (await site.as('moderator')).get(href)).status).toBe(200);
  });

  test('leads visitors to the log-in page, and back', async () => {
    const page = await site.browser().get('/admin/domains?after=b.test');
    expect(page.location).toBe('/login?return_to=%2Fadmin%2Fdomains%3Fafter%3Db.test');
  });
});

test('the log has words for everything that is recorded', () => {
  const root = join(import.meta.dirname, '../../../src/domain');
  const code = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, name), 'utf8'))
    .join('\n');
  const actions = [
    ...code.matchAll(/\baction: '([a-z-]+)'/g),
    ...code.matchAll(/\brecord\(unit, input, '([a-z-]+)'/g),
  ].map(([, action = '']) => `audit.${action}`);
  expect(actions.length).toBeGreaterThan(25);
  for (const words of [en, fr]) expect(actions.filter((key) => !Object.hasOwn(words, key))).toEqual([]);
});

test('a command that asks nothing itself asks for staff, at the moment in which it is done', async () => {
  const addAsStaff = asStaff('instance.edit', addRule);
  const words = { text: 'Be kind.', hint: '' };
  for (const role of ['moderator', 'user'] as const) {
    await expect(site.world.commit(addAsStaff, { actorId: site.ids[role], ...words })).rejects.toMatchObject({
      code: 'not-allowed',
    });
  }
  expect(await site.world.commit(addAsStaff, { actorId: site.ids.admin, ...words })).toBeGreaterThan(0);
});
