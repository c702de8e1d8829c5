import type { DocumentLoader } from '@fedify/vocab-runtime';
import { describe, expect, test } from 'vitest';
import { HOUR_MS } from '#kernel/clock.ts';
import { createNote, signCavage, signRfc9421, type SignedRequest, type SigningKnobs } from '../../peer.ts';
import {
  ALICE,
  HOME,
  alice,
  aliceKey,
  cavage,
  clock,
  eveKey,
  makeVerifier,
  meetTwoServers,
  rfc9421,
  verifier,
  victim,
} from './two-servers.ts';

meetTwoServers();

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
    const failed = makeVerifier(async () => loader);
    for (const sign of [cavage, rfc9421]) {
      expect(await failed.verify(sign(createNote(ALICE), alice), ALICE)).toMatchObject({ verified: false });
    }
    expect(failed.stats).toMatchObject({ verified: 0, refused: 2 });
  });

  test('no loader yet', async () => {
    const early = makeVerifier(() => Promise.reject(new Error('no instance actor')));
    expect(await early.verify(cavage(createNote(ALICE), alice), ALICE)).toMatchObject({ verified: false });
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
