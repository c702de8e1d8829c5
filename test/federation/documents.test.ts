import { verifyJsonLd, verifyProof } from '@fedify/fedify';
import { Activity, type DataIntegrityProof, Multikey, Note, Person, Question, Update } from '@fedify/vocab';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publishPost } from '#domain/posts/publish-post.ts';
import { actorDocument } from '#federation/documents/actor.ts';
import { create, updateActor } from '#federation/documents/activities.ts';
import { localPost } from '#federation/documents/note.ts';
import { contextLoader } from '#federation/loaders/contexts.ts';
import { signActivity } from '#federation/outbound/sign-activity.ts';
import { createSigningKeys } from '#federation/signing-keys.ts';
import { OBJECT_CONTEXT, type JsonLd } from '#federation/vocabulary.ts';
import { draft } from '../stories/cast.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
let alice: number;

beforeEach(async () => {
  world = await openWorld();
  alice = await world.person('alice');
});

afterEach(() => world.close());

const loaders = {
  contextLoader,
  documentLoader: async () => {
    throw new Error('nothing is fetched');
  },
};

async function noteOf(text: string, more: Parameters<typeof draft>[2] = {}): Promise<JsonLd> {
  const id = await world.commit(publishPost, draft(alice, text, more));
  return { '@context': OBJECT_CONTEXT, ...(await localPost(world.store, world.site, id))?.note };
}

describe('what we send', () => {
  test('an actor says what peers need, and Fedify reads it', async () => {
    const document = await actorDocument(world.store, world.site, 'alice');
    expect(document).toMatchObject({
      id: 'https://here.test/users/alice',
      type: 'Person',
      preferredUsername: 'alice',
      inbox: 'https://here.test/users/alice/inbox',
      endpoints: { sharedInbox: 'https://here.test/inbox' },
      publicKey: { id: 'https://here.test/users/alice#main-key', owner: 'https://here.test/users/alice' },
    });
    const person = await Person.fromJsonLd(document, loaders);
    expect(person.inboxId?.href).toBe('https://here.test/users/alice/inbox');
    expect((await person.getPublicKey(loaders))?.ownerId?.href).toBe('https://here.test/users/alice');
  });

  test('a note is as Mastodon writes one', async () => {
    await world.remote('bob');
    const note = await noteOf('Hello @bob@there.test, have a look: https://example.org/a?b=c #Weekend\n\nBye', {
      warning: 'small talk',
    });
    const { published, ...rest } = note;
    expect(published).toBe('2026-01-15T12:00:00.000Z');
    expect(rest).toMatchObject({
      type: 'Note',
      attributedTo: 'https://here.test/users/alice',
      to: ['https://www.w3.org/ns/activitystreams#Public'],
      cc: ['https://here.test/users/alice/followers', 'https://there.test/users/bob'],
      summary: 'small talk',
      sensitive: true,
      inReplyTo: null,
      tag: [
        { type: 'Mention', href: 'https://there.test/users/bob', name: '@bob@there.test' },
        { type: 'Hashtag', href: 'https://here.test/tags/weekend', name: '#Weekend' },
      ],
    });
    expect(rest['content']).toBe(
      '<p>Hello <span class="h-card"><a href="https://there.test/@bob" class="u-url mention" title="@bob@there.test">' +
        '@<span>bob</span></a></span>, have a look: ' +
        '<a href="https://example.org/a?b=c" target="_blank" rel="nofollow noopener noreferrer">' +
        '<span class="invisible">https://</span><span>example.org/a?b=c</span></a> ' +
        '<a href="https://here.test/tags/weekend" class="mention hashtag" rel="tag">#<span>Weekend</span></a></p><p>Bye</p>',
    );
    const read = await Note.fromJsonLd(note, loaders);
    expect(read.attributionId?.href).toBe('https://here.test/users/alice');
  });

  test.for([
    ['public', ['https://www.w3.org/ns/activitystreams#Public'], ['https://here.test/users/alice/followers']],
    ['unlisted', ['https://here.test/users/alice/followers'], ['https://www.w3.org/ns/activitystreams#Public']],
    ['followers', ['https://here.test/users/alice/followers'], []],
    ['direct', [], []],
  ] as const)('a %s note is addressed so that everyone reads its visibility', async ([visibility, to, cc]) => {
    expect(await noteOf('Hello', { visibility })).toMatchObject({ to, cc });
  });

  test('a poll is a Question with its counts', async () => {
    const poll = await noteOf('Tea?', { poll: { options: ['Yes', 'No'], multiple: true, minutes: 60 } });
    expect(poll).toMatchObject({
      type: 'Question',
      endTime: '2026-01-15T13:00:00.000Z',
      votersCount: 0,
      anyOf: [
        { type: 'Note', name: 'Yes', replies: { type: 'Collection', totalItems: 0 } },
        { type: 'Note', name: 'No', replies: { type: 'Collection', totalItems: 0 } },
      ],
    });
    expect((await Question.fromJsonLd(poll, loaders)).voters).toBe(0);
  });

  test('a public activity carries an LD signature and an integrity proof that hold', async () => {
    const id = await world.commit(publishPost, draft(alice, 'Signed and sealed'));
    const post = await localPost(world.store, world.site, id);
    const keys = await createSigningKeys(world.store.read, world.sealer).of(alice);
    const signed = await signActivity(create(post as NonNullable<typeof post>), keys, contextLoader, world.clock.now());
    const actor = await actorDocument(world.store, world.site, 'alice');
    const documentLoader = async (url: string) => ({ contextUrl: null, documentUrl: url, document: actor });
    expect(await verifyJsonLd(signed, { contextLoader, documentLoader })).toBe(true);

    const { signature: _, ...proven } = signed;
    const activity = await Activity.fromJsonLd(proven, loaders);
    const [proof] = await collect(activity.getProofs(loaders));
    const { proof: __, ...bare } = proven;
    const key = await verifyProof(bare, proof as DataIntegrityProof, { contextLoader, documentLoader });
    expect(key).toBeInstanceOf(Multikey);
  });

  test('a changed profile carries both as well, with its keys inside', async () => {
    const actor = await actorDocument(world.store, world.site, 'alice');
    const update = updateActor(actor as JsonLd, 'https://here.test/users/alice/followers', 1);
    const keys = await createSigningKeys(world.store.read, world.sealer).of(alice);
    const signed = await signActivity(update, keys, contextLoader, world.clock.now());
    const documentLoader = async (url: string) => ({ contextUrl: null, documentUrl: url, document: actor });
    expect(await verifyJsonLd(signed, { contextLoader, documentLoader })).toBe(true);
    const person = await (await Update.fromJsonLd(signed, loaders)).getObject(loaders);
    expect(person).toBeInstanceOf(Person);
    expect(await collect((person as Person).getAssertionMethods(loaders))).toHaveLength(1);
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
