import { afterEach, beforeEach, expect, test } from 'vitest';
import { blockAccount } from '#domain/relationships/block-account.ts';
import { ACTIVITY_CONTEXT, createNote } from '../peer.ts';
import { activity, deliver, expectHealthy, followsBob, openStage, idOf, type Stage } from '../security/harness.ts';
import { publish } from './cast.ts';

/* alice's server knows FEP-044f, as Mastodon from 4.5 on: it asks before it shows that bob is quoted. */

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(() => stage.close());

const QUOTING = { QuoteRequest: 'https://w3id.org/fep/044f#QuoteRequest' };

function asks(postUri: string, instrument: unknown = `${stage.alice.id}/posts/quoting`) {
  return activity(stage.alice, 'QuoteRequest', postUri, {
    '@context': [...ACTIVITY_CONTEXT, QUOTING],
    instrument,
  });
}

async function answersTo(request: Record<string, unknown>): Promise<Record<string, unknown>[]> {
  const before = stage.alice.peer.hits.length;
  expect((await deliver(stage, stage.alice, request)).status).toBe(202);
  const bodies = stage.alice.peer.hits.slice(before).flatMap(({ body }) => (body === '' ? [] : [body]));
  return bodies.map((body) => JSON.parse(body) as Record<string, unknown>);
}

test('who asks to quote a post hears that they may not, instead of waiting for ever', async () => {
  const { alice, bob, sut } = stage;
  const { uri } = await publish(sut, bob.id, 'Tea is better than coffee');
  const request = asks(uri);
  const [answer, ...more] = await answersTo(request);
  expect(more).toEqual([]);
  expect(answer).toMatchObject({
    id: expect.stringMatching(/^https?:.*\/users\/bob#rejects\/\d+$/),
    type: 'Reject',
    actor: bob.uri,
    to: [alice.id],
    object: {
      id: request.id,
      type: 'QuoteRequest',
      actor: alice.id,
      object: uri,
      instrument: `${alice.id}/posts/quoting`,
    },
  });
  expect(answer?.['@context']).toContainEqual(QUOTING);
  await expectHealthy(stage);
});

test('the quoting post may come along with the question', async () => {
  const { alice, bob, sut } = stage;
  const { uri } = await publish(sut, bob.id, 'Tea is better than coffee');
  const note = createNote(alice.id)['object'] as { id: string };
  const [answer] = await answersTo(asks(uri, { ...note, quote: uri }));
  expect(answer).toMatchObject({ type: 'Reject', object: { instrument: note.id } });
});

test('a follower is answered about what is for followers, and nobody else', async () => {
  const { alice, bob, sut } = stage;
  const { uri } = await publish(sut, bob.id, 'Tea, among us', { visibility: 'followers' });
  expect(await answersTo(asks(uri))).toEqual([]);
  await followsBob(stage, alice);
  expect(await answersTo(asks(uri))).toMatchObject([{ type: 'Reject', object: { object: uri } }]);
});

test('whoever is blocked, or asks about what is not there, hears nothing', async () => {
  const { alice, bob, sut } = stage;
  const { uri } = await publish(sut, bob.id, 'Tea is better than coffee');
  expect(await answersTo(asks(`${uri}0`))).toEqual([]);
  await sut.commit(blockAccount, { blockerId: bob.id, blockedId: await idOf(stage, alice) });
  await stage.net.settle();
  expect(await answersTo(asks(uri))).toEqual([]);
  await expectHealthy(stage);
});
