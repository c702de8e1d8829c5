import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PUBLIC } from '#federation/vocabulary.ts';
import { DAY_MS, MINUTE_MS } from '#kernel/clock.ts';
import { ACTIVITY_CONTEXT, createNote } from '../peer.ts';
import {
  activity,
  bobFollows,
  deliver,
  expectHealthy,
  idOf,
  openStage,
  rowsOf,
  send,
  signed,
  wordsOf,
  type RemotePerson,
  type Stage,
} from '../security/harness.ts';
import { publish } from './cast.ts';

/* What real servers do that one would not guess from the specification; alice's server is each of them in turn. */

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(() => stage.close());

/** alice's note that is known here. */
async function tell(who: RemotePerson, more: Record<string, unknown> = {}): Promise<{ id: string }> {
  const create = createNote(who.id);
  const object = { ...(create['object'] as { id: string }), ...more };
  await deliver(stage, who, { ...create, object });
  return object;
}

const countOf = async (table: string) => (await rowsOf(stage.sut, `select 1 as one from ${table}`)).length;

describe('Mastodon', () => {
  test('pins and unpins without giving the activity an id, and pins the same again', async () => {
    const { alice } = stage;
    await bobFollows(stage, alice);
    const { id } = await tell(alice);
    const change = (type: string) => ({
      '@context': ACTIVITY_CONTEXT,
      type,
      actor: alice.id,
      object: id,
      target: `${alice.id}/featured`,
    });
    for (const [type, pins] of [
      ['Add', 1],
      ['Remove', 0],
      ['Add', 1],
    ] as const) {
      stage.net.clock.advance(MINUTE_MS);
      expect((await deliver(stage, alice, change(type))).status).toBe(202);
      expect(await countOf('pins')).toBe(pins);
    }
    stage.net.clock.advance(MINUTE_MS);
    const unpin = signed(stage, alice, change('Remove'));
    await send(stage, unpin);
    await stage.net.settle();
    stage.net.clock.advance(MINUTE_MS);
    await deliver(stage, alice, change('Add'));
    expect((await send(stage, unpin)).status).toBe(202);
    await stage.net.settle();
    expect(await countOf('pins')).toBe(1);
    await expectHealthy(stage);
  });
});

describe('Misskey', () => {
  test('follows, unfollows and follows again under one id, and unfollows again under one id', async () => {
    const { alice, bob } = stage;
    const follow = { ...activity(alice, 'Follow', bob.uri), id: `${alice.peer.base}/follows/1/2` };
    const undo = { ...activity(alice, 'Undo', follow), id: `${follow.id}/undo` };
    for (const [said, follows] of [
      [follow, 1],
      [undo, 0],
      [follow, 1],
      [undo, 0],
      [follow, 1],
    ] as const) {
      stage.net.clock.advance(MINUTE_MS);
      expect((await deliver(stage, alice, said)).status).toBe(202);
      expect(await countOf('follows')).toBe(follows);
    }
    await expectHealthy(stage);
  });
});

describe('Pleroma and Akkoma', () => {
  test('vote with a note whose reader stands in cc', async () => {
    const { alice, bob, sut } = stage;
    const poll = { options: ['Tea', 'Coffee'], multiple: false, minutes: 60 };
    const { id, uri } = await publish(sut, bob.id, 'What will it be?', { poll });
    const vote = {
      id: `${alice.peer.base}/objects/vote`,
      type: 'Note',
      actor: alice.id,
      attributedTo: alice.id,
      to: [],
      cc: [bob.uri],
      name: 'Coffee',
      inReplyTo: uri,
    };
    await deliver(stage, alice, activity(alice, 'Create', vote, { to: [], cc: [bob.uri] }));
    const counts = await rowsOf(
      sut,
      'select votes_count as n from poll_options where post_id = $1 order by position',
      id,
    );
    expect(counts).toEqual([{ n: 0 }, { n: 1 }]);
    expect(await wordsOf(sut)).toHaveLength(1);
  });
});

describe('Lemmy', () => {
  /** The group, followed here, has announced alice's page. */
  async function announcedPage() {
    const { alice, tom, victim } = stage;
    await bobFollows(stage, tom);
    const page = {
      id: `${victim.base}/post/1`,
      type: 'Page',
      attributedTo: alice.id,
      to: [PUBLIC, tom.id],
      name: 'A page',
      content: 'first',
      published: new Date(stage.net.clock.now()).toISOString(),
    };
    victim.on('/post/1', { body: { '@context': ACTIVITY_CONTEXT, ...page } });
    const announce = (inner: unknown) => activity(tom, 'Announce', inner, { to: [PUBLIC] });
    await deliver(stage, tom, announce(activity(alice, 'Create', page)));
    expect(await wordsOf(stage.sut)).toEqual(['first']);
    return { page, announce };
  }

  test('tells of an edit by the group alone; what counts is the page itself', async () => {
    const { alice, tom, victim } = stage;
    const { page, announce } = await announcedPage();
    stage.net.clock.advance(MINUTE_MS);
    const edited = { ...page, content: 'second', updated: new Date(stage.net.clock.now()).toISOString() };
    victim.on('/post/1', { body: { '@context': ACTIVITY_CONTEXT, ...edited } });
    await deliver(stage, tom, announce(activity(alice, 'Update', { ...edited, content: 'as the group says' })));
    expect(await wordsOf(stage.sut)).toEqual(['second']);
  });

  test('tells of an end by the group alone, and is believed when the page is gone', async () => {
    const { alice, tom, victim } = stage;
    const { page, announce } = await announcedPage();
    await deliver(stage, tom, announce(activity(alice, 'Delete', page.id)));
    expect(await wordsOf(stage.sut)).toEqual(['first']);
    victim.on('/post/1', { status: 410, body: { '@context': ACTIVITY_CONTEXT, id: page.id, type: 'Tombstone' } });
    // Somebody who has not announced it is nobody to say so.
    await bobFollows(stage, stage.eve);
    const before = victim.hitsOf('/post/1');
    await deliver(stage, stage.eve, activity(stage.eve, 'Announce', activity(alice, 'Delete', page.id)));
    expect(victim.hitsOf('/post/1')).toBe(before);
    await deliver(stage, tom, announce(activity(alice, 'Delete', page.id)));
    expect(await wordsOf(stage.sut)).toEqual([]);
  });
});

test('an Undo of a boost that names the post alone', async () => {
  const { alice, bob, sut } = stage;
  const { uri } = await publish(sut, bob.id, 'worth it');
  await bobFollows(stage, alice);
  await deliver(stage, alice, activity(alice, 'Announce', uri, { to: [PUBLIC] }));
  const boosts = () => rowsOf(sut, 'select id from posts where boost_of_id is not null');
  expect(await boosts()).toHaveLength(1);
  await deliver(stage, alice, activity(alice, 'Undo', { type: 'Announce', actor: alice.id, object: uri }));
  expect(await boosts()).toEqual([]);
});

test('an account whose address answers with a Tombstone is gone, as by a 410', async () => {
  const { alice, bob, victim, sut, net } = stage;
  await deliver(stage, alice, activity(alice, 'Follow', bob.uri));
  const id = await idOf(stage, alice);
  victim.on('/users/alice', { body: { '@context': ACTIVITY_CONTEXT, id: alice.id, type: 'Tombstone' } });
  victim.on('/users/alice/inbox', { status: 410 });
  await publish(sut, bob.id, 'is anybody there?');
  await net.settle();
  expect(await rowsOf(sut, 'select id from accounts where id = $1 and gone_at is not null', id)).toHaveLength(1);
  net.clock.advance(DAY_MS + 2 * MINUTE_MS);
  await net.settle();
  expect(await countOf('follows')).toBe(0);
});
