import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { boostPost } from '#domain/posts/boost-post.ts';
import { favouritePost } from '#domain/posts/favourite-post.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { HOUR_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { publish, receive } from '../domain/observed.ts';
import { find, wordsOf } from './markup.ts';
import { openSite, type Site } from './site.ts';
import { enter, stranger, type Visitor } from './visitor.ts';

let site: Site;
let alice: Visitor;
let bob: Visitor;
let aliceId: number;
let bobId: number;

beforeEach(async () => {
  site = await openSite();
  alice = await enter(site, 'alice');
  bob = await enter(site, 'bob');
  aliceId = alice.accountId as number;
  bobId = bob.accountId as number;
});

afterEach(() => site.close());

function say(authorId: number, text: string, more: Parameters<typeof publish>[3] = {}): Promise<number> {
  site.world.clock.advance(60_000);
  return publish(site.world, authorId, text, more);
}

async function count(table: string, where = '1 = 1'): Promise<number> {
  const rows = await site.world.store.read.hot<{ n: number }>(`select count(*) as n from ${table} where ${where}`);
  return Number(rows[0]?.n);
}

function lock(accountId: number): Promise<unknown> {
  const { accounts } = site.world.store.schema;
  return site.world.store.write((tx) => tx.update(accounts).set({ locked: true }).where(eq(accounts.id, accountId)));
}

/** A button as it stands in the row below a post. */
function isPressed(visitor: Visitor, words: string): boolean {
  const button = find(visitor.document, (one) => one.name === 'button' && wordsOf(one).startsWith(words))[0];
  return button?.attributes.get('aria-pressed') === 'true';
}

describe('the buttons below a post', () => {
  test.each([
    ['Favourite', 'favourites', 'account_id'],
    ['Boost', 'posts', 'boost_of_id is not null and author_id'],
    ['Bookmark', 'bookmarks', 'account_id'],
  ])('%s does it, shows it, and undoes it, at the same place', async (words, table, who) => {
    const id = await say(aliceId, 'Press me');
    await bob.visit('/local');
    for (const on of [true, false]) {
      await bob.press(words);
      expect(bob.path).toBe(`/local#item-${id}`);
      expect(isPressed(bob, words)).toBe(on);
      expect(await count(table, `${who} = ${bobId}`)).toBe(on ? 1 : 0);
    }
  });

  test('of the island get no page', async () => {
    const id = await say(aliceId, 'Press me');
    await bob.visit('/local');
    const form = bob.form(`/posts/${id}/favourite`);
    const token = find(form, (one) => one.attributes.get('name') === '_csrf')[0]?.attributes.get('value') ?? '';
    const press = (path: string, headers: Record<string, string>) =>
      bob.send(path, {
        method: 'POST',
        body: new URLSearchParams({ _csrf: token }),
        headers: { 'x-estrade-island': 'toggle', ...headers },
      });
    expect((await press(`/posts/${id}/favourite`, { origin: 'https://here.test' })).status).toBe(204);
    expect((await press(`/posts/${id}/boost`, { origin: 'https://evil.test' })).status).toBe(403);
    expect((await press('/posts/1/boost', { origin: 'https://here.test' })).status).toBe(404);
    expect(await count('favourites')).toBe(1);
    expect(await count('posts', 'boost_of_id is not null')).toBe(0);
  });

  test('that refuse say why, where they stand', async () => {
    await say(aliceId, 'One question', { poll: { options: ['Yes', 'No'], multiple: false, minutes: 60 } });
    await bob.visit('/local');
    const carol = await enter(site, 'carol');
    await carol.visit('/local');
    site.world.clock.advance(2 * HOUR_MS);
    await carol.submit(
      find(carol.document, (one) => one.attributes.get('class') === 'poll-form')[0]?.attributes.get('action') ?? '',
      { choice: '0' },
    );
    expect(carol.path).toBe('/local');
    expect(carol.main).toContain('This poll has ended.');
    expect(await count('poll_ballots')).toBe(0);
  });

  test('pin and unpin one’s own posts, up to a limit', async () => {
    for (let n = 0; n <= limits.pinsPerAccount; n += 1) await say(aliceId, `post ${n}.`);
    for (let n = 0; n < limits.pinsPerAccount; n += 1) {
      await alice.visit('/home');
      await alice.press('Pin to my profile', `post ${n}.`);
      expect(alice.main).toContain('on top of your profile');
    }
    await alice.visit('/home');
    await alice.press('Pin to my profile');
    expect(alice.main).toContain(String(limits.pinsPerAccount));
    expect(await count('pins')).toBe(limits.pinsPerAccount);
    await alice.visit('/@alice');
    await alice.press('Unpin from my profile', 'post 0.');
    expect(await count('pins')).toBe(limits.pinsPerAccount - 1);
  });

  test('take no vote that the poll does not have, whatever a form may hold', async () => {
    const id = await say(aliceId, 'Tea?', { poll: { options: ['Yes', 'No'], multiple: true, minutes: 60 } });
    await bob.visit('/local');
    for (const choice of ['2', '-1', 'x', '1e400', '']) {
      await bob.submit(`/posts/${id}/vote`, { choice: ['0', choice] });
      expect(bob.main, choice).not.toContain('Your vote is counted.');
      expect(bob.status).toBe(200);
    }
    const bare = {
      headers: {
        'x-csrf-token': bob.token,
        'x-estrade-island': 'x',
        'content-type': 'application/x-www-form-urlencoded',
      },
    };
    const response = await bob.send(`/posts/${id}/vote`, { method: 'POST', body: '', ...bare });
    expect(response.status).toBe(422);
    expect(await count('poll_ballots')).toBe(0);
  });

  test('lead visitors to log in', async () => {
    const id = await say(aliceId, 'Press me');
    const visitor = stranger(site);
    await visitor.visit(`/@alice/${id}`);
    await visitor.follow('Favourite');
    expect(visitor.path).toBe(`/login?return_to=${encodeURIComponent(`/@alice/${id}`)}`);
  });

  test('have a limit for each person', async () => {
    await say(aliceId, 'Press me');
    await bob.visit('/local');
    for (let n = 0; n < limits.rates.actPerAccount.tries; n += 1)
      await site.deps.rateLimits.take('actPerAccount', bobId);
    await bob.press('Favourite');
    expect(bob.main).toMatch(/too many|minute/i);
    expect(await count('favourites')).toBe(0);
  });
});

describe('following', () => {
  test('is done, undone by the way back, and done again', async () => {
    await alice.visit('/@bob');
    await alice.press('Follow @bob');
    expect(alice.main).toContain('You follow @bob now.');
    expect(await count('follows')).toBe(1);
    await alice.press('Undo');
    expect(alice.main).toContain('You no longer follow @bob.');
    await alice.press('Undo');
    expect(await count('follows', "state = 'accepted'")).toBe(1);
  });

  test('asks those who approve by hand, who accept or decline', async () => {
    await lock(bobId);
    const carol = await enter(site, 'carol');
    for (const one of [alice, carol]) {
      await one.visit('/@bob');
      await one.press('Ask to follow @bob');
      expect(one.main).toContain('@bob has been asked.');
    }
    await alice.visit('/requests/sent');
    expect(alice.main).toContain('@bob');
    await bob.visit('/requests');
    await bob.press('Accept', '@alice');
    expect(bob.main).toContain('They follow you now.');
    await bob.press('Decline', '@carol');
    expect(bob.main).toContain('Nobody is waiting');
    expect(await count('follows', "state = 'accepted'")).toBe(1);
    expect(await count('follows')).toBe(1);
  });

  test('can hide boosts, and tell of every post', async () => {
    await alice.visit('/@bob');
    await alice.press('Follow @bob');
    for (const [words, back, column] of [
      ['Hide boosts', 'Show boosts', 'show_boosts = 0'],
      ['Notify me of new posts', 'Stop notifying me', 'notify = 1'],
    ] as const) {
      await alice.press(words);
      expect(await count('follows', column)).toBe(1);
      await alice.press(back);
      expect(await count('follows', column)).toBe(0);
    }
  });

  test('ends from both sides', async () => {
    await site.world.commit(requestFollow, { followerId: bobId, followeeId: aliceId });
    await alice.visit('/@bob');
    await alice.press('Remove from my followers');
    expect(alice.main).toContain('@bob no longer follows you.');
    expect(await count('follows')).toBe(0);
  });

  test('of an account that is not there says so', async () => {
    await alice.visit('/@bob');
    const token = alice.token;
    for (const verb of ['follow', 'mute', 'block', 'block-domain', 'notify']) {
      const response = await alice.send(`/accounts/1/${verb}`, {
        method: 'POST',
        body: new URLSearchParams({ _csrf: token }),
        headers: { 'x-estrade-island': 'toggle', origin: 'https://here.test' },
      });
      expect(response.status, verb).toBe(404);
    }
  });
});

describe('keeping away', () => {
  test('mutes for a time, notifications or not, and ends it', async () => {
    await alice.visit('/@bob');
    await alice.follow('Mute @bob');
    expect(alice.main).toContain('They are not told');
    await alice.submit(`/accounts/${bobId}/mute`, { minutes: '60', notifications: false });
    expect(alice.path).toBe('/@bob');
    expect(alice.main).toContain('@bob is muted.');
    const rows = await site.world.store.read.hot<{ hide_notifications: number; expires_at: number }>(
      'select hide_notifications, expires_at from mutes',
    );
    expect(rows).toEqual([{ hide_notifications: 0, expires_at: site.world.clock.now() + HOUR_MS }]);
    await alice.press('Undo');
    expect(await count('mutes')).toBe(0);
  });

  test('blocks, which ends follows, and lifts the block', async () => {
    await site.world.commit(requestFollow, { followerId: bobId, followeeId: aliceId });
    await alice.visit('/@bob');
    await alice.press('Block @bob');
    expect(alice.main).toContain('@bob is blocked');
    expect([await count('blocks'), await count('follows')]).toEqual([1, 0]);
    await alice.press('Unblock @bob');
    expect(await count('blocks')).toBe(0);
  });

  test('blocks a whole server after saying what it means', async () => {
    const rita = await site.world.remote('rita');
    await alice.visit('/@rita@there.test');
    await alice.follow('Block everything from there.test');
    expect(alice.main).toContain('your followers there are removed');
    await alice.press('Block everything from there.test');
    expect(alice.main).toContain('there.test is blocked. You had no followers there.');
    expect(await count('domain_blocks')).toBe(1);
    await alice.press('Unblock there.test');
    expect(await count('domain_blocks')).toBe(0);
    await alice.visit(`/accounts/${bobId}/block-domain`);
    expect(alice.status).toBe(404);
    expect(rita).toBeGreaterThan(0);
  });

  test('reports an account with its posts, and keeps the words of a report that is refused', async () => {
    const id = await say(bobId, 'A rude word');
    await say(bobId, 'A kind word');
    await alice.visit(`/@bob/${id}`);
    await alice.follow('Report this post');
    const form = `/accounts/${bobId}/report`;
    expect(alice.fields(form)).toMatchObject({ posts: [String(id)] });
    const comment = 'x'.repeat(limits.reportCharacters + 1);
    await alice.submit(form, { comment });
    expect(alice.status).toBe(422);
    expect(alice.fields(form)).toMatchObject({ comment: [comment], posts: [String(id)] });
    await alice.submit(form, { comment: 'Rude' });
    expect(alice.path).toBe('/@bob');
    expect(alice.main).toContain('Thank you');
    const rows = await site.world.store.read.hot<{ comment: string; post_ids: string; forwarded_at: number | null }>(
      'select comment, post_ids, forwarded_at from reports',
    );
    expect(rows).toEqual([{ comment: 'Rude', post_ids: JSON.stringify([id]), forwarded_at: null }]);
    await alice.visit(`/accounts/${aliceId}/report`);
    expect(alice.status).toBe(404);
  });
});

describe('notifications', () => {
  beforeEach(async () => {
    const id = await say(aliceId, 'Well said');
    await site.world.commit(favouritePost, { accountId: bobId, postId: id });
    await site.world.commit(boostPost, { accountId: bobId, postId: id });
    await site.world.commit(requestFollow, { followerId: bobId, followeeId: aliceId });
    await say(bobId, '@alice Look');
  });

  const unread = (visitor: Visitor) =>
    find(
      visitor.document,
      (one) => one.attributes.get('data-part') === 'notification' && one.attributes.has('data-unread'),
    ).length;

  test('tell what happened, by kind', async () => {
    await alice.visit('/notifications');
    for (const words of [
      'bob follows you',
      'bob boosted your post',
      'bob added your post to their favourites',
      '@alice Look',
    ]) {
      expect(alice.main).toContain(words);
    }
    await alice.follow('Mentions');
    expect(alice.main).toContain('@alice Look');
    expect(alice.main).not.toContain('bob follows you');
    await alice.visit('/notifications?only=toString');
    expect(alice.main).toContain('bob follows you');
    expect(alice.main).not.toContain('Team');
  });

  test('are read when the person says so, as far as they were shown', async () => {
    await alice.visit('/notifications');
    expect(unread(alice)).toBe(4);
    await say(bobId, '@alice Later');
    await alice.press('Mark all as read');
    expect(unread(alice)).toBe(1);
    expect(alice.main).toContain('@alice Later');
  });

  test('are cleared after a question', async () => {
    await alice.visit('/notifications');
    await alice.follow('Clear the list');
    expect(alice.main).toContain('There is no way back.');
    await alice.press('Clear the list');
    expect(alice.main).toContain('Nothing has happened yet');
    expect(await count('posts', 'boost_of_id is null')).toBe(2);
  });
});

describe('messages', () => {
  test('are written, answered, read and taken off the list', async () => {
    await alice.visit('/messages');
    expect(alice.main).toContain('No messages yet');
    await alice.follow('New message');
    expect(alice.fields('composer')).toMatchObject({ visibility: ['direct'], return_to: ['/messages'] });
    await alice.submit('composer', { text: '@bob Tea at five?' });
    expect(alice.main).toContain('You: @bob Tea at five?');

    await bob.visit('/messages');
    expect(bob.html).toContain('data-unread');
    await bob.follow('New: alice now @bob Tea at five?');
    expect(bob.main).toContain('Tea at five?');
    expect(bob.fields('composer')).toMatchObject({ text: ['@alice '], visibility: ['direct'] });
    await bob.press('Mark as read');
    expect(bob.hasButton('Mark as read')).toBe(false);
    await bob.submit('composer', { text: '@alice Gladly' });
    expect(bob.path).toMatch(/^\/messages\/\d+#post-\d+$/);
    expect(bob.main.indexOf('Tea at five?')).toBeLessThan(bob.main.indexOf('Gladly'));

    await bob.press('Take off the list');
    expect(bob.path).toBe('/messages');
    expect(bob.main).toContain('No messages yet');
    await alice.visit('/messages');
    expect(alice.main).toContain('@alice Gladly');
  });

  test('of others are nobody’s to open, read or hide', async () => {
    await say(aliceId, '@bob Between us', { visibility: 'direct' });
    const [row] = await site.world.store.read.hot<{ id: number }>(
      `select id from conversations where account_id = ${aliceId}`,
    );
    const carol = await enter(site, 'carol');
    await carol.visit(`/messages/${row?.id}`);
    expect(carol.status).toBe(404);
    await carol.visit('/compose');
    const token = carol.token;
    for (const verb of ['read', 'hide']) {
      const response = await carol.send(`/messages/${row?.id}/${verb}`, {
        method: 'POST',
        body: new URLSearchParams({ _csrf: token }),
        headers: { 'x-estrade-island': 'read', origin: 'https://here.test' },
      });
      expect(response.status).toBe(404);
    }
    expect(await count('conversations', 'hidden_at is not null')).toBe(0);
  });

  test('that answer one public post in private stay apart', async () => {
    const question = await say(aliceId, 'Who comes?');
    const carol = await enter(site, 'carol');
    await say(bobId, '@alice Bob comes', { replyToId: question, visibility: 'direct' });
    await say(carol.accountId as number, '@alice Carol comes', { replyToId: question, visibility: 'direct' });
    const rows = await site.world.store.read.hot<{ id: number }>(
      `select id from conversations where account_id = ${aliceId} order by id`,
    );
    expect(rows).toHaveLength(2);
    await alice.visit(`/messages/${rows[0]?.id}`);
    expect(alice.main).toContain('Bob comes');
    expect(alice.main).not.toContain('Carol comes');
    await alice.visit(`/messages/${rows[1]?.id}`);
    expect(alice.main).not.toContain('Bob comes');
    expect(alice.main).toContain('Carol comes');
  });

  test('that are long go back to older ones', async () => {
    let last = await say(aliceId, '@bob message 0.', { visibility: 'direct' });
    for (let n = 1; n <= limits.timelinePage; n += 1)
      last = await say(n % 2 ? bobId : aliceId, `@alice @bob message ${n}.`, { visibility: 'direct', replyToId: last });
    await bob.visit('/messages');
    const link = find(bob.document, (one) => one.attributes.get('class') === 'conversation')[0];
    await bob.visit(link?.attributes.get('href') ?? '');
    expect(bob.main).toContain(`message ${limits.timelinePage}.`);
    expect(bob.main).not.toContain('message 0.');
    await bob.follow('Older messages');
    expect(bob.main).toContain('message 0.');
    expect(() => bob.form('composer')).toThrow('no form');
  });
});

describe('the lists of one’s own', () => {
  test.each([
    '/bookmarks',
    '/favourites',
    '/notifications',
    '/messages',
    '/requests',
    '/requests/sent',
    '/federated',
    '/compose',
    '/home',
  ])('%s are for those who are logged in, and say what will be there', async (path) => {
    const visitor = stranger(site);
    await visitor.visit(path);
    expect(visitor.path).toBe(`/login?return_to=${encodeURIComponent(path)}`);
    await alice.visit(path);
    expect(alice.status).toBe(200);
    const states = find(alice.document, (one) => one.attributes.get('data-part') === 'empty-state');
    expect(states).toHaveLength(path === '/compose' ? 0 : 1);
  });

  test('hold what was marked, in the order in which it was', async () => {
    const first = await say(bobId, 'First words');
    const second = await say(bobId, 'Second words');
    for (const postId of [second, first]) {
      site.world.clock.advance(1000);
      await site.world.commit(favouritePost, { accountId: aliceId, postId });
    }
    await alice.visit('/favourites');
    expect(alice.main.indexOf('First words')).toBeLessThan(alice.main.indexOf('Second words'));
  });

  test('go where a page of another server was read', async () => {
    const rita = { id: await site.world.remote('rita'), uri: 'https://there.test/users/rita' };
    const id = await receive(site.world, rita, 'far', { contentHtml: '<p>Distant words</p>' });
    await alice.visit(`/@rita@there.test/${id}`);
    await alice.press('Bookmark');
    expect(alice.path).toBe(`/@rita@there.test/${id}#post-${id}`);
    await alice.visit('/bookmarks');
    expect(alice.main).toContain('Distant words');
  });
});
