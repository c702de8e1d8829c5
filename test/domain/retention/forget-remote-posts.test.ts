import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { searchIds } from '#db/dialect.ts';
import { reportAccount } from '#domain/moderation/report-account.ts';
import { bookmarkPost } from '#domain/posts/bookmark-post.ts';
import { boostPost, receiveBoost } from '#domain/posts/boost-post.ts';
import { deletePost } from '#domain/posts/delete-post.ts';
import { favouritePost, receiveFavourite } from '#domain/posts/favourite-post.ts';
import { receivePin } from '#domain/posts/pin-post.ts';
import { vote } from '#domain/posts/vote.ts';
import { agedPosts, FIRST_AGED_POST } from '#domain/retention/aged-posts.queries.ts';
import { forgetRemotePosts as forgetBatch } from '#domain/retention/forget-remote-posts.ts';
import { counterDrift } from '#domain/upkeep/counter-drift.queries.ts';
import { forgetRemotePosts } from '#jobs/forget-remote-posts.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { openWorld, type World } from '../../world.ts';
import { emitted, publish, receive } from '../observed.ts';

const KEPT_DAYS = 90;

let world: World;
let ada: number;
let ria: { id: number; uri: string };
let lou: { id: number; uri: string };

beforeEach(async () => {
  world = await openWorld();
  ada = await world.person('ada');
  ria = { id: await world.remote('ria'), uri: 'https://there.test/users/ria' };
  lou = { id: await world.remote('lou'), uri: 'https://there.test/users/lou' };
});

afterEach(() => world.close());

const forget = (remotePostDays: number | null = KEPT_DAYS) =>
  forgetRemotePosts({ ...world, retention: { remotePostDays } });
const later = (days = KEPT_DAYS + 1) => world.clock.advance(days * DAY_MS);

/** The ends of the addresses of the posts that are here, boosts left out. */
async function kept(): Promise<string[]> {
  const rows = await world.store.read.hot<{ uri: string }>(
    'select uri from posts where boost_of_id is null order by uri',
  );
  return rows.map(({ uri }) => uri.split('/').at(-1) ?? '');
}

/** How many posts the index has for a word, whoever may see them. */
async function findable(word: string): Promise<number> {
  const { sql, value } = searchIds(world.store.engine, 'post_search', [word], '$1');
  return (await world.store.read.hot(`select 1 as found where exists ${sql}`, value)).length;
}

const boostBy = (who: { id: number; uri: string }, postId: number) =>
  world.commit(receiveBoost, {
    actorId: who.id,
    postId,
    uri: `${who.uri}/boosts/${postId}`,
    visibility: 'public',
    publishedAt: world.clock.now(),
  });

describe('posts of other servers', () => {
  test('are forgotten when they are old, and not a day before', async () => {
    await receive(world, ria, 'old');
    later(KEPT_DAYS);
    await forget();
    expect(await kept()).toEqual(['old']);
    later(1);
    await receive(world, ria, 'new');
    await forget();
    expect(await kept()).toEqual(['new']);
  });

  test('count from when they came here: a post that was written long ago and looked up today stays', async () => {
    later();
    await receive(world, ria, 'from-the-archive', { publishedAt: world.clock.now() - 1000 * DAY_MS });
    await forget();
    expect(await kept()).toEqual(['from-the-archive']);
  });

  test('are kept for ever where the admin wants it so', async () => {
    await receive(world, ria, 'old');
    later(10_000);
    await forget(null);
    expect(await kept()).toEqual(['old']);
  });

  test('leave no grave: one that matters again comes back', async () => {
    const first = await receive(world, ria, 'old', { hashtags: ['art'], contentHtml: '<p>palimpsest</p>' });
    expect(await findable('palimpsest')).toBe(1);
    later();
    await forget();
    expect(await emitted(world, 'post-deleted')).toEqual([]);
    expect(await findable('palimpsest')).toBe(0);
    const again = await receive(world, ria, 'old', { contentHtml: '<p>palimpsest</p>' });
    expect(again).not.toBe(0);
    expect(again).not.toBe(first);
    expect(await kept()).toEqual(['old']);
    expect(await findable('palimpsest')).toBe(1);
  });

  test('take what others elsewhere did with them along, and the counts follow', async () => {
    const old = await receive(world, ria, 'old', {
      media: [{ ...REMOTE_PICTURE, url: 'https://there.test/a.png' }],
    });
    await boostBy(lou, old);
    await world.commit(receiveFavourite, {
      actorId: lou.id,
      postUri: `${ria.uri}/posts/old`,
      uri: `${lou.uri}/likes/1`,
    });
    await receive(world, lou, 'answer', { replyToUri: `${ria.uri}/posts/old` });
    later();
    await forget();
    const [row] = await world.store.read.hot(
      `select (select count(*) from posts) as posts, (select count(*) from favourites) as favourites,
         (select count(*) from media where post_id is not null) as media`,
    );
    expect(row).toEqual({ posts: 0, favourites: 0, media: 0 });
    expect(await counterDrift(world.store.read)).toEqual({ accounts: 0, posts: 0 });
  });
});

const REMOTE_PICTURE = {
  kind: 'image' as const,
  mimeType: 'image/png',
  description: null,
  width: 1,
  height: 1,
  blurhash: null,
  focusX: null,
  focusY: null,
  previewUrl: null,
};

describe('a post that somebody here has touched stays:', () => {
  const touches: [string, (postId: number) => Promise<unknown>][] = [
    ['answered', (postId) => publish(world, ada, 'Indeed.', { replyToId: postId })],
    ['boosted', (postId) => world.commit(boostPost, { accountId: ada, postId })],
    ['favourited', (postId) => world.commit(favouritePost, { accountId: ada, postId })],
    ['bookmarked', (postId) => world.commit(bookmarkPost, { accountId: ada, postId })],
    ['voted in', (postId) => world.commit(vote, { accountId: ada, postId, positions: [0] })],
    [
      'pinned by its author',
      () => world.commit(receivePin, { actorId: ria.id, postUri: `${ria.uri}/posts/touched`, pinned: true }),
    ],
    [
      'reported',
      (postId) =>
        world.commit(reportAccount, {
          reporterId: ada,
          targetId: ria.id,
          postIds: [postId],
          comment: '',
          forward: false,
        }),
    ],
  ];

  test.each(touches)('%s', async (_, touch) => {
    const poll = {
      multiple: false,
      options: [
        { title: 'yes', votesCount: 0 },
        { title: 'no', votesCount: 0 },
      ],
      votersCount: 0,
      expiresAt: null,
      closedAt: null,
    };
    const postId = await receive(world, ria, 'touched', { kind: 'question', poll });
    await receive(world, ria, 'untouched', { kind: 'question', poll });
    await touch(postId);
    later();
    await forget();
    expect(await kept()).toContain('touched');
    expect(await kept()).not.toContain('untouched');
  });

  test('it names somebody here', async () => {
    const [row] = await world.store.read.hot<{ uri: string }>('select uri from accounts where id = $1', ada);
    await receive(world, ria, 'about-ada', { mentions: [{ uri: row?.uri ?? '', handle: 'ada' }] });
    await receive(world, ria, 'about-lou', { mentions: [{ uri: lou.uri, handle: 'lou' }] });
    later();
    await forget();
    expect(await kept()).toEqual(['about-ada']);
  });

  test('until the touch is taken back', async () => {
    const postId = await receive(world, ria, 'touched');
    const answer = await publish(world, ada, 'Indeed.', { replyToId: postId });
    later();
    await forget();
    expect(await kept()).toContain('touched');
    await world.commit(deletePost, { authorId: ada, postId: answer });
    await forget();
    expect(await kept()).toEqual([]);
  });
});

describe('a thread', () => {
  const answering = (uri: string) => ({ replyToUri: uri });

  test('stays whole while somebody here is in it, far away from the answer, too', async () => {
    await receive(world, ria, 'root');
    const middle = await receive(world, lou, 'middle', answering(`${ria.uri}/posts/root`));
    await receive(world, ria, 'leaf', answering(`${ria.uri}/posts/root`));
    await publish(world, ada, 'Indeed.', { replyToId: middle });
    later();
    await forget();
    expect(await kept()).toEqual(expect.arrayContaining(['root', 'middle', 'leaf']));
  });

  test('stays whole while it goes on', async () => {
    await receive(world, ria, 'root');
    later();
    await receive(world, lou, 'late', answering(`${ria.uri}/posts/root`));
    await forget();
    expect(await kept()).toEqual(['late', 'root']);
    later();
    await forget();
    expect(await kept()).toEqual([]);
  });

  test('of which a part was told of late counts right, and finds its beginning when that comes back', async () => {
    // Not known to be one thread, since what is between them never came.
    await receive(world, ria, 'root');
    later();
    await forget();
    await receive(world, lou, 'answer', answering(`${ria.uri}/posts/root`));
    await receive(world, ria, 'root');
    const [row] = await world.store.read.hot(
      `select r.replies_count as replies, a.thread_id = r.id as together from posts r join posts a on a.reply_to_id = r.id`,
    );
    expect(row).toMatchObject({ replies: 1 });
    expect(Number((row as { together: unknown }).together)).toBe(1);
    expect(await counterDrift(world.store.read)).toEqual({ accounts: 0, posts: 0 });
  });
});

describe('a boost', () => {
  test('that came lately keeps an old post in the timelines of its followers', async () => {
    const old = await receive(world, ria, 'old');
    later();
    await boostBy(lou, old);
    await forget();
    expect(await kept()).toEqual(['old']);
    later();
    await forget();
    expect(await kept()).toEqual([]);
  });

  test('of a post of ours stays as long as the post', async () => {
    const ours = await publish(world, ada, 'Hello');
    await boostBy(lou, ours);
    later(1000);
    await forget();
    const [row] = await world.store.read.hot('select boosts_count from posts where id = $1', ours);
    expect(row).toEqual({ boosts_count: 1 });
  });
});

test('posts of ours are never forgotten', async () => {
  await publish(world, ada, 'Hello');
  later(10_000);
  await forget();
  expect(await kept()).toHaveLength(1);
});

test('what is touched between the look and the transaction stays', async () => {
  const postId = await receive(world, ria, 'old');
  later();
  const before = world.clock.now() - KEPT_DAYS * DAY_MS;
  const { untouchedIds } = await agedPosts(world.store.read, { before, after: FIRST_AGED_POST, most: 10 });
  expect(untouchedIds).toEqual([postId]);
  await world.commit(favouritePost, { accountId: ada, postId });
  expect(await world.commit(forgetBatch, { ids: untouchedIds, before })).toBe(0);
  expect(await kept()).toEqual(['old']);
});

test('many are forgotten in many batches, past those that stay', async () => {
  for (let index = 0; index < 130; index += 1) {
    const id = await receive(world, ria, `post-${String(index).padStart(3, '0')}`);
    if (index % 13 === 0) await world.commit(bookmarkPost, { accountId: ada, postId: id });
  }
  later();
  await forget();
  expect(await kept()).toEqual(Array.from({ length: 10 }, (_, index) => `post-${String(index * 13).padStart(3, '0')}`));
  expect(await counterDrift(world.store.read)).toEqual({ accounts: 0, posts: 0 });
});
