import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { accountUris } from '#domain/accounts/account-uris.ts';
import { requestFollow } from '#domain/relationships/request-follow.ts';
import { openNetwork, type Network, type NetworkInstance } from '../network.ts';
import {
  ACTIVITY_CONTEXT,
  makeRsaKey,
  person,
  signCavage,
  signRfc9421,
  startPeer,
  type KeyPair,
  type Peer,
  type SignedRequest,
  type SigningKnobs,
} from '../peer.ts';

/*
 * The stage of the attacks: one real instance behind a real socket, an honest peer (victim), a hostile one (evil), a
 * bystander (third), and a service of the own network that must never be touched (sink).
 */

export const SCHEMES = { cavage: signCavage, rfc9421: signRfc9421 };
export type Scheme = keyof typeof SCHEMES;

/** Somebody of a peer; their document is served under their id. */
export interface RemotePerson {
  id: string;
  handle: string;
  keyId: string;
  key: KeyPair;
  peer: Peer;
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A listener that speaks nothing: being connected to is what it counts. */
export interface Sink {
  port: number;
  connections: number;
  close(): Promise<void>;
}

export interface Stage {
  net: Network;
  sut: NetworkInstance;
  origin: string;
  victim: Peer;
  evil: Peer;
  third: Peer;
  sink: Sink;
  /** Of the victim. */
  alice: RemotePerson;
  /** Two of evil: an instance with several users. */
  eve: RemotePerson;
  mallory: RemotePerson;
  /** Of third. */
  tom: RemotePerson;
  /** Local. */
  bob: { id: number; uri: string; followersUri: string };
  close(): Promise<void>;
}

/** Making RSA keys is slow: every stage of a file has the same. */
let keys: KeyPair[] | undefined;

export async function openStage(): Promise<Stage> {
  keys ??= Array.from({ length: 4 }, () => makeRsaKey());
  const net = await openNetwork('a');
  const sut = net.a;
  const [victim, evil, third] = await Promise.all(
    ['victim.test', 'evil.test', 'third.test'].map((host) => bring(net, host)),
  );
  const sink = await openSink();
  const bobUris = accountUris(sut.site, 'bob');
  const [alicesKey, evesKey, mallorysKey, tomsKey] = keys as [KeyPair, KeyPair, KeyPair, KeyPair];
  return {
    net,
    sut,
    origin: sut.site.origin,
    victim: victim as Peer,
    evil: evil as Peer,
    third: third as Peer,
    sink,
    alice: settleIn(victim as Peer, 'alice', alicesKey),
    eve: settleIn(evil as Peer, 'eve', evesKey),
    mallory: settleIn(evil as Peer, 'mallory', mallorysKey),
    tom: settleIn(third as Peer, 'tom', tomsKey),
    bob: { id: await sut.person('bob'), uri: bobUris.uri, followersUri: bobUris.followersUri },
    async close() {
      await Promise.all([victim, evil, third].map((peer) => peer?.close()));
      await sink.close();
      await net.close();
    },
  };
}

/** A peer under a name that the instance finds. */
export async function bring(net: Network, host: string): Promise<Peer> {
  const peer = await startPeer(host);
  net.hosts.set(host, { ...peer.target, scheme: 'http' });
  return peer;
}

/** Gives somebody a document and an inbox that takes everything. */
export function settleIn(peer: Peer, handle: string, key: KeyPair, extra: Record<string, unknown> = {}): RemotePerson {
  const id = `${peer.base}/users/${handle}`;
  const document = person(id, key.pem, { followers: `${id}/followers`, featured: `${id}/featured`, ...extra });
  peer.on(`/users/${handle}`, { body: document });
  peer.on(`/users/${handle}/inbox`, { status: 202 });
  return { id, handle, keyId: `${id}#main-key`, key, peer };
}

async function openSink(): Promise<Sink> {
  const server = createServer((socket) => {
    sink.connections += 1;
    socket.on('error', () => undefined);
    socket.destroy();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '::', resolve);
  });
  const sink: Sink = {
    port: (server.address() as AddressInfo).port,
    connections: 0,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
  return sink;
}

/** Sends a request as it is, headers of any kind and repeated ones included. */
export function send(
  stage: Pick<Stage, 'net' | 'sut'>,
  { method, path, headers, body }: SignedRequest,
  more: OutgoingHttpHeaders = {},
): Promise<Reply> {
  const port = stage.net.hosts.get(stage.sut.host)?.port;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path, headers: { ...Object.fromEntries(headers), ...more } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(Buffer.from(body));
  });
}

export type Bent = Partial<SigningKnobs> & { scheme?: Scheme };

/** An activity as its sender signs it, with what the attack bends. */
export function signed(
  stage: Stage,
  sender: RemotePerson,
  activity: unknown,
  { scheme, ...bent }: Bent = {},
): SignedRequest {
  return SCHEMES[scheme ?? 'cavage']({
    keyId: sender.keyId,
    key: sender.key,
    to: stage.origin,
    at: stage.net.clock.now(),
    body: activity,
    ...bent,
  });
}

/** Delivers an activity and lets everything come to rest that follows from it. */
export async function deliver(stage: Stage, sender: RemotePerson, activity: unknown, bent: Bent = {}): Promise<Reply> {
  const reply = await send(stage, signed(stage, sender, activity, bent));
  await stage.net.settle();
  return reply;
}

let made = 0;

/** An activity under a fresh id of its actor's host. */
export function activity(sender: RemotePerson, type: string, object: unknown, more: Record<string, unknown> = {}) {
  made += 1;
  return {
    '@context': ACTIVITY_CONTEXT,
    id: `${sender.peer.base}/acts/${type}-${made}`,
    type,
    actor: sender.id,
    object,
    ...more,
  };
}

/** bob follows somebody, who accepts. */
export async function bobFollows(stage: Stage, followee: RemotePerson): Promise<number> {
  const followeeId = (await stage.sut.federation.resolver.accountByUri(followee.id)) ?? 0;
  await stage.sut.commit(requestFollow, { followerId: stage.bob.id, followeeId });
  await stage.net.settle();
  const [follow] = await stage.sut.store.read.hot<{ uri: string }>(
    'select uri from follows where follower_id = $1 and followee_id = $2',
    stage.bob.id,
    followeeId,
  );
  await deliver(
    stage,
    followee,
    activity(followee, 'Accept', { id: follow?.uri, type: 'Follow', actor: stage.bob.uri, object: followee.id }),
  );
  return followeeId;
}

/** Somebody follows bob, who is not locked. */
export async function followsBob(stage: Stage, follower: RemotePerson): Promise<number> {
  await deliver(stage, follower, activity(follower, 'Follow', stage.bob.uri));
  return idOf(stage, follower);
}

/** The row of somebody who is known by then. */
export async function idOf(stage: Stage, who: RemotePerson): Promise<number> {
  return (await stage.sut.federation.resolver.accountByUri(who.id)) ?? 0;
}

/** Everything that the instance remembers, table by table; the machinery of search is left out. */
export async function stateOf(
  sut: NetworkInstance,
  leaveOut: readonly string[] = [],
): Promise<Record<string, unknown[]>> {
  const tables = await sut.store.read.hot<{ name: string }>(
    `select name from sqlite_master where type = 'table' and name not like '%\\_search%' escape '\\'
       and name not like 'sqlite%' order by name`,
  );
  const state: Record<string, unknown[]> = {};
  for (const { name } of tables) {
    if (!leaveOut.includes(name)) state[name] = await sut.store.read.hot(`select * from "${name}" order by 1, 2`);
  }
  return state;
}

/** What nobody should have to read in the log: failures of ours, whoever caused them. */
const TROUBLES = [
  'a request failed',
  'the queue stumbled',
  'a job is given up',
  'a job failed and will be tried again',
];

export function troublesOf(sut: NetworkInstance): unknown[] {
  return sut.logged.filter(({ message }) => TROUBLES.includes(message));
}

const HEALTH_MS_MAX = 200;

/** The instance lives, answers at once, and has nothing to complain about but the peers. */
export async function expectHealthy(stage: Stage): Promise<void> {
  const times: number[] = [];
  // The machine has other work, too: one of three answers has to be quick.
  for (let n = 0; n < 3 && (times.at(-1) ?? Infinity) > HEALTH_MS_MAX; n += 1) {
    const before = performance.now();
    const reply = await send(stage, {
      method: 'GET',
      path: '/healthz',
      headers: new Headers({ host: 'a.test' }),
      body: new Uint8Array(),
    });
    expect(reply.status).toBe(200);
    times.push(performance.now() - before);
  }
  expect(Math.min(...times)).toBeLessThan(HEALTH_MS_MAX);
  expect(troublesOf(stage.sut)).toEqual([]);
}

export interface Expected {
  /** Of each reply. */
  status: number | number[];
  /** Tables that may change: what is admitted leaves its id behind, whatever comes of it. */
  mayChange?: readonly string[];
}

/**
 * The four assertions of an attack that comes to nothing: the HTTP status, a database that is as before, nobody
 * reached who should not be, and an instance that lives and answers.
 */
export async function expectNothing(
  stage: Stage,
  attack: () => Promise<Reply | Reply[]>,
  expected: Expected,
): Promise<void> {
  const { sut, sink, third } = stage;
  const before = await stateOf(sut, expected.mayChange);
  const [connections, hits] = [sink.connections, third.hits.length];
  const posts = () =>
    [stage.victim, stage.evil].flatMap((peer) => peer.hits.filter(({ method }) => method !== 'GET')).length;
  const posted = posts();
  const replies = [await attack()].flat();
  await stage.net.settle();
  const allowed = [expected.status].flat();
  const wrong = replies.flatMap(({ status }, index) =>
    allowed.includes(status) ? [] : [`request ${index}: ${status}`],
  );
  expect(wrong).toEqual([]);
  expect(await stateOf(sut, expected.mayChange)).toEqual(before);
  expect(sink.connections).toBe(connections);
  expect(third.hits.length).toBe(hits);
  expect(posts()).toBe(posted);
  await expectHealthy(stage);
}

/** Refused at the door: nothing was written at all. */
export function expectRefused(
  stage: Stage,
  requests: SignedRequest | SignedRequest[],
  status: number | number[] = 401,
): Promise<void> {
  return expectNothing(stage, () => sendAll(stage, [requests].flat()), { status });
}

/** Taken in for what it is, and then nothing comes of it. */
export function expectIgnored(
  stage: Stage,
  requests: SignedRequest | SignedRequest[],
  mayChange: readonly string[] = [],
): Promise<void> {
  return expectNothing(stage, () => sendAll(stage, [requests].flat()), {
    status: 202,
    mayChange: ['activities', ...mayChange],
  });
}

async function sendAll(stage: Stage, requests: SignedRequest[]): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (const request of requests) replies.push(await send(stage, request));
  return replies;
}

/** The words of all posts that are stored, oldest first. */
export async function wordsOf(sut: NetworkInstance): Promise<string[]> {
  const rows = await sut.store.read.hot<{ content_html: string }>(
    'select content_html from posts where boost_of_id is null order by id',
  );
  return rows.map(({ content_html }) => content_html.replaceAll(/<[^>]*>/g, ''));
}

export async function rowsOf<T>(sut: NetworkInstance, query: string, ...values: (string | number)[]): Promise<T[]> {
  return sut.store.read.hot<T>(query, ...values);
}
