import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensureInstanceActor } from '#domain/accounts/ensure-instance-actor.ts';
import { ownEmoji as listEmoji } from '#domain/emoji/emoji.queries.ts';
import { setDomainPolicy } from '#domain/moderation/set-domain-policy.ts';
import { limits } from '#kernel/limits.ts';
import { PAGE, photo, SVG } from '../../ports/media-samples.ts';
import { testKeys } from '../../world.ts';
import type { Browser } from '../browser.ts';
import { ownEmoji, seenEmoji } from './matrix/emoji.ts';
import { openStaffedSite, type StaffedSite } from './staff.ts';

let site: StaffedSite;
let browser: Browser;

beforeEach(async () => {
  site = await openStaffedSite();
  await site.world.commit(ensureInstanceActor, { keys: await testKeys() });
  browser = await site.as('admin');
});

afterEach(() => site.close());

const emoji = () => listEmoji(site.world.store);
const blob = async (bytes: Uint8Array | Promise<Uint8Array>) => new Blob([new Uint8Array(await bytes)]);
const files = async () => {
  const names: string[] = [];
  for await (const { name } of site.deps.media.uploads.list()) names.push(name);
  return names;
};

describe('an emoji', () => {
  test('is added by staff, offered in the composer, and shown in what people write', async () => {
    await browser.get('/home');
    expect(browser.page?.text).not.toContain('data-emoji-list');
    await browser.get('/admin/emoji');
    expect(browser.page?.words).toContain('No emoji yet');
    await browser.upload('/admin/emoji', { picture: await blob(photo()), shortcode: ':cat:', category: 'Animals' });
    await browser.follow();
    expect(browser.page?.words).toContain('The emoji is ready to be used.');
    expect(browser.page?.words).toContain(':cat:');
    await browser.get('/home');
    expect(browser.page?.text).toContain('href="/emoji"');
    await browser.upload('/posts', { text: 'A :cat: & <b>:cat:</b>', warning: ':cat: ahead' });
    await browser.get('/home');
    const pictures = browser.page?.text.match(/<img class="emoji" src="\/media\/[0-9a-f]{32}\.webp" alt=":cat:"/g);
    expect(pictures).toHaveLength(3);
    await browser.get('/emoji');
    expect(browser.page?.words).toContain('Animals');
    expect(browser.page?.text).toContain('data-emoji-choice=":cat:"');
  });

  test.each([
    ['an SVG', async () => SVG, 'This kind of file cannot be shown here.'],
    ['a page', async () => PAGE, 'This kind of file cannot be shown here.'],
    ['nothing', async () => new Uint8Array(), 'Choose a picture.'],
    ['too large a file', async () => new Uint8Array(limits.emojiUploadBytes + 1), 'This picture is larger than 2 MB.'],
    ['a file that nobody may send', async () => new Uint8Array(limits.uploadBytes + 1), 'This file is too large'],
  ])('is not made of %s, and what was typed stays', async (_, bytes, words) => {
    await browser.get('/admin/emoji');
    await browser.upload('/admin/emoji', { shortcode: 'cat', category: 'Animals', picture: await blob(bytes()) });
    expect(browser.page?.status).toBe(422);
    expect(browser.page?.words).toContain(words);
    expect(browser.form('/admin/emoji')).toMatchObject({ shortcode: 'cat', category: 'Animals' });
    expect(await emoji()).toEqual([]);
    expect(await files()).toEqual([]);
  });

  test('with a name that is taken leaves no file behind and says so, in French too', async () => {
    await ownEmoji(site, 'cat');
    const before = await files();
    const french = await site.as('admin', { language: 'fr' });
    await french.get('/admin/emoji');
    await french.upload('/admin/emoji', { picture: await blob(photo()), shortcode: 'Cat', category: '' });
    expect(french.page?.status).toBe(409);
    expect(french.page?.words).toContain('Un émoji porte déjà ce nom.');
    expect(french.form('/admin/emoji')['shortcode']).toBe('Cat');
    expect(await files()).toEqual(before);
  });

  test('is switched off and on, put elsewhere, and deleted with its file', async () => {
    const id = await ownEmoji(site, 'cat');
    await browser.get('/admin/emoji');
    await browser.submit(`/admin/emoji/${id}/disable`);
    await browser.follow();
    expect(browser.page?.words).toContain('Switched off');
    await browser.get('/emoji');
    expect(browser.page?.text).not.toContain(':cat:');
    await browser.get(`/admin/emoji/${id}`);
    await browser.submit(`/admin/emoji/${id}`, { category: 'x'.repeat(limits.emojiCategoryCharacters + 1) });
    expect(browser.page?.status).toBe(422);
    await browser.submit(`/admin/emoji/${id}`, { category: 'Animals' });
    await browser.get('/admin/emoji');
    await browser.submit(`/admin/emoji/${id}/enable`);
    expect(await emoji()).toMatchObject([{ category: 'Animals', disabledAt: null }]);
    await browser.get(`/admin/emoji/${id}/delete`);
    expect(browser.page?.words).toContain('Delete :cat:?');
    await browser.submit(`/admin/emoji/${id}/delete`);
    expect(browser.page?.location).toBe('/admin/emoji');
    expect(await emoji()).toEqual([]);
    expect(await files()).toEqual([]);
    await browser.get('/admin/log');
    expect(browser.page?.words).toContain('deleted an emoji: :cat:');
  });
});

describe('an emoji of another server', () => {
  test('is copied, under a name of one’s choice', async () => {
    await ownEmoji(site, 'wave');
    await seenEmoji(site, 'wave');
    await browser.get('/admin/emoji/elsewhere?text=wave');
    expect(browser.page?.words).toContain('there.test');
    const href = /href="(\/admin\/emoji\/copy\?[^"]*)"/.exec(browser.page?.text ?? '')?.[1] ?? '';
    await browser.get(href.replaceAll('&amp;', '&'));
    await browser.submit('/admin/emoji/copy');
    expect(browser.page?.status).toBe(409);
    expect(browser.page?.words).toContain('There is an emoji of this name already.');
    await browser.submit('/admin/emoji/copy', { shortcode: 'wave_there' });
    expect(browser.page?.location).toBe('/admin/emoji');
    expect((await emoji()).map(({ shortcode }) => shortcode)).toEqual(['wave', 'wave_there']);
    expect((await site.audited()).at(-1)).toMatchObject({ action: 'emoji-copied', target: 'emoji:wave_there' });
  });

  test('that cannot be fetched says so and keeps what was typed', async () => {
    const seen = await seenEmoji(site, 'gone');
    site.remotePictures.clear();
    await browser.get(`/admin/emoji/copy?${new URLSearchParams(seen).toString()}`);
    await browser.submit('/admin/emoji/copy', { shortcode: 'mine', category: 'New' });
    expect(browser.page?.status).toBe(422);
    expect(browser.page?.words).toContain('could not be fetched');
    expect(browser.form('/admin/emoji/copy')).toMatchObject({ ...seen, shortcode: 'mine', category: 'New' });
  });

  test('is not there when its server’s media are refused, nor when it was never seen', async () => {
    const seen = await seenEmoji(site, 'wave');
    const policy = { severity: 'none', rejectMedia: true, publicComment: '', privateComment: '' } as const;
    await site.world.commit(setDomainPolicy, { actorId: null, domain: 'there.test', ...policy });
    for (const query of [seen, { ...seen, name: 'other' }, { ...seen, of: 'account-1' }, { ...seen, of: 'x' }]) {
      await browser.get(`/admin/emoji/copy?${new URLSearchParams(query).toString()}`);
      expect(browser.page?.status).toBe(404);
    }
  });
});
