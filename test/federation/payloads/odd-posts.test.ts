import { describe, expect, test } from 'vitest';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import { readPost } from '#federation/translate/post.ts';
import type { PostContext } from '#federation/translate/post.ts';
import { NOW } from './outcome.ts';

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
const ANN = 'https://a.example/users/ann';
const FOLLOWERS = `${ANN}/followers`;

describe('who may see a post', () => {
  test.each([
    ['public', { to: PUBLIC }],
    ['public', { to: ['as:Public'] }],
    ['public', { to: [FOLLOWERS, 'Public'] }],
    ['public', { to: { id: PUBLIC, type: 'Collection' } }],
    ['unlisted', { to: [FOLLOWERS], cc: 'as:Public' }],
    ['followers', { to: FOLLOWERS }],
    ['followers', { to: [], cc: [{ id: FOLLOWERS }] }],
    ['direct', { to: ['https://b.example/users/bob'] }],
    ['direct', {}],
    ['direct', { to: 'https://www.w3.org/ns/activitystreams#public' }],
    ['direct', { to: { a: 1 }, cc: 5 }],
    ['direct', { bto: PUBLIC }],
  ])('%s: %j', (visibility, addressed) => {
    expect(read(addressed).visibility).toBe(visibility);
  });

  test("somebody else's followers are not the author's", () => {
    expect(read({ to: 'https://b.example/users/bob/followers' }).visibility).toBe('direct');
    expect(read({ to: 'https://a.example/groups/g/followers' }, { followersUri: FOLLOWERS }).visibility).toBe('direct');
  });

  test('the followers that our row knows need not look like followers', () => {
    const followersUri = 'https://a.example/c/9';
    expect(read({ to: followersUri }, { followersUri }).visibility).toBe('followers');
  });

  test('the activity speaks for a post that addresses nobody, and only then', () => {
    const audience = { to: [PUBLIC], cc: ['https://b.example/users/bob'] };
    expect(read({}, { audience })).toMatchObject({
      visibility: 'public',
      recipientUris: ['https://b.example/users/bob'],
    });
    expect(read({ to: FOLLOWERS }, { audience }).visibility).toBe('followers');
  });

  test('the named are those that are neither public nor followers, each once', () => {
    const bob = 'https://b.example/users/bob';
    expect(
      read({ to: [PUBLIC, bob, bob], cc: [FOLLOWERS, 'https://c.example/g', 'mailto:x@c.example'] }).recipientUris,
    ).toEqual([bob, 'https://c.example/g']);
  });
});

describe('when', () => {
  test.each([
    ['not a date', NOW],
    [null, NOW],
    [1_700_000_000, NOW],
    ['0001-01-01T00:00:00Z', NOW],
    ['2999-01-01T00:00:00Z', NOW],
    ['2026-02-30T25:00:00Z', NOW],
    ['2026-01-02', Date.UTC(2026, 0, 2)],
    ['2026-01-02T03:04:05.6789', Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
    ['2026-01-02 03:04:05+0200', Date.UTC(2026, 0, 2, 1, 4, 5)],
    ['2026-01-02T03:04Z', Date.UTC(2026, 0, 2, 3, 4)],
  ])('published %j', (published, at) => {
    expect(read({ published }).publishedAt).toBe(at);
  });

  test('an edit is not in the future, and garbage is no edit', () => {
    const published = '2026-01-02T03:04:05Z';
    expect(read({ published, updated: '2999-01-01T00:00:00Z' }).editedAt).toBe(NOW);
    expect(read({ published, updated: 'yesterday' }).editedAt).toBeNull();
    expect(read({ published, updated: published }).editedAt).toBeNull();
  });
});

describe('what it says', () => {
  test('only a map of languages', () => {
    expect(read({ content: undefined, contentMap: { fr: '<p>salut</p>' } })).toMatchObject({
      contentHtml: '<p>salut</p>',
      language: 'fr',
    });
  });

  test('five hundred languages', () => {
    const contentMap = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`x${index}`, `<p>${index}</p>`]));
    expect(read({ content: '<p>a</p>', contentMap })).toMatchObject({ contentHtml: '<p>a</p>', language: null });
  });

  test.each([
    ['pt_br', 'pt-BR'],
    ['und', null],
    ['EN', 'en'],
    ['<b>', null],
    ['x'.repeat(100_000), null],
  ])('language %s', (tag, language) => {
    expect(read({ contentMap: { [tag]: '<p>hello</p>' } }).language).toBe(language);
  });

  test('text that is no HTML stays what it is', () => {
    expect(read({ content: 'I <3 C & D\n\nbye' }).contentHtml).toBe('<p>I &lt;3 C &amp; D</p><p>bye</p>');
  });

  test.each([5, true, ['<p>a</p>'], { a: 1 }, null])('content %j is nothing', (content) => {
    expect(read({ content }).contentHtml).toBe('');
  });

  test('a warning may be HTML; bidirectional marks stay', () => {
    expect(read({ summary: 'food &amp; <b>drink</b> \u202erev\u202c' }).warning).toBe('food & drink \u202erev\u202c');
  });

  test('megabytes are cut', () => {
    const long = 'x'.repeat(1_000_000);
    const post = read({ type: 'Article', name: long, summary: long, content: long, url: `https://a.example/${long}` });
    expect([post.title?.length, post.contentHtml.length, post.url]).toEqual([300, 100_007, null]);
    expect(read({ summary: long }).warning?.length).toBe(500);
  });

  test('a cut does not halve a character', () => {
    expect(read({ summary: `${'x'.repeat(499)}😀` }).warning).toBe('x'.repeat(499));
  });

  test('a name that would be a command of the terminal or the database', () => {
    expect(read({ type: 'Page', name: 'a\u0000\u001b[31mb\ud800' }).title).toBe('a[31mb\ufffd');
  });
});

describe('floods', () => {
  const many = (count: number, make: (index: number) => unknown) =>
    Array.from({ length: count }, (_, index) => make(index));

  test('of mentions, hashtags and emoji', () => {
    const tag = (make: (index: number) => unknown) => read({ tag: many(10_000, make) });
    expect(tag((index) => ({ type: 'Mention', href: `https://b.example/${index}` })).mentions).toHaveLength(100);
    expect(tag((index) => ({ type: 'Hashtag', name: `#t${index}` })).hashtags).toHaveLength(100);
    const icon = { type: 'Image', url: 'https://a.example/e.png' };
    expect(tag((index) => ({ type: 'Emoji', name: `:e${index}:`, icon })).emoji).toHaveLength(100);
  });

  test('of files', () => {
    const attachment = many(5000, (index) => ({ type: 'Image', url: `https://a.example/${index}.png` }));
    expect(read({ attachment }).media).toHaveLength(16);
  });

  test('of options', () => {
    const oneOf = many(2000, (index) => ({ type: 'Note', name: `option ${index}` }));
    expect(read({ type: 'Question', oneOf }).poll?.options).toHaveLength(20);
  });

  test('of addressees', () => {
    const to = many(100_000, (index) => `https://b.example/${index}`);
    expect(read({ to: [...to, PUBLIC] })).toMatchObject({ visibility: 'direct' });
    expect(read({ to }).recipientUris).toHaveLength(1000);
  });
});

describe('polls', () => {
  const option = (name: unknown, totalItems: unknown) => ({
    type: 'Note',
    name,
    replies: { type: 'Collection', totalItems },
  });

  test('counts that lie', () => {
    const oneOf = [
      option('a', -1),
      option('b', 1e300),
      option('c', 'NaN'),
      option('d', 2.7),
      option('a', 9),
      option('', 1),
      5,
    ];
    expect(read({ type: 'Question', oneOf, votersCount: -3 }).poll).toMatchObject({
      options: [
        { title: 'a', votesCount: 0 },
        { title: 'b', votesCount: 1_000_000_000 },
        { title: 'c', votesCount: 0 },
        { title: 'd', votesCount: 2 },
      ],
      votersCount: null,
    });
  });

  test('without options it is a note', () => {
    expect(read({ type: 'Question', anyOf: [] })).toMatchObject({ kind: 'note', poll: null });
  });

  test.each([
    ['2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1)],
    ['2999-01-01T00:00:00Z', Date.UTC(2999, 0, 1), null],
    [true, null, NOW],
    [false, null, null],
  ])('closed %j', (closed, expiresAt, closedAt) => {
    expect(read({ type: 'Question', oneOf: [option('a', 0)], closed }).poll).toMatchObject({ expiresAt, closedAt });
  });
});

describe('files and links', () => {
  test('an attached page is a link in the text, once', () => {
    const attachment = { type: 'Link', href: 'https://b.example/page' };
    const html = read({ content: '<p>see</p>', attachment }).contentHtml;
    expect(html).toMatch(/^<p>see<\/p><p><a href="https:\/\/b\.example\/page" /);
    expect(read({ content: html, attachment }).contentHtml).toBe(html);
  });

  test.each([
    ['javascript:alert(1)'],
    ['data:image/png;base64,AA'],
    ['/relative.png'],
    ['https://user:pass@b.example/x.png'],
    [5],
    [{ href: {} }],
  ])('a file at %j is none', (url) => {
    expect(read({ attachment: { type: 'Image', url } }).media).toEqual([]);
    expect(read({ url }).url).toBeNull();
  });

  test('of a broadcast that has no file yet its picture is shown', () => {
    const url = [{ type: 'Link', mediaType: 'application/x-mpegURL', href: 'https://a.example/live.m3u8' }];
    expect(
      read({ type: 'Video', url, icon: { type: 'Image', url: 'https://a.example/live.jpg' } }).media,
    ).toMatchObject([{ kind: 'image', url: 'https://a.example/live.jpg' }]);
  });

  test('a document of an unknown sort is a file', () => {
    const attachment = [
      { type: 'Document', mediaType: 'application/pdf', url: 'https://a.example/x', focalPoint: [7, 7], blurhash: '<' },
    ];
    expect(read({ attachment }).media).toMatchObject([
      { kind: 'file', mimeType: 'application/pdf', focusX: null, blurhash: null },
    ]);
  });
});

describe('what is no post', () => {
  test.each([
    ['not an object', null],
    ['not an object', [1]],
    ['not a post: Person', { ...plainNote(), type: 'Person' }],
    ['not a post: no type', { ...plainNote(), type: { id: 'Note' } }],
    ['no id', { ...plainNote(), id: 'tag:a.example,2026:1' }],
    ['no id', { ...plainNote(), id: 'https://{{DOMAIN}}/1' }],
    ['no author', { ...plainNote(), attributedTo: [] }],
    ['its author is of another origin', { ...plainNote(), id: 'https://b.example/1' }],
    ['its author is of another origin', { ...plainNote(), id: 'http://a.example/1' }],
    [
      'a vote, not a post',
      { ...plainNote(), content: null, name: 'yes', inReplyTo: 'https://b.example/q', to: ['https://b.example/bob'] },
    ],
  ])('%s: %j', (refused, json) => {
    expect(readPost(json, { now: NOW, followersUri: null })).toEqual({ refused });
  });

  test('a post does not answer or quote itself', () => {
    const { id } = plainNote();
    expect(read({ inReplyTo: id, quote: id })).toMatchObject({ replyToUri: null, quoteUri: null });
  });
});

function plainNote() {
  return { id: 'https://a.example/notes/1', type: 'Note', attributedTo: ANN, content: '<p>hello</p>' };
}

function read(change: object, context: Partial<PostContext> = {}): RemotePost {
  const result = readPost({ ...plainNote(), ...change }, { now: NOW, followersUri: null, ...context });
  if ('refused' in result) throw new Error(result.refused);
  return result.post;
}
