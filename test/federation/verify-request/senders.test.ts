import { describe, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';
import {
  ACTIVITY_CONTEXT,
  createNote,
  makeEd25519Key,
  person,
  publicKeyOf,
  unsigned,
  type SignedRequest,
  type SigningKnobs,
} from '../../peer.ts';
import {
  ALICE,
  E,
  EVE,
  HOME,
  V,
  admit,
  alice,
  aliceKey,
  cavage,
  clock,
  eve,
  eveKey,
  evil,
  meetTwoServers,
  otherKey,
  rfc9421,
  verifier,
  victim,
  type Knobs,
} from './two-servers.ts';

meetTwoServers();

describe('honest senders', () => {
  const own = (path: string, extra: Record<string, unknown> = {}): { id: string; body: Record<string, unknown> } => {
    const id = V + path;
    return { id, body: person(id, otherKey.pem, extra) };
  };

  test.each<[string, (body: unknown, knobs: Knobs) => SignedRequest, Partial<SigningKnobs>]>([
    ['Mastodon, draft-cavage', cavage, {}],
    ['the same to an inbox of its own', cavage, { path: '/users/bob/inbox' }],
    [
      'with content-type covered, hs2019',
      cavage,
      { cover: ['(request-target)', 'host', 'date', 'digest', 'content-type'], algorithm: 'hs2019' },
    ],
    ['without an algorithm', cavage, { algorithm: null }],
    ['with a time to expire', cavage, { expires: Date.now() + 6 * HOUR_MS }],
    ['Mastodon, RFC 9421', rfc9421, {}],
    ['RFC 9421 with its algorithm', rfc9421, { algorithm: 'rsa-v1_5-sha256' }],
    ['RFC 9421 over authority and path', rfc9421, { cover: ['@method', '@authority', '@path', 'content-digest'] }],
    [
      'Fedify, RFC 9421 over all and host and date',
      rfc9421,
      { cover: ['@method', '@target-uri', '@authority', 'host', 'date', 'content-digest'] },
    ],
  ])('%s', async (_, sign, knobs) => {
    expect(await admit(sign(createNote(ALICE), { ...alice, ...knobs }))).toBe('accepted');
  });

  test('GoToSocial: the key under a URL of its own, which serves a stub of the actor', async () => {
    const id = `${V}/users/gts`;
    const publicKey = publicKeyOf(id, otherKey.pem, `${id}/main-key`);
    victim.on('/users/gts', { body: person(id, otherKey.pem, { publicKey }) });
    victim.on('/users/gts/main-key', {
      body: { '@context': ACTIVITY_CONTEXT, id, type: 'Person', preferredUsername: 'gts', publicKey },
    });
    expect(await admit(cavage(createNote(id), { keyId: `${id}/main-key`, key: otherKey }))).toBe('accepted');
  });

  test('secure mode: the actor only for signed requests', async () => {
    const { id, body } = own('/users/secure');
    victim.on('/users/secure', (hit) => (hit.headers.signature ? { body } : { status: 401 }));
    expect(await admit(cavage(createNote(id), { keyId: `${id}#main-key`, key: otherKey }))).toBe('accepted');
  });

  test('a key document of its own that the actor names', async () => {
    const { id, body } = own('/users/typed', { publicKey: `${V}/keys/typed` });
    const key = {
      ...publicKeyOf(id, otherKey.pem, `${V}/keys/typed`),
      '@context': ACTIVITY_CONTEXT,
      type: 'CryptographicKey',
    };
    victim.on('/users/typed', { body });
    victim.on('/keys/typed', { body: key });
    expect(await admit(cavage(createNote(id), { keyId: `${V}/keys/typed`, key: otherKey }))).toBe('accepted');
  });

  test.each([
    ['/actor', '/actor#main-key', 'an instance actor'],
    ['/', '/#main-key', 'an actor at the root'],
    ['/accounts/tube', '/accounts/tube', 'PeerTube: the id of the actor for that of the key'],
    ['/?author=1', '/?author=1#main-key', 'WordPress'],
    ['/users/two', '/users/two#second', 'the second of two keys'],
  ])('%s signs with %s: %s', async (path, keyId) => {
    const id = V + path;
    const publicKey =
      path === '/users/two'
        ? [publicKeyOf(id, aliceKey.pem), publicKeyOf(id, otherKey.pem, V + keyId)]
        : publicKeyOf(id, otherKey.pem);
    victim.on(path, { body: person(id, otherKey.pem, { type: 'Application', publicKey }) });
    expect(await admit(cavage(createNote(id), { keyId: V + keyId, key: otherKey }))).toBe('accepted');
  });

  test('BookWyrm: a slash between actor and key', async () => {
    const id = `${V}/user/wyrm`;
    const body = person(id, otherKey.pem, { publicKey: publicKeyOf(id, otherKey.pem, `${id}/#main-key`) });
    victim.on('/user/wyrm', { body });
    victim.on('/user/wyrm/', { body });
    expect(await admit(cavage(createNote(id), { keyId: `${id}/#main-key`, key: otherKey }))).toBe('accepted');
  });

  test.each([
    'https://victim.test/schemas/litepub-0.1.jsonld',
    'https://victim.test/contexts',
    'https://victim.test/own-context',
  ])('a context on its own host: %s', async (name) => {
    const { id, body } = own('/users/pleroma', { '@context': [ACTIVITY_CONTEXT[0], name] });
    victim.on('/users/pleroma', { body });
    const note = createNote(id, { '@context': [ACTIVITY_CONTEXT[0], name] });
    expect(await admit(cavage(note, { keyId: `${id}#main-key`, key: otherKey }))).toBe('accepted');
    expect(victim.hits.map((hit) => hit.path)).toEqual(['/users/pleroma']);
  });

  test('a wrong LD signature beside a right HTTP signature', async () => {
    const signature = {
      type: 'RsaSignature2017',
      creator: alice.keyId,
      created: '2026-01-15T12:00:00Z',
      signatureValue: 'AAAA',
    };
    expect(await admit(cavage(createNote(ALICE, { signature }), alice))).toBe('accepted');
  });

  test('Ed25519 by RFC 9421', async () => {
    const key = makeEd25519Key();
    const id = `${V}/users/modern`;
    victim.on('/users/modern', { body: person(id, key.pem) });
    const knobs = { keyId: `${id}#main-key`, key, algorithm: 'ed25519' };
    expect(await admit(rfc9421(createNote(id), knobs))).toBe('accepted');
  });

  test('behind a proxy that sends another Host on', async () => {
    const request = cavage(createNote(ALICE), alice);
    request.headers.set('host', '127.0.0.1:3000');
    expect(await admit(request)).toBe('accepted');
  });

  test.each<[string, unknown, Knobs]>([
    ['an id on a second host of the same owner', createNote(ALICE, { id: 'https://third.test/acts/1' }), alice],
    ['a relay that passes on what alice said', createNote(ALICE), eve],
    ['an activity without an id', createNote(ALICE, { id: undefined }), alice],
  ])('and some whom the rule of one origin refuses: %s', async (_, body, knobs) => {
    expect(await admit(cavage(body, knobs))).not.toBe('accepted');
    expect(victim.hits).toEqual([]);
  });
});

describe('somebody else’s key', () => {
  /** Past the guard as well, whose refusal comes first: each wall has to hold alone. */
  async function bothWalls(request: SignedRequest, actorUri: string): Promise<string[]> {
    const alone = await verifier.verify(request, actorUri);
    return [await admit(request), alone.verified ? 'accepted' : alone.reason];
  }

  test('a key document that calls alice its owner', async () => {
    evil.on('/key', {
      body: { ...publicKeyOf(ALICE, eveKey.pem, `${E}/key`), '@context': ACTIVITY_CONTEXT, type: 'CryptographicKey' },
    });
    const answers = await bothWalls(cavage(createNote(ALICE), { keyId: `${E}/key`, key: eveKey }), ALICE);
    expect(answers).not.toContain('accepted');
  });

  test('an actor whose key calls alice its owner, speaking as alice or as itself', async () => {
    const mallory = `${E}/users/mallory`;
    const knobs = { keyId: `${mallory}#main-key`, key: eveKey };
    evil.on('/users/mallory', {
      body: person(mallory, eveKey.pem, { publicKey: publicKeyOf(ALICE, eveKey.pem, knobs.keyId) }),
    });
    expect(await bothWalls(cavage(createNote(ALICE), knobs), ALICE)).not.toContain('accepted');
    expect(await bothWalls(cavage(createNote(mallory), knobs), mallory)).not.toContain('accepted');
  });

  test('eve’s right key for alice’s words', async () => {
    expect(await bothWalls(cavage(createNote(ALICE), eve), ALICE)).not.toContain('accepted');
    expect(await bothWalls(rfc9421(createNote(ALICE), eve), ALICE)).not.toContain('accepted');
  });

  test('eve’s key under the name of alice’s', async () => {
    expect(await bothWalls(cavage(createNote(ALICE), { ...alice, key: eveKey }), ALICE)).not.toContain('accepted');
    expect(await bothWalls(rfc9421(createNote(ALICE), { ...alice, key: eveKey }), ALICE)).not.toContain('accepted');
  });

  test('an id of alice’s host for eve’s words', async () => {
    const body = createNote(EVE, { id: `${V}/acts/1` });
    expect(await admit(cavage(body, eve))).toBe('activity and actor differ in origin');
  });

  test('a path on alice’s host that leads to eve', async () => {
    victim.on('/redir', { status: 302, headers: { location: EVE } });
    const redir = `${V}/redir`;
    for (const keyId of [redir, `${redir}#main-key`, eve.keyId]) {
      const request = cavage(createNote(redir), { keyId, key: eveKey });
      expect(await bothWalls(request, redir)).not.toContain('accepted');
    }
  });

  test('a path on alice’s host that leads to a document of eve’s which says it is alice', async () => {
    victim.on('/redir', { status: 302, headers: { location: `${E}/users/alice` } });
    evil.on('/users/alice', {
      body: person(ALICE, eveKey.pem, { publicKey: publicKeyOf(ALICE, eveKey.pem, `${V}/redir#main-key`) }),
    });
    const answers = await bothWalls(cavage(createNote(ALICE), { keyId: `${V}/redir#main-key`, key: eveKey }), ALICE);
    expect(answers).not.toContain('accepted');
  });

  test.each(['', '#main-key'])('an upload on alice’s host that says it is alice (%s)', async (fragment) => {
    const upload = `${V}/uploads/1.json`;
    const forged = [publicKeyOf(ALICE, eveKey.pem, upload + fragment), publicKeyOf(ALICE, eveKey.pem, alice.keyId)];
    for (const publicKey of forged) {
      victim.on('/uploads/1.json', { body: person(ALICE, eveKey.pem, { publicKey }) });
      const request = cavage(createNote(ALICE), { keyId: upload + fragment, key: eveKey });
      expect(await bothWalls(request, ALICE)).not.toContain('accepted');
      clock.advance(2 * MINUTE_MS);
    }
  });

  test('another actor of alice’s host', async () => {
    const bob = `${V}/users/bob`;
    victim.on('/users/bob', { body: person(bob, eveKey.pem) });
    const knobs = { keyId: `${bob}#main-key`, key: eveKey };
    expect(await bothWalls(cavage(createNote(ALICE), knobs), ALICE)).toEqual([
      `the key belongs to ${bob}`,
      `the key belongs to ${bob}`,
    ]);
  });

  test('an actor that answers under another id than it was asked for', async () => {
    const id = `${V}/users/old`;
    victim.on('/users/old', {
      body: person(ALICE, eveKey.pem, { publicKey: publicKeyOf(ALICE, eveKey.pem, `${id}#main-key`) }),
    });
    const request = cavage(createNote(ALICE), { keyId: `${id}#main-key`, key: eveKey });
    expect(await bothWalls(request, ALICE)).not.toContain('accepted');
  });

  test('only an LD signature, or only a proof', async () => {
    const signature = { type: 'RsaSignature2017', creator: alice.keyId, signatureValue: 'AAAA' };
    const proof = { type: 'DataIntegrityProof', verificationMethod: `${ALICE}#ed25519`, proofValue: 'z1' };
    for (const extra of [{ signature }, { proof }]) {
      const body = createNote(ALICE, extra);
      const request = unsigned({ to: HOME, at: clock.now(), body });
      expect(await bothWalls(request, ALICE)).toEqual(['no HTTP signature', 'no HTTP signature']);
    }
  });
});

describe('words turned round', () => {
  test.each<[string, Record<string, unknown>]>([
    [
      'the actor renamed',
      {
        '@context': [
          ACTIVITY_CONTEXT[0],
          { actor: 'http://evil.test/#x', performer: { '@id': 'as:actor', '@type': '@id' } },
        ],
        performer: ALICE,
      },
    ],
    [
      'the id renamed',
      { '@context': [ACTIVITY_CONTEXT[0], { id: 'http://evil.test/#i', me: '@id' }], me: `${V}/acts/1` },
    ],
    ['@id beside id', { '@id': `${V}/acts/1` }],
    ['as:actor beside actor', { 'as:actor': [{ '@id': ALICE }] }],
    ['two actors', { actor: [EVE, ALICE] }],
    [
      'another actor included',
      { '@included': [{ id: `${V}/acts/1`, type: 'Create', actor: ALICE }], '@id': `${V}/acts/1` },
    ],
  ])('%s', async (_, extra) => {
    expect(await admit(cavage(createNote(EVE, extra), eve))).not.toBe('accepted');
  });

  test('a document that no stack can bear', async () => {
    expect(await admit(cavage(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, eve))).toBe('nested too deeply');
  });
});
