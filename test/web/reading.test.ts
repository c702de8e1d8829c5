import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { boostPost } from '#domain/posts/boost-post.ts';
import { favouritePost } from '#domain/posts/favourite-post.ts';
import { pinPost } from '#domain/posts/pin-post.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { limits } from '#kernel/limits.ts';
import { publish, receive } from '../domain/observed.ts';
import { find } from './markup.ts';
import { openSite, type Site } from './site.ts';
import { enter, stranger, type Visitor } from './visitor.ts';

let site: Site;
let alice: Visitor;
let bob: Visitor;
let visitor: Visitor;
let aliceId: number;
let bobId: number;

beforeEach(async () => {
  site = await openSite();
  alice = await enter(site, 'alice');
  bob = await enter(site, 'bob');
  visitor = stranger(site);
  aliceId = alice.accountId as number;
  bobId = bob.accountId as number;
});

afterEach(() => site.close());

/** Time passes between two posts. */
function say(authorId: number, text: string, more: Parameters<typeof publish>[3] = {}): Promise<number> {
  site.world.clock.advance(60_000);
  return publish(site.world, authorId, text, more);
}

async function rita(): Promise<{ id: number; uri: string }> {
  return { id: await site.world.remote('rita'), uri: 'https://there.test/users/rita' };
}

function set(
  accountId: number,
  values: Partial<typeof site.world.store.schema.accounts.$inferInsert>,
): Promise<unknown> {
  const { accounts } = site.world.store.schema;
  return site.world.store.write((tx) => tx.update(accounts).set(values).where(eq(accounts.id, accountId)));
}

describe('home', () => {
  test('is empty at first, says how to begin, and fills with those one follows', async () => {
    await alice.visit('/home');
    expect(alice.main).toContain('The stage is yours');
    await say(bobId, 'Good morning');
    await site.world.commit(requestFollow, { followerId: aliceId, followeeId: bobId });
    await alice.visit('/home');
    expect(alice.main).toContain('Good morning');
    expect(alice.main).not.toContain('The stage is yours');
  });

  test('goes back page by page and to the newest again', async () => {
    for (let n = 1; n <= limits.timelinePage + 5; n += 1) await say(aliceId, `post number ${n}.`);
    await alice.visit('/home');
    expect(alice.main).toContain('post number 25.');
    expect(alice.main).not.toContain('post number 5.');
    await alice.follow('Older');
    expect(alice.main).toContain('post number 5.');
    expect(alice.main).not.toContain('post number 6.');
    expect(alice.main).not.toContain('Older');
    await alice.follow('Newest');
    expect(alice.main).toContain('post number 25.');
  });

  test('tells the island how much is new, in the reader’s language', async () => {
    await site.world.commit(requestFollow, { followerId: aliceId, followeeId: bobId });
    const seen = await say(bobId, 'one');
    await say(bobId, 'two');
    await say(bobId, 'three');
    const answer = await alice.send(`/home/new?after=${seen}`, {});
    expect(await answer.json()).toEqual({ count: 2, words: '2 new posts' });
    expect((await visitor.send('/home/new?after=1', {})).status).toBe(401);
  });

  test('sends visitors to log in, and back', async () => {
    await visitor.visit('/home');
    expect(visitor.path).toBe('/login?return_to=%2Fhome');
  });
});

describe('the public pages', () => {
  test.each(['/local', '/explore', '/explore/tags', '/explore/people', '/tags/tea', '/search', '/search?q=tea'])(
    '%s says what will be there',
    async (path) => {
      await visitor.visit(path);
      expect(visitor.status).toBe(200);
      expect(find(visitor.document, (one) => one.attributes.get('data-part') === 'empty-state')).toHaveLength(1);
    },
  );

  test('show visitors what was written here, and members what was written everywhere', async () => {
    const author = await rita();
    await say(aliceId, 'Local tea #tea');
    await receive(site.world, author, 'far', { contentHtml: '<p>Distant tea</p>', hashtags: ['tea'] });
    for (const path of ['/local', '/explore', '/tags/tea', '/tags/TEA']) {
      await visitor.visit(path);
      expect(visitor.main, path).toContain('Local tea');
      expect(visitor.main, path).not.toContain('Distant tea');
    }
    for (const path of ['/federated', '/explore/federated', '/tags/tea']) {
      await bob.visit(path);
      expect(bob.main, path).toContain('Local tea');
      expect(bob.main, path).toContain('Distant tea');
    }
    await bob.visit('/explore/tags');
    expect(bob.main).toContain('#tea 2 people · 2 posts');
    await visitor.visit('/explore/tags');
    expect(visitor.main).toContain('#tea 1 person · 1 post');
  });

  test('lead visitors past a page full of what is not shown to them', async () => {
    const author = await rita();
    await say(aliceId, 'At the bottom #tea');
    for (let n = 0; n < limits.timelinePage * 3; n += 1) {
      site.world.clock.advance(1000);
      await receive(site.world, author, `far-${n}`, { hashtags: ['tea'] });
    }
    await visitor.visit('/tags/tea');
    expect(visitor.main).toContain('At the bottom');
  });

  test('have none for what is no hashtag', async () => {
    for (const name of ['a b', 'a-b', '%3Cscript%3E', 'x'.repeat(200)]) {
      await visitor.visit(`/tags/${name}`);
      expect(visitor.status, name).toBe(404);
    }
  });

  test('hide limited people', async () => {
    await say(aliceId, 'Loud #tea');
    await set(aliceId, { limitedAt: site.world.clock.now() });
    for (const path of ['/local', '/tags/tea', '/explore', '/@alice']) {
      await visitor.visit(path);
      expect(visitor.main, path).not.toContain('Loud');
    }
    await visitor.visit('/explore/tags');
    expect(visitor.main).toContain('No hashtags this week');
    await bob.visit('/@alice');
    expect(bob.main).toContain('Loud');
  });
});

describe('a profile', () => {
  test('has its posts, replies and media apart, and what is pinned on top, once', async () => {
    const first = await say(aliceId, 'My first post');
    await say(aliceId, 'My second post');
    await say(aliceId, 'An answer', { replyToId: await say(bobId, 'A question') });
    await site.world.commit(pinPost, { accountId: aliceId, postId: first });
    await visitor.visit('/@alice');
    expect(visitor.main.indexOf('My first post')).toBeLessThan(visitor.main.indexOf('My second post'));
    expect(visitor.main.split('My first post')).toHaveLength(2);
    expect(visitor.main).not.toContain('An answer');
    await visitor.follow('Replies');
    expect(visitor.path).toBe('/@alice/replies');
    expect(visitor.main).toContain('An answer');
    await visitor.follow('Media');
    expect(visitor.main).toContain('No media yet');
  });

  test('is known to other pages and search engines by its head', async () => {
    await set(aliceId, {
      bioHtml: '<p>Tea &amp; ships</p>',
      fields: [
        {
          name: 'Site',
          valueHtml: '<a href="https://alice.test/?a=1&amp;b=2" target="_blank" rel="nofollow">x</a>',
          verifiedAt: null,
        },
      ],
    });
    await visitor.visit('/@alice');
    const head = new Map(
      find(visitor.document, (one) => one.name === 'meta').map(({ attributes }) => [
        attributes.get('property') ?? attributes.get('name'),
        attributes.get('content'),
      ]),
    );
    expect(head.get('og:title')).toBe('alice (@alice@here.test)');
    expect(head.get('og:description')).toBe('Tea & ships');
    expect(head.get('og:type')).toBe('profile');
    expect(head.get('robots')).toBe('noindex, noarchive');
    const links = find(visitor.document, (one) => one.name === 'link').map(
      ({ attributes }) => `${attributes.get('rel')} ${attributes.get('href')}`,
    );
    expect(links).toContain('me https://alice.test/?a=1&b=2');
    expect(links).toContain('alternate https://here.test/users/alice');
    await set(aliceId, { indexable: true });
    await visitor.visit('/@alice');
    expect(visitor.html).not.toContain('name="robots"');
  });

  test('of another server is for members; visitors are led to it', async () => {
    const author = await rita();
    const id = await receive(site.world, author, 'far', {
      contentHtml: '<p>Distant words</p>',
      url: 'https://there.test/@rita/1',
    });
    for (const [path, url] of [
      ['/@rita@there.test', 'https://there.test/@rita'],
      [`/@rita@there.test/${id}`, 'https://there.test/@rita/1'],
    ] as const) {
      await visitor.visit(path);
      expect(visitor.main).not.toContain('Distant words');
      expect(visitor.html).toContain(`href="${url}"`);
      expect(visitor.html).toContain('noindex');
      await bob.visit(path);
      expect(bob.main).toContain('Distant words');
    }
  });

  test('is found under every spelling of its name', async () => {
    await rita();
    for (const [typed, path] of [
      ['/@ALICE', '/@alice'],
      ['/@alice@here.test', '/@alice'],
      ['/@Rita@There.Test', '/@rita@there.test'],
    ] as const) {
      await bob.visit(typed);
      expect(bob.status).toBe(200);
      expect(bob.path).toBe(path);
    }
    for (const path of ['/@nobody', '/@instance', '/@a@b@c', '/@alice@', '/@']) {
      await bob.visit(path);
      expect(bob.status, path).toBe(404);
    }
  });

  test('of a suspended or deleted account shows nothing', async () => {
    const id = await say(aliceId, 'Before the fall');
    await set(aliceId, { suspendedAt: 1, bioHtml: '<p>Biography</p>' });
    await visitor.visit('/@alice');
    expect(visitor.status).toBe(410);
    await bob.visit('/@alice');
    expect(bob.main).toContain('This account is suspended');
    for (const words of ['Before the fall', 'Biography']) expect(bob.main).not.toContain(words);
    await bob.visit(`/@alice/${id}`);
    expect(bob.status).toBe(404);
    await set(aliceId, { deletedAt: 1 });
    await bob.visit('/@alice');
    expect(bob.status).toBe(410);
  });

  test('whose owner blocks the reader shows no post, not even what was boosted', async () => {
    await site.world.commit(boostPost, { accountId: aliceId, postId: await say(bobId, 'Bob’s own words') });
    await site.world.commit(blockAccount, { blockerId: aliceId, blockedId: bobId });
    await bob.visit('/@alice');
    expect(bob.main).toContain('This account has blocked you');
    expect(bob.main).not.toContain('own words');
  });

  test('keeps boosts for followers from everybody else', async () => {
    await site.world.commit(boostPost, {
      accountId: aliceId,
      postId: await say(bobId, 'Shared quietly'),
      visibility: 'followers',
    });
    const carol = await enter(site, 'carol');
    for (const reader of [visitor, carol]) {
      await reader.visit('/@alice');
      expect(reader.main).not.toContain('Shared quietly');
    }
    await site.world.commit(requestFollow, { followerId: carol.accountId as number, followeeId: aliceId });
    await carol.visit('/@alice');
    expect(carol.main).toContain('Shared quietly');
  });

  test('tells members who follows whom, unless its owner keeps it', async () => {
    await site.world.commit(requestFollow, { followerId: bobId, followeeId: aliceId });
    const carol = await enter(site, 'carol');
    await carol.visit('/@alice/followers');
    expect(carol.main).toContain('@bob');
    await visitor.visit('/@alice/followers');
    expect(visitor.path).toMatch(/^\/login/);
    await set(aliceId, { countsHidden: true });
    await carol.visit('/@alice/followers');
    expect(carol.main).not.toContain('@bob');
    await alice.visit('/@alice/followers');
    expect(alice.main).toContain('@bob');
  });
});

describe('a conversation', () => {
  test('reads from what was asked to what was answered, and takes an answer', async () => {
    const question = await say(aliceId, 'A question');
    const answer = await say(bobId, '@alice An answer', { replyToId: question });
    await say(aliceId, '@bob Thanks', { replyToId: answer });
    await bob.visit(`/@bob/${answer}`);
    for (const [earlier, later] of [
      ['A question', 'An answer'],
      ['An answer', 'Thanks'],
    ] as const) {
      expect(bob.main.indexOf(earlier)).toBeLessThan(bob.main.indexOf(later));
    }
    expect(bob.fields('composer')).toMatchObject({
      text: ['@alice '],
      reply_to: [String(answer)],
      visibility: ['public'],
    });
    await bob.visit(`/@alice/${question}`);
    expect(bob.fields('composer')).toMatchObject({ text: ['@alice '] });
    await bob.submit('composer', { text: '@alice Another answer' });
    expect(bob.path).toMatch(new RegExp(`^/@alice/${question}#post-\\d+$`));
    expect(bob.main).toContain('Another answer');
  });

  test('answers nobody more widely, nor without the warning', async () => {
    const whisper = await say(aliceId, 'For followers', { visibility: 'unlisted', warning: 'Spiders' });
    await bob.visit(`/@alice/${whisper}`);
    expect(bob.fields('composer')).toMatchObject({ visibility: ['unlisted'], warning: ['Spiders'] });
    await bob.submit('composer', { text: 'loud answer', visibility: 'public' });
    await visitor.visit('/local');
    expect(visitor.main).not.toContain('loud answer');
  });

  test('keeps an answer to a post that has gone meanwhile', async () => {
    const question = await say(aliceId, 'A question');
    await bob.visit(`/@alice/${question}`);
    await alice.visit(`/posts/${question}/delete`);
    await alice.press('Delete the post');
    await bob.submit('composer', { text: 'A long answer' });
    expect(bob.status).toBe(404);
    expect(bob.fields('composer')).toMatchObject({ text: ['A long answer'] });
  });

  test('shows visitors the answers that were written here', async () => {
    const question = await say(aliceId, 'A question');
    await say(bobId, 'A local answer', { replyToId: question });
    await receive(site.world, await rita(), 'far', {
      contentHtml: '<p>A distant answer</p>',
      replyToUri: `https://here.test/users/alice/posts/${question}`,
    });
    await bob.visit(`/@alice/${question}`);
    expect(bob.main).toContain('A distant answer');
    await visitor.visit(`/@alice/${question}`);
    expect(visitor.main).toContain('A local answer');
    expect(visitor.main).not.toContain('A distant answer');
    expect(visitor.main).toContain('Part of this conversation was written on other servers.');
  });

  test('hides answers of limited people from those who do not follow them', async () => {
    const question = await say(aliceId, 'A question');
    await say(bobId, 'A rude answer', { replyToId: question });
    await set(bobId, { limitedAt: 1 });
    const carol = await enter(site, 'carol');
    await carol.visit(`/@alice/${question}`);
    expect(carol.main).not.toContain('A rude answer');
    await bob.visit(`/@alice/${question}`);
    expect(bob.main).toContain('A rude answer');
  });

  test('is known by its head, which a warning covers', async () => {
    const id = await say(aliceId, 'The butler did it', { warning: 'Spoiler' });
    await visitor.visit(`/@alice/${id}`);
    const head = visitor.html.slice(0, visitor.html.indexOf('<body'));
    expect(head).toContain('property="og:description" content="Spoiler"');
    expect(head).not.toContain('butler');
    expect(head).toContain(`href="https://here.test/users/alice/posts/${id}"`);
  });

  test('says who favourited and boosted its post', async () => {
    const id = await say(aliceId, 'Well said');
    await site.world.commit(favouritePost, { accountId: bobId, postId: id });
    await site.world.commit(boostPost, { accountId: bobId, postId: id });
    for (const words of ['1 favourite', '1 boost']) {
      await alice.visit(`/@alice/${id}`);
      await alice.follow(words);
      expect(alice.main).toContain('@bob');
    }
  });
});

describe('search', () => {
  test('leads from an address to its page', async () => {
    const id = await say(aliceId, 'Here');
    for (const [typed, path] of [
      [`https://here.test/users/alice/posts/${id}`, `/@alice/${id}`],
      [`https://here.test/@alice/${id}`, `/@alice/${id}`],
      ['https://here.test/@alice', '/@alice'],
    ] as const) {
      await bob.visit('/search');
      await bob.submit('/search', { q: typed });
      expect(bob.path).toBe(path);
    }
  });

  test('asks other servers for members, and for them alone', async () => {
    const author = await rita();
    const postId = await receive(site.world, author, 'far', { contentHtml: '<p>Distant words</p>' });
    await site.close();
    site = await openSite({
      deps: {
        lookup: {
          account: (handle, domain) => site.world.remote(handle, domain),
          byUrl: async (url) =>
            url.includes('rita') ? { kind: 'account', id: await site.world.remote('rita') } : null,
          readAgain: async () => undefined,
          refresh: () => undefined,
        },
      },
    });
    expect(postId).toBeGreaterThan(0);
    bob = await enter(site, 'bob');
    await bob.visit('/search?q=%40new%40far.test');
    expect(bob.main).toContain('@new@far.test');
    await bob.visit('/search?q=https%3A%2F%2Fthere.test%2F%40rita');
    expect(bob.path).toBe('/@rita@there.test');
    await stranger(site).visit('/search?q=%40other%40far.test');
    expect(await site.world.store.read.hot("select 1 from accounts where handle = 'other'")).toEqual([]);
  });

  test('finds people, hashtags and posts by words, page by page', async () => {
    await set(aliceId, { indexable: true });
    for (let n = 1; n <= limits.searchResults + 1; n += 1) await say(aliceId, `alicepost ${n}. #aliceway`);
    await bob.visit('/search?q=alice');
    expect(bob.main).toContain('@alice');
    expect(bob.main).toContain('#aliceway');
    expect(bob.main).toContain(`alicepost ${limits.searchResults + 1}.`);
    expect(bob.main).not.toContain('alicepost 1.');
    await bob.follow('Older');
    expect(bob.main).toContain('alicepost 1.');
  });

  test.each([
    'https://here.test/@%E0%A4%A',
    'https://here.test/nothing',
    'https://',
    'https://here.test/@alice/99999999999999999999',
  ])('has no page for %s, and says so', async (typed) => {
    await bob.visit(`/search?q=${encodeURIComponent(typed)}`);
    expect([200, 404]).toContain(bob.status);
  });

  test('shows what was looked for, as it was typed', async () => {
    const typed = '"><script>alert(1)</script>';
    await bob.visit(`/search?q=${encodeURIComponent(typed)}`);
    expect(bob.main).toContain(`Nothing found for “${typed}”`);
    expect(bob.fields('/search')).toEqual({ q: [typed] });
  });

  test('has a limit', async () => {
    for (let n = 0; n < limits.rates.searchPerVisitor.tries; n += 1) await visitor.visit('/search?q=tea');
    expect(visitor.status).toBe(200);
    await visitor.visit('/search?q=tea');
    expect(visitor.status).toBe(429);
    expect(visitor.fields('/search')).toEqual({ q: ['tea'] });
  });
});

describe('French', () => {
  test('is spoken on every page', async () => {
    const amelie = await enter(site, 'amelie', { locale: 'fr' });
    const id = await say(amelie.accountId as number, 'Bonjour #thé @amelie');
    const paths = [
      '/home',
      '/local',
      '/federated',
      '/explore',
      '/explore/federated',
      '/explore/tags',
      '/explore/people',
      '/tags/thé',
      '/compose',
      '/notifications',
      '/notifications/clear',
      '/messages',
      '/requests',
      '/requests/sent',
      '/bookmarks',
      '/favourites',
      '/search',
      '/search?q=thé',
      '/@amelie',
      '/@amelie/replies',
      '/@amelie/media',
      '/@amelie/followers',
      '/@amelie/following',
      `/@amelie/${id}`,
      `/@amelie/${id}/history`,
      `/@amelie/${id}/boosts`,
      `/posts/${id}/edit`,
      `/posts/${id}/delete`,
      `/posts/${id}/redraft`,
      `/accounts/${bobId}/mute`,
      `/accounts/${bobId}/report`,
    ];
    for (const path of paths) {
      await amelie.visit(path);
      expect(amelie.status, path).toBe(200);
      expect(amelie.html, path).toContain('<html lang="fr"');
      // The words of our own pages, of which French has none.
      expect(amelie.main, path).not.toMatch(/\b(?:the|your|you|with|and|posts?|nobody)\b/i);
    }
  });
});
