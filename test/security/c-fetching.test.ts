import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isMediaType } from '#domain/media/media-types.ts';
import { remoteEmoji, remoteMedium, remotePicture } from '#domain/media/served-media.queries.ts';
import { publishPost } from '#domain/posts/publish-post.ts';
import { threadView } from '#domain/timelines/thread.queries.ts';
import { signedHeaders } from '#federation/delivery/sign-request.ts';
import { createEgress, egressRefusalOf } from '#federation/egress.ts';
import { createLoaders } from '#federation/loaders.ts';
import { lookUpHandle } from '#federation/resolve/ask-web-finger.ts';
import { createSigningKeys } from '#federation/signing-keys.ts';
import { PUBLIC } from '#federation/vocabulary.ts';
import { MINUTE_MS } from '#kernel/clock.ts';
import { limits } from '#kernel/limits.ts';
import { createSealer } from '#kernel/seal.ts';
import { createImageWorker } from '#ports/image-worker.ts';
import { createMediaDisk } from '#ports/media-disk.ts';
import { createMediaFetch } from '#ports/media-fetch.ts';
import { createRemoteMedia, type RemoteMedia } from '#web/remote-media.ts';
import { draft } from '../stories/cast.ts';
import { TEST_SECRET } from '../world.ts';
import { ACTIVITY_CONTEXT, createNote, person } from '../peer.ts';
import { gif, photo, pngHeader, pngWithPage } from '../ports/media-samples.ts';
import {
  activity,
  bobFollows,
  deliver,
  expectHealthy,
  expectRefused,
  followsBob,
  idOf,
  openStage,
  rowsOf,
  send,
  settleIn,
  signed,
  wordsOf,
  type RemotePerson,
  type Stage,
} from './harness.ts';

/* Section C of the attacks: what we are made to fetch, and where to. */

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});

afterEach(() => stage.close());

/** Every way to write an address of the own network that a stranger could think of. */
const PRIVATE = [
  '127.0.0.1',
  '127.1',
  '0x7f.1',
  '0177.0.0.1',
  '2130706433',
  '0',
  '0.0.0.0',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'sink.localhost',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::7f00:1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[fc00::1]',
  '[fe80::1]',
  '10.0.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '192.168.0.1',
  'sink.local',
  'sink.internal',
  'intranet',
];

const addresses = () =>
  PRIVATE.flatMap((host) => [
    `http://${host}:${stage.sink.port}`,
    `https://${host}:${stage.sink.port}`,
    `https://${host}`,
  ]);

/** A note of eve's, whom bob follows. */
function evesNote(more: Record<string, unknown>) {
  const create = createNote(stage.eve.id);
  return { ...create, object: { ...(create['object'] as object), ...more } };
}

describe('#36 addresses of the own network', () => {
  const named: [string, (at: string, n: number) => unknown][] = [
    ['actor and key', (at) => signed(stage, at_(at), createNote(`${at}/users/x`))],
    ['key alone', (at) => signed(stage, { ...stage.eve, keyId: `${at}/users/x#main-key` }, createNote(stage.eve.id))],
    ['inReplyTo', (at) => evesNote({ inReplyTo: `${at}/notes/1` })],
    ['quote', (at) => evesNote({ quote: `${at}/notes/1`, quoteUrl: `${at}/notes/1` })],
    [
      'mentions and links',
      (at) =>
        evesNote({
          tag: [
            { type: 'Mention', href: `${at}/users/x`, name: '@x@y' },
            { type: 'Hashtag', href: `${at}/t`, name: '#t' },
          ],
          url: `${at}/page`,
        }),
    ],
    ['attributedTo', (at) => evesNote({ attributedTo: `${at}/users/x` })],
    ['an object by its id', (at) => activity(stage.eve, 'Create', `${at}/notes/1`)],
    ['an Update of something', (at) => activity(stage.eve, 'Update', `${at}/notes/1`)],
    ['an Announce', (at) => activity(stage.eve, 'Announce', `${at}/notes/1`)],
    ['a Like', (at) => activity(stage.eve, 'Like', `${at}/notes/1`)],
    ['a Follow', (at) => activity(stage.eve, 'Follow', `${at}/users/x`)],
    ['a pin', (at) => activity(stage.eve, 'Add', `${at}/notes/1`, { target: `${stage.eve.id}/featured` })],
    ['a Move', (at) => activity(stage.eve, 'Move', stage.eve.id, { target: `${at}/users/x` })],
    ['a Flag', (at) => activity(stage.eve, 'Flag', [`${at}/users/x`])],
    ['a context', (at) => ({ ...evesNote({}), '@context': [...ACTIVITY_CONTEXT, `${at}/context`] })],
  ];
  const at_ = (at: string): RemotePerson => ({ ...stage.eve, id: `${at}/users/x`, keyId: `${at}/users/x#main-key` });

  test.each(named)('#36 in %s', async (_, make) => {
    await bobFollows(stage, stage.eve);
    for (const [n, at] of addresses().entries()) {
      const made = make(at, n) as Parameters<typeof send>[1] | Record<string, unknown>;
      const request =
        made instanceof Object && 'headers' in made
          ? (made as Parameters<typeof send>[1])
          : signed(stage, stage.eve, made);
      expect([202, 401]).toContain((await send(stage, request)).status);
    }
    await stage.net.settle();
    expect(stage.sink.connections).toBe(0);
    expect(stage.third.hits).toEqual([]);
    await expectHealthy({ ...stage, sut: withoutRetries() });
  });

  /** What cannot be reached is tried again some time, which is no trouble. */
  function withoutRetries(): Stage['sut'] {
    const logged = stage.sut.logged.filter(({ message }) => message !== 'a job failed and will be tried again');
    return { ...stage.sut, logged };
  }

  test('#36 in inbox, sharedInbox, endpoints, outbox, featured, followers and collections of an account', async () => {
    for (const [n, at] of addresses().entries()) {
      const paths = {
        inbox: `${at}/inbox`,
        outbox: `${at}/outbox`,
        followers: `${at}/followers`,
        featured: `${at}/featured`,
        url: `${at}/page`,
      };
      const extra = { ...paths, endpoints: { sharedInbox: `${at}/inbox` }, sharedInbox: `${at}/inbox` };
      const follower = settleIn(stage.evil, `f${n}`, stage.eve.key, extra);
      expect((await send(stage, signed(stage, follower, activity(follower, 'Follow', stage.bob.uri)))).status).toBe(
        202,
      );
    }
    await stage.net.settle();
    await stage.sut.commit(publishPost, draft(stage.bob.id, 'hello'));
    await stage.net.settle();
    expect(stage.sink.connections).toBe(0);
    await expectHealthy({ ...stage, sut: withoutRetries() });
  });

  test('#36 in WebFinger answers, handles, addresses that are looked up, and NodeInfo', async () => {
    const { eve, evil, sut, sink } = stage;
    for (const at of addresses()) {
      const { host } = new URL(at.replace(/^http:/, 'https:'));
      evil.on(`/.well-known/webfinger?resource=${encodeURIComponent('acct:eve@evil.test')}`, {
        type: 'application/jrd+json',
        body: {
          subject: `acct:eve@${host}`,
          links: [{ rel: 'self', type: 'application/activity+json', href: eve.id }],
        },
      });
      await sut.federation.resolver.accountByUri(eve.id, undefined, 0);
      expect(await sut.federation.resolver.accountByHandle('x', host)).toBeNull();
      expect(await sut.federation.resolver.accountByUri(`${at}/users/x`).catch(() => null)).toBeNull();
      expect(await sut.federation.resolver.postByUri(`${at}/notes/1`).catch(() => null)).toBeNull();
    }
    expect(sink.connections).toBe(0);
  });

  test('#36 in a header that names a collection', async () => {
    const { eve, sut } = stage;
    await bobFollows(stage, eve);
    const digest = 'a'.repeat(64);
    for (const at of addresses()) {
      const value = `collectionId="${eve.id}/followers", url="${at}/followers", digest="${digest}"`;
      await send(stage, signed(stage, eve, createNote(eve.id), { headers: { 'collection-synchronization': value } }));
    }
    await stage.net.settle();
    expect(stage.sink.connections).toBe(0);
    expect(await rowsOf(sut, 'select state from follows')).toEqual([{ state: 'accepted' }]);
  });
});

test('#37 a name that is public when it is checked and private when it is connected to', async () => {
  let asked = 0;
  const egress = createEgress({
    hostMap: new Map(),
    allowPrivate: [],
    lookup: async () => {
      asked += 1;
      return [{ address: asked === 1 ? '2001:db8::1' : '::1', family: 6 }];
    },
    timeouts: { connect: 500, headers: 500, body: 500 },
  });
  const ask = () =>
    fetch('https://rebind.example.com/', { dispatcher: egress.documents } as RequestInit).catch(
      (error: unknown) => error,
    );
  await ask();
  // The second time the name shows its other face, and is refused for it.
  expect(egressRefusalOf(await ask())?.code).toBe('address');
  expect(stage.sink.connections).toBe(0);
  await egress.close();
});

describe('#38 redirects', () => {
  const targets = () => [
    ...['127.0.0.1', '[::1]', 'localhost', '0x7f.1', '169.254.169.254'].map(
      (host) => `http://${host}:${stage.sink.port}/secret`,
    ),
    `https://127.0.0.1:${stage.sink.port}/secret`,
    'file:///etc/passwd',
    'ftp://victim.test/x',
    'data:application/activity+json,{}',
    'gopher://127.0.0.1:70/x',
    '//127.0.0.1/x',
    'javascript:1',
    '',
  ];

  test.each([301, 302, 307, 308])('#38 %i from a document to a private address, to another scheme', async (status) => {
    for (const [n, location] of targets().entries()) {
      stage.evil.on(`/r/${n}`, { status, headers: { location } });
      await expect(stage.sut.federation.resolver.postByUri(`${stage.evil.base}/r/${n}`)).rejects.toThrow();
      await expect(stage.sut.federation.resolver.accountByUri(`${stage.evil.base}/r/${n}`)).rejects.toThrow();
      const request = signed(
        stage,
        { ...stage.eve, id: `${stage.evil.base}/r/${n}`, keyId: `${stage.evil.base}/r/${n}` },
        createNote(`${stage.evil.base}/r/${n}`),
      );
      expect((await send(stage, request)).status).toBe(401);
    }
    expect(stage.sink.connections).toBe(0);
    await expectHealthy(stage);
  });

  test('#38 from WebFinger', async () => {
    const plainHttp = (name: string) => name.endsWith('.test');
    for (const location of targets()) {
      stage.evil.on(`/.well-known/webfinger?resource=${encodeURIComponent('acct:x@evil.test')}`, {
        status: 302,
        headers: { location },
      });
      expect(await lookUpHandle('x', 'evil.test', { userAgent: 'test', plainHttp })).toBeNull();
    }
    expect(stage.sink.connections).toBe(0);
  });

  test('#38 to itself, and thirty of them', async () => {
    const { evil, sut } = stage;
    evil.on('/self', { status: 302, headers: { location: '/self' } });
    for (let n = 0; n < 30; n += 1) evil.on(`/hop/${n}`, { status: 302, headers: { location: `/hop/${n + 1}` } });
    const before = evil.hits.length;
    for (const path of ['/self', '/hop/0'])
      await expect(sut.federation.resolver.postByUri(evil.base + path)).rejects.toThrow();
    expect(evil.hits.length - before).toBeLessThanOrEqual(2 * 5);
  });

  test('#38 a delivery is led nowhere: the signed body goes to nobody else', async () => {
    const { eve, evil, victim, third, sink } = stage;
    await followsBob(stage, eve);
    for (const location of [
      `${third.base}/inbox`,
      `${victim.base}/inbox`,
      `http://127.0.0.1:${sink.port}/`,
      `${stage.origin}/inbox`,
    ]) {
      evil.on('/users/eve/inbox', { status: 307, headers: { location } });
      await stage.sut.commit(publishPost, draft(stage.bob.id, `to ${location}`));
      await stage.net.settle();
    }
    expect(sink.connections).toBe(0);
    expect([third.hits, victim.hits]).toEqual([[], []]);
    expect(await rowsOf(stage.sut, `select id from activities where actor_uri like '${stage.origin}%'`)).toEqual([]);
    await expectHealthy(stage);
  });
});

describe('#39 inboxes', () => {
  test('#39 our own: nothing is delivered to ourselves, so nothing goes in circles', async () => {
    const { evil, eve, sut, origin } = stage;
    const ours = [`${origin}/inbox`, `${origin}/users/bob/inbox`, 'http://A.TEST/inbox', 'http://a.test:80/inbox'];
    for (const [n, inbox] of ours.entries()) {
      await followsBob(stage, settleIn(evil, `loop${n}`, eve.key, { inbox, endpoints: { sharedInbox: inbox } }));
    }
    await sut.commit(publishPost, draft(stage.bob.id, '@loop0@evil.test hello'));
    await stage.net.settle();
    expect(await rowsOf(sut, `select uri from activities where actor_uri like '${origin}%'`)).toEqual([]);
    expect(await rowsOf(sut, 'select inbox from deliveries')).toEqual([]);
    expect(sut.logged.filter(({ message }) => message.startsWith('inbox'))).toEqual([]);
    await expectHealthy(stage);
  });

  test('#39 and what comes to us in our own name comes to nothing, however right its signature', async () => {
    const { sut, bob, origin, net } = stage;
    const { rsa } = await createSigningKeys(sut.store.read, createSealer(TEST_SECRET)).of(bob.id);
    const requests = await Promise.all(
      [
        createNote(bob.uri),
        activity({ ...stage.eve, id: bob.uri }, 'Delete', `${bob.uri}/posts/1`, { id: `${bob.uri}#delete` }),
      ].map(async (one) => {
        const body = JSON.stringify(one);
        const headers = await signedHeaders(new URL(`${origin}/inbox`), body, rsa, net.clock.now(), 'cavage');
        return { method: 'POST', path: '/inbox', headers: new Headers(headers), body: new TextEncoder().encode(body) };
      }),
    );
    await expectRefused(stage, requests, [202, 401]);
  });

  test('#39 somebody else’s: it is told once, and no louder than its owner asks', async () => {
    const { evil, eve, victim, sut } = stage;
    for (let n = 0; n < 10; n += 1) {
      const inbox = `${victim.base}/inbox`;
      await followsBob(stage, settleIn(evil, `reflect${n}`, eve.key, { inbox, endpoints: { sharedInbox: inbox } }));
    }
    victim.on('/inbox', { status: 401 });
    const before = victim.hitsOf('/inbox');
    await sut.commit(publishPost, draft(stage.bob.id, 'hello'));
    await stage.net.settle();
    // One delivery for all of them, tried with both kinds of signature.
    expect(victim.hitsOf('/inbox') - before).toBeLessThanOrEqual(2);
  });
});

test.each([22, 25, 6379, 8080])('#40 an inbox on port %i of a public host', async (port) => {
  const follower = settleIn(stage.evil, 'odd', stage.eve.key, { inbox: `https://198.51.100.7:${port}/inbox` });
  await followsBob(stage, follower);
  const [host] = await rowsOf<{ last_error: string }>(stage.sut, 'select last_error from delivery_hosts');
  expect(host?.last_error).toContain(`port ${port}`);
});

describe('#41 documents that are none', () => {
  test.each([
    'text/plain',
    'image/png',
    'application/json',
    'application/ld+json',
    'application/octet-stream',
    'text/html',
    '',
  ])('#41 an upload served as %s', async (type) => {
    const { victim, sut } = stage;
    const at = `${victim.base}/uploads/actor`;
    victim.on('/uploads/actor', { type, body: JSON.stringify(person(at, stage.eve.key.pem)) });
    await expect(sut.federation.resolver.accountByUri(at)).rejects.toThrow();
    const forger: RemotePerson = { ...stage.eve, id: at, keyId: `${at}#main-key` };
    expect((await send(stage, signed(stage, forger, createNote(at)))).status).toBe(401);
  });

  test('#41 and of ours none is served as a document', () => {
    const types = [
      'application/activity+json',
      'application/ld+json',
      'application/json',
      'text/html',
      'image/svg+xml',
    ];
    expect(types.filter(isMediaType)).toEqual([]);
  });
});

describe('#42 documents that call themselves otherwise', () => {
  test('#42 are asked for once more under that name, and no further', async () => {
    const { evil, victim, sut } = stage;
    const note = (id: string, content: string) => ({
      '@context': ACTIVITY_CONTEXT,
      id,
      type: 'Note',
      attributedTo: stage.alice.id,
      to: [PUBLIC],
      content,
    });
    evil.on('/notes/x', { body: note(`${victim.base}/notes/1`, 'forged') });
    victim.on('/notes/1', { body: note(`${victim.base}/notes/1`, 'genuine') });
    await sut.federation.resolver.postByUri(`${evil.base}/notes/x`);
    expect(await wordsOf(sut)).toEqual(['genuine']);
    for (let n = 0; n < 10; n += 1) evil.on(`/chain/${n}`, { body: note(`${evil.base}/chain/${n + 1}`, 'chain') });
    const before = evil.hits.length;
    expect(await sut.federation.resolver.postByUri(`${evil.base}/chain/0`)).toBeNull();
    expect(evil.hits.length - before).toBeLessThanOrEqual(2);
  });

  test('#42 nor do they make anybody an account of ours', async () => {
    const { evil, sut, bob } = stage;
    evil.on('/users/ours', { body: person(bob.uri, stage.eve.key.pem, { name: 'forged' }) });
    expect(await sut.federation.resolver.accountByUri(`${evil.base}/users/ours`)).toBeNull();
    expect(await rowsOf(sut, `select id from accounts where display_name = 'forged'`)).toEqual([]);
  });
});

test('#43 contexts of evil are never asked for, however many there are', async () => {
  const { evil, eve, sut } = stage;
  await bobFollows(stage, eve);
  evil.on('/context', { delayMs: 60_000, body: {} });
  const many = Array.from({ length: 1000 }, (_, n) => `${evil.base}/context?${n}`);
  const before = evil.hits.length;
  const contexts = [
    `${evil.base}/context`,
    [...ACTIVITY_CONTEXT, `${evil.base}/context`],
    many,
    [[`${evil.base}/context`]],
    { '@import': `${evil.base}/context` },
  ];
  for (const context of contexts) {
    expect([202, 401]).toContain((await deliver(stage, eve, { ...evesNote({}), '@context': context })).status);
  }
  settleIn(evil, 'fancy', eve.key, { '@context': [...ACTIVITY_CONTEXT, `${evil.base}/context`] });
  expect(await sut.federation.resolver.accountByUri(`${evil.base}/users/fancy`)).not.toBeNull();
  expect(evil.hits.slice(before).filter(({ path }) => path.startsWith('/context'))).toEqual([]);
  await expectHealthy(stage);
});

test('#43 thousands of contexts, in the document of a key or in an activity, hold nobody up', async () => {
  const { evil, eve } = stage;
  const terms = Array.from({ length: 6000 }, (_, n) => ({ [`t${n}`]: `https://x.test/${n}` }));
  const inside = terms.slice(0, 3000).map((term) => ({ '@context': term, type: 'Mention', href: evil.base }));
  const tags = Array.from({ length: 9000 }, () => ({ type: 'Mention', href: evil.base }));
  const shapes = [{ '@context': [...ACTIVITY_CONTEXT, ...terms] }, { tag: inside }, { tag: tags }];
  await idOf(stage, eve);
  for (const [n, shape] of shapes.entries()) {
    const stranger = settleIn(evil, `dear${n}`, eve.key, shape);
    const started = process.cpuUsage();
    await send(stage, signed(stage, stranger, createNote(stranger.id)));
    if (n < 2) await send(stage, signed(stage, eve, { ...createNote(eve.id), ...shape }));
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000, `shape ${n}`).toBeLessThan(600);
  }
  await expectHealthy(stage);
});

describe('#44 answers without end', () => {
  /** Writes until the other side lets go, and counts. */
  function flood(counted: { bytes: number }, headers: Record<string, string> = {}) {
    return (response: ServerResponse) => {
      const chunk = Buffer.alloc(64 * 1024, ' ');
      response.writeHead(200, { 'content-type': 'application/activity+json', ...headers });
      const more = () => {
        if (response.destroyed || counted.bytes > 120_000_000) return;
        counted.bytes += chunk.length;
        response.write(chunk, () => setImmediate(more));
      };
      more();
    };
  }

  test.each([
    ['chunks without end', {}],
    ['a length that lies', { 'content-length': '200' }],
    ['a length of 120 MB', { 'content-length': '120000000' }],
  ])('#44 %s', async (_, headers) => {
    const { evil, sut } = stage;
    const counted = { bytes: 0 };
    evil.on('/users/big', { write: flood(counted, headers) });
    await expect(sut.federation.resolver.accountByUri(`${evil.base}/users/big`)).rejects.toThrow();
    // What was on its way in the buffers of both sides comes on top of the megabyte.
    expect(counted.bytes).toBeLessThan(8_000_000);
    await expectHealthy(stage);
  });

  test('#44 a bomb of gzip', async () => {
    const { evil, sut } = stage;
    const bomb = gzipSync(Buffer.alloc(100_000_000, ' '), { level: 9 });
    evil.on('/users/bomb', { headers: { 'content-encoding': 'gzip' }, body: bomb });
    await expect(sut.federation.resolver.accountByUri(`${evil.base}/users/bomb`)).rejects.toThrow(/packed/);
    await expectHealthy(stage);
  });
});

test('#45 two pages that name each other as their document', async () => {
  const { evil, victim, sut } = stage;
  const page = (href: string) => ({
    type: 'text/html',
    body: `<link rel="alternate" type="application/activity+json" href="${href}">`,
  });
  evil.on('/page', page(`${victim.base}/page`));
  victim.on('/page', page(`${evil.base}/page`));
  await expect(sut.federation.resolver.postByUri(`${evil.base}/page`)).rejects.toThrow();
  expect(evil.hitsOf('/page') + victim.hitsOf('/page')).toBeLessThanOrEqual(4);
});

describe('#46 answers that do not come', () => {
  const drip = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/activity+json' });
    const timer = setInterval(() => response.write(' '), 50);
    response.on('close', () => clearInterval(timer));
  };

  test('#46 a peer that drips holds nobody else up', async () => {
    const { evil, eve, alice, sut } = stage;
    await bobFollows(stage, alice);
    await bobFollows(stage, eve);
    evil.on('/slow', { write: drip });
    for (let n = 0; n < 6; n += 1)
      expect((await send(stage, signed(stage, eve, activity(eve, 'Announce', `${evil.base}/slow`)))).status).toBe(202);
    const settled = stage.net.settle();
    expect((await send(stage, signed(stage, alice, createNote(alice.id)))).status).toBe(202);
    const woken = stage.net.settle();
    await expect.poll(() => wordsOf(sut), { timeout: 3000 }).toHaveLength(1);
    await expectHealthy(stage);
    // It is let go here, not by its deadline of ten seconds, which the loaders’ own test measures.
    await evil.close();
    await Promise.all([settled, woken]);
  });

  test('#46 nor do more of them than there are hands for', async () => {
    const { evil, eve, alice, sut } = stage;
    await bobFollows(stage, alice);
    const people = Array.from({ length: 20 }, (_, n) => settleIn(evil, `slow${n}`, eve.key));
    for (const one of people) await bobFollows(stage, one);
    evil.on('/slow', { write: drip });
    sut.runner.start();
    for (const one of people) await send(stage, signed(stage, one, activity(one, 'Announce', `${evil.base}/slow`)));
    expect((await send(stage, signed(stage, alice, createNote(alice.id)))).status).toBe(202);
    await expect.poll(() => wordsOf(sut), { timeout: 6000 }).toHaveLength(1);
    await evil.close();
    await sut.runner.stop();
  });

  test('#46 there is one deadline for the whole answer', async () => {
    const { evil } = stage;
    evil.on('/slow', { write: drip });
    const loaders = createLoaders({
      userAgent: 'test',
      timeoutMs: 300,
      now: () => stage.net.clock.now(),
      plainHttpHosts: () => true,
    });
    const started = performance.now();
    await expect(loaders.fetchDocument(`${evil.base}/slow`)).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

test('#47 pages made to wind up the search for a document', async () => {
  const { evil, sut } = stage;
  const pages = [
    '<link '.repeat(170_000),
    `<link ${'a '.repeat(500_000)}`,
    `<link rel="alternate"${' '.repeat(1_000_000)}`,
    '<'.repeat(1_000_000),
    `<link ${'rel='.repeat(250_000)}>`,
    '<a/rel='.repeat(125_000),
    `<link rel='${'"'.repeat(900_000)}`,
    ...[' ', '/', ' /', '=', ' = '].map((gap) => `<link${gap.repeat(2000 / gap.length)}>`.repeat(120)),
  ];
  const headers = [' ', ';', ' ;', ', '].map((gap) => `<a>${gap.repeat(14_000 / gap.length)}`);
  const answers = [
    ...pages.map((body) => ({ body, headers: {} })),
    ...headers.map((link) => ({ body: '<p>', headers: { link } })),
  ];
  for (const [n, answer] of answers.entries()) {
    evil.on(`/page/${n}`, { type: 'text/html', ...answer });
    const started = process.cpuUsage();
    await expect(sut.federation.resolver.postByUri(`${evil.base}/page/${n}`)).rejects.toThrow();
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000, `page ${n}`).toBeLessThan(300);
  }
  await expectHealthy(stage);
});

describe('#48 threads', () => {
  const note = (id: string, inReplyTo: string) => ({
    '@context': ACTIVITY_CONTEXT,
    id,
    type: 'Note',
    attributedTo: stage.eve.id,
    to: [PUBLIC],
    content: `note ${id}`,
    inReplyTo,
  });

  test('#48 a chain that grows as it is walked ends', async () => {
    const { evil, eve, sut } = stage;
    await bobFollows(stage, eve);
    for (let n = 0; n < 300; n += 1)
      evil.on(`/bomb/${n}`, { body: note(`${evil.base}/bomb/${n}`, `${evil.base}/bomb/${n + 1}`) });
    const before = evil.hits.length;
    await deliver(stage, eve, activity(eve, 'Create', note(`${evil.base}/bomb/0`, `${evil.base}/bomb/1`)));
    expect(evil.hits.length - before).toBeLessThanOrEqual(limits.threadAncestors + 2);
    const [focus] = await rowsOf<{ id: number }>(sut, `select id from posts where uri = '${evil.base}/bomb/0'`);
    const view = await threadView(sut.store, stage.bob.id, focus?.id ?? 0);
    expect(view?.ancestors.length).toBeLessThanOrEqual(limits.threadAncestors);
    await expectHealthy(stage);
  });

  test('#48 circles of two and of three, and an answer to itself', async () => {
    const { evil, eve, sut } = stage;
    await bobFollows(stage, eve);
    const circle = (...names: string[]) =>
      names.map((name, n) => note(`${evil.base}/${name}`, `${evil.base}/${names[(n + 1) % names.length]}`));
    const notes = [
      ...circle('a', 'b'),
      ...circle('c', 'd', 'e'),
      ...circle('self'),
      note(`${evil.base}/case`, 'HTTP://EVIL.test/case'),
    ];
    for (const one of notes) evil.on(new URL(one.id).pathname, { body: one });
    for (const one of notes) await deliver(stage, eve, activity(eve, 'Create', one));
    for (const one of notes.toReversed())
      await deliver(
        stage,
        eve,
        activity(eve, 'Update', { ...one, content: 'again', updated: new Date().toISOString() }),
      );
    expect(await rowsOf(sut, 'select id from posts')).toHaveLength(notes.length);
    for (const { id } of await rowsOf<{ id: number }>(sut, 'select id from posts')) {
      const view = await threadView(sut.store, stage.bob.id, id);
      const shown = [...(view?.ancestors ?? []), ...(view?.descendants.map(({ post }) => post) ?? [])];
      expect(shown.length).toBeLessThanOrEqual(notes.length * 2);
    }
    await expectHealthy(stage);
  });

  test('#48 direct posts in a circle are a conversation like any other', async () => {
    const { evil, eve, bob, sut } = stage;
    for (const [one, other] of [
      ['x', 'y'],
      ['y', 'x'],
    ]) {
      const direct = {
        ...note(`${evil.base}/${one}`, `${evil.base}/${other}`),
        to: [bob.uri],
        tag: [{ type: 'Mention', href: bob.uri, name: '@bob' }],
      };
      evil.on(`/${one}`, { body: direct });
      await deliver(stage, eve, { ...activity(eve, 'Create', direct), to: [bob.uri] });
    }
    expect(await rowsOf(sut, 'select id from posts')).toHaveLength(2);
    await deliver(stage, eve, activity(eve, 'Delete', `${evil.base}/x`));
    expect(await rowsOf(sut, 'select id from posts')).toHaveLength(1);
    await expectHealthy(stage);
  });

  test('#48 answers that a post’s own server lists are bounded as well', async () => {
    const { evil, eve, sut, net } = stage;
    await bobFollows(stage, eve);
    const items = Array.from({ length: 500 }, (_, n) => `${evil.base}/answer/${n}`);
    const page = (n: number) => ({
      '@context': ACTIVITY_CONTEXT,
      id: `${evil.base}/replies/${n}`,
      type: 'CollectionPage',
      items,
      next: `${evil.base}/replies/${n + 1}`,
    });
    for (let n = 0; n < 10; n += 1) evil.on(`/replies/${n}`, { body: page(n) });
    const top = { ...note(`${evil.base}/top`, ''), inReplyTo: null, replies: `${evil.base}/replies/0` };
    evil.on('/top', { body: top });
    await deliver(stage, eve, activity(eve, 'Create', top));
    const [row] = await rowsOf<{ id: number }>(sut, `select id from posts where uri = '${evil.base}/top'`);
    const before = evil.hits.length;
    net.clock.advance(10 * MINUTE_MS);
    sut.federation.lookup.refresh({ kind: 'post', id: row?.id ?? 0 });
    await expect.poll(() => rowsOf(sut, `select id from jobs where lane = 'fetch'`)).not.toEqual([]);
    await net.settle();
    const asked = evil.hits.length - before;
    expect(asked).toBeGreaterThan(10);
    expect(asked).toBeLessThanOrEqual(limits.threadFetchesPerTrigger);
  });
});

describe('#50 fetches that call for fetches', () => {
  test('#50 an Announce of an Announce of an Announce', async () => {
    const { evil, eve, victim } = stage;
    await bobFollows(stage, eve);
    for (let n = 0; n < 50; n += 1) {
      const announce = { ...activity(eve, 'Announce', `${evil.base}/again/${n + 1}`), id: `${evil.base}/again/${n}` };
      evil.on(`/again/${n}`, { body: announce });
    }
    const before = evil.hits.length;
    await deliver(stage, eve, activity(eve, 'Announce', `${evil.base}/again/0`));
    const nested = Array.from({ length: 40 }).reduce<unknown>(
      (inner) => activity(eve, 'Announce', inner),
      `${victim.base}/notes/1`,
    );
    expect([202, 401]).toContain((await deliver(stage, eve, nested)).status);
    expect(evil.hits.length - before).toBeLessThanOrEqual(limits.fetchesPerActivity);
    expect(victim.hits).toEqual([]);
    await expectHealthy(stage);
  });

  test('#50 accounts under any name of a wildcard, that name each other, are not fetched for being named', async () => {
    const { evil, eve, net, sut } = stage;
    await bobFollows(stage, eve);
    net.hosts.set('*.evil.test', { ...evil.target, scheme: 'http' });
    const before = evil.hits.length;
    for (let n = 0; n < 20; n += 1) {
      const tag = Array.from({ length: 100 }, (_, m) => ({
        type: 'Mention',
        href: `http://w${n}-${m}.evil.test/users/eve`,
        name: '@w',
      }));
      await deliver(stage, eve, evesNote({ tag, cc: tag.map(({ href }) => href) }));
    }
    expect(evil.hits.length).toBe(before);
    expect(await rowsOf(sut, `select id from accounts where domain like 'w%'`)).toEqual([]);
    await expectHealthy(stage);
  });

  test('#50 the names below one domain have one share of our questions, and hold nobody else up', async () => {
    const { evil, eve, alice, net, sut, bob } = stage;
    await bobFollows(stage, eve);
    await bobFollows(stage, alice);
    await followsBob(stage, eve);
    net.hosts.set('*.evil.test', { ...evil.target, scheme: 'http' });
    const asked = () => evil.hits.filter(({ method }) => method === 'GET').length;
    const host = (n: number) => `http://w${n}.evil.test`;
    // Each is an account of its own that boosts the next one's post.
    const count = 200;
    for (let n = 0; n < count; n += 1) {
      const id = `${host(n)}/users/w${n}`;
      const note = { id: `${host(n)}/notes/${n}`, type: 'Note', attributedTo: id, to: [PUBLIC], content: `w${n}` };
      evil.on(`/users/w${n}`, { body: person(id, eve.key.pem) });
      evil.on(`/notes/${n}`, { body: { '@context': ACTIVITY_CONTEXT, ...note } });
    }
    const before = asked();
    for (let n = 0; n < count; n += 1) {
      expect((await send(stage, signed(stage, eve, activity(eve, 'Announce', `${host(n)}/notes/${n}`)))).status).toBe(
        202,
      );
    }
    await net.settle();
    const spent = asked() - before;
    expect(spent).toBeGreaterThan(limits.documentsPerDomain.tries / 2);
    expect(spent).toBeLessThanOrEqual(limits.documentsPerDomain.tries);

    // Others are heard as ever, a person finds whom they look for, and what is for evil's people leaves.
    await deliver(stage, alice, createNote(alice.id));
    expect(await wordsOf(sut)).toContainEqual(expect.stringMatching(/^note \d+$/));
    expect(await sut.federation.lookup.byUrl(`${host(count - 1)}/users/w${count - 1}`)).not.toBeNull();
    const inbox = () => evil.hitsOf('/users/eve/inbox');
    const delivered = inbox();
    await sut.commit(publishPost, draft(bob.id, 'to my followers'));
    await net.settle();
    expect(inbox()).toBe(delivered + 1);
    await expectHealthy(stage);

    // What had to wait comes when it is its turn.
    for (let n = 0; n < 6; n += 1) {
      net.clock.advance(limits.documentsPerDomain.seconds * 1000);
      await net.settle();
    }
    const boosted = await rowsOf(sut, `select id from posts where content_html like '<p>w%'`);
    expect(boosted).toHaveLength(count);
  });

  test('#50 one activity costs a bounded number of requests, whatever is in it', async () => {
    const { evil, eve, victim, third } = stage;
    await bobFollows(stage, eve);
    const hits = () => evil.hits.length + victim.hits.length + third.hits.length;
    const urls = Array.from({ length: 200 }, (_, n) => `${victim.base}/notes/${n}`);
    const greedy = {
      inReplyTo: urls,
      quote: urls[1],
      quoteUrl: urls[2],
      context: urls[3],
      replies: urls[4],
      likes: urls[5],
      attributedTo: [eve.id, ...urls.slice(6, 20)],
      tag: urls.map((href) => ({ type: 'Link', href, mediaType: 'application/activity+json' })),
      attachment: urls.map((url) => ({ type: 'Document', mediaType: 'image/png', url })),
      generator: urls[21],
      audience: urls,
    };
    const before = hits();
    await deliver(stage, eve, evesNote(greedy));
    expect(hits() - before).toBeLessThanOrEqual(limits.fetchesPerActivity);
    await expectHealthy(stage);
  });
});

describe('media', () => {
  let media: RemoteMedia;
  let folder: string;
  let worker: ReturnType<typeof createImageWorker>;
  const failures: unknown[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'estrade-security-'));
    worker = createImageWorker({ threads: 1 });
    media = createRemoteMedia({
      store: stage.sut.store,
      commit: stage.sut.commit,
      clock: stage.net.clock,
      processor: worker,
      stores: {
        uploads: createMediaDisk({ folder: join(folder, 'uploads') }),
        cache: createMediaDisk({ folder: join(folder, 'cache') }),
      },
      fetch: createMediaFetch(stage.net.egress.media),
      bytesMax: 1e9,
      report: (error) => failures.push(error),
    });
  });

  afterEach(async () => {
    await worker.close();
    rmSync(folder, { recursive: true, force: true });
    expect(failures.splice(0)).toEqual([]);
  });

  /** What comes of the one attachment of a note of eve's. */
  async function copyOf(url: string, mediaType = 'image/png') {
    const note = evesNote({ attachment: [{ type: 'Document', mediaType, url }] });
    await deliver(stage, stage.eve, note);
    const [row] = await rowsOf<{ id: number }>(
      stage.sut,
      'select m.id from media m join posts p on p.id = m.post_id where p.uri = $1',
      (note.object as unknown as { id: string }).id,
    );
    const source = row ? await remoteMedium(stage.sut.store, row.id, 'original') : null;
    return source ? media.copyOf(source, 'original') : null;
  }

  beforeEach(() => bobFollows(stage, stage.eve));

  test('an honest picture is copied, which is what the others are measured by', async () => {
    stage.evil.on('/p.jpg', { type: 'image/jpeg', body: Buffer.from(await photo()) });
    expect(await copyOf(`${stage.evil.base}/p.jpg`)).toMatchObject({ type: 'image/webp' });
  });

  test.each([
    ['a PNG of 50 000 × 50 000', () => pngHeader(50_000, 50_000)],
    ['a GIF of 10 000 frames', () => gif(10_000)],
    [
      'an SVG with a script',
      () => '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
    ],
    [
      'an SVG that names a local file',
      () =>
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&f;</svg>',
    ],
    [
      'a recipe of ImageMagick',
      () =>
        'push graphic-context\nviewbox 0 0 640 480\nfill \'url(https://evil.test/x.jpg"|id; ")\'\npop graphic-context',
    ],
    [
      'a playlist of ffmpeg',
      () => '#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST',
    ],
    ['a page', () => '<!doctype html><script>alert(1)</script>'],
    ['a document of ours', () => JSON.stringify(person('http://a.test/users/bob', stage.eve.key.pem))],
    ['a PDF', () => '%PDF-1.7\n'],
  ])('#51 %s is no picture', async (name, make) => {
    const body = make();
    stage.evil.on('/attack', { type: 'image/png', body: typeof body === 'string' ? body : Buffer.from(body) });
    expect(await copyOf(`${stage.evil.base}/attack`), name).toBeNull();
    expect(await copyOf(`${stage.evil.base}/attack?2`, 'video/mp4'), name).toBeNull();
    await expectHealthy(stage);
  });

  test('#51 a picture that is a page as well is only a picture afterwards', async () => {
    stage.evil.on('/both', { type: 'text/html', body: Buffer.from(await pngWithPage()) });
    const copy = await copyOf(`${stage.evil.base}/both`);
    expect(copy?.type).toBe('image/webp');
    const chunks: Uint8Array[] = [];
    for await (const chunk of copy?.file.read() ?? []) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString('latin1')).not.toContain('script');
  });

  test('#51 no name of theirs becomes a name of ours', async () => {
    const body = Buffer.from(await photo());
    for (const path of ['/..%2f..%2fetc%2fpasswd', '/a%00.png', '/%2e%2e/%2e%2e/x.html', '/x.php']) {
      stage.evil.on(path, { type: 'image/jpeg', body });
      stage.evil.on(new URL(stage.evil.base + path).pathname, { type: 'image/jpeg', body });
      const copy = await copyOf(stage.evil.base + path);
      expect(copy?.name ?? 'none').toMatch(/^(?:[\w-]+\.webp|none)$/);
    }
  });

  test('#52 a redirect to the own network, an endless one, an answer that is too much or too little', async () => {
    const { evil, sink } = stage;
    const picture = Buffer.from(await photo());
    const scripts: Record<string, Parameters<typeof evil.on>[1]> = {
      '/private': { status: 302, headers: { location: `http://127.0.0.1:${sink.port}/x.png` } },
      '/v6': { status: 302, headers: { location: `http://[::1]:${sink.port}/x.png` } },
      '/self': { status: 302, headers: { location: '/self' } },
      '/file': { status: 302, headers: { location: 'file:///etc/passwd' } },
      '/html': { type: 'text/html', body: '<html><script>alert(1)</script>' },
      '/range': {
        status: 206,
        type: 'image/jpeg',
        headers: { 'content-range': `bytes 0-${picture.length}/9999999999` },
        body: picture,
      },
      '/huge': {
        type: 'image/jpeg',
        headers: { 'content-length': '5000000000' },
        write: (response) => {
          response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': '5000000000' });
          response.write(picture);
        },
      },
      '/packed': { type: 'image/jpeg', headers: { 'content-encoding': 'gzip' }, body: gzipSync(picture) },
      '/empty': { type: 'image/jpeg', body: '' },
      '/error': { status: 500, type: 'image/jpeg', body: picture },
    };
    for (const [path, script] of Object.entries(scripts)) {
      evil.on(path, script);
      expect(await copyOf(evil.base + path), path).toBeNull();
    }
    expect(sink.connections).toBe(0);
    await expectHealthy(stage);
  });

  test('#36 in attachments, pictures of profiles and emoji', async () => {
    const { evil, eve, sut, sink } = stage;
    for (const [n, at] of addresses().entries()) {
      const icon = { type: 'Image', url: `${at}/icon.png` };
      const tag = [{ type: 'Emoji', name: ':x:', icon: { type: 'Image', url: `${at}/x.png` } }];
      const face = settleIn(evil, `face${n}`, eve.key, { icon, image: icon, tag });
      const accountId = await idOf(stage, face);
      const sources = [
        await remotePicture(sut.store, accountId, 'avatar'),
        await remotePicture(sut.store, accountId, 'header'),
        await remoteEmoji(sut.store, { accountId }, 'x'),
      ];
      for (const source of sources) if (source) expect(await media.copyOf(source, 'avatar')).toBeNull();
      expect(await copyOf(`${at}/attached.png`)).toBeNull();
    }
    expect(sink.connections).toBe(0);
    await expectHealthy(stage);
  });
});
