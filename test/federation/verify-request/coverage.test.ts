import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { HOUR_MS } from '#kernel/clock.ts';
import { createNote, person, type SignedRequest, type SigningKnobs } from '../../peer.ts';
import {
  ALICE,
  EVE,
  V,
  admit,
  alice,
  cavage,
  clock,
  eve,
  meetTwoServers,
  otherKey,
  rfc9421,
  verifier,
  victim,
  type Knobs,
} from './two-servers.ts';

meetTwoServers();

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
