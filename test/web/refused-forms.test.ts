import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deletePost } from '#domain/posts/delete-post.ts';
import { endOtherSessions } from '#domain/membership/end-sessions.ts';
import { limits } from '#kernel/limits.ts';
import { addMember, PASSWORD, sessionOf } from '../members.ts';
import { photo } from '../ports/media-samples.ts';
import { elementsOf, find, wordsOf, type Element } from './markup.ts';
import { openSite, type Site } from './site.ts';
import { stranger, Visitor } from './visitor.ts';

/* What comes back when a form is refused, whichever form it was. */

let site: Site;
let ana: number;

beforeEach(async () => {
  site = await openSite();
  ana = await addMember(site.world, 'ana');
});

afterEach(() => site.close());

async function member(language = 'en'): Promise<Visitor> {
  return new Visitor(site, ana, await sessionOf(site.world, ana), language);
}

function title({ document }: Visitor): string {
  return find(document, ({ name }) => name === 'title')
    .map(wordsOf)
    .join('');
}

/** The lines above the form, each with where it leads. */
function summary({ document }: Visitor): string[] {
  const [notice] = find(document, (one) => one.attributes.get('data-part') === 'error-summary');
  return notice ? find(notice, ({ name }) => name === 'li').map(wordsOf) : [];
}

/** Links of the page to places that it does not have. */
function deadLinks({ document }: Visitor): string[] {
  const ids = new Set([...elementsOf(document)].map(({ attributes }) => attributes.get('id')));
  const links = find(document, isLinkWithin).map(({ attributes }) => attributes.get('href') ?? '');
  return links.filter((href) => !ids.has(href.slice(1)));
}

function isLinkWithin({ name, attributes }: Element): boolean {
  return name === 'a' && (attributes.get('href') ?? '').startsWith('#');
}

describe('a form that is refused', () => {
  test('whose title said nothing of it: it is the first thing that is read out', async () => {
    const reader = await (await member()).visit('/settings/account');
    expect(title(reader)).toMatch(/^Account ·/);
    await reader.submit('/settings/account/email', { email: '', current_password: '' });
    expect(title(reader)).toMatch(/^Error: Account ·/);
    const french = await (await member('fr')).visit('/settings/account');
    await french.submit('/settings/account/email', { email: '', current_password: '' });
    expect(title(french)).toMatch(/^Erreur : Compte ·/);
  });

  test('said twice that something is missing, and not what', async () => {
    const reader = await (await member()).visit('/settings/account');
    await reader.submit('/settings/account/email', { email: '', current_password: '' });
    expect(summary(reader)).toEqual([
      'New address: Something is missing here.',
      'Present password: Something is missing here.',
    ]);
    expect(deadLinks(reader)).toEqual([]);
  });
});

/** As somebody does who ends the others on another device. */
function endEverySession(): Promise<number> {
  return site.world.commit(endOtherSessions, { accountId: ana, sessionId: 0 });
}

/** What can be copied from the page. */
function texts({ document }: Visitor): string[] {
  return find(document, ({ name, attributes }) => name === 'textarea' && attributes.has('readonly')).map((area) =>
    area.children
      .filter((child) => typeof child === 'string')
      .join('')
      .replace(/^\n/, ''),
  );
}

const BIO = 'Cyclist, baker of flat bread,\nreluctant gardener.';

describe('what somebody typed is on the page that refuses it', () => {
  test('when their session ended while they were writing, with the way to log in', async () => {
    const reader = await (await member()).visit('/settings/profile');
    await endEverySession();
    await reader.submit('/settings/profile', { displayName: 'Ana', bio: BIO });
    expect(reader.status).toBe(403);
    expect(texts(reader)).toEqual([BIO]);
    expect(reader.main).toContain('This page is out of date You are no longer logged in');
    await reader.follow('Log in');
    expect(reader.fields('/login')['return_to']).toEqual(['/settings/profile']);
  });

  test('when the session ended and the form has no file', async () => {
    const reader = await (await member('fr')).visit('/settings/move');
    await endEverySession();
    await reader.submit('/settings/move', { target: '@ana@elsewhere.example', current_password: PASSWORD });
    expect(reader.status).toBe(403);
    expect(reader.main).toContain('Votre session est terminée');
    expect(reader.html).not.toContain(PASSWORD);
  });

  test('when the page is of a session before this one', async () => {
    const reader = await (await member()).visit(`/accounts/${await addMember(site.world, 'ben')}/report`);
    const { token } = await (await member()).visit('/settings/privacy');
    await reader.submit(reader.path, { comment: 'He sends me the same link every day.', _csrf: token });
    expect(reader.status).toBe(403);
    expect(texts(reader)).toEqual(['He sends me the same link every day.']);
  });

  test('when the post that they were editing is deleted meanwhile', async () => {
    const reader = await (await member()).visit('/compose');
    await reader.submit('composer', { text: 'A beginning' });
    const path = (await reader.follow('Edit')).path;
    await reader.submit('composer', { text: 'A better beginning' });
    const id = Number(/\d+/.exec(path)?.[0]);
    await reader.visit(path);
    await site.world.commit(deletePost, { authorId: ana, postId: id });
    await reader.submit('composer', { text: 'The best of all beginnings' });
    expect(reader.status).toBe(404);
    expect(texts(reader)).toEqual(['The best of all beginnings']);
  });

  test('but not what another site put into a form', async () => {
    const reader = await (await member()).visit('/settings/privacy');
    const body = new URLSearchParams({ bio: 'Pay a hundred euros to see your page again.' });
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const answer = await reader.send('/settings/privacy', { method: 'POST', body, headers });
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain('hundred euros');
  });

  test('and a form that is too large is answered by a page in their language', async () => {
    const reader = await (await member('fr')).visit('/settings/account');
    await reader.submit('/settings/account/email', { email: 'x'.repeat(limits.formBodyBytes), current_password: 'x' });
    expect(reader.status).toBe(413);
    expect(reader.main).toContain('Revenez en arrière');
  });
});

describe('a form with files that is refused', () => {
  const picture = async () => new Blob([new Uint8Array(await photo())]);
  const tooLarge = () => new Blob([new Uint8Array(limits.uploadBytes + 1)]);

  test('for a picture that is too large has everything that was typed', async () => {
    const reader = await (await member()).visit('/settings/profile');
    await reader.submit('/settings/profile', { displayName: 'Ana of the hill', bio: BIO, avatar: tooLarge() });
    expect(reader.status).toBe(422);
    expect(summary(reader)).toEqual(['This file is too large: at most 41 MB.']);
    expect(reader.fields('/settings/profile')).toMatchObject({ displayName: ['Ana of the hill'], bio: [BIO] });
  });

  test('for a picture that is too large has it at whatever length the browser says', async () => {
    const reader = await (await member()).visit('/settings/profile');
    reader.saysLength = false;
    await reader.submit('/settings/profile', { bio: BIO, header: tooLarge() });
    expect(reader.fields('/settings/profile')).toMatchObject({ bio: [BIO] });
  });

  test('for its words says that the picture is to be chosen again', async () => {
    const reader = await (await member()).visit('/settings/profile');
    await reader.submit('/settings/profile', { displayName: 'x'.repeat(80), avatar: await picture() });
    expect(summary(reader)).toEqual([
      'Name: This is too long: at most 50 characters.',
      'Picture: Choose this file again: it was not kept.',
    ]);
    expect(deadLinks(reader)).toEqual([]);
  });

  test('for its words says so of none that was not chosen', async () => {
    const reader = await (await member()).visit('/settings/profile');
    await reader.submit('/settings/profile', { displayName: 'x'.repeat(80) });
    expect(summary(reader)).toEqual(['Name: This is too long: at most 50 characters.']);
  });

  test('has the picture still marked to be removed', async () => {
    const reader = await (await member()).visit('/settings/profile');
    await reader.submit('/settings/profile', { avatar: await picture() });
    await reader.submit('/settings/profile', { displayName: 'x'.repeat(80), removeAvatar: true });
    expect(reader.fields('/settings/profile')['removeAvatar']).toEqual(['on']);
  });

  test('because its page is of an earlier session can be sent again as it stands', async () => {
    const reader = await (await member()).visit('/settings/profile');
    await reader.submit('/settings/profile', { bio: BIO, _csrf: 'of an earlier session' });
    expect(reader.status).toBe(403);
    expect(reader.fields('/settings/profile')['bio']).toEqual([BIO]);
    await reader.submit('/settings/profile');
    expect(reader.main).toContain('Saved.');
  });
});

test('who signs up with nothing filled in hears at once of all that is missing', async () => {
  await site.edit({ registrations: 'approval', minimumAge: 16 });
  const visitor = await stranger(site).visit('/sign-up');
  await visitor.submit('/sign-up');
  expect(summary(visitor)).toEqual([
    'Name: Something is missing here.',
    'Mail address: Something is missing here.',
    'Password: Something is missing here.',
    'Why would you like to join: Something is missing here.',
    'You can join when you are 16.',
    'Please read the rules and agree to them.',
  ]);
  expect(deadLinks(visitor)).toEqual([]);
});

test('the key of a second factor is kept nowhere, also when its code was mistyped', async () => {
  const reader = await (await member()).visit('/settings/security');
  await reader.submit('/settings/security/start', { current_password: PASSWORD });
  const body = new URLSearchParams({ code: '000000', _csrf: reader.token });
  const headers = { origin: site.deps.site.origin, 'sec-fetch-site': 'same-origin' };
  const answer = await reader.send('/settings/security/confirm', { method: 'POST', body, headers });
  expect(answer.status).toBe(422);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('who was sure to move, and mistyped the other account, is still sure', async () => {
  const reader = await (await member()).visit('/settings/move');
  await reader.submit('/settings/move', { target: 'nobody', current_password: PASSWORD, sure: true });
  expect(reader.status).toBe(422);
  expect(reader.fields('/settings/move')['sure']).toEqual(['on']);
});

describe('a post that is refused', () => {
  test('for its poll leads to the poll', async () => {
    const reader = await (await member()).visit('/compose');
    await reader.submit('composer', { text: 'Tea?', poll_option: ['Yes', 'Yes', '', ''] });
    expect(summary(reader)).toEqual(['Two answers are the same.']);
    expect(deadLinks(reader)).toEqual([]);
    expect(describedBy(reader, 'field-poll')).toEqual('Two answers are the same.');
  });

  test('for its file leads to the files', async () => {
    const reader = await (await member()).visit('/compose');
    await reader.submit('composer', { media: new Blob(['no picture']) });
    expect(summary(reader)).toEqual(['This kind of file cannot be shown here.']);
    expect(deadLinks(reader)).toEqual([]);
    expect(describedBy(reader, 'field-media')).toEqual('This kind of file cannot be shown here.');
  });

  test('as an answer leads to its text', async () => {
    const reader = await (await member()).visit('/compose');
    await reader.submit('composer', { text: 'A beginning' });
    const id = /item-(\d+)/.exec(reader.path)?.[1];
    await reader.visit(`/@ana/${id}`);
    await reader.submit('reply', { text: '' });
    expect(summary(reader)).toEqual(['Write something, or add a file.']);
    expect(deadLinks(reader)).toEqual([]);
  });

  test('has what was written of a file that was not chosen yet', async () => {
    const reader = await (await member()).visit('/compose');
    const descriptions = ['', 'The harbour at night', '', ''];
    await reader.submit('composer', { text: 'x'.repeat(600), media_description: descriptions });
    expect(reader.fields('composer')['media_description']).toContain('The harbour at night');
  });

  test('before its file was looked at says that the file is to be chosen again', async () => {
    const reader = await (await member()).visit('/compose');
    const media = new Blob([new Uint8Array(await photo())]);
    await reader.submit('composer', { text: 'The harbour', media, _csrf: 'of an earlier session' });
    expect(reader.status).toBe(403);
    expect(reader.fields('composer')['text']).toEqual(['The harbour']);
    expect(describedBy(reader, 'field-media')).toBe('Choose this file again: it was not kept.');
  });

  test('has how long its poll was to last, though no answer was written yet', async () => {
    const reader = await (await member()).visit('/compose');
    await reader.submit('composer', { text: 'x'.repeat(600), poll_multiple: true, poll_minutes: '60' });
    expect(reader.fields('composer')).toMatchObject({ poll_multiple: ['on'], poll_minutes: ['60'] });
  });
});

/** The words that belong to the element with this id. */
function describedBy({ document }: Visitor, id: string): string {
  const byId = (wanted: string) => find(document, ({ attributes }) => attributes.get('id') === wanted);
  const ids = byId(id).flatMap(({ attributes }) => attributes.get('aria-describedby')?.split(' ') ?? []);
  return ids.flatMap(byId).map(wordsOf).join(' ');
}

describe('a text in which nothing can be seen', () => {
  const nothing = '\u200B\u202E\u2060 \u3164';

  test('counts as none: nobody is without a name', async () => {
    const reader = await (await member()).visit('/settings/profile');
    await reader.submit('/settings/profile', { displayName: nothing });
    expect(reader.main).toContain('Saved.');
    expect(reader.fields('/settings/profile')['displayName']).toEqual(['']);
  });

  test('is no post, and no name of a server', async () => {
    const reader = await (await member()).visit('/compose');
    await reader.submit('composer', { text: nothing });
    expect(summary(reader)).toEqual(['Write something, or add a file.']);
    await reader.visit('/settings/blocks/domains');
    await reader.submit('/settings/blocks/domains', { domain: nothing });
    expect(summary(reader)).toEqual(['A server’s name: Something is missing here.']);
  });

  test('is kept where it joins what can be', async () => {
    const reader = await (await member()).visit('/settings/profile');
    await reader.submit('/settings/profile', { displayName: 'Ana 👩\u200D🎨' });
    expect(reader.fields('/settings/profile')['displayName']).toEqual(['Ana 👩\u200D🎨']);
  });
});
