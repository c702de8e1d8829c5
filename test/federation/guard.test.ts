import { describe, expect, test } from 'vitest';
import { checkCoverage, checkSpeaker, checkTimes, jsonDepthWithin, readSignature } from '#federation/guard.ts';
import type { SpeakerOptions } from '#federation/guard.ts';
import { HOUR_MS, SECOND_MS } from '#kernel/clock.ts';
import { createNote, makeRsaKey, signCavage, signRfc9421, unsigned } from '../peer.ts';
import type { SigningKnobs } from '../peer.ts';
import { cpuMs } from '../cpu-time.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const ALICE = 'https://victim.test/users/alice';
const EVE = 'https://evil.test/users/eve';
const key = makeRsaKey();
const schemes = { cavage: signCavage, rfc9421: signRfc9421 } as const;
type Scheme = keyof typeof schemes;
const both = Object.keys(schemes) as Scheme[];

function sign(scheme: Scheme, knobs: Partial<SigningKnobs> = {}): Headers {
  const given = {
    keyId: `${ALICE}#main-key`,
    key,
    to: 'https://home.test',
    at: NOW,
    body: createNote(ALICE),
    ...knobs,
  };
  return schemes[scheme](given).headers;
}

describe('depth of JSON', () => {
  test.each([
    ['[]', 1, true],
    ['[[]]', 1, false],
    ['{"a":{"b":[1,2,{"c":3}]}}', 4, true],
    ['{"a":{"b":[1,2,{"c":3}]}}', 3, false],
    ['[[],[],[]]', 2, true],
    ['"[[[[[["', 0, true],
    [String.raw`{"a":"\"[[[[\\"}`, 1, true],
    [String.raw`{"a":"\\","b":[]}`, 1, false],
    ['', 0, true],
  ])('%s within %i: %s', (text, max, within) => {
    expect(jsonDepthWithin(text, max)).toBe(within);
  });

  test('a hostile megabyte is read in no time', () => {
    const started = cpuMs();
    expect(jsonDepthWithin('['.repeat(1_000_000), 100)).toBe(false);
    expect(jsonDepthWithin('[]'.repeat(500_000), 100)).toBe(true);
    expect(jsonDepthWithin(String.raw`"\\`.repeat(300_000), 100)).toBe(true);
    expect(cpuMs() - started).toBeLessThan(500);
  });
});

describe('reading the signature headers', () => {
  test('of draft-cavage', () => {
    const headers = sign('cavage', { expires: NOW + HOUR_MS, algorithm: 'hs2019' });
    expect(readSignature(headers)).toMatchObject({
      scheme: 'cavage',
      all: [
        {
          keyId: `${ALICE}#main-key`,
          covered: ['(request-target)', 'host', 'date', 'digest'],
          created: null,
          expires: (NOW + HOUR_MS) / SECOND_MS,
          algorithm: 'hs2019',
        },
      ],
    });
  });

  test('of RFC 9421, also two of them', () => {
    const headers = sign('rfc9421');
    headers.append(
      'signature-input',
      'sig-b22=("@method" "@path");created=1;nonce="a, (b)";keyid="https://b.test/key"',
    );
    headers.append('signature', 'sig-b22=:AAAA:');
    expect(readSignature(headers)).toMatchObject({
      scheme: 'rfc9421',
      all: [
        { keyId: `${ALICE}#main-key`, covered: ['@method', '@target-uri', 'content-digest'], created: NOW / SECOND_MS },
        { keyId: 'https://b.test/key', covered: ['@method', '@path'], created: 1, expires: null, value: 'AAAA' },
      ],
    });
  });

  test.each([
    ['none', ''],
    ['without a key', 'headers="date",signature="AAAA"'],
    ['without a value', 'keyId="https://a.test/",headers="date"'],
    ['without coverage', 'keyId="https://a.test/",signature="AAAA"'],
    ['with empty coverage', 'keyId="https://a.test/",headers="",signature="AAAA"'],
    ['with two keys', 'keyId="https://a.test/",keyId="https://b.test/",headers="date",signature="AAAA"'],
    [
      'with two keys, one in small letters',
      'keyId="https://a.test/",keyid="https://b.test/",headers="date",signature="AAAA"',
    ],
    ['with two coverages', 'keyId="https://a.test/",headers="date",headers="(request-target)",signature="AAAA"'],
    ['with a comma inside', 'keyId="https://a.test/,b",headers="date",signature="AAAA"'],
    ['with an escape inside', String.raw`keyId="https://a.test/\"",headers="date",signature="AAAA"`],
    ['not in pairs', 'keyId=https://a.test/,headers="date",signature="AAAA"'],
    ['as an Authorization header', 'Signature keyId="https://a.test/",headers="date",signature="AAAA"'],
    ['with a time in words', 'keyId="https://a.test/",headers="date",created="now",signature="AAAA"'],
    [
      'sent twice',
      'keyId="https://a.test/",headers="date",signature="AAAA", keyId="https://b.test/",headers="date",signature="AAAA"',
    ],
    ['too long', `keyId="https://a.test/${'x'.repeat(9000)}",headers="date",signature="AAAA"`],
  ])('draft-cavage %s is refused', (_, signature) => {
    expect(readSignature(new Headers({ signature }))).toHaveProperty('refused');
  });

  const INPUT = 'sig1=("@method" "@target-uri" "content-digest");created=1;keyid="https://a.test/"';
  test.each([
    ['without a value', INPUT, ''],
    ['with a value of another name', INPUT, 'sig2=:AAAA:'],
    ['with one value too many', INPUT, 'sig1=:AAAA:, sig2=:AAAA:'],
    ['with one value too few', `${INPUT}, ${INPUT.replace('sig1', 'sig2')}`, 'sig1=:AAAA:'],
    ['with two of a name', `${INPUT}, ${INPUT}`, 'sig1=:AAAA:'],
    ['with two values of a name', INPUT, 'sig1=:AAAA:, sig1=:AAAA:'],
    [
      'with three signatures',
      [1, 2, 3].map((n) => INPUT.replace('1', String(n))).join(),
      'sig1=:AAAA:,sig2=:AAAA:,sig3=:AAAA:',
    ],
    ['without a key', 'sig1=("@method");created=1', 'sig1=:AAAA:'],
    ['without a time', 'sig1=("@method");keyid="https://a.test/"', 'sig1=:AAAA:'],
    ['with two keys', `${INPUT};keyid="https://b.test/"`, 'sig1=:AAAA:'],
    ['with parts of another message', INPUT.replace('"content-digest"', '"content-digest";req'), 'sig1=:AAAA:'],
    ['with a parameter of a part', INPUT.replace('"@target-uri"', '"@query-param";name="a"'), 'sig1=:AAAA:'],
    ['with parts that are no texts', INPUT.replace('"@method"', '@method'), 'sig1=:AAAA:'],
    ['with a number for a list', 'sig1=1;created=1;keyid="https://a.test/"', 'sig1=:AAAA:'],
    ['with a decimal time', INPUT.replace('created=1', 'created=1.5'), 'sig1=:AAAA:'],
    ['with a negative time', INPUT.replace('created=1', 'created=-1'), 'sig1=:AAAA:'],
    ['with a value in the older form', INPUT, 'keyId="https://a.test/",headers="date",signature="AAAA"'],
    ['with an escape', `${INPUT};nonce="a\\"b"`, 'sig1=:AAAA:'],
    ['with nothing after a comma', `${INPUT},`, 'sig1=:AAAA:'],
    ['with something after it', `${INPUT} more`, 'sig1=:AAAA:'],
    ['too long', `${INPUT};nonce="${'x'.repeat(9000)}"`, 'sig1=:AAAA:'],
  ])('RFC 9421 %s is refused', (_, input, signature) => {
    expect(readSignature(new Headers({ 'signature-input': input, signature }))).toHaveProperty('refused');
  });

  test('headers made to stall the reader do not', () => {
    const inputs = [`sig1=(${'"a" '.repeat(2000)}`, `sig1=()${';a=1'.repeat(2000)}x`, `sig1=()${'; '.repeat(4000)}`];
    const signatures = [`${'a="b",'.repeat(1300)}x`, `keyId="${'x '.repeat(4000)}`, ' '.repeat(8000)];
    const started = cpuMs();
    for (const input of inputs) {
      expect(readSignature(new Headers({ 'signature-input': input, signature: 'sig1=:AAAA:' }))).toHaveProperty(
        'refused',
      );
    }
    for (const signature of signatures) expect(readSignature(new Headers({ signature }))).toHaveProperty('refused');
    expect(cpuMs() - started).toBeLessThan(200);
  });
});

describe('what a signature has to cover', () => {
  function coverage(headers: Headers, method: 'GET' | 'POST' = 'POST'): string | null {
    const read = readSignature(headers);
    return 'refused' in read ? read.refused : checkCoverage(headers, read, method);
  }

  test.each(both)('%s: what senders cover is enough', (scheme) => {
    expect(coverage(sign(scheme))).toBeNull();
    expect(coverage(sign(scheme, { method: 'GET' }), 'GET')).toBeNull();
  });

  test('also with more than enough, or the target in two parts', () => {
    const more = ['(request-target)', 'host', 'date', 'digest', 'content-type'];
    expect(coverage(sign('cavage', { cover: more }))).toBeNull();
    expect(coverage(sign('rfc9421', { cover: ['@method', '@authority', '@path', 'content-digest'] }))).toBeNull();
    expect(coverage(sign('rfc9421', { cover: ['@method', '@authority', '@path'], method: 'GET' }), 'GET')).toBeNull();
  });

  test.each(['(request-target)', 'host', 'date', 'digest'])('draft-cavage without %s', (left) => {
    const cover = ['(request-target)', 'host', 'date', 'digest'].filter((name) => name !== left);
    expect(coverage(sign('cavage', { cover }))).toBe(`the signature does not cover ${left}`);
  });

  test.each([
    [[]],
    [['@target-uri']],
    [['@method', '@target-uri']],
    [['@target-uri', 'content-digest']],
    [['@method', 'content-digest']],
    [['@method', '@path', 'content-digest']],
    [['@method', '@authority', 'content-digest']],
    [['@method', '@method', '@target-uri', 'content-digest']],
  ])('RFC 9421 with only %j', (cover) => {
    expect(coverage(sign('rfc9421', { cover }))).not.toBeNull();
  });

  test('each of two signatures has to', () => {
    const headers = sign('rfc9421');
    headers.append('signature-input', `sig2=("@method");created=1;keyid="${ALICE}#main-key"`);
    headers.append('signature', 'sig2=:AAAA:');
    expect(coverage(headers)).not.toBeNull();
  });

  test.each([
    ['cavage', { digest: 'SHA-256=AAAA,SHA-512=BBBB' }],
    ['cavage', { digest: 'SHA-256=AAAA, SHA-256=BBBB' }],
    ['cavage', { digest: 'SHA=AAAA' }],
    ['cavage', { digest: 'MD5=AAAA' }],
    ['cavage', { digest: 'unixsum=1' }],
    ['rfc9421', { digest: 'sha-256=:AAAA:, sha-512=:BBBB:' }],
    ['rfc9421', { digest: 'sha-256=AAAA' }],
    ['rfc9421', { digest: 'md5=:AAAA:' }],
  ] as const)('%s with %j for a digest', (scheme, knobs) => {
    expect(coverage(sign(scheme, knobs))).toMatch(/^not one plain/);
  });

  test('a digest that is signed but not sent', () => {
    const headers = sign('cavage');
    headers.delete('digest');
    expect(coverage(headers)).toBe('no digest');
  });

  test.each([
    ['cavage', 'hmac-sha256'],
    ['cavage', 'rsa-sha1'],
    ['rfc9421', 'hmac-sha256'],
    ['rfc9421', 'ecdsa-p256-sha256'],
  ] as const)('%s by %s', (scheme, algorithm) => {
    expect(coverage(sign(scheme, { algorithm }))).toBe('an algorithm that nobody here knows');
  });
});

describe('when a signature holds', () => {
  function times(headers: Headers): string | null {
    const read = readSignature(headers);
    return 'refused' in read ? read.refused : checkTimes(headers, read, NOW);
  }

  test.each(
    both.flatMap((scheme) =>
      [0, -HOUR_MS, -11.9 * HOUR_MS, 0.9 * HOUR_MS].map((away) => [scheme, away / HOUR_MS, away] as const),
    ),
  )('%s, made %d hours away, holds', (scheme, _, away) => {
    expect(times(sign(scheme, { at: NOW + away }))).toBeNull();
  });

  test.each(
    both.flatMap((scheme) =>
      [-12.1, -48, -10 * 365 * 24, 1.1, 2, 10 * 365 * 24].map((hours) => [scheme, hours] as const),
    ),
  )('%s, made %d hours away, does not', (scheme, hours) => {
    expect(times(sign(scheme, { at: NOW + hours * HOUR_MS }))).toBe(
      hours > 0 ? 'signed in the future' : 'signed too long ago',
    );
  });

  test.each(both)('%s holds until it expires', (scheme) => {
    expect(times(sign(scheme, { expires: NOW + 1000 }))).toBeNull();
    expect(times(sign(scheme, { expires: NOW - 1000 }))).toBe('the signature has expired');
  });

  test.each([
    ['Thu, 15 Jan 2026 12:00:00 GMT, Thu, 15 Jan 2026 12:00:00 GMT'],
    ['2026-01-15T12:00:00Z'],
    ['yesterday'],
    ['Thu, 15 Jan 2026 12:00:00 PST'],
    ['Xyz, 99 Foo 2026 12:00:00 GMT'],
  ])('a Date of "%s" is none', (date) => {
    expect(times(sign('cavage', { headers: { date } }))).toBe('a Date that cannot be read');
  });

  test('a created time of draft-cavage counts beside the Date', () => {
    const headers = sign('cavage');
    headers.set('signature', `${headers.get('signature')},created=${(NOW + 2 * HOUR_MS) / SECOND_MS}`);
    expect(times(headers)).toBe('signed in the future');
  });
});

describe('who speaks', () => {
  const note = createNote(ALICE);

  function speaker(body: unknown, keyId = `${ALICE}#main-key`, options: SpeakerOptions = {}): unknown {
    return checkSpeaker(sign('cavage', { body, keyId }), body, options);
  }

  test.each(both)('the actor whose key signed its activity (%s)', (scheme) => {
    expect(checkSpeaker(sign(scheme), note)).toEqual({ actorUri: ALICE, activityUri: note['id'], type: 'Create' });
  });

  test('URIs come in one spelling, an actor embedded or not, a type in a list or not', () => {
    const body = {
      ...note,
      id: 'HTTPS://Victim.TEST:443/acts/1',
      type: ['Create'],
      actor: { id: ALICE, type: 'Person' },
    };
    expect(speaker(body)).toEqual({ actorUri: ALICE, activityUri: 'https://victim.test/acts/1', type: 'Create' });
  });

  test('proofs and LD signatures of the own origin are no matter, right or wrong', () => {
    const signature = { type: 'RsaSignature2017', creator: `${ALICE}#main-key`, signatureValue: 'AAAA' };
    const proof = [{ verificationMethod: `${ALICE}#ed25519` }, { verificationMethod: { id: `${ALICE}#ed25519` } }];
    expect(speaker({ ...note, signature, proof })).toHaveProperty('actorUri', ALICE);
  });

  test('without a signature nobody', () => {
    const { headers } = unsigned({ to: 'https://home.test', at: NOW, body: note });
    expect(checkSpeaker(headers, note)).toEqual({ refused: 'no HTTP signature' });
  });

  test.each<[string, unknown, string?]>([
    ['no object', null],
    ['a list', [note]],
    ['a text', 'text'],
    ['no actor', { ...note, actor: undefined }],
    ['two actors', { ...note, actor: [ALICE, EVE] }],
    ['an actor in a list', { ...note, actor: [ALICE] }],
    ['an actor that is no URI', { ...note, actor: 'alice' }],
    ['an actor without an id', { ...note, actor: { type: 'Person' } }],
    ['an actor by an odd scheme', { ...note, actor: 'acct:alice@victim.test' }],
    ['an actor with a password', { ...note, actor: 'https://victim.test@evil.test/users/eve' }],
    ['an actor with a line break', { ...note, actor: 'https://victim.test/users/al\nice' }],
    ['an actor with a backslash', { ...note, actor: String.raw`https://victim.test\@evil.test/` }],
    ['an actor too long to store', { ...note, actor: `${ALICE}/${'x'.repeat(3000)}` }],
    ['no id', { ...note, id: undefined }],
    ['an id that is an object', { ...note, id: { id: 'https://victim.test/acts/1' } }],
    ['no type', { ...note, type: undefined }],
    ['two types', { ...note, type: ['Create', 'Delete'] }],
    ['a type that is an object', { ...note, type: {} }],
    ['an empty type', { ...note, type: '' }],
    ['the id on another host', { ...note, id: 'https://third.test/acts/1' }],
    ['the id on another port', { ...note, id: 'https://victim.test:8443/acts/1' }],
    ['the id on a subdomain', { ...note, id: 'https://www.victim.test/acts/1' }],
    ['the key of somebody else', note, `${EVE}#main-key`],
    ['a key that is no URI', note, 'alice'],
    ['an LD signature by somebody else', { ...note, signature: { creator: `${EVE}#main-key` } }],
    ['an LD signature by nobody', { ...note, signature: { signatureValue: 'AAAA' } }],
    ['two LD signatures, one by somebody else', { ...note, signature: [{ creator: ALICE }, { creator: EVE }] }],
    ['a proof by somebody else', { ...note, proof: { verificationMethod: `${EVE}#ed25519` } }],
    [
      'two proofs, one by somebody else',
      { ...note, proof: [{ verificationMethod: ALICE }, { verificationMethod: EVE }] },
    ],
    ['a proof that is a text', { ...note, proof: 'https://victim.test/proofs/1' }],
    ['plain http', { ...createNote('http://victim.test/users/alice') }, 'http://victim.test/users/alice#main-key'],
  ])('nobody: %s', (_, body, keyId) => {
    expect(speaker(body, keyId)).toHaveProperty('refused');
  });

  test('plain http only for hosts of the map, and never mixed with https', () => {
    const plain = createNote('http://victim.test/users/alice');
    const options = { plainHttpHosts: (hostname: string) => hostname === 'victim.test' };
    expect(speaker(plain, 'http://victim.test/users/alice#main-key', options)).toHaveProperty('type', 'Create');
    expect(speaker(plain, 'https://victim.test/users/alice#main-key', options)).toHaveProperty('refused');
    expect(speaker(createNote('http://other.test/a'), 'http://other.test/a#main-key', options)).toHaveProperty(
      'refused',
    );
  });

  test('a signature that covers too little speaks for nobody', () => {
    const headers = sign('cavage', { body: note, cover: ['(request-target)', 'date', 'digest'] });
    expect(checkSpeaker(headers, note)).toEqual({ refused: 'the signature does not cover host' });
  });
});
