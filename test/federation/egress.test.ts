import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { runInsideWrite } from '#db/write-scope.ts';
import { createEgress, egressRefusalOf, lookupHost } from '#federation/egress.ts';
import type { Egress, EgressOptions, Lookup } from '#federation/egress.ts';
import { hostMapOf, startPeer } from '../peer.ts';
import type { Peer } from '../peer.ts';
import { makeAuthority } from '../tls.ts';

/** Stands for every service inside: nothing may ever reach it. */
let sink: Peer;
let peer: Peer;
let secure: Peer;
let egress: Egress;
const authority = makeAuthority();
const TIMEOUTS = { connect: 500, headers: 300, body: 300 };

beforeAll(async () => {
  sink = await startPeer('sink.test');
  peer = await startPeer('victim.test');
  secure = await startPeer('secure.test', authority.issue(['secure.test', '*.peer.test']));
});

afterAll(() => Promise.all([sink.close(), peer.close(), secure.close()]));

beforeEach(() => {
  sink.hits.length = 0;
  peer.hits.length = 0;
});

afterEach(() => egress.close());

function start(options: Partial<EgressOptions> = {}): void {
  const hostMap = new Map([
    ...hostMapOf(peer, secure),
    ['*.peer.test', secure.target] as const,
    ['*.plain.test', peer.target] as const,
  ]);
  egress = createEgress({
    hostMap,
    allowPrivate: [],
    ca: authority.ca,
    timeouts: TIMEOUTS,
    lookup: noSuchName,
    ...options,
  });
  egress.install();
}

const noSuchName: Lookup = () => Promise.reject(new Error('no such name'));

/** The code of the refusal, `failed` for another error, or the status of the answer. */
async function ask(url: string, init: RequestInit = {}): Promise<string | number> {
  try {
    const answer = await fetch(url, { redirect: 'manual', ...init });
    await answer.text();
    return answer.status;
  } catch (error) {
    return egressRefusalOf(error)?.code ?? 'failed';
  }
}

describe('addresses of the own network', () => {
  test.each([
    'http://127.0.0.1',
    'http://127.0.0.1:80',
    'http://0x7f.1',
    'http://0x7f000001',
    'http://2130706433',
    'http://017700000001',
    'http://127.1',
    'http://127.0.0.1.',
    'http://0',
    'http://0.0.0.0',
    'http://[::1]',
    'http://[::]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[::7f00:1]',
    'http://[::127.0.0.1]',
    'http://[64:ff9b::7f00:1]',
    'http://[64:ff9b:1::7f00:1]',
    'http://[2002:7f00:1::]',
    'http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
    'http://[fe80::1]',
    'http://[fc00::1]',
    'http://[fd12:3456::1]',
    'http://[fec0::1]',
    'http://[ff02::1]',
    'http://[2001:db8::1]',
    'http://[3fff::1]',
    'http://[100::1]',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1',
    'http://172.16.0.1',
    'http://172.31.255.254',
    'http://192.168.1.1',
    'http://192.0.0.1',
    'http://192.88.99.1',
    'http://198.18.0.1',
    'http://100.64.0.1',
    'http://224.0.0.1',
    'http://240.0.0.1',
    'http://255.255.255.255',
  ])('%s is refused', async (url) => {
    start();
    expect(await ask(url)).toBe('address');
  });

  test.each([
    'http://localhost',
    'http://LOCALHOST',
    'http://localhost.',
    'http://app.localhost',
    'http://printer.local',
    'http://db.internal',
    'http://router.home.arpa',
    'http://intranet',
    'http://redis',
    'http://victim.test.',
    'http://other.test',
  ])('%s is no name to ask for', async (url) => {
    start();
    expect(await ask(url)).toBe('name');
  });

  test('literal addresses with the port of a real service are refused as well', async () => {
    start();
    const { port } = sink.target;
    const answers = await Promise.all(
      [`http://127.0.0.1:${port}`, `http://[::ffff:127.0.0.1]:${port}`, `http://localhost:${port}`].map((url) =>
        ask(url),
      ),
    );
    expect(answers).toEqual(['port', 'port', 'port']);
    expect(sink.hits).toEqual([]);
  });

  test.each([22, 25, 6379, 8080, 3000])('port %i is refused, whatever the name', async (port) => {
    start({ lookup: () => Promise.resolve([{ address: '192.0.2.1', family: 4 }]), allowPrivate: ['192.0.2.0/24'] });
    // Asked without `fetch`, which keeps a list of ports of its own.
    const request = egress.documents.request({
      origin: `http://public.example.net:${port}`,
      path: '/',
      method: 'POST',
    });
    await expect(request).rejects.toMatchObject({ code: 'port' });
  });

  test('a network that the configuration allows is reached, its neighbours are not', async () => {
    start({ allowPrivate: ['127.0.0.1/32'] });
    // Nothing listens on port 80 here: what counts is that the connection was tried.
    expect(await ask('http://127.0.0.1')).not.toBe('address');
    expect(await ask('http://127.0.0.2')).toBe('address');
    expect(await ask('http://[::ffff:127.0.0.1]')).toBe('address');
  });
});

describe('names that lead inside', () => {
  test.each([
    ['127.0.0.1', 4],
    ['10.1.2.3', 4],
    ['169.254.169.254', 4],
    ['::1', 6],
    ['::ffff:10.0.0.1', 6],
    ['fd00::1', 6],
  ] as const)('a name that leads to %s is refused', async (address, family) => {
    start({ lookup: () => Promise.resolve([{ address, family }]) });
    expect(await ask('http://rebind.example.com')).toBe('address');
  });

  test('one private address among public ones refuses the name', async () => {
    const lookup: Lookup = () =>
      Promise.resolve([
        { address: '1.1.1.1', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    start({ lookup });
    expect(await ask('http://both.example.com')).toBe('address');
  });

  test('a name that turns private after the check is asked for once, and only what was checked is connected to', async () => {
    const lookup = vi
      .fn<Lookup>()
      .mockResolvedValueOnce([{ address: '192.0.2.1', family: 4 }])
      .mockResolvedValue([{ address: '127.0.0.1', family: 4 }]);
    start({ lookup, allowPrivate: ['192.0.2.0/24'] });
    // 192.0.2.1 answers nobody, so the connection fails; it must not fall back to the second answer.
    expect(await ask('http://rebind.example.com')).toBe('failed');
    expect(lookup).toHaveBeenCalledTimes(1);
    expect(await ask('http://rebind.example.com')).toBe('address');
  });

  test('a name without an address is an error like any other', async () => {
    start({ lookup: () => Promise.resolve([]) });
    expect(await ask('http://empty.example.com')).toBe('address');
    start({ lookup: noSuchName });
    expect(await ask('http://nobody.example.com')).toBe('failed');
  });
});

describe('the map of hosts', () => {
  test('a mapped name is reached on its port, whatever port the URL names', async () => {
    start();
    peer.on('/', { body: 'ok' });
    expect(await ask('http://victim.test')).toBe(200);
    expect(await ask('http://victim.test:3001')).toBe(200);
    expect(await ask('http://VICTIM.test')).toBe(200);
    expect(peer.hits[0]?.headers.host).toBe('victim.test');
  });

  test('TLS is checked against the name, not the address', async () => {
    start();
    secure.on('/', { body: 'ok' });
    expect(await ask('https://secure.test')).toBe(200);
    expect(await ask('https://a.peer.test')).toBe(200);
    expect(await ask('https://a.b.peer.test')).toBe('failed');
    start({ ca: makeAuthority().ca });
    expect(await ask('https://secure.test')).toBe('failed');
  });

  test('the scheme of the URL must be the one of the map', async () => {
    start();
    expect(await ask('https://victim.test')).toBe('scheme');
    expect(await ask('http://secure.test')).toBe('scheme');
  });

  test('wildcards hold for all names below, and a name of its own goes first', () => {
    const map = new Map([
      ['*.peer.test', { scheme: 'http', address: '127.0.0.1', port: 1 }] as const,
      ['own.peer.test', { scheme: 'https', address: '127.0.0.1', port: 2 }] as const,
    ]);
    expect(lookupHost(map, 'a.peer.test')?.port).toBe(1);
    expect(lookupHost(map, 'a.b.PEER.test')?.port).toBe(1);
    expect(lookupHost(map, 'own.peer.test')?.port).toBe(2);
    expect(lookupHost(map, 'peer.test')).toBeNull();
    expect(lookupHost(map, 'xpeer.test')).toBeNull();
  });
});

describe('redirects', () => {
  test('a redirect to a private address reaches nobody, followed or not', async () => {
    start();
    peer.on('/to-sink', { status: 302, headers: { location: `http://127.0.0.1:${sink.target.port}/` } });
    peer.on('/to-metadata', { status: 307, headers: { location: 'http://169.254.169.254/' } });
    expect(await ask('http://victim.test/to-sink')).toBe(302);
    expect(await ask('http://victim.test/to-sink', { redirect: 'follow' })).toBe('port');
    expect(await ask('http://victim.test/to-metadata', { redirect: 'follow' })).toBe('address');
    expect(sink.hits).toEqual([]);
  });

  test('a redirect to itself ends', async () => {
    start();
    peer.on('/round', { status: 302, headers: { location: '/round' } });
    expect(await ask('http://victim.test/round', { redirect: 'follow' })).toBe('failed');
    expect(peer.hitsOf('/round')).toBeLessThan(30);
  });
});

describe('answers that never end', () => {
  test('a body stops at the cap, with or without a length', async () => {
    start({ documentBytesMax: 100_000, mediaBytesMax: 300_000 });
    const body = 'x'.repeat(200_000);
    peer.on('/long', { body });
    peer.on('/endless', {
      write(response) {
        response.writeHead(200, { 'content-type': 'application/activity+json' });
        const more = (): boolean => response.writable && response.write(body) && more();
        response.on('drain', more);
        more();
      },
    });
    expect(await ask('http://victim.test/long')).toBe('failed');
    expect(await ask('http://victim.test/endless')).toBe('failed');
    const media = { dispatcher: egress.media } as unknown as RequestInit;
    expect(await ask('http://victim.test/long', media)).toBe(200);
    expect(await ask('http://victim.test/endless', media)).toBe('failed');
  });

  test('a packed body is refused before it is unpacked, and nobody is asked for one', async () => {
    start();
    const body = gzipSync(Buffer.alloc(50_000_000));
    peer.on('/bomb', { headers: { 'content-encoding': 'gzip' }, body });
    peer.on('/twice', { headers: { 'content-encoding': ['gzip', 'gzip'] }, body });
    expect(await ask('http://victim.test/bomb')).toBe('encoding');
    expect(await ask('http://victim.test/twice')).toBe('encoding');
    expect(peer.hits.map((hit) => hit.headers['accept-encoding'])).toEqual(['identity', 'identity']);
  });

  test('a body shorter or longer than it says does no harm', async () => {
    start();
    peer.on('/lie', { headers: { 'content-length': '5' }, body: 'more than five' });
    peer.on('/ok', { body: 'ok' });
    expect(await ask('http://victim.test/lie')).toSatisfy((answer) => answer === 200 || answer === 'failed');
    expect(await ask('http://victim.test/ok')).toBe(200);
  });

  test('a peer that accepts and never answers, and one that falls silent within the body, are left', async () => {
    start();
    peer.on('/silent', { write: () => {} });
    peer.on('/half', {
      write(response) {
        response.writeHead(200);
        response.write('half');
      },
    });
    const started = performance.now();
    expect(await ask('http://victim.test/silent')).toBe('failed');
    expect(await ask('http://victim.test/half')).toBe('failed');
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('one origin gets at most eight connections at once', async () => {
    start({ timeouts: { connect: 500, headers: 5000, body: 5000 } });
    let open = 0;
    let most = 0;
    peer.on('/slow', {
      write(response) {
        open += 1;
        most = Math.max(most, open);
        setTimeout(() => {
          open -= 1;
          response.end('ok');
        }, 20);
      },
    });
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask('http://victim.test/slow')));
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(most).toBe(8);
  });
});

test('a fetch inside a command is a mistake, and the same fetch after it is none', async () => {
  start();
  peer.on('/', { body: 'ok' });
  const late = await runInsideWrite(async () => {
    expect(await ask('http://victim.test')).toBe('inside-write');
    return { ask: () => ask('http://victim.test') };
  });
  expect(peer.hits).toEqual([]);
  expect(await late.ask()).toBe(200);
});

test('requests carry our name, unless the caller has one', async () => {
  start({ userAgent: 'Estrade/1.0 (+https://home.test)' });
  peer.on('/', { body: 'ok' });
  await ask('http://victim.test');
  await ask('http://victim.test', { headers: { 'user-agent': 'Delivery/1' } });
  await ask('http://victim.test', { headers: [['x-more', 'a']] });
  expect(peer.hits.map((hit) => hit.headers['user-agent'])).toEqual([
    'Estrade/1.0 (+https://home.test)',
    'Delivery/1',
    'Estrade/1.0 (+https://home.test)',
  ]);
  expect(peer.hits[2]?.headers['x-more']).toBe('a');
});

test('closing gives the process back what it had', async () => {
  start();
  expect(await ask('http://127.0.0.1')).toBe('address');
  await egress.close();
  expect(await ask('http://127.0.0.1:1')).toBe('failed');
});
