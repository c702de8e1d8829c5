import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '#kernel/clock.ts';
import { createNote, makeRsaKey, person, type KeyPair, type SignedRequest } from '../../peer.ts';
import {
  ALICE,
  V,
  admit,
  alice,
  aliceKey,
  cavage,
  clock,
  eveKey,
  meetTwoServers,
  otherKey,
  rfc9421,
  victim,
} from './two-servers.ts';

meetTwoServers();

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
