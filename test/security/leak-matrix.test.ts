import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conversationPosts } from '#domain/conversations/conversation-posts.queries.ts';
import { findConversationView, listConversations } from '#domain/conversations/conversations.queries.ts';
import { listNotifications } from '#domain/notifications/notifications.queries.ts';
import { boostPost } from '#domain/posts/boost-post.ts';
import { editPost } from '#domain/posts/edit-post.ts';
import { postHistory } from '#domain/posts/post-history.queries.ts';
import { postMarks } from '#domain/posts/post-marks.queries.ts';
import type { PostView, TimelineItem } from '#domain/posts/post-view.ts';
import { canSee } from '#domain/posts/posts.policy.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import { VISIBILITIES, type Visibility } from '#domain/posts/visibility.ts';
import { searchPosts } from '#domain/search/search.queries.ts';
import { threadView } from '#domain/timelines/thread.queries.ts';
import {
  accountTimeline,
  federatedTimeline,
  hashtagTimeline,
  homeTimeline,
  localTimeline,
  markedPosts,
  pinnedPosts,
} from '#domain/timelines/timelines.queries.ts';
import { firstPage, type Page } from '#kernel/page.ts';
import { publish } from '../stories/cast.ts';
import { openStage, send, settleIn, signed, type RemotePerson, type Stage } from './harness.ts';

/*
 * Every surface on which a post could be read × every visibility × everybody who might read it × whether its author is
 * in good standing. The pure policy says who may; a surface may show less (a timeline is for public posts), which it
 * has to say here. A cell that is neither is a leak, or a post that somebody misses.
 */

const VIEWERS = [
  'anybody',
  'a stranger',
  'a follower',
  'a follower of another',
  'one who asked to follow',
  'one who is mentioned',
  'a blocked follower, mentioned',
  'a suspended follower',
  'the author',
] as const;
type Viewer = (typeof VIEWERS)[number];
type Standing = 'active' | 'suspended' | 'deleted';

let stage: Stage;
let authorId: number;
let otherId: number;
let rootId: number;
/** By role: somebody here, and somebody of another server. */
const local = new Map<Viewer, number>();
const remote = new Map<Viewer, RemotePerson>();
/** The author's post of each kind and visibility. */
const made = new Map<string, { id: number; uri: string; word: string }>();

const KINDS = ['plain', 'answer', 'answered', 'picture'] as const;
type Kind = (typeof KINDS)[number] | 'boost';
const of = (kind: Kind, visibility: Visibility) =>
  made.get(`${kind} ${visibility}`) as { id: number; uri: string; word: string };
const wordOf = (kind: Kind, visibility: Visibility) => `zz${kind}${visibility}`;

beforeAll(async () => {
  stage = await openStage();
  const { sut } = stage;
  authorId = await sut.person('author');
  otherId = await sut.person('other');
  for (const [n, viewer] of VIEWERS.entries()) {
    if (viewer === 'anybody' || viewer === 'the author') continue;
    local.set(viewer, await sut.person(`local${n}`));
    const away = settleIn(stage.evil, `remote${n}`, stage.eve.key);
    await sut.federation.resolver.accountByUri(away.id);
    remote.set(viewer, away);
  }
  local.set('the author', authorId);
  await relate();
  rootId = (await publish(sut, otherId, 'the root')).id;
  for (const visibility of VISIBILITIES) for (const kind of KINDS) await write(kind, visibility);
  for (const visibility of VISIBILITIES) {
    const boosted = (await publish(sut, otherId, `${wordOf('boost', visibility)} by another`)).id;
    const id = await sut.commit(boostPost, { accountId: authorId, postId: boosted, visibility });
    const [row] = await sut.store.read.hot<{ uri: string }>('select uri from posts where id = $1', id);
    made.set(`boost ${visibility}`, { id, uri: row?.uri ?? '', word: wordOf('boost', visibility) });
  }
  await mark();
}, 60_000);

afterAll(() => stage.close());

/** Follows, a request and a block that left the follow standing, as a fault elsewhere might. */
async function relate(): Promise<void> {
  const { sut, net } = stage;
  const { accounts, follows, blocks } = sut.store.schema;
  const now = net.clock.now();
  await sut.store.write(async (tx) => {
    await tx.update(accounts).set({ indexable: true, discoverable: true });
    const link = async (followerId: number, viewer: Viewer) => {
      const followeeId = viewer === 'a follower of another' ? otherId : authorId;
      const state = viewer === 'one who asked to follow' ? ('pending' as const) : ('accepted' as const);
      const uri = `https://follows.test/${followerId}`;
      await tx.insert(follows).values({ id: followerId, followerId, followeeId, uri, state, createdAt: now });
    };
    for (const viewer of VIEWERS.filter((one) => /follow/.test(one))) {
      for (const id of await idsOf(viewer)) {
        await link(id, viewer);
        if (viewer === 'a suspended follower')
          await tx.hot('update accounts set suspended_at = $1 where id = $2', now, id);
        if (!viewer.startsWith('a blocked')) continue;
        const uri = `https://blocks.test/${id}`;
        await tx.insert(blocks).values({ id, blockerId: authorId, blockedId: id, uri, createdAt: now });
      }
    }
  });
}

async function idsOf(viewer: Viewer): Promise<number[]> {
  const away = remote.get(viewer);
  const rows = away
    ? await stage.sut.store.read.hot<{ id: number }>('select id from accounts where uri = $1', away.id)
    : [];
  return [local.get(viewer), rows[0]?.id].filter((id) => id !== undefined);
}

const MENTIONED: Viewer[] = ['one who is mentioned', 'a blocked follower, mentioned'];

async function write(kind: (typeof KINDS)[number], visibility: Visibility): Promise<void> {
  const { sut, net } = stage;
  net.clock.advance(1000);
  const word = wordOf(kind, visibility);
  const names = MENTIONED.map((viewer) => VIEWERS.indexOf(viewer)).map((n) => `@local${n} @remote${n}@evil.test`);
  const text = `${word} #zzsecret ${names.join(' ')}`;
  const post = await publish(sut, authorId, text, { visibility, replyToId: kind === 'answer' ? rootId : null });
  made.set(`${kind} ${visibility}`, { ...post, word });
  const edit = { authorId, postId: post.id, text: `${text} edited`, warning: null, sensitive: false, language: null };
  if (kind === 'plain') await sut.commit(editPost, edit);
  // Somebody whom it names answers in public as soon as they may, so that a private post stands within a public thread.
  if (kind === 'answered') await answer(post.id, visibility);
}

/** A public answer, however private what it answers. */
async function answer(postId: number, visibility: Visibility): Promise<void> {
  const { sut } = stage;
  const { id } = await publish(sut, otherId, `zzreply${visibility}`);
  await sut.store.write((tx) => tx.hot('update posts set reply_to_id = $1, thread_id = $1 where id = $2', postId, id));
  made.set(`reply ${visibility}`, { id, uri: '', word: '' });
}

/** Everybody has favourited and bookmarked everything, the pictures have a picture, and all but boosts are pinned. */
async function mark(): Promise<void> {
  const { sut, net } = stage;
  const { favourites, bookmarks, pins, media } = sut.store.schema;
  const now = net.clock.now();
  let marks = 0;
  await sut.store.write(async (tx) => {
    for (const viewer of VIEWERS.filter((one) => one !== 'anybody')) {
      const accountId = local.get(viewer) as number;
      for (const visibility of VISIBILITIES) {
        const postId = of('plain', visibility).id;
        const id = (marks += 1);
        await tx.insert(favourites).values({ id, accountId, postId, uri: `https://marks.test/${id}`, createdAt: now });
        await tx.insert(bookmarks).values({ id, accountId, postId, createdAt: now });
      }
    }
    for (const [n, visibility] of VISIBILITIES.entries()) {
      await tx.insert(pins).values({ accountId: authorId, postId: of('plain', visibility).id, createdAt: now + n });
      const postId = of('picture', visibility).id;
      await tx
        .insert(media)
        .values({ id: postId, accountId: authorId, postId, kind: 'image', file: `${visibility}.webp`, createdAt: now });
    }
  });
}

function maySee(kind: Kind, visibility: Visibility, viewer: Viewer, standing: Standing): boolean {
  const post = {
    authorId: 1,
    visibility,
    authorGone: standing !== 'active',
    mentionedIds: kind === 'boost' ? [] : [5, 6],
  };
  const accountId =
    { 'the author': 1, 'one who is mentioned': 5, 'a blocked follower, mentioned': 6 }[viewer as string] ?? 2;
  if (viewer === 'anybody') return canSee(post, null);
  const follows = ['a follower', 'a blocked follower, mentioned', 'a suspended follower'].includes(viewer);
  return canSee(post, { accountId, follows, blockedByAuthor: viewer.startsWith('a blocked') });
}

interface Surface {
  name: string;
  kind: Kind;
  /** By a signed request of another server, by a query for somebody here, or by a query for anybody as well. */
  door: 'signed' | 'member' | 'page';
  /** What is for everybody is given without asking for a name, so a block does not reach it. */
  withoutNames?: boolean;
  shows(visibility: Visibility, viewer: Viewer): boolean;
  /** Everything that this surface shows this viewer. */
  read(viewerId: number | null, visibility: Visibility, viewer: Viewer): Promise<string>;
}

const all = () => true;
const isPublic = (visibility: Visibility) => visibility === 'public';
const isOpen = (visibility: Visibility) => visibility === 'public' || visibility === 'unlisted';
const notDirect = (visibility: Visibility) => visibility !== 'direct';
const words = (posts: Iterable<PostView>) => [...posts].map((post) => post.contentHtml).join('\n');
const wordsOfItems = ({ items }: Page<TimelineItem>) => words(items.map(({ post }) => post));
const page = firstPage(40);
const store = () => stage.sut.store;

const get = async (viewer: Viewer, path: string): Promise<string> => {
  const accept = { accept: 'application/activity+json' };
  const away = remote.get(viewer);
  const request = away
    ? signed(stage, away, undefined, { method: 'GET', path, headers: accept })
    : { method: 'GET', path, headers: new Headers({ ...accept, host: stage.sut.host }), body: new Uint8Array() };
  const { status, body } = await send(stage, request);
  return status === 200 ? `${body} found` : '';
};
const pathOf = (kind: Kind, visibility: Visibility) => new URL(of(kind, visibility).uri).pathname;
const inDocument = (
  name: string,
  kind: Kind,
  path: (visibility: Visibility) => string,
  shows: Surface['shows'] = all,
): Surface => ({
  name,
  kind,
  door: 'signed',
  shows,
  read: (_, visibility, viewer) => get(viewer, path(visibility)),
});

/** A collection on a post is there for whoever may see the post; it holds none of its words. */
const onPost = (name: string): Surface => ({
  ...inDocument(`its ${name}`, 'plain', (visibility) => `${pathOf('plain', visibility)}/${name}`),
  read: async (_, visibility, viewer) =>
    (await get(viewer, `${pathOf('plain', visibility)}/${name}`)) ? wordOf('plain', visibility) : '',
});

const inQuery = (
  name: string,
  kind: Kind,
  read: (viewerId: number | null, visibility: Visibility) => Promise<string>,
  shows: Surface['shows'] = all,
): Surface => ({ name, kind, door: 'page', shows, read });

const forMember = (...[name, kind, read, shows]: Parameters<typeof inQuery>): Surface => ({
  ...inQuery(name, kind, read, shows),
  door: 'member',
});

const tab = (name: 'posts' | 'replies' | 'media', kind: Kind) =>
  inQuery(
    `the profile's ${name}, ${kind}`,
    kind,
    async (viewerId) => wordsOfItems(await accountTimeline(store(), viewerId, authorId, name, page)),
    notDirect,
  );

const isAtHome = (viewer: Viewer) =>
  viewer === 'a follower' || viewer === 'a suspended follower' || viewer === 'the author';

const isMessage = (visibility: Visibility, viewer: Viewer) =>
  visibility === 'direct' && (viewer === 'one who is mentioned' || viewer === 'the author');

const SURFACES: Surface[] = [
  { ...inDocument('its document', 'plain', (visibility) => pathOf('plain', visibility)), withoutNames: true },
  {
    ...inDocument('its document under its page', 'plain', (visibility) => `/@author/${of('plain', visibility).id}`),
    withoutNames: true,
  },
  onPost('replies'),
  onPost('likes'),
  onPost('shares'),
  inDocument('the outbox', 'plain', () => '/users/author/outbox?before=0', notDirect),
  {
    ...inDocument('the outbox, boosts', 'boost', () => '/users/author/outbox?before=0', notDirect),
    read: async (_, visibility, viewer) =>
      (await get(viewer, '/users/author/outbox?before=0')).includes(`"${of('boost', visibility).uri}"`)
        ? wordOf('boost', visibility)
        : '',
  },
  inDocument('the pinned posts’ document', 'plain', () => '/users/author/collections/featured'),
  {
    ...inDocument('the answers’ document', 'answer', () => '', isOpen),
    read: async (_, visibility, viewer) =>
      (await get(viewer, `/users/other/posts/${rootId}/replies?before=0`)).includes(`"${of('answer', visibility).uri}"`)
        ? wordOf('answer', visibility)
        : '',
  },
  inQuery('its own page', 'plain', async (viewerId, visibility) =>
    words([await findPost(store(), viewerId, of('plain', visibility).id)].filter((one) => one !== null)),
  ),
  inQuery('a thread, in focus', 'answer', async (viewerId, visibility) => {
    const view = await threadView(store(), viewerId, of('answer', visibility).id);
    return view ? words([view.focus]) : '';
  }),
  inQuery('a thread, below', 'answer', async (viewerId) => {
    const view = await threadView(store(), viewerId, rootId);
    return words(view?.descendants.map(({ post }) => post) ?? []);
  }),
  inQuery('a thread, above', 'answered', async (viewerId, visibility) => {
    const view = await threadView(store(), viewerId, made.get(`reply ${visibility}`)?.id ?? 0);
    return words(view?.ancestors ?? []);
  }),
  inQuery('its history', 'plain', async (viewerId, visibility) =>
    (await postHistory(store(), viewerId, of('plain', visibility).id)).map(({ contentHtml }) => contentHtml).join(),
  ),
  tab('posts', 'plain'),
  tab('posts', 'boost'),
  tab('replies', 'answer'),
  tab('media', 'picture'),
  inQuery('the profile’s pinned posts', 'plain', async (viewerId) =>
    words((await pinnedPosts(store(), viewerId, authorId)).map(({ post }) => post)),
  ),
  inQuery(
    'the local timeline',
    'plain',
    async (viewerId) => wordsOfItems(await localTimeline(store(), viewerId, page)),
    isPublic,
  ),
  inQuery(
    'the federated timeline',
    'plain',
    async (viewerId) => wordsOfItems(await federatedTimeline(store(), viewerId, page)),
    isPublic,
  ),
  inQuery(
    'a hashtag’s timeline',
    'plain',
    async (viewerId) => wordsOfItems(await hashtagTimeline(store(), viewerId, 'zzsecret', page)),
    isPublic,
  ),
  inQuery(
    'search',
    'plain',
    async (viewerId, visibility) =>
      words((await searchPosts(store(), viewerId, wordOf('plain', visibility), page)).items),
    isPublic,
  ),
  forMember(
    'home',
    'plain',
    async (viewerId) => wordsOfItems(await homeTimeline(store(), viewerId ?? 0, page)),
    (visibility, viewer) => notDirect(visibility) && isAtHome(viewer),
  ),
  forMember(
    'home, boosts',
    'boost',
    async (viewerId) => {
      const { items } = await homeTimeline(store(), viewerId ?? 0, page);
      return words(items.filter(({ boostedBy }) => boostedBy?.id === authorId).map(({ post }) => post));
    },
    (visibility, viewer) => notDirect(visibility) && isAtHome(viewer),
  ),
  forMember('bookmarks', 'plain', async (viewerId) =>
    wordsOfItems(await markedPosts(store(), viewerId ?? 0, 'bookmarks', page)),
  ),
  forMember('favourites', 'plain', async (viewerId) =>
    wordsOfItems(await markedPosts(store(), viewerId ?? 0, 'favourites', page)),
  ),
  forMember(
    'notifications',
    'plain',
    async (viewerId) => {
      const { items } = await listNotifications(store(), viewerId ?? 0, page, stage.net.clock.now());
      return words(items.flatMap(({ post }) => post ?? []));
    },
    (_, viewer) => viewer === 'one who is mentioned',
  ),
  forMember(
    'messages',
    'plain',
    async (viewerId) => {
      const { items } = await listConversations(store(), viewerId ?? 0, page);
      const opened = await Promise.all(items.map(({ id }) => findConversationView(store(), viewerId ?? 0, id)));
      return words(opened.flatMap((view) => view?.lastPost ?? []));
    },
    isMessage,
  ),
  forMember(
    'messages, opened',
    'plain',
    async (viewerId) => {
      const { items } = await listConversations(store(), viewerId ?? 0, page);
      const said = await Promise.all(items.map(({ id }) => conversationPosts(store(), viewerId ?? 0, id, page)));
      return words(said.flatMap((one) => one.items));
    },
    isMessage,
  ),
  forMember('who boosted a post', 'boost', async (viewerId, visibility) => {
    const [boosted] = await store().read.hot<{ boost_of_id: number }>(
      'select boost_of_id from posts where id = $1',
      of('boost', visibility).id,
    );
    const { items } = await postMarks(store(), viewerId ?? 0, boosted?.boost_of_id ?? 0, 'boosts', page);
    return items.some(({ account }) => account.id === authorId) ? wordOf('boost', visibility) : '';
  }),
];

/** Whoever is not of this surface's door is not asked about: an author has no other server, a visitor no home. */
function standsAt({ door }: Surface, viewer: Viewer): boolean {
  if (door === 'signed') return viewer !== 'the author';
  // The sessions of a suspended person are over.
  return viewer !== 'a suspended follower' && (viewer !== 'anybody' || door === 'page');
}

let cells = 0;

describe.each(['active', 'suspended', 'deleted'] as const)('of an author who is %s', (standing) => {
  beforeAll(async () => {
    const at = stage.net.clock.now();
    const column = standing === 'active' ? null : `${standing}_at`;
    await stage.sut.store.write(async (tx) => {
      await tx.hot(
        'update accounts set suspended_at = null, deleted_at = null, version = version + 1 where id = $1',
        authorId,
      );
      if (column) await tx.hot(`update accounts set ${column} = $1 where id = $2`, at, authorId);
    });
  });

  test.each(SURFACES.map((surface) => [surface.name, surface] as const))('%s', async (_, surface) => {
    const unexplained: string[] = [];
    for (const viewer of VIEWERS.filter((one) => standsAt(surface, one))) {
      for (const visibility of VISIBILITIES) {
        cells += 1;
        const viewerId = surface.door === 'signed' ? null : (local.get(viewer) ?? null);
        const shown = (await surface.read(viewerId, visibility, viewer)).includes(wordOf(surface.kind, visibility));
        // By a signature a suspended account is nobody.
        const seeing = viewer === 'a suspended follower' ? 'anybody' : viewer;
        const forAll = surface.withoutNames === true && maySee(surface.kind, visibility, 'anybody', standing);
        const may = forAll || maySee(surface.kind, visibility, seeing, standing);
        if (shown && !may) unexplained.push(`LEAK: ${viewer} sees a ${visibility} post`);
        if (!shown && may && surface.shows(visibility, viewer) && isThere(surface, viewer, standing))
          unexplained.push(`${viewer} misses a ${visibility} post`);
        if (shown && !surface.shows(visibility, viewer))
          unexplained.push(`${viewer} is shown a ${visibility} post that has no place here`);
      }
    }
    expect(unexplained).toEqual([]);
  });
});

/** Who is gone has no pages and no documents any more, not even for themselves. */
function isThere(surface: Surface, viewer: Viewer, standing: Standing): boolean {
  return standing === 'active' || (viewer === 'the author' && surface.name === 'its own page');
}

test('every cell was looked at', () => {
  console.info(`${cells} cells of surface × visibility × viewer × standing`);
  expect(cells).toBeGreaterThan(2000);
});
