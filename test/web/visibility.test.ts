import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccount } from '#domain/accounts/create-account.ts';
import { bookmarkPost } from '#domain/posts/bookmark-post.ts';
import { editPost } from '#domain/posts/edit-post.ts';
import { favouritePost } from '#domain/posts/favourite-post.ts';
import { canSee } from '#domain/posts/posts.policy.ts';
import { VISIBILITIES, type Visibility } from '#domain/posts/visibility.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { publish } from '../domain/observed.ts';
import { sessionOf } from '../members.ts';
import { testKeys } from '../world.ts';
import { openSite, type Site } from './site.ts';
import { enter, stranger, type Visitor } from './visitor.ts';

/*
 * Every page × every visibility × everybody who may look at it. The pure policy says who may see a post; no page may
 * show it to anybody else, nor tell them that there is one.
 */

const VIEWERS = ['author', 'follower', 'mentioned', 'blocked', 'member', 'visitor'] as const;

type Viewer = (typeof VIEWERS)[number];

let site: Site;
const visitors = new Map<Viewer, Visitor>();
const ids = new Map<Visibility, number>();
let question: number;

/** Words that stand in the post of one visibility alone: one to look for, one to be seen. */
const soughtIn = (visibility: Visibility) => `zzsought${visibility}`;
const wordOf = (visibility: Visibility) => `zzword${visibility}`;
const visitorOf = (viewer: Viewer) => visitors.get(viewer) as Visitor;
const idOf = (visibility: Visibility) => ids.get(visibility) as number;

test('somebody whose sign-up waits is nobody, also to who guesses their number', async () => {
  const { commit, store } = site.world;
  const id = await commit(createAccount, { handle: 'waiting', keys: await testKeys(), pending: true });
  const memberId = visitorOf('member').accountId as number;
  const browser = site.browser();
  browser.jar.set('__Host-session', await sessionOf(site.world, memberId));
  const rows = async () =>
    store.read.hot(
      `select (select count(*) from follows) as a, (select count(*) from blocks) as b, (select count(*) from mutes) as c,
         (select count(*) from reports) as d`,
    );
  const before = await rows();
  for (const path of [`/accounts/${id}/mute`, `/accounts/${id}/report`, `/accounts/${id}/block-domain`]) {
    const page = await browser.get(path);
    expect([path, page.status]).toEqual([path, 404]);
    expect(page.text).not.toContain('@waiting');
  }
  await browser.get('/settings/appearance');
  const { _csrf = '' } = browser.form('/settings/appearance');
  for (const verb of ['follow', 'block', 'mute', 'report']) {
    const body = new URLSearchParams({ _csrf, comment: 'spam' });
    const headers = { origin: 'https://here.test' };
    await browser.send(`/accounts/${id}/${verb}`, { method: 'POST', body, headers });
    expect((await browser.get('/home')).text).not.toContain('@waiting');
  }
  await expect(commit(requestFollow, { followerId: memberId, followeeId: id })).rejects.toThrow();
  expect(await rows()).toEqual(before);
});

beforeAll(async () => {
  site = await openSite();
  for (const handle of VIEWERS.filter((one) => one !== 'visitor')) visitors.set(handle, await enter(site, handle));
  visitors.set('visitor', stranger(site));
  const { commit } = site.world;
  const accountOf = (viewer: Viewer) => visitorOf(viewer).accountId as number;
  await commit(requestFollow, { followerId: accountOf('follower'), followeeId: accountOf('author') });
  await site.world.store.write((tx) =>
    tx.update(site.world.store.schema.accounts).set({ indexable: true, discoverable: true }),
  );
  question = await publish(site.world, accountOf('member'), 'What do you think?');
  for (const visibility of VISIBILITIES) {
    site.world.clock.advance(1000);
    const text = `${soughtIn(visibility)} ${wordOf(visibility)} #zzsecret for @mentioned`;
    const post = { visibility, replyToId: question, language: 'fr' };
    const id = await publish(site.world, accountOf('author'), text, post);
    ids.set(visibility, id);
    await commit(editPost, {
      authorId: accountOf('author'),
      postId: id,
      text: `${text}, edited`,
      warning: null,
      sensitive: false,
      language: null,
    });
    for (const viewer of ['author', 'mentioned'] as const) {
      await commit(favouritePost, { accountId: accountOf(viewer), postId: id });
      await commit(bookmarkPost, { accountId: accountOf(viewer), postId: id });
    }
  }
  for (const visibility of ['public', 'unlisted'] as const) {
    await commit(favouritePost, { accountId: accountOf('blocked'), postId: idOf(visibility) });
    await commit(bookmarkPost, { accountId: accountOf('blocked'), postId: idOf(visibility) });
  }
  await commit(blockAccount, { blockerId: accountOf('author'), blockedId: accountOf('blocked') });
});

afterAll(() => site.close());

function maySee(viewer: Viewer, visibility: Visibility): boolean {
  const authorId = 1;
  const accountId = { author: 1, follower: 2, mentioned: 3, blocked: 4, member: 5, visitor: 0 }[viewer];
  const post = { authorId, visibility, authorGone: false, mentionedIds: [3] };
  if (viewer === 'visitor') return canSee(post, null);
  return canSee(post, { accountId, follows: viewer === 'follower', blockedByAuthor: viewer === 'blocked' });
}

function hiddenFrom(viewer: Viewer): Visibility[] {
  return VISIBILITIES.filter((visibility) => !maySee(viewer, visibility));
}

/** Pages of lists: they show none of the posts that this viewer may not see. */
const LISTS = [
  '/home',
  '/local',
  '/federated',
  '/explore',
  '/explore/federated',
  '/explore/tags',
  '/explore/people',
  '/tags/zzsecret',
  '/@author',
  '/@author/replies',
  '/@author/media',
  '/@author/followers',
  '/bookmarks',
  '/favourites',
  '/notifications',
  '/messages',
  '/requests',
  ...VISIBILITIES.map((visibility) => `/search?q=${soughtIn(visibility)}`),
];

/** Pages of one post, which are not there for those who may not see it. */
const PAGES = ['', '/history', '/favourites', '/boosts'];

/** Doors to one post that only its author has. */
const OWN_DOORS = ['edit', 'delete', 'redraft'];

describe.each(VIEWERS)('for the %s', (viewer) => {
  const hidden = hiddenFrom(viewer);

  test.each([...LISTS, 'the thread that they answer'])('%s shows no post that is not theirs to see', async (path) => {
    const visitor = visitorOf(viewer);
    await visitor.visit(path.startsWith('/') ? path : `/@member/${question}`);
    expect(hidden.filter((visibility) => visitor.html.includes(wordOf(visibility)))).toEqual([]);
  });

  test.each(VISIBILITIES)('a %s post is there or is not', async (visibility) => {
    const visitor = visitorOf(viewer);
    for (const page of PAGES) {
      await visitor.visit(`/@author/${idOf(visibility)}${page}`);
      const isLogIn = viewer === 'visitor' && (page === '/favourites' || page === '/boosts');
      expect(visitor.status, page).toBe(maySee(viewer, visibility) || isLogIn ? 200 : 404);
      expect(visitor.main.includes(wordOf(visibility)), page).toBe(maySee(viewer, visibility) && !isLogIn);
    }
    await visitor.visit(`/posts/${idOf(visibility)}`);
    expect(visitor.status).toBe(maySee(viewer, visibility) ? 200 : 404);
  });

  test.each(hidden)('a post that is not there and a %s one that is not to be seen answer alike', async (visibility) => {
    const visitor = visitorOf(viewer);
    const answers: string[] = [];
    for (const id of [idOf(visibility), 4_242_424_242]) {
      await visitor.visit(`/@author/${id}`);
      answers.push(`${visitor.status} ${visitor.html.replaceAll(String(id), 'ID').replaceAll(/[\w-]{40,}/g, 'TOKEN')}`);
    }
    expect(answers[0]).toBe(answers[1]);
  });

  test.each(VISIBILITIES)('only the author edits a %s post', async (visibility) => {
    const visitor = visitorOf(viewer);
    for (const door of OWN_DOORS) {
      await visitor.visit(`/posts/${idOf(visibility)}/${door}`);
      const answer = visitor.path.startsWith('/login') ? 'log in' : visitor.status;
      expect(answer, door).toBe(viewer === 'visitor' ? 'log in' : viewer === 'author' ? 200 : 404);
    }
  });
});

describe.each(['follower', 'blocked', 'member'] as const)('the buttons in the hands of the %s', (viewer) => {
  test.each(hiddenFrom(viewer))('do nothing to a %s post that is not theirs to see', async (visibility) => {
    const visitor = visitorOf(viewer);
    await visitor.visit('/compose');
    const token = visitor.token;
    const before = await marks();
    for (const verb of ['favourite', 'boost', 'bookmark', 'pin', 'vote', 'delete']) {
      const response = await visitor.send(`/posts/${idOf(visibility)}/${verb}`, {
        method: 'POST',
        body: new URLSearchParams({ _csrf: token, choice: '0' }),
        headers: { 'x-estrade-island': 'toggle', origin: site.deps.site.origin },
      });
      expect(response.status, verb).toBe(404);
    }
    expect(await marks()).toEqual(before);
  });
});

async function marks(): Promise<unknown[]> {
  return site.world.store.read.hot(
    `select 'favourite' as kind, account_id, post_id from favourites union all
     select 'bookmark', account_id, post_id from bookmarks union all
     select 'post', author_id, id from posts order by 1, 2, 3`,
  );
}
