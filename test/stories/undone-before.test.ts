import { afterEach, beforeEach, expect, test } from 'vitest';
import { PUBLIC } from '#federation/vocabulary.ts';
import { MINUTE_MS } from '#kernel/clock.ts';
import {
  activity,
  bobFollows,
  deliver,
  expectHealthy,
  openStage,
  rowsOf,
  send,
  signed,
  type Stage,
} from '../security/harness.ts';
import { publish } from './cast.ts';

/* What is undone before it comes: an outage, or two deliveries that overtake each other. */

let stage: Stage;
let post: { id: number; uri: string };

beforeEach(async () => {
  stage = await openStage();
  await bobFollows(stage, stage.alice);
  post = await publish(stage.sut, stage.bob.id, 'hello');
});

afterEach(() => stage.close());

async function counts() {
  const [row] = await rowsOf<Record<string, number>>(
    stage.sut,
    `select (select count(*) from posts where boost_of_id is not null) as boosts, (select count(*) from favourites) as likes,
       (select count(*) from follows f join accounts a on a.id = f.follower_id where a.domain <> '') as follows,
       (select count(*) from blocks) as blocks, (select sum(boosts_count + favourites_count) from posts) as counted`,
  );
  return row as Record<'boosts' | 'likes' | 'follows' | 'blocks' | 'counted', number>;
}

const NOTHING = { boosts: 0, likes: 0, follows: 0, blocks: 0, counted: 0 };

async function say(said: Record<string, unknown>) {
  stage.net.clock.advance(MINUTE_MS);
  expect((await deliver(stage, stage.alice, said)).status).toBe(202);
}

const undoOf = (said: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  activity(stage.alice, 'Undo', { ...said, '@context': undefined }, more);

const KINDS = [
  ['Announce', 'boosts', () => activity(stage.alice, 'Announce', post.uri, { to: [PUBLIC] })],
  ['Like', 'likes', () => activity(stage.alice, 'Like', post.uri)],
  ['Follow', 'follows', () => activity(stage.alice, 'Follow', stage.bob.uri)],
  ['Block', 'blocks', () => activity(stage.alice, 'Block', stage.bob.uri)],
] as const;

test.each(KINDS)('%s that comes after its Undo does not stay; one that is done again does', async (_, what, make) => {
  const said = make();
  await say(undoOf(said));
  await say(said);
  expect(await counts()).toEqual(NOTHING);
  // Misskey follows again under the id of the first.
  await say(what === 'follows' ? said : make());
  expect((await counts())[what]).toBe(1);
  await expectHealthy(stage);
});

test.each(KINDS)('%s that waits here while its Undo is worked off does not stay either', async (_kind, _what, make) => {
  const said = make();
  stage.net.clock.advance(MINUTE_MS);
  await send(stage, signed(stage, stage.alice, said));
  // As after a failure: it waits for another try, and holds nothing back.
  await stage.sut.store.write((tx) =>
    tx.hot(`update jobs set due_at = due_at + 60000, order_key = null where lane = 'inbox'`),
  );
  expect((await deliver(stage, stage.alice, undoOf(said))).status).toBe(202);
  stage.net.clock.advance(2 * MINUTE_MS);
  await stage.net.settle();
  expect(await counts()).toEqual(NOTHING);
  expect(await rowsOf(stage.sut, `select 1 as waiting from jobs where lane = 'inbox'`)).toEqual([]);
});

test('an Undo buries nothing of somebody else, nor what was here and is done again', async () => {
  const { alice, eve } = stage;
  const boost = activity(alice, 'Announce', post.uri, { to: [PUBLIC] });
  await deliver(stage, eve, activity(eve, 'Undo', boost.id));
  await say(boost);
  expect((await counts()).boosts).toBe(1);

  const like = activity(alice, 'Like', post.uri);
  for (let round = 0; round < 2; round += 1) {
    await say(like);
    expect((await counts()).likes).toBe(1);
    const undo = undoOf(like);
    await say(undo);
    // Sent again, since its sender has not heard our answer.
    await say(undo);
    expect((await counts()).likes).toBe(0);
  }
});

test('who follows after all, and is taken for late, hears that the follow does not stand', async () => {
  const { alice, bob } = stage;
  const follow = activity(alice, 'Follow', bob.uri);
  await say(undoOf(follow));
  const before = alice.peer.hits.length;
  await say(follow);
  const answers = alice.peer.hits.slice(before).map(({ body }) => body);
  expect(answers.filter((body) => body.includes('"Reject"') && body.includes(follow.id))).toHaveLength(1);
});
