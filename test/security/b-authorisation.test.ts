import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addAlias } from '#domain/departures/move-account.ts';
import { closePolls } from '#domain/posts/close-polls.ts';
import { deletePost } from '#domain/posts/delete-post.ts';
import { editPost } from '#domain/posts/edit-post.ts';
import { threadView } from '#domain/timelines/thread.queries.ts';
import { setDomainPolicy } from '#domain/moderation/set-domain-policy.ts';
import { suspendAccount } from '#domain/moderation/suspend-account.ts';
import { boostPost } from '#domain/posts/boost-post.ts';
import { publishPost } from '#domain/posts/publish-post.ts';
import { findPost } from '#domain/posts/posts.queries.ts';
import type { Visibility } from '#domain/posts/visibility.ts';
import { vote } from '#domain/posts/vote.ts';
import { acceptFollow } from '#domain/relationships/accept-follow.ts';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { blockDomain } from '#domain/relationships/block-domain.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { PUBLIC } from '#federation/vocabulary.ts';
import { limits } from '#kernel/limits.ts';
import { HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';
import { draft, publish, textsAtHome } from '../stories/cast.ts';
import { ACTIVITY_CONTEXT, createNote, person, type Peer } from '../peer.ts';
import {
  activity,
  bobFollows,
  bring,
  deliver,
  expectHealthy,
  expectIgnored,
  expectNothing,
  expectRefused,
  followsBob,
  idOf,
  openStage,
  rowsOf,
  send,
  settleIn,
  signed,
  wordsOf,
  type RemotePerson,
  type Stage,
} from './harness.ts';

/* Section B of the attacks: what they may do, once it is sure who they are. */

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(() => stage.close());

interface Told {
  uri: string;
  json: Record<string, unknown>;
}

/** A note of somebody whom bob follows, as it came from their server. */
async function tellNote(author: RemotePerson, more: Record<string, unknown> = {}): Promise<Told> {
  const create = createNote(author.id);
  const json: Record<string, unknown> = {
    ...(create['object'] as object),
    content: `words of ${author.handle}`,
    ...more,
  };
  author.peer.on(new URL(String(json['id'])).pathname, { body: { '@context': ACTIVITY_CONTEXT, ...json } });
  await deliver(stage, author, { ...create, to: json['to'], cc: json['cc'], object: json });
  return { uri: String(json['id']), json };
}

/** bob follows all three, so that nothing of theirs is dropped for want of a reader. */
async function bobFollowsAll(): Promise<void> {
  for (const one of [stage.alice, stage.eve, stage.mallory]) await bobFollows(stage, one);
}

describe('#21 updates', () => {
  test('#21 Update of alice’s note by eve changes nothing', async () => {
    await bobFollowsAll();
    const { uri, json } = await tellNote(stage.alice);
    const forge = (more: object) =>
      activity(stage.eve, 'Update', { ...json, content: 'forged', updated: '2099-01-01T00:00:00Z', ...more });
    await expectIgnored(stage, [
      signed(stage, stage.eve, forge({})),
      signed(stage, stage.eve, forge({ attributedTo: stage.eve.id })),
      signed(stage, stage.eve, forge({ attributedTo: [stage.eve.id, stage.alice.id] })),
      signed(stage, stage.eve, activity(stage.eve, 'Update', uri)),
    ]);
    expect(await wordsOf(stage.sut)).toEqual(['words of alice']);
  });

  test('#21 nor does mallory change what eve, who lives next door, has written', async () => {
    await bobFollowsAll();
    const { json } = await tellNote(stage.eve);
    const forge = (type: string, more: object) =>
      activity(stage.mallory, type, { ...json, content: 'forged', ...more });
    await expectIgnored(stage, [
      signed(stage, stage.mallory, forge('Update', {})),
      signed(stage, stage.mallory, forge('Update', { attributedTo: stage.mallory.id })),
      signed(stage, stage.mallory, forge('Update', { attributedTo: undefined, actor: stage.mallory.id })),
      signed(stage, stage.mallory, forge('Create', { attributedTo: stage.mallory.id })),
    ]);
  });

  test('#21 Update of a local post, or of a local account, by anybody', async () => {
    await bobFollowsAll();
    const { uri } = await publish(stage.sut, stage.bob.id, 'mine');
    await stage.net.settle();
    const note = { id: uri, type: 'Note', attributedTo: stage.bob.uri, content: 'forged', to: [PUBLIC] };
    await expectIgnored(stage, [
      signed(stage, stage.eve, activity(stage.eve, 'Update', note)),
      signed(stage, stage.eve, activity(stage.eve, 'Update', { ...note, attributedTo: stage.eve.id })),
      signed(stage, stage.eve, activity(stage.eve, 'Update', person(stage.bob.uri, stage.eve.key.pem))),
      signed(stage, stage.eve, activity(stage.eve, 'Create', note)),
    ]);
  });

  test('#21 an Update of an account says nothing that its address does not', async () => {
    const eveId = await bobFollows(stage, stage.eve);
    await deliver(
      stage,
      stage.eve,
      activity(stage.eve, 'Update', person(stage.eve.id, stage.eve.key.pem, { name: 'bob@a.test' })),
    );
    const forged = person(stage.alice.id, stage.eve.key.pem, {
      name: 'forged',
      inbox: `${stage.evil.base}/users/eve/inbox`,
    });
    await deliver(stage, stage.eve, activity(stage.eve, 'Update', forged));
    expect(await rowsOf(stage.sut, 'select display_name from accounts where id = $1', eveId)).toEqual([
      { display_name: '' },
    ]);
    expect(await rowsOf(stage.sut, `select id from accounts where display_name = 'forged'`)).toEqual([]);
  });
});

describe('#22 deletions', () => {
  test('#22 Delete of alice’s note or of alice by eve', async () => {
    await bobFollowsAll();
    const { uri } = await tellNote(stage.alice);
    await expectIgnored(stage, [
      signed(stage, stage.eve, activity(stage.eve, 'Delete', uri)),
      signed(stage, stage.eve, activity(stage.eve, 'Delete', { id: uri, type: 'Tombstone' })),
      signed(
        stage,
        stage.eve,
        activity(stage.eve, 'Delete', { id: uri, type: 'Tombstone', attributedTo: stage.eve.id }),
      ),
      signed(stage, stage.eve, activity(stage.eve, 'Delete', stage.alice.id)),
      signed(stage, stage.eve, activity(stage.eve, 'Delete', { id: stage.alice.id, type: 'Person' })),
    ]);
  });

  test('#22 and of what lives next door, by mallory', async () => {
    await bobFollowsAll();
    const { uri } = await tellNote(stage.eve);
    await expectIgnored(stage, [
      signed(stage, stage.mallory, activity(stage.mallory, 'Delete', uri)),
      signed(stage, stage.mallory, activity(stage.mallory, 'Delete', stage.eve.id)),
    ]);
  });

  test('#22 what alice has not written yet cannot be buried by eve', async () => {
    await bobFollowsAll();
    const future = createNote(stage.alice.id);
    const { id } = future['object'] as { id: string };
    await expectIgnored(stage, [
      signed(stage, stage.eve, activity(stage.eve, 'Delete', id)),
      signed(stage, stage.eve, activity(stage.eve, 'Delete', { id, type: 'Tombstone' })),
    ]);
    await deliver(stage, stage.alice, future);
    expect(await wordsOf(stage.sut)).toHaveLength(1);
  });

  test('#22 a local post, public or private, is neither deleted nor given a grave', async () => {
    const shown = await publish(stage.sut, stage.bob.id, 'shown');
    const hidden = await publish(stage.sut, stage.bob.id, 'hidden', { visibility: 'direct' });
    await stage.net.settle();
    const unknown = `${stage.origin}/users/bob/posts/12345`;
    await stage.sut.federation.resolver.accountByUri(stage.eve.id);
    await expectIgnored(
      stage,
      [shown.uri, hidden.uri, unknown, stage.bob.uri].map((uri) =>
        signed(stage, stage.eve, activity(stage.eve, 'Delete', uri)),
      ),
    );
  });

  test('#22 an account’s own Delete takes what it wrote, and nothing of its neighbours', async () => {
    await bobFollowsAll();
    await tellNote(stage.eve);
    await tellNote(stage.mallory);
    await deliver(stage, stage.eve, activity(stage.eve, 'Delete', stage.eve.id));
    expect(await wordsOf(stage.sut)).toEqual(['words of mallory']);
    await expectHealthy(stage);
  });
});

test('#23 Undo of what somebody else did', async () => {
  const { alice, eve, mallory, bob, sut } = stage;
  await bobFollowsAll();
  const mine = await publish(sut, bob.id, 'mine');
  const follow = activity(alice, 'Follow', bob.uri);
  const like = activity(alice, 'Like', mine.uri);
  const boost = activity(alice, 'Announce', mine.uri);
  for (const one of [follow, like, boost]) await deliver(stage, alice, one);
  const { uri } = await tellNote(alice);
  await sut.commit(boostPost, { accountId: bob.id, postId: await postIdOf(uri) });
  await stage.net.settle();
  const ours = await rowsOf<{ uri: string }>(sut, 'select uri from posts where local = 1 and boost_of_id is not null');
  const block = activity(alice, 'Block', (await stranger()).uri);
  await deliver(stage, alice, block);
  const undone = [follow, like, boost, block, { id: ours[0]?.uri, type: 'Announce', actor: bob.uri, object: uri }];
  for (const thief of [eve, mallory]) {
    await expectIgnored(
      stage,
      undone.flatMap((one) => [
        signed(stage, thief, activity(thief, 'Undo', one)),
        signed(stage, thief, activity(thief, 'Undo', { ...one, actor: thief.id })),
        signed(stage, thief, activity(thief, 'Undo', one.id)),
        signed(stage, thief, activity(thief, 'Undo', { ...one, actor: undefined })),
      ]),
    );
  }
  // By their own hand they go.
  for (const one of [follow, like, boost, block]) await deliver(stage, alice, activity(alice, 'Undo', one));
  expect(await rowsOf(sut, 'select id from favourites')).toEqual([]);
  expect(await rowsOf(sut, 'select id from blocks')).toEqual([]);
});

let strangers = 0;

/** Somebody else who lives here. */
async function stranger(): Promise<{ id: number; uri: string }> {
  strangers += 1;
  const handle = `stranger${strangers}`;
  return { id: await stage.sut.person(handle), uri: `${stage.origin}/users/${handle}` };
}

async function postIdOf(uri: string): Promise<number> {
  const [row] = await rowsOf<{ id: number }>(stage.sut, 'select id from posts where uri = $1', uri);
  return row?.id ?? 0;
}

describe('#24 moves', () => {
  const followees = () =>
    rowsOf<{ uri: string }>(
      stage.sut,
      'select a.uri from follows f join accounts a on a.id = f.followee_id where f.follower_id = $1',
      stage.bob.id,
    );

  test('#24 eve moves alice, or moves to somebody who does not know her', async () => {
    await bobFollowsAll();
    const { alice, eve, mallory } = stage;
    const before = await followees();
    const move = (actor: RemotePerson, object: string, target: string) => activity(actor, 'Move', object, { target });
    await expectIgnored(
      stage,
      [
        signed(stage, eve, move(eve, alice.id, mallory.id)),
        signed(stage, eve, move(eve, eve.id, mallory.id)),
        signed(stage, eve, move(eve, mallory.id, eve.id)),
        signed(stage, eve, move(eve, eve.id, stage.bob.uri)),
        signed(stage, eve, move(eve, eve.id, eve.id)),
      ],
      ['accounts'],
    );
    expect(await followees()).toEqual(before);
  });

  test('#24 an alias that only the Move itself shows does not count', async () => {
    await bobFollowsAll();
    const { eve, mallory } = stage;
    const target = { ...person(mallory.id, mallory.key.pem), alsoKnownAs: [eve.id] };
    await expectIgnored(stage, signed(stage, eve, activity(eve, 'Move', eve.id, { target })), ['accounts']);
  });

  test('#24 followers are sent round no circle', async () => {
    await bobFollows(stage, stage.eve);
    const { eve, mallory, evil } = stage;
    settleIn(evil, 'mallory', mallory.key, { alsoKnownAs: [eve.id] });
    settleIn(evil, 'eve', eve.key, { alsoKnownAs: [mallory.id] });
    await deliver(stage, eve, activity(eve, 'Move', eve.id, { target: mallory.id }));
    expect(await followees()).toEqual([{ uri: mallory.id }]);
    await deliver(stage, mallory, activity(mallory, 'Move', mallory.id, { target: eve.id }));
    await deliver(stage, eve, activity(eve, 'Move', eve.id, { target: mallory.id }));
    expect(await followees()).toEqual([{ uri: mallory.id }]);
    await expectHealthy(stage);
  });

  test('#24 a move to an account of ours needs that account’s word', async () => {
    await bobFollows(stage, stage.eve);
    const here = await stranger();
    await expectIgnored(
      stage,
      signed(stage, stage.eve, activity(stage.eve, 'Move', stage.eve.id, { target: here.uri })),
    );
    await stage.sut.commit(addAlias, { accountId: here.id, uri: stage.eve.id });
    await deliver(stage, stage.eve, activity(stage.eve, 'Move', stage.eve.id, { target: here.uri }));
    expect(await followees()).toEqual([{ uri: here.uri }]);
  });
});

describe('#25 answers to follows', () => {
  async function pending(): Promise<{ uri: string; aliceId: number }> {
    const aliceId = await idOf(stage, stage.alice);
    for (const one of [stage.eve, stage.tom]) await idOf(stage, one);
    await stage.sut.commit(requestFollow, { followerId: stage.bob.id, followeeId: aliceId });
    await stage.net.settle();
    const [row] = await rowsOf<{ uri: string }>(stage.sut, 'select uri from follows');
    return { uri: row?.uri ?? '', aliceId };
  }

  test('#25 Accept and Reject by a third server, by the id, by the pair and by both', async () => {
    const { uri } = await pending();
    const { alice, eve, bob } = stage;
    const follow = { id: uri, type: 'Follow', actor: bob.uri, object: alice.id };
    await expectIgnored(
      stage,
      ['Accept', 'Reject'].flatMap((type) => [
        signed(stage, eve, activity(eve, type, follow)),
        signed(stage, eve, activity(eve, type, uri)),
        signed(stage, eve, activity(eve, type, { ...follow, object: eve.id })),
        signed(stage, eve, activity(eve, type, { type: 'Follow', actor: bob.uri, object: alice.id })),
        signed(stage, eve, activity(eve, type, { ...follow, id: undefined, object: eve.id })),
      ]),
    );
    expect(await rowsOf(stage.sut, 'select state from follows')).toEqual([{ state: 'pending' }]);
  });

  test('#25 Accept of a follow that nobody asked for makes none, and lets nothing private be seen', async () => {
    const { eve, bob, sut } = stage;
    await idOf(stage, eve);
    const invented = { id: `${bob.uri}#follows/12345`, type: 'Follow', actor: bob.uri, object: eve.id };
    await expectIgnored(stage, [
      signed(stage, eve, activity(eve, 'Accept', invented)),
      // Nor does it make a follower of eve, who never asked.
      signed(stage, eve, activity(eve, 'Accept', { ...invented, actor: eve.id, object: bob.uri })),
    ]);
    const secret = await publish(sut, bob.id, 'secret', { visibility: 'followers' });
    expect(await findPost(sut.store, await idOf(stage, eve), secret.id)).toBeNull();
  });

  test('#25 an Accept of ours that somebody else forges lets no follower in', async () => {
    const { eve, mallory, bob, sut } = stage;
    await sut.store.write((tx) => tx.update(sut.store.schema.accounts).set({ locked: true }));
    const follow = activity(eve, 'Follow', bob.uri);
    await deliver(stage, eve, follow);
    await idOf(stage, mallory);
    await expectIgnored(stage, [
      signed(stage, mallory, activity(mallory, 'Accept', follow)),
      signed(stage, eve, activity(eve, 'Accept', follow)),
    ]);
    expect(await rowsOf(sut, 'select state from follows')).toEqual([{ state: 'pending' }]);
  });
});

test('#26 Add to and Remove from somebody else’s featured posts', async () => {
  await bobFollowsAll();
  const { alice, eve, mallory } = stage;
  const { uri } = await tellNote(alice);
  const own = await tellNote(eve);
  await deliver(stage, alice, activity(alice, 'Add', uri, { target: `${alice.id}/featured` }));
  expect(await rowsOf(stage.sut, 'select post_id from pins')).toHaveLength(1);
  const change = (who: RemotePerson, type: string, object: string, target: string) =>
    signed(stage, who, activity(who, type, object, { target: `${target}/featured` }));
  await expectIgnored(stage, [
    change(eve, 'Remove', uri, alice.id),
    change(eve, 'Add', own.uri, alice.id),
    // Somebody else's post among one's own is no pin.
    change(eve, 'Add', uri, eve.id),
    change(eve, 'Remove', uri, eve.id),
    change(mallory, 'Add', own.uri, eve.id),
    change(mallory, 'Remove', own.uri, mallory.id),
  ]);
});

test('#26 a collection of featured posts and an outbox bring their owner’s own posts, and a bounded number', async () => {
  const { alice, eve, evil, mallory, victim, sut, net } = stage;
  const note = (id: string, by: string, more = {}) => ({
    id,
    type: 'Note',
    attributedTo: by,
    to: [PUBLIC],
    content: `<p>${id}</p>`,
    ...more,
  });
  const own = note(`${evil.base}/notes/own`, eve.id);
  const others = [
    note(`${victim.base}/notes/1`, alice.id),
    note(`${victim.base}/notes/2`, eve.id),
    note(`${evil.base}/notes/3`, alice.id),
    note(`${evil.base}/notes/4`, mallory.id),
    note(`${evil.base}/notes/5`, eve.id, { to: [stage.bob.uri] }),
    note(`${stage.origin}/users/bob/posts/1`, eve.id),
  ];
  for (const one of [...others, own]) {
    const { pathname, origin } = new URL(one.id);
    const body = { '@context': ACTIVITY_CONTEXT, ...one };
    if (origin === victim.base) victim.on(pathname, { body });
    if (origin === evil.base) evil.on(pathname, { body });
  }
  const ids = Array.from({ length: 500 }, (_, n) => `${evil.base}/notes/none-${n}`);
  const collection = (path: string, orderedItems: unknown[]) =>
    evil.on(path, {
      body: {
        '@context': ACTIVITY_CONTEXT,
        id: evil.base + path,
        type: 'OrderedCollection',
        totalItems: -5,
        orderedItems,
      },
    });
  collection('/users/eve/featured', [...others, ...others.map(({ id }) => id), own.id, ...ids]);
  collection('/users/eve/outbox', [
    ...others.map((object) => ({ type: 'Create', actor: eve.id, object })),
    ...ids.map((object) => ({ type: 'Create', actor: eve.id, object })),
  ]);
  const id = await idOf(stage, eve);
  const before = evil.hits.length;
  const asked = victim.hits.length;
  sut.federation.lookup.refresh({ kind: 'account', id });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await net.settle();
  expect(await rowsOf(sut, 'select p.uri from pins x join posts p on p.id = x.post_id')).toEqual([{ uri: own.id }]);
  expect(await rowsOf(sut, 'select uri from posts')).toEqual([{ uri: own.id }]);
  expect(evil.hits.length - before).toBeLessThanOrEqual(limits.profileFetches);
  expect(victim.hits.length).toBe(asked);
  expect(await rowsOf(sut, 'select posts_total from accounts where id = $1', id)).toEqual([{ posts_total: null }]);
  await expectHealthy(stage);
});

describe('#27 boosts of what is private', () => {
  const PRIVATE: Visibility[] = ['followers', 'direct'];

  test.each(PRIVATE)('#27 eve announces alice’s %s post, by its id or embedded', async (visibility) => {
    const { alice, eve, bob, sut } = stage;
    await bobFollowsAll();
    const to = visibility === 'followers' ? [`${alice.id}/followers`] : [bob.uri];
    const { uri, json } = await tellNote(alice, { to });
    alice.peer.on(new URL(uri).pathname, { status: 404 });
    await expectIgnored(stage, [
      signed(stage, eve, activity(eve, 'Announce', uri, { to: [PUBLIC] })),
      signed(stage, eve, activity(eve, 'Announce', json, { to: [PUBLIC] })),
      signed(stage, eve, activity(eve, 'Announce', { ...json, to: [PUBLIC] }, { to: [PUBLIC] })),
      signed(
        stage,
        eve,
        activity(eve, 'Announce', activity(alice, 'Create', { ...json, to: [PUBLIC] }), { to: [PUBLIC] }),
      ),
    ]);
    const carol = await stranger();
    expect(await findPost(sut.store, carol.id, await postIdOf(uri))).toBeNull();
    expect(await findPost(sut.store, null, await postIdOf(uri))).toBeNull();
  });

  test.each(PRIVATE)('#27 eve announces bob’s %s post, which she may read', async (visibility) => {
    const { eve, bob, sut } = stage;
    await followsBob(stage, eve);
    const { uri } = await publish(sut, bob.id, '@eve@evil.test between us', { visibility });
    await stage.net.settle();
    await expectIgnored(stage, signed(stage, eve, activity(eve, 'Announce', uri, { to: [PUBLIC] })));
  });

  test('#27 what leaves us never has a private post within: not in an Announce, not in a collection', async () => {
    const { eve, bob, sut, evil } = stage;
    await followsBob(stage, eve);
    const own = await publish(sut, bob.id, 'for followers alone', { visibility: 'followers' });
    await stage.net.settle();
    const from = evil.hits.length;
    await sut.commit(boostPost, { accountId: bob.id, postId: own.id });
    await expect(
      sut.commit(boostPost, { accountId: bob.id, postId: own.id, visibility: 'public' }),
    ).resolves.toBeGreaterThan(0);
    await stage.net.settle();
    const sent = evil.hits
      .slice(from)
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(sent.map(({ type, object }) => [type, object])).toEqual([['Announce', own.uri]]);
    expect(JSON.stringify(sent)).not.toContain('followers alone');
    expect(JSON.stringify(sent)).not.toContain(PUBLIC);
    for (const path of ['outbox?before=0', 'collections/featured', 'followers?before=0']) {
      const reply = await get(`/users/bob/${path}`);
      expect(reply.body).not.toContain('followers alone');
      expect(reply.body).not.toContain(own.uri);
    }
  });
});

function get(path: string, headers: Record<string, string> = {}) {
  return send(stage, {
    method: 'GET',
    path,
    headers: new Headers({ host: stage.sut.host, accept: 'application/activity+json', ...headers }),
    body: new Uint8Array(),
  });
}

function getAs(who: RemotePerson, path: string) {
  return send(
    stage,
    signed(stage, who, undefined, { method: 'GET', path, headers: { accept: 'application/activity+json' } }),
  );
}

describe('#28 a private post that is asked for', () => {
  const PATHS = ['', '/replies', '/replies?before=0', '/likes', '/shares'];

  test.each(['followers', 'direct'] as const)(
    '#28 %s: for everybody else it is not there, in every place alike',
    async (visibility) => {
      const { alice, eve, mallory, tom, bob, sut } = stage;
      // eve followed and was blocked; tom's server is suspended; mallory follows somebody else; alice is the one it is for.
      for (const one of [alice, eve, tom]) await followsBob(stage, one);
      const other = await stranger();
      await deliver(stage, mallory, activity(mallory, 'Follow', other.uri));
      const { id, uri } = await publish(sut, bob.id, '@alice@victim.test for your eyes', { visibility });
      await sut.commit(blockAccount, { blockerId: bob.id, blockedId: await idOf(stage, eve) });
      await sut.commit(setDomainPolicy, {
        actorId: null,
        domain: 'third.test',
        severity: 'suspend',
        rejectMedia: false,
        publicComment: '',
        privateComment: '',
      });
      await stage.net.settle();
      const path = new URL(uri).pathname;
      const missing = `/users/bob/posts/${id + 1}`;
      const ask: [string, (path: string) => Promise<Awaited<ReturnType<typeof get>>>][] = [
        ['anybody', (at) => get(at)],
        [
          'a signature that does not hold',
          (at) =>
            send(
              stage,
              signed(stage, alice, undefined, {
                method: 'GET',
                path: at,
                key: eve.key,
                headers: { accept: 'application/activity+json' },
              }),
            ),
        ],
        ['the blocked', (at) => getAs(eve, at)],
        ['the follower of another', (at) => getAs(mallory, at)],
        ['the suspended', (at) => getAs(tom, at)],
      ];
      for (const [who, asking] of ask) {
        for (const more of PATHS) {
          const [there, absent] = [await asking(path + more), await asking(missing + more)];
          const shown = { status: there.status, body: there.body, type: there.headers['content-type'] };
          expect(shown, `${who} ${more}`).toEqual({
            status: 404,
            body: absent.body,
            type: absent.headers['content-type'],
          });
        }
        for (const list of ['/users/bob/outbox?before=0', '/users/bob/collections/featured']) {
          expect((await asking(list)).body, who).not.toContain(uri);
        }
      }
      const reply = await getAs(alice, path);
      expect([reply.status, reply.headers['cache-control']]).toEqual([200, 'private, no-store']);
      expect(reply.body).toContain('for your eyes');
      await expectHealthy(stage);
    },
  );

  test('#28 what one was given is not kept for the next', async () => {
    const { alice, bob, sut } = stage;
    await followsBob(stage, alice);
    const { uri } = await publish(sut, bob.id, 'among friends', { visibility: 'followers' });
    const path = new URL(uri).pathname;
    expect((await getAs(alice, path)).status).toBe(200);
    expect((await get(path)).status).toBe(404);
    expect((await get(path, { 'if-none-match': '*' })).status).toBe(404);
  });

  test('#28 a signature for one path opens no other', async () => {
    const { alice, bob, sut } = stage;
    await followsBob(stage, alice);
    const { uri } = await publish(sut, bob.id, 'among friends', { visibility: 'followers' });
    const request = signed(stage, alice, undefined, {
      method: 'GET',
      path: '/users/bob',
      headers: { accept: 'application/activity+json' },
    });
    expect((await send(stage, { ...request, path: new URL(uri).pathname })).status).toBe(404);
  });

  test.each(['followers', 'direct'] as const)(
    '#28 an answer to a %s post whose address was guessed tells nobody that it is there',
    async (visibility) => {
      const { bob, eve, evil, sut } = stage;
      const { id, uri } = await publish(sut, bob.id, 'among friends', { visibility });
      await stage.net.settle();
      const answer = (n: number, inReplyTo: string) =>
        createNote(eve.id, {
          object: {
            id: `${eve.id}/notes/guess-${n}`,
            type: 'Note',
            attributedTo: eve.id,
            content: 'guessed',
            inReplyTo,
            to: [PUBLIC],
          },
        });
      // Nobody here follows eve yet: it is as unwanted as an answer to what never was.
      await deliver(stage, eve, answer(1, uri));
      await deliver(stage, eve, answer(2, `${bob.uri}/posts/123`));
      expect(await wordsOf(sut)).toEqual(['among friends']);
      // A follower has it brought here; it stands by itself all the same.
      await bobFollows(stage, eve);
      await deliver(stage, eve, answer(3, uri));
      await deliver(stage, eve, answer(4, `${bob.uri}/posts/123`));
      const rows = await rowsOf<{ reply_to_id: number | null; reply_to_account_id: number | null }>(
        sut,
        'select reply_to_id, reply_to_account_id from posts where local = 0',
      );
      const alone = { reply_to_id: null, reply_to_account_id: null };
      expect(rows).toEqual([alone, alone]);
      expect((await threadView(sut.store, bob.id, id))?.descendants).toEqual([]);
      expect(await rowsOf(sut, 'select replies_count as n from posts where id = $1', id)).toEqual([{ n: 0 }]);
      const before = evil.hits.filter(({ method }) => method === 'POST').length;
      await sut.commit(deletePost, { authorId: bob.id, postId: id });
      await stage.net.settle();
      expect(evil.hits.filter(({ method }) => method === 'POST')).toHaveLength(before);
    },
  );

  test('#28 who follows from which host is told to that host alone', async () => {
    const { alice, eve } = stage;
    await followsBob(stage, alice);
    const path = '/users/bob/followers_synchronization';
    expect((await get(path)).status).toBe(404);
    expect((await getAs(eve, path)).body).not.toContain(alice.id);
    expect((await getAs(alice, path)).body).toContain(alice.id);
  });
});

describe('#30 answers', () => {
  test.each(['unlisted', 'followers', 'direct'] as const)(
    '#30 an answer to a %s post is for nobody more',
    async (visibility) => {
      const { alice, eve, bob, sut, evil } = stage;
      await bobFollows(stage, alice);
      await followsBob(stage, eve);
      const to = { unlisted: [`${alice.id}/followers`], followers: [`${alice.id}/followers`], direct: [bob.uri] }[
        visibility
      ];
      const { uri } = await tellNote(alice, {
        to,
        cc: visibility === 'unlisted' ? [PUBLIC] : [],
        bto: [eve.id],
        bcc: [eve.id],
      });
      const before = evil.hits.length;
      const answer = await sut.commit(
        publishPost,
        draft(bob.id, '@alice@victim.test indeed', { replyToId: await postIdOf(uri), visibility: 'public' }),
      );
      await stage.net.settle();
      const [stored] = await rowsOf<{ visibility: Visibility }>(
        sut,
        'select visibility from posts where id = $1',
        answer,
      );
      expect(stored?.visibility).toBe(visibility);
      const sent = stage.victim.hits
        .filter(({ method, body }) => method === 'POST' && body.includes('indeed'))
        .map(({ body }) => body);
      expect(sent).toHaveLength(1);
      const { to: sentTo, cc } = JSON.parse(sent[0] ?? '{}') as { to: string[]; cc: string[] };
      expect([...sentTo, ...cc].includes(PUBLIC)).toBe(visibility === 'unlisted');
      if (visibility === 'direct') expect([...sentTo, ...cc]).toEqual([alice.id]);
      expect(sent[0]).not.toMatch(/"b(?:to|cc)"/);
      expect(evil.hits.slice(before).some(({ body }) => body.includes('indeed'))).toBe(visibility !== 'direct');
    },
  );

  test('#30 a copy that says more of its audience than the first widens nothing', async () => {
    const { alice, bob, sut } = stage;
    await bobFollows(stage, alice);
    const carol = await stranger();
    const { uri, json } = await tellNote(alice, { to: [bob.uri] });
    await deliver(stage, alice, activity(alice, 'Create', { ...json, to: [PUBLIC, carol.uri] }));
    expect(await findPost(sut.store, carol.id, await postIdOf(uri))).toBeNull();
    await deliver(
      stage,
      alice,
      activity(alice, 'Update', { ...json, to: [PUBLIC], updated: new Date(stage.net.clock.now()).toISOString() }),
    );
    expect(await findPost(sut.store, null, await postIdOf(uri))).toBeNull();
  });
});

describe('#31 polls', () => {
  async function openPoll(multiple = false): Promise<{ id: number; uri: string }> {
    const poll = { options: ['Tea', 'Coffee'], multiple, minutes: 60 };
    return publish(stage.sut, stage.bob.id, 'What will it be?', { poll });
  }
  let votes = 0;
  const ballot = (voter: RemotePerson, uri: string, choice: unknown, more: Record<string, unknown> = {}) => {
    votes += 1;
    const id = `${voter.id}/votes/${votes}`;
    const to = [stage.bob.uri];
    return activity(
      voter,
      'Create',
      { id, type: 'Note', name: choice, attributedTo: voter.id, inReplyTo: uri, to, ...more },
      { to },
    );
  };
  const counts = async (id: number) => {
    const options = await rowsOf<{ n: number }>(
      stage.sut,
      'select votes_count as n from poll_options where post_id = $1 order by position',
      id,
    );
    const [poll] = await rowsOf<{ n: number }>(stage.sut, 'select voters_count as n from polls where post_id = $1', id);
    return { options: options.map(({ n }) => n), voters: poll?.n };
  };

  test('#31 one vote a person: the same again, another one, fifty at once', async () => {
    const { id, uri } = await openPoll();
    await deliver(stage, stage.eve, ballot(stage.eve, uri, 'Tea'));
    await deliver(stage, stage.eve, ballot(stage.eve, uri, 'Tea'));
    await deliver(stage, stage.eve, ballot(stage.eve, uri, 'Coffee'));
    expect(await counts(id)).toEqual({ options: [1, 0], voters: 1 });
    const storm = Array.from({ length: 50 }, (_, n) =>
      signed(stage, stage.mallory, ballot(stage.mallory, uri, n % 2 ? 'Tea' : 'Coffee')),
    );
    await Promise.all(storm.map((request) => send(stage, request)));
    await stage.net.settle();
    const { options, voters } = await counts(id);
    expect([voters, (options[0] ?? 0) + (options[1] ?? 0)]).toEqual([2, 2]);
    await expectHealthy(stage);
  });

  test('#31 several choices count once each, and one voter once', async () => {
    const { id, uri } = await openPoll(true);
    for (const choice of ['Tea', 'Coffee', 'Tea', 'Coffee'])
      await deliver(stage, stage.eve, ballot(stage.eve, uri, choice));
    expect(await counts(id)).toEqual({ options: [1, 1], voters: 1 });
  });

  test('#31 no option, no name, too late, in one’s own poll, in somebody else’s name', async () => {
    const { id, uri } = await openPoll();
    await stage.sut.federation.resolver.accountByUri(stage.eve.id);
    await stage.net.settle();
    const { eve } = stage;
    await expectIgnored(stage, [
      signed(stage, eve, ballot(eve, uri, 'Cocoa')),
      signed(stage, eve, ballot(eve, uri, 'tea')),
      signed(stage, eve, ballot(eve, uri, 'Tea', { attributedTo: stage.mallory.id })),
      signed(stage, eve, ballot(eve, uri, 'Tea', { attributedTo: stage.alice.id })),
    ]);
    // Without a name it is no ballot but an empty answer to bob.
    for (const choice of ['', null, ['Tea', 'Coffee']]) await deliver(stage, eve, ballot(eve, uri, choice));
    await expect(stage.sut.commit(vote, { accountId: stage.bob.id, postId: id, positions: [0] })).rejects.toThrow(
      'poll-own',
    );
    stage.net.clock.advance(61 * MINUTE_MS);
    await expectIgnored(stage, signed(stage, eve, ballot(eve, uri, 'Tea')));
    expect(await counts(id)).toEqual({ options: [0, 0], voters: 0 });
  });

  test('#31 a private poll takes no vote of those who were not asked', async () => {
    const poll = { options: ['Tea', 'Coffee'], multiple: false, minutes: 60 };
    const { uri } = await publish(stage.sut, stage.bob.id, 'among friends', { poll, visibility: 'followers' });
    await idOf(stage, stage.eve);
    await stage.net.settle();
    await expectIgnored(stage, signed(stage, stage.eve, ballot(stage.eve, uri, 'Tea')));
  });

  test('#31 who voted in a private poll and was sent away since hears no more of it', async () => {
    const { alice, bob, sut, victim } = stage;
    await followsBob(stage, alice);
    const poll = { options: ['Tea', 'Coffee'], multiple: false, minutes: 60 };
    const { id, uri } = await publish(sut, bob.id, 'among friends', { poll, visibility: 'followers' });
    await stage.net.settle();
    await deliver(stage, alice, ballot(alice, uri, 'Tea'));
    const updates = () =>
      victim.hits.filter(({ method, body }) => method === 'POST' && body.includes('"Update"')).length;
    expect(updates()).toBe(1);
    await sut.commit(blockAccount, { blockerId: bob.id, blockedId: await idOf(stage, alice) });
    await sut.commit(editPost, { ...draft(bob.id, 'alice must not know'), postId: id });
    stage.net.clock.advance(2 * HOUR_MS);
    await sut.commit(closePolls, { most: 10 });
    await stage.net.settle();
    expect(updates()).toBe(1);
    expect(victim.hits.some(({ body }) => body.includes('must not know'))).toBe(false);
  });

  test('#31 counts that lie: endless, negative, none, of somebody else’s poll', async () => {
    const { alice, eve, bob, sut } = stage;
    await bobFollowsAll();
    const option = (name: string, totalItems: unknown) => ({
      type: 'Note',
      name,
      replies: { type: 'Collection', totalItems },
    });
    const question = {
      type: 'Question',
      oneOf: [option('Tea', 1), option('Coffee', 2)],
      votersCount: 3,
      endTime: new Date(stage.net.clock.now() + HOUR_MS).toISOString(),
    };
    const { uri, json } = await tellNote(alice, question);
    const id = await postIdOf(uri);
    await sut.commit(vote, { accountId: bob.id, postId: id, positions: [0] });
    await stage.net.settle();
    const lies = (...totals: unknown[]) => ({
      ...json,
      votersCount: totals[2],
      oneOf: [option('Tea', totals[0]), option('Coffee', totals[1])],
    });
    await expectIgnored(stage, [
      signed(stage, eve, activity(eve, 'Update', lies(1e9, 1e9, 1e9))),
      signed(stage, eve, activity(eve, 'Update', { ...lies(1e9, 1e9, 1e9), attributedTo: eve.id })),
    ]);
    for (const totals of [
      [1e9, 1e9, undefined],
      [1e300, 1e300, 1e300],
      [-5, 'x', -1],
      [null, {}, 'NaN'],
      [1.5, '7', 2],
    ]) {
      await deliver(stage, alice, activity(alice, 'Update', lies(...totals)));
      const { options, voters } = await counts(id);
      for (const n of [...options, voters ?? 0]) {
        expect(Number.isSafeInteger(n) && n >= 0 && n <= 1e9, JSON.stringify(totals)).toBe(true);
      }
    }
    expect(await rowsOf(sut, 'select account_id from poll_ballots')).toEqual([{ account_id: bob.id }]);
    await expectHealthy(stage);
  });
});

describe('#32 those who are shut out', () => {
  const policy = (domain: string) => ({
    actorId: null,
    domain,
    severity: 'suspend' as const,
    rejectMedia: false,
    publicComment: '',
    privateComment: '',
  });

  /** Everything by which eve could reach bob. */
  function approaches(who: RemotePerson, postUri: string) {
    const note = (extra: Record<string, unknown>) => {
      const create = createNote(who.id, { to: [PUBLIC, stage.bob.uri] });
      const tag = [{ type: 'Mention', href: stage.bob.uri, name: '@bob@a.test' }];
      return {
        ...create,
        object: { ...(create['object'] as object), content: 'approach', tag, to: [PUBLIC, stage.bob.uri], ...extra },
      };
    };
    return [
      note({}),
      note({ inReplyTo: postUri }),
      note({ to: [stage.bob.uri] }),
      note({ quote: postUri, quoteUrl: postUri }),
      activity(who, 'Follow', stage.bob.uri),
      activity(who, 'Like', postUri),
      activity(who, 'Announce', postUri, { to: [PUBLIC] }),
      activity(who, 'Flag', [stage.bob.uri, postUri]),
    ];
  }

  test('#32 of one whom bob has blocked nothing reaches bob', async () => {
    const { eve, bob, sut } = stage;
    const { uri } = await publish(sut, bob.id, 'mine');
    await sut.commit(blockAccount, { blockerId: bob.id, blockedId: await idOf(stage, eve) });
    await stage.net.settle();
    for (const one of approaches(eve, uri)) await deliver(stage, eve, one);
    expect(await rowsOf(sut, `select kind from notifications where kind <> 'report'`)).toEqual([]);
    expect(await rowsOf(sut, 'select id from follows')).toEqual([]);
    expect(await rowsOf(sut, 'select id from favourites')).toEqual([]);
    expect(await rowsOf(sut, 'select id from posts where boost_of_id is not null')).toEqual([]);
    expect(await rowsOf(sut, 'select id from conversations')).toEqual([]);
    expect(await textsAtHome(sut, bob.id)).toEqual(['mine']);
    await expectHealthy(stage);
  });

  test('#32 nor through a third one’s boost, who is followed', async () => {
    const { eve, mallory, bob, sut } = stage;
    await bobFollows(stage, mallory);
    await bobFollows(stage, eve);
    const { uri } = await tellNote(eve);
    await sut.commit(blockAccount, { blockerId: bob.id, blockedId: await idOf(stage, eve) });
    await deliver(stage, mallory, activity(mallory, 'Announce', uri, { to: [PUBLIC] }));
    expect(await textsAtHome(sut, bob.id)).toEqual([]);
  });

  test('#32 a new account of a domain that bob has blocked is shut out as well', async () => {
    const { eve, bob, sut } = stage;
    const { uri } = await publish(sut, bob.id, 'mine');
    await sut.commit(blockDomain, { accountId: bob.id, domain: 'evil.test' });
    for (const one of approaches(eve, uri)) await deliver(stage, eve, one);
    expect(await rowsOf(sut, `select kind from notifications where kind <> 'report'`)).toEqual([]);
    expect(await rowsOf(sut, 'select id from follows')).toEqual([]);
    expect(await rowsOf(sut, 'select id from conversations')).toEqual([]);
  });

  test('#32 somebody of ours who is suspended answers to neither name nor address', async () => {
    const { bob, sut } = stage;
    const ask = (resource: string) => get(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`);
    const names = ['acct:bob@a.test', bob.uri];
    for (const name of names) expect([name, (await ask(name)).status]).toEqual([name, 200]);
    await sut.commit(suspendAccount, { actorId: null, accountId: bob.id });
    for (const name of names) expect([name, (await ask(name)).status]).toEqual([name, 404]);
  });

  test('#32 a suspended account is not heard, and nothing of it is brought', async () => {
    const { alice, eve, bob, sut } = stage;
    await bobFollows(stage, alice);
    const { uri } = await publish(sut, bob.id, 'mine');
    await sut.commit(suspendAccount, { actorId: null, accountId: await idOf(stage, eve) });
    await stage.net.settle();
    await expectIgnored(
      stage,
      approaches(eve, uri).map((one) => signed(stage, eve, one)),
    );
    const note = {
      id: `${stage.evil.base}/notes/dark`,
      type: 'Note',
      attributedTo: eve.id,
      to: [PUBLIC],
      content: 'dark',
    };
    stage.evil.on('/notes/dark', { body: { '@context': ACTIVITY_CONTEXT, ...note } });
    await deliver(stage, alice, activity(alice, 'Announce', note.id, { to: [PUBLIC] }));
    expect(await textsAtHome(sut, bob.id)).toEqual(['mine']);
    const [dark] = await rowsOf<{ id: number }>(sut, 'select id from posts where uri = $1', note.id);
    if (dark) expect(await findPost(sut.store, bob.id, dark.id)).toBeNull();
    await expectHealthy(stage);
  });

  test.each(['evil.test', 'www.evil.test', 'a.b.evil.test', 'EVIL.test'])(
    '#32 a suspended domain is not heard as %s, and nothing is fetched from it',
    async (spelling) => {
      const { bob, sut, net, alice } = stage;
      const host = spelling.toLowerCase();
      const peer = host === 'evil.test' ? stage.evil : await bring(net, host);
      const shadow = settleIn(peer, 'shadow', stage.eve.key);
      const named = { ...shadow, id: shadow.id.replace(host, spelling), keyId: shadow.keyId.replace(host, spelling) };
      const { uri } = await publish(sut, bob.id, 'mine');
      await sut.commit(setDomainPolicy, policy('evil.test'));
      await bobFollows(stage, alice);
      const before = peer.hits.length;
      await expectIgnored(
        stage,
        approaches(named, uri).map((one) => signed(stage, named, one)),
      );
      await deliver(stage, alice, activity(alice, 'Announce', `${peer.base}/notes/1`, { to: [PUBLIC] }));
      const { object } = createNote(alice.id);
      await deliver(
        stage,
        alice,
        activity(alice, 'Create', { ...(object as object), inReplyTo: `${peer.base}/notes/1` }),
      );
      await expect(sut.federation.resolver.accountByHandle('shadow', host)).resolves.toBeNull();
      expect(peer.hits.length).toBe(before);
      if (peer !== stage.evil) await peer.close();
    },
  );

  test('#32 nor under another port of it', async () => {
    const { sut, bob, eve } = stage;
    const { uri } = await publish(sut, bob.id, 'mine');
    await sut.commit(setDomainPolicy, policy('evil.test'));
    const elsewhere = (address: string) => address.replace('evil.test', 'evil.test:8080');
    const peer = { ...eve.peer, base: elsewhere(eve.peer.base) };
    await stage.net.settle();
    const ported: RemotePerson = { ...eve, id: elsewhere(eve.id), keyId: elsewhere(eve.keyId), peer };
    const before = stage.evil.hits.length;
    await expectIgnored(
      stage,
      approaches(ported, uri).map((one) => signed(stage, ported, one)),
    );
    expect(stage.evil.hits.length).toBe(before);
  });

  test('#32 nor is anything sent to a suspended host, whatever the handles of its people', async () => {
    const { sut, bob, net, eve } = stage;
    const [web, handles] = [await bring(net, 'web.test'), await bring(net, 'handles.test')];
    const dora = settleIn(web, 'dora', eve.key);
    lendHandles(web, handles, dora);
    await followsBob(stage, dora);
    await sut.commit(setDomainPolicy, policy('web.test'));
    const before = web.hits.length;
    await publish(sut, bob.id, 'among friends', { visibility: 'followers' });
    await publish(sut, bob.id, '@dora@handles.test between us', { visibility: 'direct' });
    await net.settle();
    expect(web.hits.slice(before)).toEqual([]);
    await web.close();
    await handles.close();
    await expectHealthy(stage);
  });

  /** Both servers say that this person's handle is of the second one's name. */
  function lendHandles(web: Peer, handles: Peer, who: RemotePerson): void {
    const subject = `acct:${who.handle}@${handles.host}`;
    const answer = { subject, links: [{ rel: 'self', type: 'application/activity+json', href: who.id }] };
    for (const peer of [web, handles]) {
      const resource = encodeURIComponent(`acct:${who.handle}@${peer.host}`);
      peer.on(`/.well-known/webfinger?resource=${resource}`, { type: 'application/jrd+json', body: answer });
    }
  }

  test('#32 nor with handles of a suspended domain on a host of another name', async () => {
    const { sut, bob, net, eve } = stage;
    const [web, handles] = [await bring(net, 'web.test'), await bring(net, 'handles.test')];
    const dora = settleIn(web, 'dora', eve.key);
    lendHandles(web, handles, dora);
    const { uri } = await publish(sut, bob.id, 'mine');
    await sut.commit(setDomainPolicy, policy('handles.test'));
    for (const one of approaches(dora, uri)) await deliver(stage, dora, one);
    expect(await rowsOf(sut, 'select kind from notifications')).toEqual([]);
    expect(await rowsOf(sut, 'select id from follows')).toEqual([]);
    expect(await wordsOf(sut)).toEqual(['mine']);
    await web.close();
    await handles.close();
    await expectHealthy(stage);
  });
});

describe('another account of the same origin', () => {
  test('answers, accepts and moves nothing for its neighbour', async () => {
    await bobFollowsAll();
    const { eve, mallory, bob } = stage;
    const [follow] = await rowsOf<{ uri: string }>(
      stage.sut,
      'select f.uri from follows f join accounts a on a.id = f.followee_id where a.uri = $1',
      eve.id,
    );
    await expectIgnored(stage, [
      signed(
        stage,
        mallory,
        activity(mallory, 'Reject', { id: follow?.uri, type: 'Follow', actor: bob.uri, object: eve.id }),
      ),
      signed(stage, mallory, activity(mallory, 'Reject', follow?.uri)),
      signed(stage, mallory, activity(mallory, 'Move', eve.id, { target: mallory.id })),
    ]);
    await expectRefused(stage, signed(stage, mallory, activity(eve, 'Undo', follow?.uri)));
  });

  test('a locked person’s requests are theirs to answer', async () => {
    const { eve, bob, sut } = stage;
    await sut.store.write((tx) => tx.update(sut.store.schema.accounts).set({ locked: true }));
    await deliver(stage, eve, activity(eve, 'Follow', bob.uri));
    const other = await stranger();
    await expect(
      sut.commit(acceptFollow, { followeeId: other.id, followerId: await idOf(stage, eve) }),
    ).rejects.toThrow();
    await expectNothing(stage, async () => [], { status: [] });
  });
});
