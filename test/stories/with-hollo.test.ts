import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { moveAccount } from '#domain/departures/move-account.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { undoFollow } from '#domain/relationships/undo-follow.ts';
import { DAY_MS } from '#kernel/clock.ts';
import { person } from '../peer.ts';
import {
  activity,
  bobFollows,
  deliver,
  followsBob,
  idOf,
  openStage,
  rowsOf,
  send,
  settleIn,
  signed,
  type Stage,
} from '../security/harness.ts';
import { publish } from './cast.ts';

/*
 * What was seen between us and Hollo 0.10: it gives several activities one id, and sends answers on to their authors.
 */

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(() => stage.close());

const PAUSE_MS = 60_000;
const EVERYBODY = 'https://www.w3.org/ns/activitystreams#Public';

/** A golden file in which alice is the author. */
function golden(name: string): { object: Record<string, unknown> } & Record<string, unknown> {
  const text = readFileSync(new URL(`../fixtures/peers/hollo/${name}.json`, import.meta.url), 'utf8');
  const { alice } = stage;
  return JSON.parse(
    text.replaceAll('https://hollo.example/@noa', alice.id).replaceAll('https://hollo.example', alice.peer.base),
  ) as ReturnType<typeof golden>;
}

function withCounts(update: ReturnType<typeof golden>, tea: number, coffee: number) {
  const option = (name: string, totalItems: number) => ({
    type: 'Note',
    name,
    replies: { type: 'Collection', totalItems },
  });
  const oneOf = [option('Tea', tea), option('Coffee', coffee)];
  return { ...update, object: { ...update.object, oneOf, votersCount: tea + coffee } };
}

const counts = async () =>
  (await rowsOf<{ votes_count: number }>(stage.sut, 'select votes_count from poll_options order by position')).map(
    ({ votes_count: votes }) => votes,
  );

describe('Hollo', () => {
  test('all new counts of a poll come under one id, and all are taken', async () => {
    const { alice } = stage;
    await bobFollows(stage, alice);
    const update = golden('poll-counts');
    await deliver(stage, alice, { ...update, id: `${alice.id}/1#create`, type: 'Create' });
    expect(await counts()).toEqual([1, 0]);
    stage.net.clock.advance(PAUSE_MS);
    await deliver(stage, alice, withCounts(update, 1, 1));
    expect(await counts()).toEqual([1, 1]);
    stage.net.clock.advance(PAUSE_MS);
    await deliver(stage, alice, withCounts(update, 1, 2));
    expect(await counts()).toEqual([1, 2]);
  });

  test('a repetition to the shared inbox is still known', async () => {
    const { alice } = stage;
    await bobFollows(stage, alice);
    const update = golden('poll-counts');
    await deliver(stage, alice, update);
    const [before] = await rowsOf<{ n: number }>(stage.sut, 'select count(*) as n from activities');
    await deliver(stage, alice, { ...update, proof: { type: 'DataIntegrityProof', verificationMethod: alice.keyId } });
    expect(await rowsOf(stage.sut, 'select count(*) as n from activities')).toEqual([before]);
  });

  test('who unfollowed and follows again is accepted again, under the id of the first answer', async () => {
    const { alice, bob, sut } = stage;
    const accept = async (followeeId: number) => {
      await sut.commit(requestFollow, { followerId: bob.id, followeeId });
      await stage.net.settle();
      const [follow] = await rowsOf<{ uri: string }>(sut, 'select uri from follows');
      const object = { id: follow?.uri, type: 'Follow', actor: bob.uri, object: alice.id };
      await deliver(stage, alice, { ...activity(alice, 'Accept', object), id: `${alice.id}#accepts/${bob.uri}` });
    };
    const aliceId = await idOf(stage, alice);
    await accept(aliceId);
    expect(await rowsOf(sut, 'select state from follows')).toEqual([{ state: 'accepted' }]);
    await sut.commit(undoFollow, { followerId: bob.id, followeeId: aliceId });
    await stage.net.settle();
    await accept(aliceId);
    expect(await rowsOf(sut, 'select state from follows')).toEqual([{ state: 'accepted' }]);
  });

  test('who blocks, relents and blocks again under one id has blocked', async () => {
    const { alice, bob, sut } = stage;
    const block = { ...activity(alice, 'Block', bob.uri), id: `${alice.id}#block/1` };
    const blocks = () => rowsOf(sut, 'select uri from blocks');
    await deliver(stage, alice, block);
    expect(await blocks()).toHaveLength(1);
    await deliver(stage, alice, activity(alice, 'Undo', block));
    expect(await blocks()).toEqual([]);
    stage.net.clock.advance(PAUSE_MS);
    await deliver(stage, alice, block);
    expect(await blocks()).toHaveLength(1);
  });

  test('who has named one of us as theirs a moment ago, without a word to us, can be moved to', async () => {
    const { alice, bob, sut } = stage;
    const targetId = await idOf(stage, alice);
    settleIn(alice.peer, alice.handle, alice.key, { alsoKnownAs: [bob.uri] });
    const move = () => sut.commit(moveAccount, { accountId: bob.id, targetId });
    await expect(move()).rejects.toThrow('move-target-alias');
    await sut.federation.lookup.readAgain(targetId);
    await move();
    expect(await rowsOf(sut, 'select moved_to_id from accounts where id = $1', bob.id)).toEqual([
      { moved_to_id: targetId },
    ]);
  });

  test('who deleted their account after a day of silence is gone here, too, although their key is gone as well', async () => {
    const { alice, net, sut } = stage;
    const aliceId = await bobFollows(stage, alice);
    net.clock.advance(DAY_MS);
    alice.peer.on(`/users/${alice.handle}`, { status: 404 });
    const farewell = activity(alice, 'Delete', person(alice.id, alice.key.pem), { to: EVERYBODY });
    expect((await deliver(stage, alice, farewell)).status).toBe(202);
    expect(await rowsOf(sut, 'select deleted_at from accounts where id = $1', aliceId)).toEqual([
      { deleted_at: net.clock.now() },
    ]);
    expect(await rowsOf(sut, 'select id from follows')).toEqual([]);
    // It says so once to its followers and once to whom it follows.
    expect((await deliver(stage, alice, { ...farewell, id: `${alice.id}#again` })).status).toBe(202);
  });

  test.each([
    ['public', ['likes', 'shares']],
    ['unlisted', ['likes', 'shares']],
    ['followers', []],
    ['direct', []],
  ] as const)(
    'a %s post, before it is kept, is asked for no more than may be told to anybody: %j',
    async (visibility, named) => {
      const { alice, bob, sut } = stage;
      await followsBob(stage, alice);
      await publish(sut, bob.id, `@${alice.handle}@${alice.peer.host} Are you there?`, { visibility });
      await stage.net.settle();
      const bodies = alice.peer.hits.filter(({ method }) => method === 'POST').map(({ body }) => body);
      const { object } = JSON.parse(bodies.find((body) => body.includes('Are you there?')) ?? '{}') as {
        object?: Record<string, unknown>;
      };
      expect(object).toHaveProperty('replies');
      expect(['likes', 'shares'].filter((name) => object && name in object)).toEqual(named);
    },
  );

  test('an answer of ours that comes back is no fault, and nothing comes of it', async () => {
    const { alice, bob, sut } = stage;
    const note = { id: `${bob.uri}/posts/1`, type: 'Note', attributedTo: bob.uri, content: '<p>Never written</p>' };
    const ours = { ...activity(alice, 'Create', note), id: `${bob.uri}/posts/1/activity`, actor: bob.uri };
    expect((await send(stage, signed(stage, alice, ours))).status).toBe(202);
    await stage.net.settle();
    expect(await rowsOf(sut, 'select id from activities')).toEqual([]);
    expect(await rowsOf(sut, 'select id from posts')).toEqual([]);
  });
});
