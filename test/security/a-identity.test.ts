import { createHmac, createPublicKey } from 'node:crypto';
import { signJsonLd, signObject } from '@fedify/fedify';
import { Create, Note } from '@fedify/vocab';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contextLoader } from '#federation/loaders/contexts.ts';
import { PUBLIC } from '#federation/vocabulary.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import {
  ACTIVITY_CONTEXT,
  createNote,
  makeEd25519Key,
  makeRsaKey,
  person,
  publicKeyOf,
  unsigned,
  type KeyPair,
} from '../peer.ts';
import {
  activity,
  bobFollows,
  bring,
  deliver,
  expectHealthy,
  expectIgnored,
  expectNothing,
  expectRefused,
  openStage,
  rowsOf,
  SCHEMES,
  send,
  settleIn,
  signed,
  wordsOf,
  type RemotePerson,
  type Scheme,
  type Stage,
} from './harness.ts';

/* Section A of the attacks: who is speaking. */

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(() => stage.close());

const schemes = Object.keys(SCHEMES) as Scheme[];

/** A note of alice's, to bob, so that nothing but its sender is a reason to drop it. */
function alicesNote(more: Record<string, unknown> = {}) {
  const to = [PUBLIC, stage.bob.uri];
  const note = createNote(stage.alice.id, { to, ...more });
  return {
    ...note,
    object: { ...(note['object'] as object), to, tag: [{ type: 'Mention', href: stage.bob.uri, name: '@bob' }] },
  };
}

describe.each(schemes)('forged senders (%s)', (scheme) => {
  test('the honest one is heard, which is what the others are measured by', async () => {
    expect((await deliver(stage, stage.alice, alicesNote(), { scheme })).status).toBe(202);
    expect(await wordsOf(stage.sut)).toHaveLength(1);
  });

  test.each(['CryptographicKey', 'Key', undefined])(
    '#1 a key document of evil that names alice its owner, type %s',
    async (type) => {
      const keyId = `${stage.evil.base}/keys/1`;
      stage.evil.on('/keys/1', {
        body: { '@context': ACTIVITY_CONTEXT, type, ...publicKeyOf(stage.alice.id, stage.eve.key.pem, keyId) },
      });
      const forged = { scheme, keyId, key: stage.eve.key };
      await expectRefused(stage, [
        signed(stage, stage.alice, alicesNote(), forged),
        signed(stage, stage.eve, activity(stage.eve, 'Create', alicesNote().object), forged),
      ]);
    },
  );

  test('#2 an actor of evil whose publicKey calls alice its owner', async () => {
    const id = `${stage.evil.base}/users/liar`;
    const { key } = stage.mallory;
    stage.evil.on('/users/liar', {
      body: person(id, key.pem, { publicKey: publicKeyOf(stage.alice.id, key.pem, `${id}#main-key`) }),
    });
    const liar: RemotePerson = { id, handle: 'liar', keyId: `${id}#main-key`, key, peer: stage.evil };
    await expectRefused(stage, [
      signed(stage, liar, alicesNote(), { scheme }),
      signed(stage, liar, createNote(id), { scheme }),
    ]);
  });

  test('#3 eve’s key and alice’s name', async () => {
    const { alice, eve } = stage;
    await expectRefused(stage, [
      signed(stage, eve, alicesNote(), { scheme }),
      // Under the name of her key.
      signed(stage, alice, alicesNote(), { scheme, key: eve.key }),
      signed(stage, eve, alicesNote({ actor: [eve.id, alice.id] }), { scheme }),
      signed(stage, eve, alicesNote({ actor: [alice.id, eve.id] }), { scheme }),
      signed(stage, eve, alicesNote({ actor: { id: alice.id, type: 'Person' } }), { scheme }),
      signed(stage, eve, alicesNote({ actor: undefined }), { scheme }),
    ]);
  });

  test('#3 mallory’s key and the name of eve, who lives next door', async () => {
    const { eve, mallory } = stage;
    await stage.sut.federation.resolver.accountByUri(eve.id);
    await expectRefused(stage, [
      signed(stage, mallory, activity(eve, 'Follow', stage.bob.uri), { scheme }),
      signed(stage, mallory, createNote(eve.id), { scheme }),
      signed(stage, mallory, activity(eve, 'Delete', eve.id), { scheme, keyId: `${eve.id}#main-key` }),
    ]);
  });

  test('#6 a path of the victim’s that leads to eve', async () => {
    const { eve, victim } = stage;
    victim.on('/redir', { status: 302, headers: { location: eve.id } });
    victim.on('/redir#main-key', { status: 302, headers: { location: eve.keyId } });
    const actor = `${victim.base}/redir`;
    await expectRefused(stage, [
      signed(stage, eve, createNote(actor), { scheme }),
      signed(stage, eve, createNote(actor), { scheme, keyId: `${actor}#main-key` }),
      signed(stage, eve, createNote(actor), { scheme, keyId: actor }),
    ]);
  });

  test('#15 a signature in the document and none on the request', async () => {
    const { to } = { to: stage.origin };
    const bare = unsigned({ to, at: stage.net.clock.now(), body: alicesNote() });
    await expectRefused(stage, bare);
    const withLds = alicesNote({
      signature: { type: 'RsaSignature2017', creator: stage.eve.keyId, signatureValue: 'AAAA' },
    });
    await expectRefused(stage, [
      unsigned({ to, at: stage.net.clock.now(), body: withLds }),
      signed(stage, stage.eve, withLds, { scheme }),
    ]);
  });
});

test('#4 eve’s own words under ids of the victim’s; the genuine activity of that id still comes', async () => {
  const { alice, eve } = stage;
  const genuine = alicesNote();
  const forged = { ...genuine, actor: eve.id, object: { ...(genuine.object as object), content: 'forged' } };
  await expectRefused(
    stage,
    schemes.map((scheme) => signed(stage, eve, forged, { scheme })),
  );
  expect((await deliver(stage, alice, genuine)).status).toBe(202);
  expect(await wordsOf(stage.sut)).toEqual([(genuine.object as unknown as { content: string }).content]);
});

test('#5 an embedded copy of alice’s note counts for nothing, whatever its server says', async () => {
  await bobFollows(stage, stage.eve);
  await bobFollows(stage, stage.alice);
  const embed = (extra: Record<string, unknown>) => ({
    id: `${stage.victim.base}/notes/embedded`,
    type: 'Note',
    attributedTo: stage.alice.id,
    to: [PUBLIC],
    content: 'forged',
    ...extra,
  });
  await expectIgnored(stage, [
    signed(stage, stage.eve, activity(stage.eve, 'Create', embed({}))),
    signed(stage, stage.eve, activity(stage.eve, 'Create', embed({ attributedTo: stage.eve.id }))),
    signed(stage, stage.eve, activity(stage.eve, 'Update', embed({}))),
    // An announced copy is no better: here there is nothing at its address.
    signed(stage, stage.eve, activity(stage.eve, 'Announce', embed({}))),
    signed(stage, stage.eve, activity(stage.eve, 'Announce', activity(stage.alice, 'Create', embed({})))),
  ]);
  stage.victim.on('/notes/embedded', { body: { '@context': ACTIVITY_CONTEXT, ...embed({ content: 'genuine' }) } });
  stage.net.clock.advance(MINUTE_MS);
  await deliver(stage, stage.eve, activity(stage.eve, 'Announce', embed({})));
  expect(await wordsOf(stage.sut)).toEqual(['genuine']);
});

describe('#6 redirects of documents', () => {
  test('#6 a redirector of the victim’s does not speak for the victim', async () => {
    await bobFollows(stage, stage.eve);
    const address = `${stage.victim.base}/go?to=evil`;
    stage.victim.on('/go?to=evil', { status: 302, headers: { location: `${stage.evil.base}/forged` } });
    stage.evil.on('/forged', {
      body: {
        '@context': ACTIVITY_CONTEXT,
        id: address,
        type: 'Note',
        attributedTo: stage.alice.id,
        to: [PUBLIC],
        content: 'forged',
      },
    });
    await expectIgnored(stage, signed(stage, stage.eve, activity(stage.eve, 'Announce', address)));
  });

  test('#6 nor does it make an account of the victim’s', async () => {
    const address = `${stage.victim.base}/go?to=actor`;
    stage.victim.on('/go?to=actor', { status: 302, headers: { location: `${stage.evil.base}/actor` } });
    stage.evil.on('/actor', { body: person(address, stage.eve.key.pem, { preferredUsername: 'admin' }) });
    await expect(stage.sut.federation.resolver.accountByUri(address)).resolves.toBeNull();
    expect(await rowsOf(stage.sut, `select uri from accounts where handle = 'admin'`)).toEqual([]);
  });

  test('#6 an address that leads on to its own server is followed', async () => {
    stage.victim.on('/short/1', { status: 301, headers: { location: `${stage.victim.base}/notes/long` } });
    const note = {
      id: `${stage.victim.base}/notes/long`,
      type: 'Note',
      attributedTo: stage.alice.id,
      to: [PUBLIC],
      content: 'here',
    };
    stage.victim.on('/notes/long', { body: { '@context': ACTIVITY_CONTEXT, ...note } });
    expect(await stage.sut.federation.resolver.postByUri(`${stage.victim.base}/short/1`)).not.toBeNull();
    expect(await wordsOf(stage.sut)).toEqual(['here']);
  });
});

test('#7 a context that renames the actor, the object or the type', async () => {
  const { alice, eve } = stage;
  const withContext = (terms: object, more: Record<string, unknown>) => ({
    ...createNote(eve.id),
    '@context': [...ACTIVITY_CONTEXT, terms],
    ...more,
  });
  const documents = [
    withContext(
      { actor: 'https://evil.test/ns#a', performer: { '@id': 'as:actor', '@type': '@id' } },
      { performer: alice.id },
    ),
    withContext({ performer: { '@id': 'as:actor', '@type': '@id' } }, { performer: alice.id }),
    withContext({ by: { '@id': 'as:attributedTo', '@type': '@id' } }, { by: alice.id }),
    withContext({ thing: { '@id': 'as:object', '@type': '@id' } }, { thing: alice.id }),
    withContext({ '@vocab': 'https://www.w3.org/ns/activitystreams#' }, { 'as:actor': { '@id': alice.id } }),
    { ...createNote(eve.id), 'https://www.w3.org/ns/activitystreams#actor': { '@id': alice.id } },
    { ...createNote(eve.id), 'as:actor': { '@id': alice.id } },
    { ...createNote(eve.id), '@id': `${alice.id}/acts/1` },
  ];
  for (const scheme of schemes)
    await expectRefused(
      stage,
      documents.map((one) => signed(stage, eve, one, { scheme })),
    );
});

describe.each(schemes)('what the signature leaves open (%s)', (scheme) => {
  const all = {
    cavage: ['(request-target)', 'host', 'date', 'digest'],
    rfc9421: ['@method', '@target-uri', 'content-digest'],
  }[scheme];
  const without = (...names: string[]) => all.filter((name) => !names.includes(name));
  const [digest, name] = scheme === 'cavage' ? ['digest', 'SHA-256='] : ['content-digest', 'sha-256=:'];

  test('#8 the body: no digest, one that is not signed, another body', async () => {
    const { alice } = stage;
    const missing = signed(stage, alice, alicesNote(), { scheme, cover: without(digest) });
    missing.headers.delete(digest);
    await expectRefused(stage, [
      missing,
      signed(stage, alice, alicesNote(), { scheme, cover: without(digest), swappedBody: alicesNote() }),
      signed(stage, alice, alicesNote(), { scheme, cover: without(digest) }),
      signed(stage, alice, alicesNote(), { scheme, swappedBody: alicesNote() }),
    ]);
  });

  test('#9 a wrong digest, two digests, two algorithms of which one is right', async () => {
    const { alice } = stage;
    const close = scheme === 'cavage' ? '' : ':';
    const wrong = `${name}${'A'.repeat(43)}=${close}`;
    const right = signed(stage, alice, alicesNote(), { scheme });
    const both = `${right.headers.get(digest)}, sha-512=${scheme === 'cavage' ? '' : ':'}${'A'.repeat(86)}==${close}`;
    await expectRefused(stage, [
      signed(stage, alice, alicesNote(), { scheme, digest: wrong }),
      signed(stage, alice, alicesNote(), { scheme, digest: both }),
    ]);
    const twice = await send(stage, right, { [digest]: [right.headers.get(digest) ?? '', wrong] });
    const reversed = await send(stage, right, { [digest]: [wrong, right.headers.get(digest) ?? ''] });
    expect([twice.status, reversed.status]).toEqual([401, 401]);
    expect(await wordsOf(stage.sut)).toEqual([]);
  });

  test('#10 the target: what was meant for one inbox is brought to another', async () => {
    const { alice } = stage;
    const targetless = scheme === 'cavage' ? without('(request-target)') : without('@target-uri');
    await expectRefused(stage, [
      signed(stage, alice, alicesNote(), { scheme, cover: targetless }),
      signed(stage, alice, alicesNote(), { scheme, signedPath: '/users/bob/inbox' }),
      signed(stage, alice, alicesNote(), { scheme, path: '/users/bob/inbox', signedPath: '/inbox' }),
    ]);
    if (scheme === 'rfc9421') {
      await expectRefused(stage, [
        signed(stage, alice, alicesNote(), { scheme, cover: without('@method') }),
        signed(stage, alice, alicesNote(), { scheme, path: '/inbox?x=1', signedPath: '/inbox' }),
      ]);
    }
  });

  test('#11 the host: what was sent to a third server is brought to us', async () => {
    const { alice, third } = stage;
    const hostless = scheme === 'cavage' ? without('host') : ['@method', '@path', 'content-digest'];
    await expectRefused(stage, [
      signed(stage, alice, alicesNote(), { scheme, cover: hostless }),
      signed(stage, alice, alicesNote(), { scheme, signedHost: third.host }),
    ]);
    const elsewhere = signed(stage, alice, alicesNote(), { scheme, to: third.base });
    await expectRefused(stage, elsewhere, 421);
    expect((await send(stage, elsewhere, { host: stage.sut.host })).status).toBe(401);
  });

  test('#13 in the future, long ago, expired', async () => {
    const { alice, net } = stage;
    const at = (ms: number) => signed(stage, alice, alicesNote(), { scheme, at: net.clock.now() + ms });
    await expectRefused(stage, [
      at(2 * HOUR_MS),
      at(-13 * HOUR_MS),
      at(-10 * 365 * DAY_MS),
      at(10 * 365 * DAY_MS),
      signed(stage, alice, alicesNote(), { scheme, expires: net.clock.now() - 2 * MINUTE_MS }),
    ]);
    expect((await send(stage, at(50 * MINUTE_MS))).status).toBe(202);
    expect((await send(stage, at(-11 * HOUR_MS))).status).toBe(202);
  });

  test('#12 a genuine request once more: at once, and when its time is over', async () => {
    const { alice, net, sut } = stage;
    const request = signed(stage, alice, alicesNote(), { scheme });
    expect((await send(stage, request)).status).toBe(202);
    await net.settle();
    await expectIgnored(stage, [request, request]);
    // As if the ids of what was worked off had been swept.
    await sut.store.write((tx) => tx.delete(sut.store.schema.activities));
    await expectIgnored(stage, request);
    await sut.store.write((tx) => tx.delete(sut.store.schema.activities));
    net.clock.advance(13 * HOUR_MS);
    await expectRefused(stage, request);
    const dateless = scheme === 'cavage' ? ['(request-target)', 'host', 'digest'] : all;
    const undated = signed(stage, alice, alicesNote(), { scheme, cover: dateless, at: net.clock.now() - 13 * HOUR_MS });
    undated.headers.set('date', new Date(net.clock.now()).toUTCString());
    await expectRefused(stage, undated);
  });
});

test('#12 twenty copies at once have one effect', async () => {
  const request = signed(stage, stage.alice, alicesNote());
  const replies = await Promise.all(Array.from({ length: 20 }, () => send(stage, request)));
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([202]));
  await stage.net.settle();
  expect(await wordsOf(stage.sut)).toHaveLength(1);
  expect(await rowsOf(stage.sut, 'select id from notifications')).toHaveLength(1);
  await expectHealthy(stage);
});

test('#12 a Follow that was undone does not come back with its replay', async () => {
  const { eve, bob } = stage;
  const follow = activity(eve, 'Follow', bob.uri);
  const request = signed(stage, eve, follow);
  expect((await send(stage, request)).status).toBe(202);
  await stage.net.settle();
  await deliver(stage, eve, activity(eve, 'Undo', follow));
  expect(await rowsOf(stage.sut, 'select id from follows')).toEqual([]);
  await expectIgnored(stage, request);
});

test('#14 a signed document of alice’s, turned round so that another object becomes the top', async () => {
  const { alice, eve } = stage;
  const key = await crypto.subtle.importKey(
    'jwk',
    alice.key.privateKey.export({ format: 'jwk' }) as JsonWebKey,
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    true,
    ['sign'],
  );
  const honest = alicesNote();
  const lds = (await signJsonLd(honest, key, new URL(alice.keyId), { contextLoader })) as Record<string, unknown>;
  const follow = activity(eve, 'Follow', stage.bob.uri);
  const turned = [
    lds,
    { ...lds, '@graph': [honest, follow] },
    { '@context': lds['@context'], signature: lds['signature'], '@graph': [follow, honest] },
    { ...follow, '@included': [honest], signature: lds['signature'] },
  ];
  for (const scheme of schemes)
    await expectRefused(
      stage,
      turned.map((one) => signed(stage, eve, one, { scheme })),
    );
  // With no signature on the request, the one in the document proves nothing, however right it is.
  await expectRefused(stage, unsigned({ to: stage.origin, at: stage.net.clock.now(), body: lds }));
  // What is read as eve's Follow, whichever way one reads it, is eve's Follow, and nothing else comes of it.
  await deliver(stage, eve, { ...follow, '@reverse': { object: honest } });
  const again = activity(eve, 'Follow', stage.bob.uri);
  await deliver(stage, eve, { ...again, '@graph': { '@id': alice.id, '@graph': [honest] } });
  expect(await rowsOf(stage.sut, `select handle from accounts where domain <> ''`)).toEqual([{ handle: 'eve' }]);
  expect(await wordsOf(stage.sut)).toEqual([]);
});

describe('#15 what a third server passes on', () => {
  /** eve's own post, which is known here. */
  let question: string;

  beforeEach(async () => {
    await bobFollows(stage, stage.eve);
    const asked = activity(stage.eve, 'Create', {
      id: `${stage.evil.base}/notes/question`,
      type: 'Note',
      attributedTo: stage.eve.id,
      to: [PUBLIC],
      content: 'question',
    });
    await deliver(stage, stage.eve, asked);
    question = (asked.object as { id: string }).id;
  });

  const insideBy = (creator: string) => ({
    type: 'RsaSignature2017',
    creator,
    created: '2026-01-01T00:00:00Z',
    signatureValue: 'AAAA',
  });

  /** alice's answer as eve tells it, in the form in which Mastodon passes answers on. */
  function answer(more: Record<string, unknown> = {}, note: Record<string, unknown> = {}) {
    const create = alicesNote({ signature: insideBy(stage.alice.keyId), ...more });
    return {
      ...create,
      object: { ...(create.object as object), inReplyTo: question, content: 'as eve tells it', ...note },
    };
  }

  const answers = async () => (await wordsOf(stage.sut)).filter((words) => words !== 'question');

  const noteOf = (one: { object: object }) => one.object as { id: string };
  const pathOf = (one: { object: object }) => new URL(noteOf(one).id).pathname;

  function serve(one: { object: object }, more: Record<string, unknown> = {}) {
    const body = { '@context': ACTIVITY_CONTEXT, ...one.object, content: 'as alice says it', ...more };
    stage.victim.on(pathOf(one), { body });
  }

  test.each(schemes)('#15 is asked for at its origin, and is what is said there (%s)', async (scheme) => {
    const said = answer();
    serve(said);
    expect((await deliver(stage, stage.eve, said, { scheme })).status).toBe(202);
    expect(await answers()).toEqual(['as alice says it']);
    const { id } = said as unknown as { id: string };
    expect(await rowsOf(stage.sut, 'select uri from activities where uri = $1', id)).toEqual([]);
    await expectHealthy(stage);
  });

  test('#15 what alice has not said comes to nothing, costs her server one question, and keeps nothing of hers out', async () => {
    const said = answer();
    const again = Array.from({ length: 10 }, (_, n) => ({ ...said, id: `${stage.victim.base}/acts/again-${n}` }));
    await expectNothing(
      stage,
      async () => {
        const replies = [];
        for (const one of [said, said, ...again]) replies.push(await deliver(stage, stage.eve, one));
        return replies;
      },
      { status: 202 },
    );
    expect(stage.victim.hitsOf(pathOf(said))).toBe(1);
    await deliver(stage, stage.alice, { ...said, signature: undefined });
    expect(await answers()).toEqual(['as eve tells it']);
  });

  test('#15 nor does what is not for everyone, or answers something else, by the word of its origin', async () => {
    const said = [answer(), answer(), answer(), answer()] as const;
    serve(said[0], { to: [stage.bob.uri] });
    serve(said[1], { inReplyTo: undefined });
    serve(said[2], { inReplyTo: `${stage.third.base}/notes/1` });
    serve(said[3], { attributedTo: stage.eve.id });
    for (const one of said) expect((await deliver(stage, stage.eve, one)).status).toBe(202);
    expect(await answers()).toEqual([]);
  });

  test('#15 every other form is a forged sender', async () => {
    const { alice, eve, mallory, tom, victim } = stage;
    const forged = [
      answer({ signature: undefined }),
      answer({ signature: insideBy(eve.keyId) }),
      answer({ signature: [insideBy(alice.keyId), insideBy(eve.keyId)] }),
      answer({ signature: insideBy('') }),
      answer({ id: `${stage.evil.base}/acts/1` }),
      answer({}, { id: `${stage.evil.base}/notes/1` }),
      answer({}, { inReplyTo: undefined }),
      answer({}, { inReplyTo: `${victim.base}/notes/1` }),
      answer({}, { inReplyTo: tom.id }),
      ...['Follow', 'Like', 'Announce', 'Undo', 'Accept', 'Block', 'Move', 'Add', 'Flag'].map((type) =>
        answer({ type }),
      ),
      { ...answer(), type: 'Delete', object: alice.id },
      { ...answer(), type: 'Delete', object: question },
      { ...answer(), type: 'Update', object: `${victim.base}/notes/1` },
    ];
    await expectRefused(
      stage,
      forged.flatMap((one) => schemes.map((scheme) => signed(stage, eve, one, { scheme }))),
    );
    await expectRefused(stage, [
      // The carrier's own signature does not hold.
      signed(stage, eve, answer(), { key: mallory.key }),
      signed(stage, eve, answer(), { swappedBody: answer() }),
      unsigned({ to: stage.origin, at: stage.net.clock.now(), body: answer() }),
      // Next door is no third server.
      signed(stage, mallory, { ...answer(), ...activity(eve, 'Create', noteOf(answer())) }),
    ]);
    expect(victim.hits.filter(({ path }) => path.startsWith('/notes'))).toEqual([]);
  });

  test('#15 an end is believed by those alone whom it concerns, and when its origin says so', async () => {
    const { alice, eve, tom, victim, net } = stage;
    const said = answer();
    serve(said);
    await deliver(stage, eve, said);
    const end = (n: number, more = {}) => ({
      ...activity(alice, 'Delete', { id: noteOf(said).id, type: 'Tombstone' }),
      id: `${victim.base}/acts/end-${n}`,
      signature: insideBy(alice.keyId),
      ...more,
    });
    const hits = () => victim.hitsOf(pathOf(said));
    const before = hits();
    expect((await deliver(stage, tom, end(1))).status).toBe(202);
    expect((await deliver(stage, eve, end(2, { actor: `${victim.base}/users/other` }))).status).toBe(202);
    expect(hits()).toBe(before);
    expect((await deliver(stage, eve, end(3))).status).toBe(202);
    expect(hits()).toBe(before + 1);
    expect(await answers()).toHaveLength(1);

    victim.on(pathOf(said), { status: 410 });
    await deliver(stage, eve, end(4));
    // Asked a moment ago: the next question waits.
    expect(await answers()).toHaveLength(1);
    net.clock.advance(limits.hintPauseMs);
    await net.settle();
    expect(await answers()).toEqual([]);
  });

  test('#15 says nothing of what is known here', async () => {
    const unknown = `${stage.evil.base}/notes/never-sent`;
    const replies = [
      await deliver(stage, stage.eve, answer()),
      await deliver(stage, stage.eve, answer({}, { inReplyTo: unknown })),
      await deliver(stage, stage.eve, { ...answer(), type: 'Delete' }),
    ];
    expect(new Set(replies.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set(['202 ']));
  });

  test('#15 makes us ask one domain so often and no more, whoever brings it', async () => {
    const { eve, tom, victim, net } = stage;
    const count = limits.hintsPerTarget.tries + 20;
    for (let n = 0; n < count; n += 1) {
      expect((await send(stage, signed(stage, eve, answer()))).status).toBe(202);
    }
    await net.settle();
    const asked = () => victim.hits.filter(({ path }) => path.startsWith('/notes')).length;
    expect(asked()).toBe(limits.hintsPerTarget.tries);
    // Nor for tom, whose own share is whole; but he is not the reason for ever.
    const toms = await bobFollows(stage, tom).then(() =>
      deliver(
        stage,
        tom,
        activity(tom, 'Create', {
          id: `${tom.peer.base}/notes/1`,
          type: 'Note',
          attributedTo: tom.id,
          to: [PUBLIC],
          content: 'toms',
        }),
      ),
    );
    expect(toms.status).toBe(202);
    const toTom = () => answer({}, { inReplyTo: `${tom.peer.base}/notes/1` });
    await deliver(stage, tom, toTom());
    expect(asked()).toBe(limits.hintsPerTarget.tries);
    net.clock.advance(limits.hintsPerTarget.seconds * 1000);
    await deliver(stage, tom, toTom());
    expect(asked()).toBe(limits.hintsPerTarget.tries + 1);
    await expectHealthy(stage);
  });
});

test('#16 integrity proofs speak for nobody: of another maker, of another object, two of them', async () => {
  const { alice, eve, victim } = stage;
  const pair = makeEd25519Key();
  const multikey = new URL(`${alice.id}#ed25519`);
  const privateKey = await crypto.subtle.importKey(
    'jwk',
    pair.privateKey.export({ format: 'jwk' }) as JsonWebKey,
    'Ed25519',
    true,
    ['sign'],
  );
  const proven = async (content: string) => {
    const note = new Note({ id: new URL(`${victim.base}/notes/${content}`), attribution: new URL(alice.id), content });
    const create = new Create({
      id: new URL(`${victim.base}/acts/${content}`),
      actor: new URL(alice.id),
      object: note,
    });
    const made = await signObject(create, privateKey, multikey, { contextLoader });
    return (await made.toJsonLd({ contextLoader })) as Record<string, unknown>;
  };
  const [one, other] = [await proven('one'), await proven('other')];
  const byEve = { ...(one['proof'] as object), verificationMethod: eve.keyId };
  await expectRefused(stage, [
    signed(stage, eve, one),
    signed(stage, eve, { ...one, proof: byEve }),
    signed(stage, eve, { ...one, proof: other['proof'] }),
    signed(stage, eve, { ...one, proof: [one['proof'], byEve] }),
    signed(stage, alice, { ...alicesNote(), proof: byEve }),
    unsigned({ to: stage.origin, at: stage.net.clock.now(), body: one }),
  ]);
});

describe('#18 keys', () => {
  test('#18 a flood of bad signatures makes nobody be asked again and again', async () => {
    const { alice, eve, victim, net } = stage;
    await deliver(stage, alice, alicesNote());
    const before = victim.hits.length;
    const flood = Array.from({ length: 60 }, (_, n) =>
      signed(stage, alice, alicesNote(), { key: eve.key, scheme: n % 2 ? 'cavage' : 'rfc9421' }),
    );
    const replies = await Promise.all(flood.map((request) => send(stage, request)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([401]));
    expect(victim.hits.length - before).toBe(0);
    net.clock.advance(11 * MINUTE_MS);
    for (const request of flood.slice(0, 10)) await send(stage, { ...request });
    expect(victim.hits.length - before).toBeLessThanOrEqual(1);
    await expectHealthy(stage);
  });

  test('#18 a domain in new hands has new keys, and the old ones are over', async () => {
    const { alice, eve, victim, net } = stage;
    await deliver(stage, alice, alicesNote());
    settleIn(victim, 'alice', eve.key);
    // For as long as the old key is remembered, the new hands have to wait …
    await expectRefused(stage, signed(stage, alice, alicesNote(), { key: eve.key }));
    net.clock.advance(10 * MINUTE_MS);
    // … and then it is their domain.
    expect((await send(stage, signed(stage, alice, alicesNote(), { key: eve.key }))).status).toBe(202);
    expect((await send(stage, signed(stage, alice, alicesNote()))).status).toBe(401);
  });

  test('#18 a key whose owner is gone is good for their farewell, and for nothing else', async () => {
    const { alice, eve } = stage;
    await bobFollows(stage, alice);
    stage.net.clock.advance(DAY_MS);
    stage.victim.on('/users/alice', { status: 410 });
    const farewell = activity(alice, 'Delete', alice.id);
    await expectRefused(stage, signed(stage, alice, farewell, { key: eve.key }));
    stage.net.clock.advance(HOUR_MS);
    await expectRefused(stage, [
      signed(stage, alice, alicesNote()),
      signed(stage, alice, activity(alice, 'Delete', `${alice.id}/posts/1`)),
    ]);
    stage.net.clock.advance(HOUR_MS);
    await deliver(stage, alice, farewell);
    expect(await rowsOf(stage.sut, 'select uri from accounts where deleted_at is not null')).toEqual([
      { uri: alice.id },
    ]);
  });

  test('#18 a key that was replaced signs no farewell while there is another', async () => {
    const { alice } = stage;
    await bobFollows(stage, alice);
    stage.net.clock.advance(DAY_MS);
    stage.victim.on('/users/alice', { body: person(alice.id, makeRsaKey().pem) });
    await expectRefused(stage, signed(stage, alice, activity(alice, 'Delete', alice.id)));
  });

  test('#18 keys that nobody has, on a host of somebody else’s, cost that host one question each at most', async () => {
    const { eve, net } = stage;
    const bystander = await bring(net, 'bystander.test');
    const unknown = (n: number): RemotePerson => ({
      ...eve,
      id: `${bystander.base}/users/${n}`,
      keyId: `${bystander.base}/users/${n}#main-key`,
    });
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 5; n += 1) {
        expect((await send(stage, signed(stage, unknown(n), createNote(unknown(n).id)))).status).toBe(401);
      }
    }
    expect(bystander.hits.length).toBeLessThanOrEqual(5);
    await bystander.close();
    await expectHealthy(stage);
  });
});

describe('#19 keys that prove nothing or cost too much', () => {
  /** A public key of any numbers: finding the primes of a huge one would take minutes. */
  function keyOf(modulus: Buffer, exponent: Buffer): string {
    const [n, e] = [modulus.toString('base64url'), exponent.toString('base64url')];
    return createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' })
      .export({ type: 'spki', format: 'pem' })
      .toString();
  }
  const F4 = Buffer.from([1, 0, 1]);
  const odd: [string, () => { pem: string; key?: KeyPair }][] = [
    ['512 bit', () => weak(512)],
    ['1024 bit', () => weak(1024)],
    ['16384 bit', () => ({ pem: keyOf(Buffer.alloc(2048, 0xff), F4) })],
    ['the exponent 1', () => ({ pem: keyOf(Buffer.alloc(256, 0xff), Buffer.from([1])) })],
    ['an exponent of 2048 bit', () => ({ pem: keyOf(Buffer.alloc(256, 0xff), Buffer.alloc(256, 0x7f)) })],
    ['a PEM of a megabyte', () => ({ pem: stage.eve.key.pem.replace('\n', '\n'.repeat(950_000)) })],
    ['no key at all', () => ({ pem: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' })],
  ];
  function weak(bits: number) {
    const key = makeRsaKey(bits);
    return { pem: key.pem, key };
  }

  test.each(odd)('#19 %s', async (name, make) => {
    const { pem, key = stage.eve.key } = make();
    const odd = settleIn(stage.evil, 'odd', { ...key, pem });
    const requests = schemes.map((scheme) => signed(stage, odd, createNote(odd.id), { scheme }));
    const started = process.cpuUsage();
    await send(stage, requests[0] as (typeof requests)[0]);
    const { user, system } = process.cpuUsage(started);
    // Both ends and the peer together, which has a megabyte to send.
    expect((user + system) / 1000, name).toBeLessThan(300);
    await expectRefused(stage, requests);
  });

  test('#19 an HMAC whose secret is the public key, under the name hs2019', async () => {
    const { alice } = stage;
    const forge = (algorithm: string) => {
      const request = signed(stage, alice, alicesNote(), { key: stage.eve.key, algorithm });
      const forged = createHmac('sha256', alice.key.pem).update('anything').digest('base64');
      request.headers.set(
        'signature',
        (request.headers.get('signature') ?? '').replace(/signature="[^"]*"/, `signature="${forged}"`),
      );
      return request;
    };
    await expectRefused(stage, [forge('hs2019'), forge('hmac-sha256'), forge('none')]);
  });
});

test('whatever is refused leaves its sender as unknown as before', async () => {
  await expectNothing(stage, () => send(stage, signed(stage, stage.eve, alicesNote())), { status: 401 });
  expect(await rowsOf(stage.sut, `select id from accounts where domain <> ''`)).toEqual([]);
});
