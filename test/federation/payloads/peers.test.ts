import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RemotePost } from '#domain/posts/remote-post.ts';
import { readActivity } from '#federation/translate/activity.ts';
import { readPost } from '#federation/translate/post.ts';
import { NOW } from './outcome.ts';

/*
 * Documents written after those that these servers send, each with that server's habits.
 */

const REL = 'rel="nofollow noopener noreferrer ugc"';

describe('Mastodon', () => {
  test('a reply for followers, edited, with everything in it', () => {
    expect(brought('mastodon/create-note.json')).toEqual({
      uri: 'https://mastodon.example/users/ines/statuses/114000000000000001',
      url: 'https://mastodon.example/@ines/114000000000000001',
      kind: 'note',
      authorUri: 'https://mastodon.example/users/ines',
      title: null,
      contentHtml:
        `<p><span class="h-card"><a href="https://other.example/@olu" ${REL} class="u-url mention">@<span>olu</span></a></span>` +
        ` rain again :cloud: <a href="https://mastodon.example/tags/Rain" ${REL} class="mention hashtag">#<span>Rain</span></a></p>`,
      warning: 'weather & food <3',
      sensitive: true,
      language: 'pt-BR',
      visibility: 'followers',
      replyToUri: 'https://other.example/users/olu/statuses/5',
      quoteUri: 'https://third.example/notes/9',
      mentions: [{ uri: 'https://other.example/users/olu', handle: 'olu@other.example' }],
      hashtags: ['rain'],
      emoji: [{ shortcode: 'cloud', url: 'https://files.mastodon.example/emoji/cloud.png' }],
      media: [
        {
          url: 'https://files.mastodon.example/original/rain.webp',
          kind: 'image',
          mimeType: 'image/webp',
          description: 'A street\nunder water',
          width: 1600,
          height: 900,
          blurhash: 'UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH',
          focusX: -0.25,
          focusY: 0.5,
          previewUrl: null,
        },
        {
          url: 'https://files.mastodon.example/original/soup.mp4',
          kind: 'video',
          mimeType: 'video/mp4',
          description: null,
          width: 640,
          height: 360,
          blurhash: null,
          focusX: null,
          focusY: null,
          previewUrl: 'https://files.mastodon.example/small/soup.png',
        },
      ],
      poll: null,
      publishedAt: Date.UTC(2026, 1, 3, 10, 11, 12),
      editedAt: Date.UTC(2026, 1, 3, 11),
      recipientUris: ['https://other.example/users/olu'],
    });
  });

  test('a vote in a poll of ours', () => {
    expect(readActivity(peer('mastodon/vote.json'))).toEqual({
      kind: 'vote',
      uri: 'https://mastodon.example/users/ines#votes/31',
      actorUri: 'https://mastodon.example/users/ines',
      pollUri: 'https://estrade.example/users/mei/posts/77',
      choice: 'Tea & cake',
    });
  });
});

describe('Pleroma', () => {
  test('a quoting note, unlisted, whose file stands in a list of links', () => {
    expect(post('pleroma/note.json')).toMatchObject({
      authorUri: 'https://pleroma.example/users/kit',
      url: null,
      visibility: 'unlisted',
      warning: null,
      sensitive: false,
      quoteUri: 'https://misskey.example/notes/abc',
      media: [
        { url: 'https://pleroma.example/media/song.mp3', kind: 'audio', mimeType: 'audio/mpeg', description: null },
      ],
      publishedAt: Date.UTC(2026, 2, 1, 8, 0, 0, 123),
      recipientUris: [],
    });
  });

  test('a reaction is a favourite that shows its emoji', () => {
    expect(readActivity(peer('pleroma/emoji-react.json'))).toEqual({
      kind: 'like',
      uri: 'https://pleroma.example/activities/9f',
      actorUri: 'https://pleroma.example/users/kit',
      objectUri: 'https://estrade.example/users/mei/posts/77',
      reaction: '☕',
    });
  });
});

test("Misskey's poll of several choices", () => {
  expect(post('misskey/question.json')).toMatchObject({
    kind: 'question',
    contentHtml: '<p><span>Which of these?<br />:blobthink:</span></p>',
    visibility: 'unlisted',
    quoteUri: 'https://other.example/notes/1',
    emoji: [{ shortcode: 'blobthink', url: 'https://misskey.example/files/blobthink.webp' }],
    poll: {
      multiple: true,
      options: [
        { title: 'ramen', votesCount: 3 },
        { title: 'udon', votesCount: 1 },
      ],
      votersCount: null,
      expiresAt: Date.UTC(2026, 0, 21, 12),
      closedAt: null,
    },
  });
});

test("GoToSocial's note without brackets, to as:Public, at its own hour", () => {
  expect(post('gotosocial/note.json')).toMatchObject({
    visibility: 'public',
    language: 'en',
    warning: null,
    hashtags: ['sloth'],
    media: [{ description: 'A sloth', focusX: 0, focusY: 0 }],
    publishedAt: Date.UTC(2026, 1, 10, 8),
    recipientUris: [],
  });
});

test('a page that a Lemmy community announces, with the link it is about', () => {
  const activity = readActivity(peer('lemmy/announce-page.json'));
  expect(activity).toMatchObject({
    kind: 'announce',
    actorUri: 'https://lemmy.example/c/trains',
    wraps: 'Create',
    object: { uri: 'https://lemmy.example/post/42', type: 'Page', attributedTo: 'https://lemmy.example/u/nora' },
  });
  expect(brought('lemmy/announce-page.json')).toMatchObject({
    kind: 'page',
    title: 'Night trains are back',
    contentHtml: `<p>From May on.</p>\n<p><a href="https://news.example/night-trains" ${REL}>https://news.example/night-trains</a></p>`,
    language: 'en',
    visibility: 'public',
    hashtags: ['trains'],
    media: [{ url: 'https://lemmy.example/pictrs/image/thumb.webp', kind: 'image' }],
  });
});

test("PeerTube's video: its person, its page, a file of middling size", () => {
  expect(post('peertube/video.json')).toMatchObject({
    kind: 'video',
    authorUri: 'https://tube.example/accounts/remy',
    url: 'https://tube.example/w/0a1b',
    title: 'How a lock works',
    contentHtml: `<p>A **boat** goes up.</p><p>More: <a href="https://canals.example/lock" ${REL}>https://canals.example/lock</a>.</p>`,
    language: 'fr',
    hashtags: ['canal'],
    media: [
      {
        url: 'https://tube.example/hls/480.mp4',
        kind: 'video',
        mimeType: 'video/mp4',
        width: 854,
        height: 480,
        previewUrl: 'https://tube.example/preview-850.jpg',
      },
    ],
    editedAt: null,
  });
});

test("Pixelfed's pictures, each once", () => {
  expect(post('pixelfed/note.json')).toMatchObject({
    contentHtml: '<p>Two herons</p>',
    media: [
      { url: 'https://pixelfed.example/storage/m/1.jpg', description: 'A heron on one leg', width: 1080, height: 1350 },
      { url: 'https://pixelfed.example/storage/m/2.jpg', description: null },
    ],
  });
});

test("WordPress's article: the summary is no warning, its blocks are lines", () => {
  expect(post('wordpress/article.json')).toMatchObject({
    kind: 'article',
    title: 'Sourdough, again',
    url: 'https://blog.example/sourdough-again/',
    warning: null,
    contentHtml: '\n<p><strong>Flour &amp; water</strong></p>\nDay one<p>Wait<span>1</span>.</p>',
    language: 'en',
    media: [{ description: 'A loaf', kind: 'image' }],
    editedAt: Date.UTC(2026, 0, 5, 3, 4, 5),
  });
});

test("Mobilizon's event belongs to its group, and its website is a link", () => {
  expect(post('mobilizon/event.json')).toMatchObject({
    kind: 'event',
    authorUri: 'https://mobilizon.example/@repaircafe',
    title: 'Repair café',
    contentHtml: `<p>Bring what is broken.</p><p><a href="https://swap.example/rules" ${REL}>https://swap.example/rules</a></p>`,
    language: 'en',
    media: [{ url: 'https://mobilizon.example/media/b.jpg?name=b.jpg' }],
    editedAt: null,
  });
});

test("Friendica's note for followers, whose map of languages says something else", () => {
  expect(post('friendica/note.json')).toMatchObject({
    contentHtml: `As she said:<br /><a href="https://other.example/1" ${REL}>♲</a> Ida:<blockquote><p><strong>Monday</strong></p>no trains</blockquote>`,
    language: 'de',
    visibility: 'followers',
    recipientUris: ['https://other.example/users/ida'],
  });
});

test("BookWyrm's review, which answers nothing", () => {
  expect(post('bookwyrm/review.json')).toMatchObject({
    kind: 'article',
    title: 'Review of "The Lathe" (5 stars): Dreams',
    replyToUri: null,
    media: [{ kind: 'image', description: 'Cover: The Lathe' }],
    mentions: [],
  });
});

test("Hubzilla's note: objects wherever others have ids", () => {
  expect(readActivity(peer('hubzilla/create-note.json'))).toMatchObject({
    kind: 'create',
    actorUri: 'https://hub.example/channel/bo',
    object: { uri: 'https://hub.example/item/5c', attributedTo: 'https://hub.example/channel/bo' },
  });
  expect(brought('hubzilla/create-note.json')).toMatchObject({
    authorUri: 'https://hub.example/channel/bo',
    url: 'https://hub.example/channel/bo?mid=5c',
    contentHtml: 'one<br />two',
    replyToUri: 'https://other.example/notes/2',
    visibility: 'public',
    mentions: [{ uri: 'https://other.example/users/ida', handle: null }],
    media: [{ url: 'https://hub.example/photo/1.png', kind: 'image', mimeType: 'image/png', description: null }],
    recipientUris: [],
  });
});

test("Hollo's note: a list only where there are two, and a quote under three names", () => {
  const note = brought('hollo/create-note.json');
  expect(note).toMatchObject({
    authorUri: 'https://hollo.example/@noa',
    visibility: 'public',
    warning: 'rain',
    sensitive: true,
    language: 'en',
    quoteUri: 'https://third.example/notes/9',
    mentions: [{ uri: 'https://other.example/users/olu', handle: 'olu@other.example' }],
    hashtags: ['Rain'],
    media: [{ kind: 'image', description: 'A red field', width: 320, height: 240 }],
  });
  expect(note.contentHtml).toContain('<strong>Why</strong>');
});

function peer(name: string): unknown {
  return JSON.parse(readFileSync(resolve(import.meta.dirname, '../../fixtures/peers', name), 'utf8'));
}

function post(name: string): RemotePost {
  return postOf(peer(name));
}

/** The post that an activity brings along. */
function brought(name: string): RemotePost {
  const activity = readActivity(peer(name));
  if (activity.kind !== 'create' && activity.kind !== 'announce') throw new Error(`${name} is ${activity.kind}`);
  return postOf(activity.object.json);
}

function postOf(json: unknown): RemotePost {
  const read = readPost(json, { now: NOW, followersUri: null });
  if ('refused' in read) throw new Error(read.refused);
  return read.post;
}
