import { verifyRequest } from '@fedify/fedify';
import { FetchError } from '@fedify/vocab-runtime';
import type { DocumentLoader } from '@fedify/vocab-runtime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runInsideWrite } from '#db/write-scope.ts';
import { createEgress, EgressRefused } from '#federation/egress.ts';
import type { Egress } from '#federation/egress.ts';
import { createLoaders } from '#federation/loaders.ts';
import type { LoaderOptions, Loaders } from '#federation/loaders.ts';
import { findAlternate } from '#federation/loaders/alternate.ts';
import { ManualClock } from '#kernel/clock.ts';
import { ACTIVITY_CONTEXT, hostMapOf, makeRsaKey, person, startPeer } from '../peer.ts';
import type { Peer } from '../peer.ts';
import { cpuMs } from '../cpu-time.ts';

const NOTE = { '@context': ACTIVITY_CONTEXT, id: 'http://victim.test/notes/1', type: 'Note', content: 'hello' };
const ACTIVITY_LD = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"';

let victim: Peer;
let evil: Peer;
let egress: Egress;
let loaders: Loaders;
let clock: ManualClock;

beforeAll(async () => {
  victim = await startPeer('victim.test');
  evil = await startPeer('evil.test');
  egress = createEgress({ hostMap: hostMapOf(victim, evil), allowPrivate: [] });
  egress.install();
});

afterAll(() => Promise.all([egress.close(), victim.close(), evil.close()]));

beforeEach(() => {
  clock = new ManualClock();
  loaders = makeLoaders();
});

afterEach(() => {
  victim.hits.length = 0;
  evil.hits.length = 0;
});

function makeLoaders(options: Partial<LoaderOptions> = {}): Loaders {
  return createLoaders({
    userAgent: 'Estrade/1.0 (+https://home.test)',
    now: () => clock.now(),
    plainHttpHosts: (hostname) => hostname.endsWith('.test'),
    ...options,
  });
}

function load(path: string, peer = victim): Promise<unknown> {
  return loaders.documentLoader(peer.base + path).then(({ document }) => document);
}

describe('what is taken for a document', () => {
  test.each(['application/activity+json', 'application/activity+json; charset=utf-8', ACTIVITY_LD])(
    '%s',
    async (type) => {
      victim.on('/notes/1', { type, body: NOTE });
      expect(await loaders.documentLoader('http://victim.test/notes/1#part')).toEqual({
        contextUrl: null,
        documentUrl: 'http://victim.test/notes/1',
        document: NOTE,
      });
      expect(victim.hits[0]?.headers).toMatchObject({
        'user-agent': 'Estrade/1.0 (+https://home.test)',
        accept: `application/activity+json, ${ACTIVITY_LD}`,
        host: 'victim.test',
      });
    },
  );

  test.each([
    'application/json',
    'text/plain',
    'image/png',
    'application/ld+json',
    'application/ld+json; profile="https://example.com/other"',
    'application/octet-stream',
    'text/activity+json',
    'application/activity+jsonx',
    '',
  ])('an upload served as "%s" is not', async (type) => {
    victim.on('/upload', { type, body: person('http://victim.test/users/alice', 'key') });
    await expect(load('/upload')).rejects.toThrow('not an activity document');
  });

  test.each([
    ['a list', '[]'],
    ['a text', '"text"'],
    ['nothing', ''],
    ['half of it', '{"id":'],
    ['two of them', '{}{}'],
  ])('%s is not', async (_, body) => {
    victim.on('/odd', { body });
    await expect(load('/odd')).rejects.toBeInstanceOf(FetchError);
  });

  test('the answer of the peer comes along with the error', async () => {
    victim.on('/gone', { status: 410 });
    await expect(load('/gone')).rejects.toMatchObject({
      response: { status: 410 },
      url: new URL('http://victim.test/gone'),
    });
    await expect(load('/never-there')).rejects.toMatchObject({ response: { status: 404 } });
  });

  test.each([
    'ftp://victim.test/',
    'file:///etc/passwd',
    'data:application/activity+json,{}',
    'http://user:pass@victim.test/',
    `http://victim.test/${'x'.repeat(3000)}`,
    'no url',
  ])('nobody is asked for %s', async (url) => {
    await expect(loaders.documentLoader(url)).rejects.toBeInstanceOf(FetchError);
    expect(victim.hits).toEqual([]);
  });

  test('without TLS only the hosts of the map are asked, on every hop', async () => {
    loaders = makeLoaders({ plainHttpHosts: (hostname) => hostname === 'victim.test' });
    victim.on('/notes/1', { body: NOTE });
    victim.on('/to-evil', { status: 302, headers: { location: 'http://evil.test/notes/1' } });
    evil.on('/notes/1', { body: NOTE });
    expect(await load('/notes/1')).toEqual(NOTE);
    await expect(load('/to-evil')).rejects.toThrow('not https');
    await expect(
      makeLoaders({ plainHttpHosts: () => false }).documentLoader('http://victim.test/notes/1'),
    ).rejects.toThrow('not https');
    expect(evil.hits).toEqual([]);
  });
});

describe('how much, how deep, how long', () => {
  test('a megabyte is read, more is not', async () => {
    const filled = (bytes: number): string => `{"id":"${'x'.repeat(bytes - 9)}"}`;
    victim.on('/just', { body: filled(1_000_000) });
    victim.on('/more', { body: filled(1_000_001) });
    victim.on('/endless', {
      write(response) {
        response.writeHead(200, { 'content-type': 'application/activity+json' });
        const more = (): boolean => response.writable && response.write('x'.repeat(100_000)) && more();
        response.on('drain', more);
        more();
      },
    });
    expect(await load('/just')).toHaveProperty('id');
    await expect(load('/more')).rejects.toBeInstanceOf(FetchError);
    await expect(load('/endless')).rejects.toBeInstanceOf(FetchError);
  });

  test('a hundred levels are read, more are not', async () => {
    const nested = (levels: number): string => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
    victim.on('/deep', { body: nested(100) });
    victim.on('/deeper', { body: nested(101) });
    victim.on('/abyss', { body: '{"a":['.repeat(80_000) });
    expect(await load('/deep')).toHaveProperty('a');
    await expect(load('/deeper')).rejects.toThrow('nested too deeply');
    await expect(load('/abyss')).rejects.toThrow('nested too deeply');
  });

  test('one deadline holds for all hops and the body', async () => {
    loaders = makeLoaders({ timeoutMs: 400 });
    victim.on('/slow', { delayMs: 250, status: 302, headers: { location: '/slower' } });
    victim.on('/slower', { delayMs: 250, body: NOTE });
    victim.on('/drip', {
      write(response) {
        response.writeHead(200, { 'content-type': 'application/activity+json' });
        const drip = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(drip));
      },
    });
    const started = performance.now();
    await expect(load('/slow')).rejects.toBeInstanceOf(FetchError);
    await expect(load('/drip')).rejects.toBeInstanceOf(FetchError);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('hops', () => {
  test('three redirects are followed, and the place where the document lay is told', async () => {
    chain('/hop', 3);
    expect(await loaders.documentLoader('http://victim.test/hop/0')).toMatchObject({
      documentUrl: 'http://victim.test/hop/3',
      document: NOTE,
    });
    chain('/far', 4);
    await expect(load('/far/0')).rejects.toThrow('too many redirects');
    expect(victim.hitsOf('/far/4')).toBe(0);
  });

  test('a redirect to itself and one without a place end', async () => {
    victim.on('/round', { status: 307, headers: { location: '/round' } });
    victim.on('/nowhere', { status: 302, headers: { location: 'http://[' } });
    victim.on('/silent', { status: 302 });
    await expect(load('/round')).rejects.toThrow('too many redirects');
    expect(victim.hitsOf('/round')).toBe(4);
    await expect(load('/nowhere')).rejects.toThrow('a redirect to nowhere');
    await expect(load('/silent')).rejects.toMatchObject({ response: { status: 302 } });
  });

  test('a page leads to its document, by its header or by its text', async () => {
    const link = '<http://victim.test/notes/1>; rel="alternate"; type="application/activity+json"';
    victim.on('/notes/1', { body: NOTE });
    victim.on('/header', { type: 'text/html', headers: { link }, body: '<p>' });
    victim.on('/text', {
      type: 'text/html; charset=utf-8',
      body: `<html><head><link rel=stylesheet href=a.css><LINK href='/notes/1?a=1&amp;b=2' type='${ACTIVITY_LD}' rel="me alternate">`,
    });
    victim.on('/notes/1?a=1&b=2', { body: { ...NOTE, content: 'by text' } });
    victim.on('/plain', { type: 'text/html', body: '<p>nothing here' });
    expect(await load('/header')).toEqual(NOTE);
    expect(await load('/text')).toHaveProperty('content', 'by text');
    await expect(load('/plain')).rejects.toThrow('a web page without an activity document');
  });

  test('two pages that name each other are left after three hops', async () => {
    const naming = (path: string): string => `<${path}>; rel="alternate"; type="application/activity+json"`;
    victim.on('/ping', { type: 'text/html', headers: { link: naming('/pong') } });
    victim.on('/pong', { type: 'text/html', headers: { link: naming('/ping') } });
    await expect(load('/ping')).rejects.toThrow('too many redirects and alternates');
    expect(victim.hits).toHaveLength(4);
  });

  test('a page that is only links costs no time', () => {
    const pages = [
      '<link '.repeat(180_000),
      `<link ${'a'.repeat(1_000_000)}`,
      `<link ${' '.repeat(1_000_000)}>`,
      `${'<link '.padEnd(2000, 'a ')}>`.repeat(500),
      `${'<link '.padEnd(2000, `a='`)}>`.repeat(500),
      `${'<link '.padEnd(2000, 'a="')}>`.repeat(500),
      `${'<link '.padEnd(2000, 'a= ')}>`.repeat(500),
      '<'.repeat(1_000_000),
    ];
    for (const page of pages) {
      const started = cpuMs();
      expect(findAlternate(page.slice(0, 16_000), page, new URL('http://victim.test/'))).toBeNull();
      expect(cpuMs() - started).toBeLessThan(200);
    }
  });

  function chain(path: string, hops: number): void {
    for (let hop = 0; hop < hops; hop += 1) {
      victim.on(`${path}/${hop}`, { status: 302, headers: { location: `${path}/${hop + 1}` } });
    }
    victim.on(`${path}/${hops}`, { body: NOTE });
  }
});

describe('signed requests', () => {
  const key = makeRsaKey();
  const keyId = new URL('https://home.test/actor#main-key');

  async function signer(): Promise<{ keyId: URL; privateKey: CryptoKey }> {
    const der = key.privateKey.export({ type: 'pkcs8', format: 'der' });
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    return { keyId, privateKey: await crypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign']) };
  }

  test('every hop carries a signature of its own, that the peer can verify', async () => {
    clock = new ManualClock(Date.now());
    loaders = makeLoaders();
    victim.on('/secure', { status: 302, headers: { location: 'http://evil.test/secure' } });
    evil.on('/secure', (hit) => (hit.headers.signature ? { body: NOTE } : { status: 401 }));
    const loader = loaders.authenticatedLoader(await signer());
    expect((await loader('http://victim.test/secure')).document).toEqual(NOTE);
    const verified = await Promise.all(
      [...victim.hits, ...evil.hits].map((hit) =>
        verifyRequest(new Request(`http://${hit.headers.host}${hit.path}`, { headers: hit.headers as HeadersInit }), {
          documentLoader: ourActor,
          contextLoader: loaders.contextLoader,
        }),
      ),
    );
    expect(verified.map((by) => by?.id?.href)).toEqual([keyId.href, keyId.href]);
    await expect(load('/secure')).rejects.toMatchObject({ response: { status: 401 } });
  });

  test('what one actor was given, another is not', async () => {
    const seen: unknown[] = [];
    victim.on('/followers-only', (hit) => {
      seen.push(hit.headers.signature);
      return hit.headers.signature?.includes('alice') ? { body: NOTE } : { status: 404 };
    });
    const { privateKey } = await signer();
    const alice = { keyId: new URL('https://home.test/users/alice#main-key'), privateKey };
    const bob = { keyId: new URL('https://home.test/users/bob#main-key'), privateKey };
    const url = 'http://victim.test/followers-only';
    expect((await loaders.authenticatedLoader(alice)(url)).document).toEqual(NOTE);
    await expect(loaders.authenticatedLoader(bob)(url)).rejects.toMatchObject({ response: { status: 404 } });
    await expect(loaders.documentLoader(url)).rejects.toMatchObject({ response: { status: 404 } });
    expect((await loaders.authenticatedLoader(alice)(url)).document).toEqual(NOTE);
    expect(seen).toHaveLength(3);
  });

  const ourActor: DocumentLoader = async (url) => ({
    contextUrl: null,
    documentUrl: url,
    document: person('https://home.test/actor', key.pem),
  });
});

describe('what is remembered', () => {
  test('a document for a minute, in copies', async () => {
    victim.on('/notes/1', { body: NOTE });
    const first = await load('/notes/1');
    (first as { content: string }).content = 'changed by its reader';
    expect(await load('/notes/1#other-part')).toEqual(NOTE);
    expect(victim.hits).toHaveLength(1);
    clock.advance(60_001);
    victim.on('/notes/1', { body: { ...NOTE, content: 'edited' } });
    expect(await load('/notes/1')).toHaveProperty('content', 'edited');
    expect(loaders.stats).toMatchObject({ asked: 3, fetched: 2 });
  });

  test('a failure for a quarter of a minute', async () => {
    victim.on('/notes/1', { status: 503 });
    await expect(load('/notes/1')).rejects.toMatchObject({ response: { status: 503 } });
    victim.on('/notes/1', { body: NOTE });
    await expect(load('/notes/1')).rejects.toMatchObject({ response: { status: 503 } });
    clock.advance(15_001);
    expect(await load('/notes/1')).toEqual(NOTE);
    expect(victim.hits).toHaveLength(2);
  });

  test('those who ask at once wait for one answer, and one of them may leave', async () => {
    victim.on('/notes/1', { delayMs: 50, body: NOTE });
    const leaving = loaders.documentLoader('http://victim.test/notes/1', { signal: AbortSignal.timeout(5) });
    const waiting = Promise.all(Array.from({ length: 20 }, () => load('/notes/1')));
    await expect(leaving).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(await waiting).toEqual(Array.from({ length: 20 }, () => NOTE));
    expect(victim.hits).toHaveLength(1);
  });

  test('a fetch past the memory is one', async () => {
    victim.on('/notes/1', { body: NOTE });
    await load('/notes/1');
    const fetched = await loaders.fetchDocument(new URL('http://victim.test/notes/1'));
    expect(fetched.document).toEqual(NOTE);
    expect(victim.hits).toHaveLength(2);
  });

  test('a fetch inside a command is our own mistake: told as such and not remembered', async () => {
    victim.on('/notes/1', { body: NOTE });
    await runInsideWrite(async () => {
      await expect(load('/notes/1')).rejects.toBeInstanceOf(EgressRefused);
    });
    expect(await load('/notes/1')).toEqual(NOTE);
  });
});

describe('contexts', () => {
  test.each([
    'https://www.w3.org/ns/activitystreams',
    'http://www.w3.org/ns/activitystreams',
    'https://pleroma.example.com/schemas/litepub-0.1.jsonld',
    'https://mbin.example.com/contexts',
  ])('%s comes from the bundle', async (name) => {
    expect((await loaders.contextLoader(name)).document).toHaveProperty(['@context', 'actor']);
    expect(loaders.stats.unknownContexts).toBe(0);
  });

  test('an unknown one is read as security/v1, and nobody is asked', async () => {
    evil.on('/context', { type: 'application/ld+json', body: { '@context': { actor: 'http://evil.test/#x' } } });
    const { document, documentUrl } = await loaders.contextLoader('http://evil.test/context');
    expect(documentUrl).toBe('http://evil.test/context');
    expect(document).toHaveProperty(['@context', 'publicKeyPem'], 'sec:publicKeyPem');
    expect(document).not.toHaveProperty(['@context', 'actor']);
    expect(loaders.stats.unknownContexts).toBe(1);
    expect(evil.hits).toEqual([]);
  });

  test('a bundled one asked for as a document is not fetched either', async () => {
    const { document } = await loaders.documentLoader('https://www.w3.org/ns/activitystreams');
    expect(document).toHaveProperty(['@context', 'actor']);
    expect(loaders.stats.fetched).toBe(0);
  });
});
