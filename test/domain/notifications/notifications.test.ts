import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Unit } from '#db/unit.ts';
import { receiveMove } from '#domain/departures/receive-move.ts';
import type { DomainEvent } from '#domain/events.ts';
import { clearNotifications, dismissNotification } from '#domain/notifications/clear-notifications.ts';
import { markNotificationsRead } from '#domain/notifications/mark-notifications-read.ts';
import type { NotificationKind } from '#domain/notifications/notification-view.ts';
import { countUnread, listNotifications } from '#domain/notifications/notifications.queries.ts';
import { boostPost, receiveBoost, undoBoost } from '#domain/posts/boost-post.ts';
import { closePolls } from '#domain/posts/close-polls.ts';
import { deletePost } from '#domain/posts/delete-post.ts';
import { editPost } from '#domain/posts/edit-post.ts';
import { favouritePost, undoFavourite } from '#domain/posts/favourite-post.ts';
import { refreshPost } from '#domain/posts/receive-post.ts';
import { vote } from '#domain/posts/vote.ts';
import { acceptFollow } from '#domain/relationships/accept-follow.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { blockDomain } from '#domain/relationships/block-domain.ts';
import { muteAccount } from '#domain/relationships/mute-account.ts';
import { receiveAccept } from '#domain/relationships/receive-accept.ts';
import { receiveBlock } from '#domain/relationships/receive-block.ts';
import { receiveFollow } from '#domain/relationships/receive-follow.ts';
import { rejectFollow } from '#domain/relationships/reject-follow.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { undoFollow } from '#domain/relationships/undo-follow.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';
import { firstPage } from '#kernel/page.ts';
import { openWorld, type World } from '../../world.ts';
import { enrol, followUriOf, publish, receive, remotePost, update } from '../observed.ts';

let world: World;
let ada: number;
let ben: number;
let rita: number;
const ritaUri = 'https://there.test/users/rita';

beforeEach(async () => {
  world = await openWorld();
  ada = await world.person('ada');
  ben = await world.person('ben');
  rita = await world.remote('rita');
  await enrol(world, ada);
  await enrol(world, ben);
});

afterEach(() => world.close());

const page = async (accountId: number, kinds?: NotificationKind[]) =>
  (await listNotifications(world.store, accountId, firstPage(20), world.clock.now(), kinds)).items;
const heard = async (accountId: number) =>
  (await page(accountId)).map((one) => `${one.kind} from ${one.from.handle}${one.post ? ` about ${one.post.id}` : ''}`);
const rowCount = () => world.store.read.$count(world.store.schema.notifications);
const emit = (event: DomainEvent) => world.commit(async (unit: Unit, input: DomainEvent) => unit.emit(input), event);

/** Rita names Ada in a post. */
const ritaNamesAda = (name: string, over: object = {}) =>
  receive(world, { id: rita, uri: ritaUri }, name, {
    mentions: [{ uri: 'https://here.test/users/ada', handle: '@ada@here.test' }],
    ...over,
  });

describe('a mention', () => {
  test('is heard from here and from elsewhere, once', async () => {
    const own = await publish(world, ben, 'hello @ada and @ada again');
    const theirs = await ritaNamesAda('1');
    await emit({ type: 'post-received', postId: theirs, authorId: rita });
    expect(await heard(ada)).toEqual([`mention from rita about ${theirs}`, `mention from ben about ${own}`]);
  });

  test('of oneself is no news', async () => {
    await publish(world, ada, 'as @ada said');
    expect(await rowCount()).toBe(0);
  });

  test('goes with its post', async () => {
    const postId = await publish(world, ben, 'hello @ada');
    await world.commit(deletePost, { authorId: ben, postId });
    expect(await heard(ada)).toEqual([]);
  });

  test('in an old post that is found today is no news', async () => {
    await ritaNamesAda('old', { publishedAt: world.clock.now() - 31 * DAY_MS });
    await ritaNamesAda('late', { publishedAt: world.clock.now() - 8 * DAY_MS });
    expect(await rowCount()).toBe(1);
  });

  test('is heard by one though another mutes its author', async () => {
    await world.commit(muteAccount, { muterId: ben, mutedId: rita, hideNotifications: true, expiresAt: null });
    await ritaNamesAda('1');
    expect(await heard(ada)).toHaveLength(1);
  });

  test('in a direct or a followers-only post reaches the named', async () => {
    await publish(world, ben, 'psst @ada', { visibility: 'direct' });
    await publish(world, ben, 'friends, and @ada', { visibility: 'followers' });
    expect(await heard(ada)).toHaveLength(2);
  });
});

describe('nobody hears of', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['one whom they block', () => world.commit(blockAccount, { blockerId: ada, blockedId: rita })],
    [
      'one who blocks them',
      () => world.commit(receiveBlock, { uri: 'https://there.test/b', blockerId: rita, blockedId: ada }),
    ],
    [
      'one whom they mute',
      () => world.commit(muteAccount, { muterId: ada, mutedId: rita, hideNotifications: true, expiresAt: null }),
    ],
    ['a domain that they block', () => world.commit(blockDomain, { accountId: ada, domain: 'there.test' })],
    ['a suspended account', () => update(world, rita, 'suspended_at = 1')],
    ['a limited account that they do not follow', () => update(world, rita, 'limited_at = 1')],
    ['anything when they are suspended themselves', () => update(world, ada, 'suspended_at = 1')],
  ])('%s', async (_, arrange) => {
    const postId = await publish(world, ada, 'mine');
    await arrange();
    await ritaNamesAda('1');
    await emit({ type: 'post-boosted', boostId: 1, postId, accountId: rita });
    await emit({ type: 'post-favourited', postId, accountId: rita, uri: 'https://there.test/like' });
    await emit({
      type: 'follow-accepted',
      followerId: rita,
      followeeId: ada,
      uri: 'https://there.test/f',
      byRequest: false,
    });
    await emit({ type: 'follow-requested', followerId: rita, followeeId: ada, uri: 'https://there.test/f' });
    expect(await rowCount()).toBe(0);
  });

  test('one whom they mute, for as long as that lasts, and unless they want to', async () => {
    await world.commit(muteAccount, {
      muterId: ada,
      mutedId: rita,
      hideNotifications: true,
      expiresAt: world.clock.now() + HOUR_MS,
    });
    world.clock.advance(HOUR_MS);
    await ritaNamesAda('1');
    await world.commit(muteAccount, { muterId: ada, mutedId: rita, hideNotifications: false, expiresAt: null });
    await ritaNamesAda('2');
    expect(await heard(ada)).toHaveLength(2);
  });

  test('a limited account, unless they follow it', async () => {
    await world.commit(requestFollow, { followerId: ada, followeeId: rita });
    await world.commit(receiveAccept, { followeeId: rita, uri: await followUriOf(world, ada, rita), followerId: null });
    await update(world, rita, 'limited_at = 1');
    await ritaNamesAda('1');
    expect(await heard(ada)).toHaveLength(1);
  });
});

describe('a follow', () => {
  const theirFollow = () =>
    world.commit(receiveFollow, { uri: 'https://there.test/f/1', followerId: rita, followeeId: ada });

  test('is heard once, however often it is sent, and goes when it ends', async () => {
    await theirFollow();
    await theirFollow();
    expect(await heard(ada)).toEqual(['follow from rita']);
    await world.commit(clearNotifications, { accountId: ada });
    await theirFollow();
    expect(await heard(ada)).toEqual([]);

    await world.commit(requestFollow, { followerId: ben, followeeId: ada });
    expect(await heard(ada)).toEqual(['follow from ben']);
    await world.commit(undoFollow, { followerId: ben, followeeId: ada });
    expect(await rowCount()).toBe(0);
  });

  test('is asked for, answered, and the asking goes', async () => {
    await update(world, ada, 'locked = 1');
    await world.commit(requestFollow, { followerId: ben, followeeId: ada });
    expect(await heard(ada)).toEqual(['follow-request from ben']);
    await world.commit(acceptFollow, { followeeId: ada, followerId: ben });
    expect(await heard(ada)).toEqual([]);
    expect(await heard(ben)).toEqual(['follow-accepted from ada']);
    await world.commit(blockAccount, { blockerId: ada, blockedId: ben });
    expect(await rowCount()).toBe(0);
  });

  test('that is refused or withdrawn leaves nothing', async () => {
    await update(world, ada, 'locked = 1');
    await world.commit(requestFollow, { followerId: ben, followeeId: ada });
    await world.commit(rejectFollow, { followeeId: ada, followerId: ben });
    expect(await rowCount()).toBe(0);
    await world.commit(requestFollow, { followerId: ben, followeeId: ada });
    await world.commit(undoFollow, { followerId: ben, followeeId: ada });
    expect(await rowCount()).toBe(0);
  });

  test('elsewhere is news when a person had to accept it', async () => {
    const ask = async (followeeId: number) => {
      await world.commit(requestFollow, { followerId: ada, followeeId });
      await world.commit(receiveAccept, {
        followeeId,
        uri: await followUriOf(world, ada, followeeId),
        followerId: null,
      });
    };
    await ask(rita);
    expect(await heard(ada)).toEqual([]);
    const lou = await world.remote('lou');
    await update(world, lou, 'locked = 1');
    await ask(lou);
    expect(await heard(ada)).toEqual(['follow-accepted from lou']);
  });

  test('moves with whom one follows, which one hears', async () => {
    const old = await world.remote('old');
    await world.commit(requestFollow, { followerId: ada, followeeId: old });
    await world.commit(receiveAccept, { followeeId: old, uri: await followUriOf(world, ada, old), followerId: null });
    await update(world, rita, `aliases = '["https://there.test/users/old"]'`);
    world.clock.advance(HOUR_MS);
    await world.commit(receiveMove, { actorId: old, targetId: rita });
    expect(await heard(ada)).toEqual(['moved from old']);
    expect(await heard(ben)).toEqual([]);
  });
});

describe('what others do with a post', () => {
  test('is heard by its author, and goes when it is undone', async () => {
    const postId = await publish(world, ada, 'mine');
    for (let round = 0; round < 2; round += 1) {
      await world.commit(boostPost, { accountId: ben, postId });
      await world.commit(favouritePost, { accountId: ben, postId });
      expect((await heard(ada)).toSorted()).toEqual([
        `boost from ben about ${postId}`,
        `favourite from ben about ${postId}`,
      ]);
      await world.commit(undoBoost, { accountId: ben, postId });
      await world.commit(undoFavourite, { accountId: ben, postId });
      expect(await heard(ada)).toEqual([]);
    }
  });

  test('is no news when oneself did it', async () => {
    const postId = await publish(world, ada, 'mine');
    await world.commit(boostPost, { accountId: ada, postId });
    await world.commit(favouritePost, { accountId: ada, postId });
    expect(await rowCount()).toBe(0);
  });

  test('is told once for each that does it', async () => {
    const postId = await publish(world, ada, 'mine');
    const boost = { actorId: rita, postId, uri: 'https://there.test/boost', visibility: 'public' as const };
    await world.commit(receiveBoost, { ...boost, publishedAt: world.clock.now() });
    await emit({ type: 'post-boosted', boostId: 2, postId, accountId: rita });
    await world.commit(boostPost, { accountId: ben, postId });
    expect(await heard(ada)).toEqual([`boost from ben about ${postId}`, `boost from rita about ${postId}`]);
  });
});

describe('an edit', () => {
  const edit = (postId: number, text: string) =>
    world.commit(editPost, { authorId: ada, postId, text, warning: null, sensitive: false, language: null });

  test('is heard by those who boosted the post, the newest one only', async () => {
    const postId = await publish(world, ada, 'first');
    await edit(postId, 'second');
    expect(await rowCount()).toBe(0);
    await world.commit(boostPost, { accountId: ben, postId });
    for (const text of ['third', 'fourth']) {
      world.clock.advance(MINUTE_MS);
      await edit(postId, text);
    }
    expect(await heard(ben)).toEqual([`edit from ada about ${postId}`]);
  });

  test('from elsewhere is heard, and what is no edit is not', async () => {
    const rita2 = { id: rita, uri: ritaUri };
    const postId = await receive(world, rita2, '1');
    await world.commit(boostPost, { accountId: ben, postId });
    await emit({ type: 'post-refreshed', postId, authorId: rita });
    expect(await heard(ben)).toEqual([]);
    world.clock.advance(MINUTE_MS);
    const post = remotePost(world, ritaUri, '1', { contentHtml: '<p>new</p>', editedAt: world.clock.now() });
    await world.commit(refreshPost, { authorId: rita, post });
    expect(await heard(ben)).toEqual([`edit from rita about ${postId}`]);
  });
});

describe('a poll that ends', () => {
  const poll = { options: ['yes', 'no'], multiple: false, minutes: 5 };

  test('is news for its author and those who voted', async () => {
    const postId = await publish(world, ada, 'well?', { poll });
    const cleo = await world.person('cleo');
    await world.commit(vote, { accountId: ben, postId, positions: [0] });
    world.clock.advance(10 * MINUTE_MS);
    await world.commit(closePolls, { most: 10 });
    await world.commit(closePolls, { most: 10 });
    expect(await heard(ada)).toEqual([`poll-ended from ada about ${postId}`]);
    expect(await heard(ben)).toEqual([`poll-ended from ada about ${postId}`]);
    expect(await heard(cleo)).toEqual([]);
  });

  test('is none for a voter who may no longer see it', async () => {
    await world.commit(requestFollow, { followerId: ben, followeeId: ada });
    const postId = await publish(world, ada, 'well?', { poll, visibility: 'followers' });
    await world.commit(vote, { accountId: ben, postId, positions: [0] });
    await world.commit(undoFollow, { followerId: ben, followeeId: ada });
    world.clock.advance(10 * MINUTE_MS);
    await world.commit(closePolls, { most: 10 });
    expect(await world.store.read.hot('select kind from notifications where account_id = $1', ben)).toEqual([]);
  });
});

describe('a new post of somebody whom one wants to hear', () => {
  test('is news, but for replies to others and what is not for one', async () => {
    await world.commit(requestFollow, { followerId: ben, followeeId: ada, notify: true });
    const first = await publish(world, ada, 'one');
    const thread = await publish(world, ada, 'two', { replyToId: first });
    const bens = await publish(world, ben, 'what?');
    await publish(world, ada, 'nothing', { replyToId: bens });
    await publish(world, ada, 'psst', { visibility: 'direct' });
    const named = await publish(world, ada, 'hello @ben');
    expect((await heard(ben)).filter((line) => !line.startsWith('follow'))).toEqual([
      `mention from ada about ${named}`,
      `post from ada about ${thread}`,
      `post from ada about ${first}`,
    ]);
  });

  test('is none days later', async () => {
    await world.commit(requestFollow, { followerId: ben, followeeId: rita, notify: true });
    await world.commit(receiveAccept, { followeeId: rita, uri: await followUriOf(world, ben, rita), followerId: null });
    await receive(world, { id: rita, uri: ritaUri }, 'old', { publishedAt: world.clock.now() - 2 * DAY_MS });
    expect(await heard(ben)).toEqual([]);
    await receive(world, { id: rita, uri: ritaUri }, 'new');
    expect(await heard(ben)).toHaveLength(1);
  });
});

describe('staff', () => {
  test('hears of reports and sign-ups, but for who is reported', async () => {
    const cleo = await world.person('cleo');
    const owner = await world.person('owner1');
    await enrol(world, cleo, 'moderator');
    await enrol(world, owner, 'owner');
    await world.store.write((tx) =>
      tx.insert(world.store.schema.reports).values({
        id: 1,
        uri: 'https://there.test/flag',
        reporterId: rita,
        targetId: cleo,
        postIds: [],
        createdAt: 1,
      }),
    );
    await world.commit(muteAccount, { muterId: owner, mutedId: rita, hideNotifications: true, expiresAt: null });
    await emit({ type: 'report-made', reportId: 1, forward: false });
    await emit({ type: 'sign-up-requested', accountId: ben });
    expect(await heard(cleo)).toEqual(['sign-up from ben']);
    expect(await heard(owner)).toEqual(['sign-up from ben', 'report from rita']);
    expect(await heard(ada)).toEqual([]);
  });
});

describe('the list', () => {
  test('comes in pages, by kind, and knows what was read', async () => {
    const posts: number[] = [];
    for (const name of ['1', '2', '3']) posts.push(await ritaNamesAda(name));
    await world.commit(requestFollow, { followerId: ben, followeeId: ada });
    const first = await listNotifications(world.store, ada, firstPage(2), world.clock.now());
    expect(first.items.map((one) => one.kind)).toEqual(['follow', 'mention']);
    const next = await listNotifications(
      world.store,
      ada,
      { before: first.nextBefore, after: null, limit: 2 },
      world.clock.now(),
    );
    expect(next.items.map((one) => one.post?.id)).toEqual([posts[1], posts[0]]);
    expect(next.nextBefore).toBeNull();
    expect((await page(ada, ['follow'])).map((one) => one.from.id)).toEqual([ben]);
    expect(await page(ada, [])).toEqual([]);

    expect(await countUnread(world.store, ada, world.clock.now())).toBe(4);
    const third = next.items[0]?.id ?? 0;
    await world.commit(markNotificationsRead, { accountId: ada, upToId: third });
    expect(await countUnread(world.store, ada, world.clock.now())).toBe(2);
    await world.commit(markNotificationsRead, { accountId: ada, upToId: 1 });
    expect((await page(ada)).map((one) => one.read)).toEqual([false, false, true, true]);
    await world.commit(markNotificationsRead, { accountId: ada, upToId: null });
    expect(await countUnread(world.store, ada, world.clock.now())).toBe(0);
    await ritaNamesAda('4');
    expect(await countUnread(world.store, ada, world.clock.now())).toBe(1);
  });

  test('hides what is muted, blocked by domain or suspended since, and gives it back', async () => {
    await ritaNamesAda('1');
    const seen = async () => [(await page(ada)).length, await countUnread(world.store, ada, world.clock.now())];
    expect(await seen()).toEqual([1, 1]);
    await world.commit(muteAccount, {
      muterId: ada,
      mutedId: rita,
      hideNotifications: true,
      expiresAt: world.clock.now() + HOUR_MS,
    });
    expect(await seen()).toEqual([0, 0]);
    world.clock.advance(HOUR_MS);
    expect(await seen()).toEqual([1, 1]);
    await update(world, rita, 'suspended_at = 1');
    expect(await seen()).toEqual([0, 0]);
    await update(world, rita, 'suspended_at = null');
    await world.commit(blockDomain, { accountId: ada, domain: 'there.test' });
    expect(await seen()).toEqual([0, 0]);
  });

  test('is one’s own to empty', async () => {
    await ritaNamesAda('1');
    const [one] = await page(ada);
    const id = one?.id ?? 0;
    await expect(world.commit(dismissNotification, { accountId: ben, notificationId: id })).rejects.toMatchObject({
      code: 'not-found',
    });
    await world.commit(clearNotifications, { accountId: ben });
    expect(await heard(ada)).toHaveLength(1);
    await world.commit(dismissNotification, { accountId: ada, notificationId: id });
    expect(await heard(ada)).toEqual([]);
  });
});
