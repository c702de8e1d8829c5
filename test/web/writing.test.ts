import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deletePost } from '#domain/posts/delete-post.ts';
import type { RemoteLookup } from '#domain/search/remote-lookup.ts';
import { limits } from '#kernel/limits.ts';
import { openSite, type Site } from './site.ts';
import { enter, type Visitor } from './visitor.ts';

let site: Site;
let alice: Visitor;

beforeEach(async () => {
  site = await openSite();
  alice = await enter(site, 'alice');
});

afterEach(() => site.close());

const picture = async (colour = 'teal') =>
  new Blob([
    new Uint8Array(
      await sharp({ create: { width: 40, height: 30, channels: 3, background: colour } })
        .png()
        .toBuffer(),
    ),
  ]);

interface Row {
  id: number;
  source: string;
  visibility: string;
  warning: string | null;
  language: string | null;
}

async function posts(): Promise<Row[]> {
  return site.world.store.read.hot<Row>(
    'select id, source, visibility, warning, language from posts where boost_of_id is null order by id',
  );
}

describe('the composer', () => {
  test('publishes, says so, and shows the post', async () => {
    await alice.visit('/home');
    await alice.submit('composer', {
      text: 'Bonjour le monde',
      language: 'fr',
      visibility: 'unlisted',
      warning: 'Salutations',
    });
    expect(alice.path).toMatch(/^\/home#item-\d+$/);
    expect(alice.main).toContain('Your post is out.');
    expect(alice.main).toContain('Bonjour le monde');
    expect(await posts()).toMatchObject([
      { source: 'Bonjour le monde', visibility: 'unlisted', warning: 'Salutations', language: 'fr' },
    ]);
  });

  test('takes a post from a program that sends no files, as urlencoded', async () => {
    await alice.visit('/home');
    const headers = {
      origin: site.deps.site.origin,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    };
    const post = (fields: Record<string, string>) =>
      alice.send('/posts', { method: 'POST', headers, body: new URLSearchParams(fields).toString() });
    const fields = { _csrf: alice.token, text: 'Sent by hand', visibility: 'public', language: 'en' };
    expect((await post(fields)).status).toBe(303);
    expect((await post({ ...fields, text: 'x'.repeat(501) })).status).toBe(422);
    expect((await post({ ...fields, _csrf: 'forged' })).status).toBe(403);
    const json = { ...headers, 'content-type': 'application/json', 'x-csrf-token': alice.token };
    expect((await alice.send('/posts', { method: 'POST', headers: json, body: '{}' })).status).toBe(415);
    expect(await posts()).toMatchObject([{ source: 'Sent by hand' }]);
  });

  test('makes one post of a form that is sent twice, and another of what is written into it after going back', async () => {
    await alice.visit('/home');
    const form = alice.document;
    const typed = { text: 'On a slow line', media: await picture(), media_description: 'Teal' };
    await alice.submit('composer', typed);
    const sentTo = alice.path;
    alice.document = form;
    await alice.submit('composer', typed);
    expect(alice.path).toBe(sentTo);
    expect(alice.main).toContain('Your post is out.');
    expect(await posts()).toMatchObject([{ source: 'On a slow line' }]);
    // Nor is the picture taken a second time.
    expect(await site.world.store.read.$count(site.world.store.schema.media)).toBe(1);
    alice.document = form;
    await alice.submit('composer', { ...typed, media: await picture('plum') });
    alice.document = form;
    await alice.submit('composer', { text: 'Something else' });
    const sources = (await posts()).map(({ source }) => source);
    expect(sources).toEqual(['On a slow line', 'On a slow line', 'Something else']);
  });

  test('publishes a form once more when its post says something else by now', async () => {
    await alice.visit('/home');
    const form = alice.document;
    await alice.submit('composer', { text: 'Meet at five' });
    await alice.follow('Edit');
    await alice.submit('composer', { text: 'Meet at six' });
    alice.document = form;
    await alice.submit('composer', { text: 'Meet at five' });
    expect((await posts()).map(({ source }) => source)).toEqual(['Meet at six', 'Meet at five']);
  });

  test('leads to the new post when the form that replaces one is sent twice', async () => {
    await alice.visit('/home');
    await alice.submit('composer', { text: 'A slip' });
    const [slip] = await posts();
    await alice.visit(`/posts/${slip?.id}/redraft`);
    const form = alice.document;
    await alice.submit('composer', { text: 'No slip' });
    const sentTo = alice.path;
    alice.document = form;
    await alice.submit('composer', { text: 'No slip' });
    expect([alice.status, alice.path]).toEqual([200, sentTo]);
    expect((await posts()).map(({ source }) => source)).toEqual(['No slip']);
    alice.document = form;
    await alice.submit('composer', { text: 'Another thought' });
    expect(alice.status).toBe(404);
    expect(alice.fields('composer')).toMatchObject({ text: ['Another thought'] });
    expect((await posts()).map(({ source }) => source)).toEqual(['No slip']);
  });

  test('publishes a form once more when its post was deleted', async () => {
    await alice.visit('/home');
    const form = alice.document;
    await alice.submit('composer', { text: 'After all' });
    const [first] = await posts();
    await site.world.commit(deletePost, { authorId: alice.accountId ?? 0, postId: first?.id ?? 0 });
    alice.document = form;
    await alice.submit('composer', { text: 'After all' });
    expect((await posts()).map(({ id }) => id === first?.id)).toEqual([false]);
  });

  test('keeps everything that was typed when a post is refused', async () => {
    await alice.visit('/home');
    const text = `${'long '.repeat(120)}end`;
    await alice.submit('composer', {
      text,
      warning: 'Mind the length',
      visibility: 'followers',
      language: 'br',
      sensitive: true,
      poll_option: ['Yes', 'No', 'Perhaps', ''],
      poll_minutes: '60',
      poll_multiple: true,
    });
    expect(alice.status).toBe(422);
    expect(alice.main).toContain('One thing needs your attention');
    expect(alice.fields('composer')).toMatchObject({
      text: [text],
      warning: ['Mind the length'],
      visibility: ['followers'],
      language: ['br'],
      sensitive: ['on'],
      poll_option: ['Yes', 'No', 'Perhaps', ''],
      poll_minutes: ['60'],
      poll_multiple: ['on'],
      return_to: ['/home'],
    });
    expect(await posts()).toEqual([]);
    await alice.submit('composer', { text: 'short' });
    expect(await posts()).toMatchObject([{ source: 'short', visibility: 'followers', warning: 'Mind the length' }]);
  });

  test('begins as the person chose in the settings', async () => {
    const { members } = site.world.store.schema;
    await site.world.store.write((tx) =>
      tx.update(members).set({ defaultVisibility: 'followers', defaultLanguage: 'oc', defaultSensitive: true }),
    );
    await alice.visit('/compose?text=hello');
    expect(alice.fields('composer')).toMatchObject({
      text: ['hello'],
      visibility: ['followers'],
      language: ['oc'],
      sensitive: ['on'],
    });
  });

  test('never publishes more widely than somebody chose', async () => {
    await alice.visit('/home');
    await alice.submit('composer', { text: 'for whom?', visibility: 'everyone' });
    expect(alice.status).toBe(422);
    expect(await posts()).toEqual([]);
  });

  test('counts as the instance says', async () => {
    await site.edit({ postCharacters: 10 });
    await alice.visit('/home');
    await alice.submit('composer', { text: '12345678901' });
    expect(alice.main).toContain('10');
    expect(await posts()).toEqual([]);
  });

  test('asks for a poll by its answers', async () => {
    await alice.visit('/compose');
    await alice.submit('composer', { text: 'Tea?', poll_option: ['Yes', 'No', '', ''] });
    const bob = await enter(site, 'bob');
    await bob.visit('/local');
    await bob.submit(`/posts/${(await posts())[0]?.id}/vote`, { choice: '1' });
    expect(bob.main).toContain('Your vote is counted.');
    expect(bob.main).toContain('No');
    expect(bob.main).toMatch(/100\s?%/);
  });

  test('takes nothing from another site, and keeps the words of a page that was open too long', async () => {
    await alice.visit('/home');
    const forged = await alice.send('/posts', {
      method: 'POST',
      body: new FormData(),
      headers: { origin: 'https://evil.test' },
    });
    expect(forged.status).toBe(403);
    await alice.submit('composer', { text: 'still here', _csrf: 'old' });
    expect(alice.status).toBe(403);
    expect(alice.fields('composer')['text']).toEqual(['still here']);
    expect(await posts()).toEqual([]);
    await alice.submit('composer');
    expect(await posts()).toMatchObject([{ source: 'still here' }]);
  });

  test('leads nowhere else afterwards', async () => {
    for (const evil of ['https://evil.test/', '//evil.test', '/\\evil.test', 'javascript:alert(1)']) {
      await alice.visit('/home');
      await alice.submit('composer', { text: `to ${evil}`, return_to: evil });
      expect(alice.path).toMatch(/^\/home#item-/);
    }
  });
});

describe('media', () => {
  test('go out with their descriptions, in their order', async () => {
    await alice.visit('/compose');
    await alice.submit('composer', {
      text: 'two pictures',
      media: [await picture(), await picture('red')],
      media_description: ['A teal field', 'A red one', '', ''],
    });
    await alice.visit('/@alice/media');
    expect(alice.main).toContain('A teal field');
    expect(alice.main.indexOf('A teal field')).toBeLessThan(alice.main.indexOf('A red one'));
  });

  test('are kept with their descriptions when the words are refused', async () => {
    await alice.visit('/compose');
    await alice.submit('composer', {
      text: 'x'.repeat(501),
      media: [await picture()],
      media_description: ['A teal field', '', '', ''],
    });
    expect(alice.status).toBe(422);
    expect(alice.fields('composer')).toMatchObject({
      media_keep_description: ['A teal field'],
      media_description: ['', '', ''],
    });
    const [kept] = alice.fields('composer')['media_keep'] ?? [];
    await alice.submit('composer', { text: 'now short', media_keep_description: 'A teal field, described anew' });
    expect(alice.main).toContain('A teal field, described anew');
    const rows = await site.world.store.read.hot<{ id: number }>('select id from media where post_id is not null');
    expect(rows.map((row) => String(row.id))).toEqual([kept]);
  });

  test('that are refused hold back none of the others, nor the words', async () => {
    await alice.visit('/compose');
    const text = new Blob(['not a picture']);
    await alice.submit('composer', {
      text: 'one of two',
      media: [text, await picture()],
      media_description: ['No', 'Yes', '', ''],
    });
    expect(alice.status).toBe(422);
    expect(alice.fields('composer')).toMatchObject({
      text: ['one of two'],
      media_keep_description: ['Yes'],
      media_description: ['No', '', ''],
    });
    expect(await posts()).toEqual([]);
  });

  test.each([true, false])(
    'too large for the server lose no word that stands before them (announced: %s)',
    async (said) => {
      alice.saysLength = said;
      await alice.visit('/compose');
      const huge = new Blob([new Uint8Array(limits.uploadBytes + limits.formBodyBytes + 1)]);
      await alice.submit('composer', { text: 'Look at this film', warning: 'Long', media: [huge] });
      expect(alice.status).toBe(422);
      expect(alice.main).toContain('attention');
      expect(alice.fields('composer')).toMatchObject({ text: ['Look at this film'], warning: ['Long'] });
    },
  );

  test('of somebody else are not taken', async () => {
    const bob = await enter(site, 'bob');
    await bob.visit('/compose');
    await bob.submit('composer', { text: 'x'.repeat(501), media: [await picture()] });
    const [id] = bob.fields('composer')['media_keep'] ?? [];
    await alice.visit('/compose');
    const body = new FormData();
    for (const [name, values] of Object.entries(alice.fields('composer'))) body.append(name, String(values[0]));
    body.set('text', 'mine now');
    body.set('visibility', 'public');
    body.append('media_keep', String(id));
    body.append('media_keep_description', 'stolen');
    const response = await alice.send('/posts', {
      method: 'POST',
      body,
      headers: { origin: site.deps.site.origin, 'sec-fetch-site': 'same-origin' },
    });
    expect(response.status).toBe(303);
    const rows = await site.world.store.read.hot<{ post_id: number | null; description: string | null }>(
      'select post_id, description from media',
    );
    expect(rows).toEqual([{ post_id: null, description: null }]);
  });
});

describe('an edit', () => {
  test('begins with what was typed, saves it, and keeps what was said before', async () => {
    await alice.visit('/compose');
    await alice.submit('composer', {
      text: 'First *try* with #words',
      warning: 'Draft',
      language: 'fr',
      media: [await picture()],
      media_description: ['One', '', '', ''],
    });
    const id = (await posts())[0]?.id;
    await alice.visit(`/@alice/${id}`);
    await alice.follow('Edit');
    expect(alice.fields('composer')).toMatchObject({
      text: ['First *try* with #words'],
      warning: ['Draft'],
      language: ['fr'],
      media_keep_description: ['One'],
    });
    await alice.submit('composer', {
      text: 'Second try',
      warning: '',
      media_keep_description: 'Two',
      media: [await picture('red')],
      media_description: ['Three', '', ''],
    });
    expect(alice.path).toBe(`/@alice/${id}`);
    expect(alice.main).toContain('Your changes are saved.');
    for (const words of ['Second try', 'Two', 'Three']) expect(alice.main).toContain(words);
    await alice.visit(`/@alice/${id}/history`);
    for (const words of ['First *try*', 'Draft', 'Media: One']) expect(alice.main).toContain(words);
  });

  test('takes media away, and keeps the words when it is refused', async () => {
    await alice.visit('/compose');
    await alice.submit('composer', {
      text: 'pictures',
      media: [await picture(), await picture('red')],
      media_description: ['One', 'Two', '', ''],
    });
    const id = (await posts())[0]?.id;
    await alice.visit(`/posts/${id}/edit`);
    const [first] = alice.fields('composer')['media_keep'] ?? [];
    await alice.submit('composer', { text: 'y'.repeat(501), media_drop: String(first) });
    expect(alice.status).toBe(422);
    expect(alice.fields('composer')).toMatchObject({
      text: ['y'.repeat(501)],
      media_keep_description: ['One', 'Two'],
      media_drop: [String(first)],
    });
    await alice.submit('composer', { text: 'one picture' });
    await alice.visit('/@alice/media');
    expect(alice.main).toContain('Two');
    expect(alice.main).not.toContain('One');
  });

  test('publishes the pictures that stay, however often others were exchanged for them on pages that came back', async () => {
    await alice.visit('/compose');
    const tooLong = 'z'.repeat(501);
    const words = ['One', 'Two', 'Three', 'Four'];
    for (let round = 0; round < 3; round += 1) {
      const media = await Promise.all(words.map(() => picture()));
      await alice.submit('composer', { text: tooLong, media, media_description: words });
      const ids = alice.fields('composer')['media_keep'] ?? [];
      await alice.submit('composer', { media_drop: ids });
      expect(alice.status).toBe(422);
    }
    const media = await Promise.all(words.map(() => picture('red')));
    await alice.submit('composer', { text: tooLong, media, media_description: words });
    await alice.submit('composer', { text: 'At last' });
    await alice.visit('/@alice/media');
    for (const word of words) expect(alice.main).toContain(word);
  });

  test('leaves a picture that was to be removed when that is taken back on the page that comes back', async () => {
    await alice.visit('/compose');
    const pictures = await Promise.all(['teal', 'red', 'plum', 'gold'].map((colour) => picture(colour)));
    const words = ['One', 'Two', 'Three', 'Four'];
    await alice.submit('composer', { text: 'full', media: pictures, media_description: words });
    const id = (await posts())[0]?.id;
    await alice.visit(`/posts/${id}/edit`);
    const [first] = alice.fields('composer')['media_keep'] ?? [];
    await alice.submit('composer', { text: 'z'.repeat(501), media_drop: String(first) });
    // There is room for another, as long as the first is to go.
    await alice.submit('composer', { media: await picture('navy'), media_description: 'Five' });
    expect(alice.status).toBe(422);
    expect(alice.fields('composer')['media_keep_description']).toEqual([...words, 'Five']);
    await alice.submit('composer', { text: 'five', media_drop: false });
    expect(alice.status).toBe(422);
    expect(alice.fields('composer')['media_keep_description']).toEqual([...words, 'Five']);
    const [, second] = alice.fields('composer')['media_keep'] ?? [];
    await alice.submit('composer', { text: 'four', media_drop: String(second) });
    await alice.visit('/@alice/media');
    for (const kept of ['One', 'Three', 'Four', 'Five']) expect(alice.main).toContain(kept);
    expect(alice.main).not.toContain('Two');
  });
});

describe('a deletion', () => {
  test('asks first, and then is done', async () => {
    await alice.visit('/home');
    await alice.submit('composer', { text: 'A mistake' });
    await alice.follow('Delete…');
    expect(alice.main).toContain('There is no way back.');
    expect(await posts()).toHaveLength(1);
    await alice.press('Delete the post');
    expect(alice.path).toBe('/home');
    expect(alice.main).toContain('The post is deleted.');
    expect(await posts()).toEqual([]);
  });

  test('leaves the page of the post for that of its author', async () => {
    await alice.visit('/home');
    await alice.submit('composer', { text: 'A mistake' });
    const id = (await posts())[0]?.id;
    await alice.visit(`/@alice/${id}`);
    await alice.follow('Delete…');
    await alice.press('Delete the post');
    expect(alice.path).toBe('/@alice');
    await alice.visit(`/@alice/${id}`);
    expect(alice.status).toBe(410);
  });

  test('with a new beginning loses nothing before the new post stands', async () => {
    await alice.visit('/compose');
    await alice.submit('composer', {
      text: 'With a tpyo',
      visibility: 'followers',
      media: [await picture()],
      media_description: ['Tea', '', '', ''],
    });
    const id = (await posts())[0]?.id ?? 0;
    await alice.visit(`/posts/${id}/delete`);
    await alice.follow('Write it again instead');
    expect(alice.fields('composer')).toMatchObject({
      text: ['With a tpyo'],
      visibility: ['followers'],
      media_keep_description: ['Tea'],
    });
    await alice.submit('composer', { text: 'z'.repeat(501) });
    expect(alice.status).toBe(422);
    expect(await posts()).toMatchObject([{ id }]);
    await alice.submit('composer', { text: 'Without a typo', media_keep_description: 'Green tea' });
    expect(await posts()).toMatchObject([{ source: 'Without a typo', visibility: 'followers' }]);
    expect((await posts())[0]?.id).not.toBe(id);
    expect(alice.main).toContain('Green tea');
  });
});

describe('names of people elsewhere', () => {
  const asked: string[] = [];
  let known: Record<string, number> = {};
  const lookup: RemoteLookup = {
    async account(handle, domain) {
      asked.push(`${handle}@${domain}`);
      return known[`${handle}@${domain}`] ?? null;
    },
    byUrl: async () => null,
    readAgain: async () => undefined,
    refresh: () => undefined,
  };

  beforeEach(async () => {
    await site.close();
    site = await openSite({ deps: { lookup } });
    alice = await enter(site, 'alice');
    asked.length = 0;
    known = {};
  });

  test('are looked up before the post goes out, so that they are told', async () => {
    known = { 'rita@there.test': 0 };
    lookup.account = async (handle, domain) => {
      asked.push(`${handle}@${domain}`);
      return handle === 'rita' ? site.world.remote(handle, domain) : null;
    };
    await alice.visit('/home');
    await alice.submit('composer', { text: 'Hello @rita@There.test and @alice@here.test and @nobody' });
    expect(asked).toEqual(['rita@there.test']);
    expect(alice.main).toContain('Your post is out.');
    expect(alice.html).toContain('href="https://there.test/@rita"');
  });

  test('that nobody answers to are told of, and stop a message to them alone', async () => {
    lookup.account = async () => null;
    await alice.visit('/home');
    await alice.submit('composer', { text: 'Hello @ghost@there.test' });
    expect(alice.main).toContain('Nobody could be found under @ghost@there.test, so they have not been told.');
    await alice.submit('composer', { text: 'Secret for @ghost@there.test', visibility: 'direct' });
    expect(alice.status).toBe(422);
    expect(alice.main).toContain('Nothing was sent');
    expect(alice.fields('composer')).toMatchObject({ text: ['Secret for @ghost@there.test'], visibility: ['direct'] });
    expect(await posts()).toHaveLength(1);
  });

  test('are not asked for without end', async () => {
    lookup.account = async (handle, domain) => {
      asked.push(`${handle}@${domain}`);
      return null;
    };
    const text = Array.from({ length: 30 }, (_, n) => `@a${n}@b.test`).join(' ');
    await alice.visit('/home');
    await alice.submit('composer', { text });
    expect(asked).toHaveLength(limits.lookUpsPerPost);
    expect(await posts()).toHaveLength(1);
  });
});
