import { createHash, createHmac } from 'node:crypto';
import type { DocumentLoader } from '@fedify/vocab-runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createEgress } from '#federation/egress.ts';
import type { Egress } from '#federation/egress.ts';
import { checkSpeaker, findRenaming, jsonDepthWithin, readTwice } from '#federation/guard.ts';
import { createLoaders } from '#federation/loaders.ts';
import type { Loaders } from '#federation/loaders.ts';
import { createVerifier } from '#federation/verify-request.ts';
import type { Verifier } from '#federation/verify-request.ts';
import { HOUR_MS, ManualClock, MINUTE_MS } from '#kernel/clock.ts';
import {
  ACTIVITY_CONTEXT,
  createNote,
  hostMapOf,
  makeEd25519Key,
  makeRsaKey,
  person,
  publicKeyOf,
  signCavage,
  signRfc9421,
  startPeer,
  unsigned,
} from '../peer.ts';
import type { KeyPair, Peer, SignedRequest, SigningKnobs } from '../peer.ts';
import { makeAuthority } from '../tls.ts';

const HOME = 'https://home.test';
const V = 'https://victim.test';
const E = 'https://evil.test';
const ALICE = `${V}/users/alice`;
const EVE = `${E}/users/eve`;

const aliceKey = makeRsaKey();
const eveKey = makeRsaKey();
const otherKey = makeRsaKey();
const alice = { keyId: `${ALICE}#main-key`, key: aliceKey };
const eve = { keyId: `${EVE}#main-key`, key: eveKey };

let victim: Peer;
let evil: Peer;
let egress: Egress;
let signer: { keyId: URL; privateKey: CryptoKey };
let clock: ManualClock;
let loaders: Loaders;
let verifier: Verifier;

beforeAll(async () => {
  const authority = makeAuthority();
  const identity = authority.issue(['victim.test', 'evil.test']);
  victim = await startPeer('victim.test', identity);
  evil = await startPeer('evil.test', identity);
  egress = createEgress({ hostMap: hostMapOf(victim, evil), allowPrivate: [], ca: authority.ca });
  egress.install();
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const der = otherKey.privateKey.export({ type: 'pkcs8', format: 'der' });
  const privateKey = await crypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign']);
  signer = { keyId: new URL(`${HOME}/actor#main-key`), privateKey };
});

afterAll(() => Promise.all([egress.close(), victim.close(), evil.close()]));

beforeEach(() => {
  clock = new ManualClock(Date.now());
  loaders = createLoaders({ userAgent: 'Estrade/1.0', now: () => clock.now() });
  verifier = makeVerifier();
  victim.hits.length = 0;
  evil.hits.length = 0;
  victim.on('/users/alice', { body: person(ALICE, aliceKey.pem) });
  evil.on('/users/eve', { body: person(EVE, eveKey.pem) });
});

function makeVerifier(loader = async () => loaders.authenticatedLoader(signer)): Verifier {
  return createVerifier({
    loader,
    contextLoader: loaders.contextLoader,
    origin: HOME,
    lastKeysOf: async () => [],
    now: () => clock.now(),
  });
}

type Knobs = Partial<SigningKnobs> & { keyId: string; key: KeyPair };

function cavage(body: unknown, knobs: Knobs): SignedRequest {
  return signCavage({ to: HOME, at: clock.now(), body, ...knobs });
}

function rfc9421(body: unknown, knobs: Knobs): SignedRequest {
  return signRfc9421({ to: HOME, at: clock.now(), body, ...knobs });
}

/** All the walls of an inbox, in their order: `accepted`, or why not. */
async function admit(request: SignedRequest): Promise<string> {
  const text = new TextDecoder().decode(request.body);
  if (!jsonDepthWithin(text, 100)) return 'nested too deeply';
  const json: unknown = JSON.parse(text);
  const speaker = checkSpeaker(request.headers, json);
  if ('refused' in speaker) return speaker.refused;
  const verified = await verifier.verify(request, speaker.actorUri);
  if (!verified.verified) return verified.reason;
  const second = findRenaming(json) === null ? null : await readTwice(json);
  return second?.ok === false ? second.reason : 'accepted';
}

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

const COVER = ['(request-target)', 'host', 'date', 'digest'];

describe.each(['is asked for', 'is held'])(
  'requests carried elsewhere or changed on the way, whose key %s',
  (known) => {
    const swapped = createNote(EVE);
    const wrong = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';

    beforeEach(async () => {
      if (known === 'is held') expect(await admit(cavage(createNote(EVE), eve))).toBe('accepted');
    });

    test.each<[string, (body: unknown, knobs: Knobs) => SignedRequest, Partial<SigningKnobs>]>([
      ['another body', cavage, { swappedBody: swapped }],
      ['another body', rfc9421, { swappedBody: swapped }],
      ['another body, the digest not covered', rfc9421, { swappedBody: swapped, cover: ['@method', '@target-uri'] }],
      ['another body, nothing covered', rfc9421, { swappedBody: swapped, cover: [] }],
      ['a digest that is wrong but signed', cavage, { digest: `SHA-256=${wrong}` }],
      ['a digest that is wrong but signed', rfc9421, { digest: `sha-256=:${wrong}:` }],
      ['a digest that cannot be read', cavage, { digest: 'SHA-256=A' }],
      ['a digest of another kind that is wrong but signed', cavage, { digest: `SHA-512=${wrong}` }],
      ['the digest not covered', cavage, { swappedBody: swapped, cover: ['(request-target)', 'host', 'date'] }],
      ['a header covered and changed', cavage, { cover: [...COVER, 'x-note'], headers: { 'x-note': 'changed' } }],
      ['by another key of the same name', cavage, { key: otherKey }],
      ['signed for another inbox', cavage, { signedPath: '/users/bob/inbox' }],
      ['signed for the shared inbox', cavage, { path: '/users/bob/inbox', signedPath: '/inbox' }],
      ['signed for another inbox', rfc9421, { signedPath: '/users/bob/inbox' }],
      ['the target not covered', cavage, { cover: ['host', 'date', 'digest'] }],
      ['the host not covered', cavage, { cover: ['(request-target)', 'date', 'digest'] }],
      ['signed for another host', cavage, { signedHost: 'third.test' }],
      ['sent to another host', cavage, { to: 'https://third.test' }],
      ['signed for another host', rfc9421, { signedHost: 'third.test' }],
      [
        'signed for another host',
        rfc9421,
        { signedHost: 'third.test', cover: ['@method', '@authority', '@path', 'content-digest'] },
      ],
      ['made two days ago', cavage, { at: Date.now() - 48 * HOUR_MS }],
      ['made in two hours', cavage, { at: Date.now() + 2 * HOUR_MS }],
      ['made two days ago', rfc9421, { at: Date.now() - 48 * HOUR_MS }],
      ['made in two hours', rfc9421, { at: Date.now() + 2 * HOUR_MS }],
      ['expired', cavage, { expires: Date.now() - 1000 }],
      ['expired', rfc9421, { expires: Date.now() - 1000 }],
      [
        'an older date with a newer one beside it',
        cavage,
        { headers: { date: new Date().toUTCString() }, at: Date.now() - 48 * HOUR_MS },
      ],
    ])('%s (%#)', async (_, sign, knobs) => {
      const body = createNote(EVE);
      const request = sign(body, { ...eve, ...knobs });
      const alone = await verifier.verify(request, EVE);
      expect(alone.verified).toBe(false);
      expect(await admit(request)).not.toBe('accepted');
    });

    test('two digests, one of them right', async () => {
      const body = createNote(EVE);
      const right = createHash('sha256').update(JSON.stringify(body)).digest('base64');
      const requests = [
        cavage(body, { ...eve, digest: `SHA-256=${right},SHA-256=${wrong}` }),
        cavage(body, { ...eve, digest: `SHA-512=${wrong},SHA-256=${right}` }),
        rfc9421(body, { ...eve, digest: `sha-512=:${wrong}:, sha-256=:${right}:` }),
      ];
      const answers = await Promise.all(requests.map((request) => verifier.verify(request, EVE)));
      expect(answers.map((answer) => (answer.verified ? '' : answer.reason))).toEqual([
        'not one plain digest',
        'not one plain digest',
        'not one plain content-digest',
      ]);
    });

    test('the same request again is a matter of the store, until its time is over', async () => {
      const request = cavage(createNote(EVE), eve);
      expect([await admit(request), await admit(request)]).toEqual(['accepted', 'accepted']);
      clock.advance(12 * HOUR_MS + 1000);
      expect(await admit(request)).toBe('signed too long ago');
    });

    test('paths that are no paths', async () => {
      for (const path of ['inbox', '@evil.test/inbox', '.evil.test/inbox', 'https://evil.test/inbox', '']) {
        const request = { ...cavage(createNote(EVE), eve), path };
        expect(await verifier.verify(request, EVE)).toEqual({ verified: false, reason: 'not a path' });
      }
    });
  },
);

describe('a key that is held', () => {
  beforeEach(async () => {
    expect(await admit(cavage(createNote(ALICE), alice))).toBe('accepted');
    victim.hits.length = 0;
  });

  test.each<[string, (body: unknown, knobs: Knobs) => SignedRequest, Partial<SigningKnobs>]>([
    ['Mastodon, draft-cavage', cavage, {}],
    ['hs2019, the type of the content covered', cavage, { cover: [...COVER, 'content-type'], algorithm: 'hs2019' }],
    ['in another order', cavage, { cover: COVER.toReversed() }],
    ['the time to expire covered', cavage, { cover: [...COVER, '(expires)'], expires: Date.now() + HOUR_MS }],
    ['with a time to expire', cavage, { expires: Date.now() + HOUR_MS }],
    ['to an inbox with a query', cavage, { path: '/inbox?a=b', signedPath: '/inbox' }],
    ['RFC 9421', rfc9421, {}],
  ])('takes what it signs, and nobody is asked: %s', async (_, sign, knobs) => {
    expect(await admit(sign(createNote(ALICE), { ...alice, ...knobs }))).toBe('accepted');
    expect(victim.hits).toEqual([]);
  });

  test('takes a digest of SHA-512', async () => {
    const body = createNote(ALICE);
    const digest = `SHA-512=${createHash('sha512').update(JSON.stringify(body)).digest('base64')}`;
    expect(await admit(cavage(body, { ...alice, digest }))).toBe('accepted');
  });

  test('speaks for nobody else of its host', async () => {
    const other = `${V}/users/other`;
    victim.on('/users/other', { body: person(other, otherKey.pem) });
    expect(await admit(cavage(createNote(other), alice))).toBe(`the key belongs to ${ALICE}`);
  });

  test.each([...Array(8).keys()])('no bit of the signature may be another (%i)', async (bit) => {
    const request = cavage(createNote(ALICE), alice);
    const header = request.headers.get('signature') ?? '';
    const [, value = ''] = /signature="([^"]+)"/.exec(header) ?? [];
    const bytes = Buffer.from(value, 'base64');
    bytes[bit * 31] = (bytes[bit * 31] ?? 0) ^ (1 << bit);
    request.headers.set('signature', header.replace(value, bytes.toString('base64')));
    expect(await admit(request)).toBe('the signature does not fit');
  });
});

describe('keys that are none', () => {
  async function verifyWith(key: KeyPair, pem = key.pem): Promise<{ answer: string; ms: number }> {
    const id = `${V}/users/odd-${pem.length}`;
    victim.on(new URL(id).pathname, { body: person(id, pem) });
    const request = cavage(createNote(id), { keyId: `${id}#main-key`, key });
    const started = performance.now();
    const answer = await admit(request);
    return { answer, ms: performance.now() - started };
  }

  test.each([1024, 1536])('RSA of %i bit', async (bits) => {
    expect((await verifyWith(makeRsaKey(bits))).answer).toContain(`an RSA key of ${bits} bit`);
  });

  test('RSA of 16384 bit, of exponent 1, and a PEM that fills pages', async () => {
    // Made by hand: to find the primes of such a key takes minutes.
    const huge = rsaPem(Buffer.alloc(2048, 0xff), Buffer.from([1, 0, 1]));
    const one = rsaPem(Buffer.alloc(256, 0xff), Buffer.from([1]));
    const slow = rsaPem(Buffer.alloc(256, 0xff), Buffer.alloc(256, 0x7f));
    const long = aliceKey.pem.replace('\n', '\n'.repeat(200_000));
    const answers = [];
    for (const pem of [huge, one, slow, long]) answers.push(await verifyWith(eveKey, pem));
    expect(answers.map(({ answer }) => answer)).toEqual([
      expect.stringContaining('16384 bit'),
      expect.stringContaining('exponent'),
      expect.stringContaining('exponent'),
      expect.stringContaining('a key too long'),
    ]);
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(500);
  });

  test('RSA of 3072 bit is one', async () => {
    const id = `${V}/users/careful`;
    const key = makeRsaKey(3072);
    victim.on('/users/careful', { body: person(id, key.pem) });
    expect(await admit(cavage(createNote(id), { keyId: `${id}#main-key`, key }))).toBe('accepted');
  });

  test('no key at all, and texts that are none', async () => {
    for (const pem of ['', 'odd', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----']) {
      expect((await verifyWith(eveKey, pem)).answer).not.toBe('accepted');
    }
  });

  test('an HMAC with the public key for its secret, called hs2019', async () => {
    const request = cavage(createNote(ALICE), { ...alice, key: eveKey, algorithm: 'hs2019' });
    const forged = createHmac('sha256', aliceKey.pem).update('anything').digest('base64');
    const header = request.headers.get('signature') ?? '';
    request.headers.set('signature', header.replace(/signature="[^"]*"/, `signature="${forged}"`));
    expect(await admit(request)).toBe('the signature does not fit');
  });
});

describe('how often a key is asked for', () => {
  const forged = (): SignedRequest => cavage(createNote(ALICE), { ...alice, key: eveKey });

  test('never again for a known key, whatever is thrown at it', async () => {
    expect(await admit(cavage(createNote(ALICE), alice))).toBe('accepted');
    const before = victim.hits.length;
    const answers = await Promise.all(Array.from({ length: 50 }, () => admit(forged())));
    expect(new Set(answers).has('accepted')).toBe(false);
    expect(victim.hits.length - before).toBe(0);
    expect(await admit(cavage(createNote(ALICE), alice))).toBe('accepted');
  });

  test('once in ten minutes, not once a signature', async () => {
    expect(await admit(cavage(createNote(ALICE), alice))).toBe('accepted');
    const before = victim.hits.length;
    for (let minute = 0; minute < 60; minute += 1) {
      clock.advance(MINUTE_MS);
      await Promise.all([
        admit(forged()),
        admit(forged()),
        admit(rfc9421(createNote(ALICE), { ...alice, key: eveKey })),
      ]);
    }
    expect(victim.hits.length - before).toBeLessThanOrEqual(6);
    expect(await admit(cavage(createNote(ALICE), alice))).toBe('accepted');
  });

  test('once for a crowd that needs the same unknown key', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => admit(cavage(createNote(ALICE), alice))));
    expect(new Set(answers)).toEqual(new Set(['accepted']));
    expect(victim.hits).toHaveLength(1);
  });

  test('once a minute for a key that is not there', async () => {
    victim.on('/users/alice', { status: 410 });
    for (let n = 0; n < 20; n += 1) expect(await admit(cavage(createNote(ALICE), alice))).not.toBe('accepted');
    expect(victim.hits).toHaveLength(1);
    victim.on('/users/alice', { body: person(ALICE, aliceKey.pem) });
    clock.advance(MINUTE_MS + 1);
    expect(await admit(cavage(createNote(ALICE), alice))).toBe('accepted');
  });

  test('a new key is found when the old one does not fit, after the interval at the latest', async () => {
    const rotated = { ...alice, key: otherKey };
    expect(await admit(cavage(createNote(ALICE), alice))).toBe('accepted');
    victim.on('/users/alice', { body: person(ALICE, otherKey.pem) });
    expect(await admit(cavage(createNote(ALICE), rotated))).not.toBe('accepted');
    clock.advance(10 * MINUTE_MS);
    expect(await admit(cavage(createNote(ALICE), rotated))).toBe('accepted');
    expect(await admit(cavage(createNote(ALICE), alice))).not.toBe('accepted');
  });

  test('a forged signature takes no good key away, not even while its host is down', async () => {
    expect(await admit(cavage(createNote(ALICE), alice))).toBe('accepted');
    clock.advance(11 * MINUTE_MS);
    victim.on('/users/alice', { status: 503 });
    expect(await admit(forged())).not.toBe('accepted');
    expect(await admit(cavage(createNote(ALICE), alice))).toBe('accepted');
  });

  test('a domain in new hands brings a new key, and the old signatures are over', async () => {
    expect(await admit(cavage(createNote(ALICE), alice))).toBe('accepted');
    victim.on('/users/alice', { body: person(ALICE, otherKey.pem) });
    clock.advance(6 * HOUR_MS + 1);
    expect(await admit(cavage(createNote(ALICE), alice))).not.toBe('accepted');
  });
});

describe('authorized fetch', () => {
  const get = { method: 'GET', path: '/users/bob/posts/1' };

  function signedGet(sign: typeof signCavage, knobs: Partial<SigningKnobs> = {}): SignedRequest {
    return sign({ to: HOME, at: clock.now(), ...alice, ...get, ...knobs });
  }

  test.each([signCavage, signRfc9421])('tells whose key signed (%#)', async (sign) => {
    const answer = { verified: true, keyId: alice.keyId, owner: ALICE };
    expect(await verifier.verifyGet(signedGet(sign))).toEqual(answer);
    expect(await verifier.verifyGet(signedGet(sign, { path: '/users/bob/followers?page=2' }))).toEqual(answer);
    expect(victim.hits).toHaveLength(1);
  });

  test('also where an older sender left out the query', async () => {
    const request = signedGet(signCavage, { path: '/users/bob/followers?page=2', signedPath: '/users/bob/followers' });
    expect(await verifier.verifyGet(request)).toMatchObject({ verified: true, owner: ALICE });
  });

  test.each<[string, typeof signCavage, Partial<SigningKnobs>]>([
    ['for another path', signCavage, { signedPath: '/users/bob/posts/2' }],
    ['for another query', signCavage, { path: '/followers?page=2', signedPath: '/followers?page=1' }],
    ['for another path', signRfc9421, { signedPath: '/users/bob/posts/2' }],
    ['for another query', signRfc9421, { path: '/followers?page=2', signedPath: '/followers?page=1' }],
    ['for another host', signCavage, { signedHost: 'third.test' }],
    ['for another host', signRfc9421, { signedHost: 'third.test' }],
    ['without the host', signCavage, { cover: ['(request-target)', 'date'] }],
    ['without the date', signCavage, { cover: ['(request-target)', 'host'] }],
    ['without the target', signRfc9421, { cover: ['@method'] }],
    ['by another key', signCavage, { key: eveKey }],
    ['by another key, with a query', signCavage, { key: eveKey, path: '/followers?page=2' }],
    ['by another key', signRfc9421, { key: eveKey }],
    ['for a POST', signCavage, { method: 'POST' }],
    ['two days ago', signCavage, { at: Date.now() - 48 * HOUR_MS }],
  ])('refuses what was signed %s (%#)', async (_, sign, knobs) => {
    expect((await verifier.verifyGet(signedGet(sign, knobs))).verified).toBe(false);
  });

  test('a signed GET is no POST', async () => {
    expect(await verifier.verify(signedGet(signCavage), ALICE)).toEqual({ verified: false, reason: 'not a POST' });
  });
});

describe('nothing is ever thrown', () => {
  const failing: [string, DocumentLoader][] = [
    ['a loader that fails', () => Promise.reject(new Error('no network'))],
    ['a document that is none', async (url) => ({ contextUrl: null, documentUrl: url, document: null })],
    ['a document that is a text', async (url) => ({ contextUrl: null, documentUrl: url, document: 'text' })],
    [
      'a document of odd types',
      async (url) => ({ contextUrl: null, documentUrl: url, document: { '@context': 5, id: 7, publicKey: [[]] } }),
    ],
    ['a document from nowhere', async () => ({ contextUrl: null, documentUrl: 'nowhere', document: {} })],
  ];

  test.each(failing)('%s', async (_, loader) => {
    verifier = makeVerifier(async () => loader);
    for (const sign of [cavage, rfc9421]) {
      expect(await verifier.verify(sign(createNote(ALICE), alice), ALICE)).toMatchObject({ verified: false });
    }
    expect(verifier.stats).toMatchObject({ verified: 0, refused: 2 });
  });

  test('no loader yet', async () => {
    verifier = makeVerifier(() => Promise.reject(new Error('no instance actor')));
    expect(await verifier.verify(cavage(createNote(ALICE), alice), ALICE)).toMatchObject({ verified: false });
  });

  test.each([
    '',
    'alice',
    'http://victim.test/users/alice#main-key',
    'https://a:b@victim.test/',
    'https://[',
    'data:,',
  ])('a key called "%s"', async (keyId) => {
    const answer = await verifier.verify(cavage(createNote(ALICE), { keyId, key: aliceKey }), ALICE);
    expect(answer.verified).toBe(false);
    expect(victim.hits).toEqual([]);
  });
});

/** An RSA public key of these numbers, in SPKI. */
function rsaPem(modulus: Buffer, exponent: Buffer): string {
  const integer = (value: Buffer): Buffer =>
    der(0x02, (value[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), value]) : value);
  const key = der(0x30, Buffer.concat([integer(modulus), integer(exponent)]));
  const rsaEncryption = Buffer.from('300d06092a864886f70d0101010500', 'hex');
  const spki = der(0x30, Buffer.concat([rsaEncryption, der(0x03, Buffer.concat([Buffer.from([0]), key]))]));
  return `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----\n`;
}

function der(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), value]);
}
