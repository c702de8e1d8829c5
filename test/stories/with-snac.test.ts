import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pinnedPosts } from '#domain/timelines/timelines.queries.ts';
import { ACTIVITY_CONTEXT, createNote } from '../peer.ts';
import { deliver, followsBob, idOf, openStage, rowsOf, type Stage } from '../security/harness.ts';
import { publish } from './cast.ts';

/*
 * What was seen between us and snac 2.94: the id of a like or a boost is made of what it is about, so it comes again
 * under the same one after it was taken back; and a vote names the poll's author twice, and holds an empty line when an
 * app gave it.
 */

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
  await followsBob(stage, stage.alice);
});

afterEach(() => stage.close());

const PAUSE_MS = 60_000;
const EVERYBODY = 'https://www.w3.org/ns/activitystreams#Public';

/** A like or a boost of one post, by alice. */
function mark(type: 'Like' | 'Announce', postUri: string) {
  const { alice, bob } = stage;
  const id = `${alice.id}/${type === 'Like' ? 'l' : 'a'}/da7528e7613a3ef17933d5c8cb20e6fc`;
  const to = [EVERYBODY, bob.uri];
  return { '@context': ACTIVITY_CONTEXT, type, id, actor: alice.id, object: postUri, to };
}

async function takesBack(marked: ReturnType<typeof mark>) {
  const { alice, net } = stage;
  const id = `${marked.id}/Undo_${net.clock.now()}`;
  await deliver(stage, alice, { ...marked, type: 'Undo', id, object: marked });
}

/** A vote of alice's, from a golden file. */
function vote(name: string, postUri: string): unknown {
  const { alice, bob } = stage;
  const text = readFileSync(new URL(`../fixtures/peers/snac/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(
    text
      .replaceAll('https://snac.example/otto', alice.id)
      .replaceAll('https://estrade.example/users/mei/posts/77', postUri)
      .replaceAll('https://estrade.example/users/mei', bob.uri),
  );
}

describe('snac', () => {
  test.each([
    ['Like', 'favourites_count'],
    ['Announce', 'boosts_count'],
  ] as const)('who takes a %s back and gives it again has given it', async (type, column) => {
    const { alice, bob, net, sut } = stage;
    const { uri } = await publish(sut, bob.id, 'Tea?');
    const count = () => rowsOf(sut, `select ${column} as n from posts where uri = $1`, uri);
    await deliver(stage, alice, mark(type, uri));
    expect(await count()).toEqual([{ n: 1 }]);
    await takesBack(mark(type, uri));
    expect(await count()).toEqual([{ n: 0 }]);
    net.clock.advance(PAUSE_MS);
    await deliver(stage, alice, mark(type, uri));
    expect(await count()).toEqual([{ n: 1 }]);
  });

  test.each([
    ['on its page', 'vote'],
    ['in an app', 'vote-by-app'],
  ])('a vote given %s is counted, and is no message to the author of the poll', async (_where, name) => {
    const { alice, bob, sut } = stage;
    const poll = { options: ['Tea', 'Coffee'], multiple: false, minutes: 60 };
    const { uri } = await publish(sut, bob.id, 'Tea or coffee?', { poll });
    await deliver(stage, alice, vote(name, uri));
    expect(await rowsOf(sut, 'select title, votes_count from poll_options order by position')).toEqual([
      { title: 'Tea', votes_count: 1 },
      { title: 'Coffee', votes_count: 0 },
    ]);
    expect(await rowsOf(sut, 'select id from posts where local = 0')).toEqual([]);
  });

  test('what is pinned there is pinned on the profile, although the list is one of activities', async () => {
    const { alice, net, sut } = stage;
    const written = createNote(alice.id, { to: [EVERYBODY] });
    const note = { ...written, object: { ...(written['object'] as object), content: 'Read this first<br>' } };
    const featured = `${alice.id}/featured`;
    const items = {
      type: 'OrderedCollection',
      id: featured,
      attributedTo: alice.id,
      totalItems: 1,
      orderedItems: [note],
    };
    alice.peer.on(new URL(featured).pathname, { body: { '@context': ACTIVITY_CONTEXT, ...items } });
    const id = await idOf(stage, alice);
    sut.federation.lookup.refresh({ kind: 'account', id });
    await expect
      .poll(async () => {
        await net.settle();
        return wordsPinnedBy(id);
      })
      .toEqual(['Read this first']);
  });
});

async function wordsPinnedBy(accountId: number): Promise<string[]> {
  const pinned = await pinnedPosts(stage.sut.store, stage.bob.id, accountId);
  return pinned.map(({ post }) => post.contentHtml.replaceAll(/<[^>]*>/g, ''));
}
