import { Activity } from '@fedify/vocab';
import { describe, expect, test } from 'vitest';
import { findDifference, findSecondMeaning, readTwice } from '#federation/guard.ts';
import { contextLoader } from '#federation/loaders/contexts.ts';

const AS = 'https://www.w3.org/ns/activitystreams';
const ALICE = 'https://victim.test/users/alice';
const EVE = 'https://evil.test/users/eve';

type Json = Record<string, unknown>;

/** Eve's own Create, with whatever a case adds to it; what is undefined is left out. */
function eves(extra: Json = {}, object: Json = {}): Json {
  const json = {
    '@context': AS,
    id: 'https://evil.test/acts/1',
    type: 'Create',
    actor: EVE,
    object: { id: 'https://evil.test/notes/1', type: 'Note', attributedTo: EVE, content: 'hello', ...object },
    ...extra,
  };
  return JSON.parse(JSON.stringify(json)) as Json;
}

describe('read twice and said the same', () => {
  test.each<[string, Json]>([
    ['a Create', eves()],
    ['a Create with a context that nobody knows', eves({ '@context': [AS, 'https://a.example.com/ns'] })],
    ['a Create with Mbin’s context alone', eves({ '@context': ['https://mbin.example.com/contexts'] })],
    ['an actor embedded', eves({ actor: { id: EVE, type: 'Person', inbox: `${EVE}/inbox` } })],
    [
      'authors embedded, as PeerTube does',
      eves(
        {},
        {
          attributedTo: [
            { id: EVE, type: 'Person' },
            { id: ALICE, type: 'Group' },
          ],
        },
      ),
    ],
    ['an object by its id', eves({ object: 'https://victim.test/notes/1' })],
    ['a Flag of many', eves({ type: 'Flag', object: [ALICE, 'https://victim.test/notes/1'] })],
    [
      'an Undo of a Follow',
      eves({ type: 'Undo', object: { id: 'https://evil.test/f/1', type: 'Follow', actor: EVE, object: ALICE } }),
    ],
    [
      'an Announce of a Create of others',
      eves({
        type: 'Announce',
        object: {
          id: 'https://victim.test/a/1',
          type: 'Create',
          actor: ALICE,
          object: { id: 'https://victim.test/n/1', type: 'Page', attributedTo: ALICE },
        },
      }),
    ],
    ['a type that nobody knows', eves({ type: 'Biteback' })],
    ['an object of a type that nobody knows', eves({}, { type: 'Recipe' })],
    ['an object of two types', eves({}, { type: ['Recipe', 'Note'] })],
    ['an object without type and id', eves({ object: { content: 'hello' } })],
    ['an activity without an object', eves({ type: 'Arrive', object: undefined })],
    ['another spelling of a URI', eves({ actor: 'https://EVIL.test:443/users/eve' })],
  ])('%s', async (_, json) => {
    expect(await readTwice(json)).toEqual({ ok: true, document: json });
    expect(await findSecondMeaning(json)).toBeNull();
  });
});

describe('said in two ways', () => {
  test.each<[string, string, Json]>([
    [
      'the actor by another name',
      'actor',
      eves({
        '@context': [AS, { actor: 'http://evil.test/#x', performer: { '@id': 'as:actor', '@type': '@id' } }],
        performer: ALICE,
      }),
    ],
    ['an actor more by its IRI', 'actor', eves({ [`${AS}#actor`]: [{ '@id': ALICE }] })],
    ['two actors', 'actor', eves({ actor: [EVE, ALICE] })],
    ['the actor nowhere', 'actor', eves({ '@context': [AS, { actor: null }] })],
    [
      'the id by another name',
      'in two ways',
      eves({ '@context': [AS, { id: 'http://evil.test/#i', me: '@id' }], me: 'https://victim.test/acts/1' }),
    ],
    ['another document at the top', 'in two ways', { '@context': AS, '@graph': [{ ...eves(), actor: ALICE }] }],
    ['the type by another name', 'type', eves({ '@context': [AS, { Create: 'as:Delete' }] })],
    ['the type nowhere', 'type', eves({ '@context': [AS, { Create: '_:b' }] })],
    [
      'another object',
      'object',
      eves({
        '@context': [AS, { object: 'http://evil.test/#o', thing: { '@id': 'as:object', '@type': '@id' } }],
        thing: 'https://victim.test/notes/1',
      }),
    ],
    ['an object more', 'object', eves({ 'as:object': { '@id': 'https://victim.test/notes/1' } })],
    ['a relative object', 'object', eves({ object: 'notes/1' })],
    [
      'the id of the object by another name',
      'object',
      eves({ '@context': [AS, { me: '@id' }] }, { id: undefined, me: 'https://victim.test/notes/1' }),
    ],
    ['the type of the object by another name', 'type', eves({ '@context': [AS, { Note: 'as:Question' }] })],
    [
      'the author by another name',
      'author',
      eves({ '@context': [AS, { by: { '@id': 'as:attributedTo', '@type': '@id' } }] }, { by: ALICE }),
    ],
    [
      'an author within a context of its own',
      'author',
      eves({}, { '@context': [AS, { by: { '@id': 'as:attributedTo', '@type': '@id' } }], by: ALICE }),
    ],
    [
      'the actor of what is undone',
      'actor',
      eves({
        '@context': [AS, { by: { '@id': 'as:actor', '@type': '@id' } }],
        type: 'Undo',
        object: { id: 'https://evil.test/f/1', type: 'Follow', actor: EVE, by: ALICE, object: ALICE },
      }),
    ],
  ])('%s', async (_, about, json) => {
    expect(await readTwice(json)).toEqual({ ok: false, reason: expect.stringContaining(about) as string });
    expect(await findSecondMeaning(json)).not.toBeNull();
  });
});

test('objects embedded and named are more than Fedify steps through without a fetch', async () => {
  const json = eves({ object: [{ id: 'https://evil.test/notes/1', type: 'Note' }, 'https://evil.test/notes/2'] });
  const reason = expect.stringContaining('embedded and named') as string;
  expect(await readTwice(json)).toEqual({ ok: false, reason });
  expect(await findSecondMeaning(json)).toBeNull();
});

describe('what Fedify cannot read', () => {
  test.each<[string, Json]>([
    ['a date in words', eves({ published: 'yesterday' })],
    ['a date in the object', eves({}, { published: '2026-13-45T99:00:00Z', updated: '' })],
    ['a duration', eves({}, { duration: 'five minutes' })],
    [
      'a key of the actor',
      eves({
        type: 'Update',
        object: { id: EVE, type: 'Person', publicKey: { id: `${EVE}#k`, owner: EVE, publicKeyPem: 'odd' } },
      }),
    ],
    ['an attachment', eves({}, { attachment: [{ type: 'Document', url: 'http://[' }] })],
    ['an icon', eves({}, { icon: { type: 'Image', url: 'http://[' } })],
  ])('%s is left out, and the rest is read', async (_, json) => {
    const reading = await readTwice(json);
    expect(reading).toMatchObject({ ok: true, document: { id: json['id'], actor: EVE } });
    expect(JSON.stringify(reading)).not.toContain('"content"');
    expect(await findSecondMeaning(json)).toBeNull();
  });

  test('but not where a context could hide a name behind a content', async () => {
    const json = eves(
      { '@context': [AS, { content: { '@id': 'as:attributedTo', '@type': '@id' } }] },
      { content: ALICE },
    );
    expect(await readTwice({ ...json, published: 'yesterday' })).toMatchObject({ ok: false });
  });

  test('a document without its context means ActivityStreams all the same', async () => {
    const { '@context': _, ...bare } = eves();
    expect(await readTwice(bare)).toEqual({ ok: true, document: { ...bare, '@context': [AS] } });
    const partly = eves({ '@context': [{ sensitive: 'as:sensitive', as: `${AS}#` }] });
    expect(await readTwice(partly)).toMatchObject({ ok: true, document: { actor: EVE } });
  });

  test.each<[string, unknown]>([
    ['nothing', null],
    ['a number', 5],
    ['a list', [eves()]],
    ['a text', 'text'],
    ['a Note', eves({ type: 'Note' })],
    ['a type by another vocabulary', eves({ '@context': [AS, { Create: 'http://evil.test/#Create' }] })],
    ['terms in a circle', eves({ '@context': [AS, { a: 'b:x', b: 'a:x' }] })],
    ['a context that is a number', eves({ '@context': [AS, 5] })],
    ['an id that is no URI', eves({ id: 'http://[' })],
  ])('%s is refused and nothing is thrown', async (_, json) => {
    expect(await readTwice(json)).toEqual({ ok: false, reason: expect.any(String) as string });
  });
});

test('the reading that a worker has at hand is compared, and stays as it is', async () => {
  const json = eves();
  const activity = await Activity.fromJsonLd(json, { contextLoader });
  expect(await findDifference(json, activity)).toBeNull();
  expect(await findDifference({ ...json, actor: ALICE }, activity)).toBe('the actor is read in two ways');
  expect(await findDifference(eves({}, { attributedTo: ALICE }), activity)).toBe('an author is read in two ways');
  expect(await findDifference('text', activity)).toBe('not one JSON object');
  expect(await activity.toJsonLd({ contextLoader })).toEqual(json);
});
