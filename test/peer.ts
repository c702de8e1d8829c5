import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { HostMap, HostTarget } from '#federation/egress.ts';
import type { TlsIdentity } from './tls.ts';

/*
 * Peers that a test scripts path by path, and requests signed in every right and wrong way a peer could think of.
 */

export const ACTIVITY_CONTEXT = ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1'];
const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';

export interface Hit {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Answer {
  status?: number;
  type?: string;
  headers?: Record<string, string | string[]>;
  /** Text and bytes go out as they are, everything else as JSON. */
  body?: unknown;
  delayMs?: number;
  /** Takes the whole answer over. */
  write?: (response: ServerResponse) => void;
}

export type Script = Answer | ((hit: Hit) => Answer);

export interface Peer {
  host: string;
  base: string;
  target: HostTarget;
  hits: Hit[];
  /** What a path answers from now on; anything else is a 404. */
  on(path: string, script: Script): void;
  hitsOf(path: string): number;
  close(): Promise<void>;
}

/** A server on a free port of the loopback; with an identity it speaks TLS. */
export async function startPeer(host: string, tls?: TlsIdentity): Promise<Peer> {
  const scripts = new Map<string, Script>();
  const hits: Hit[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => response.destroy());
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const hit = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
      hits.push(hit);
      const script = scripts.get(url) ?? { status: 404 };
      send(response, typeof script === 'function' ? script(hit) : script);
    });
  };
  const server = tls ? createHttpsServer(tls, answer) : createHttpServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const scheme = tls ? 'https' : 'http';
  return {
    host,
    base: `${scheme}://${host}`,
    target: { scheme, address: '127.0.0.1', port: (server.address() as AddressInfo).port },
    hits,
    on: (path, script) => scripts.set(path, script),
    hitsOf: (path) => hits.filter((hit) => hit.path === path).length,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer.write) return answer.write(response);
  const { body = '' } = answer;
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const finish = (): void => {
    response.writeHead(answer.status ?? 200, {
      'content-type': answer.type ?? 'application/activity+json',
      ...answer.headers,
    });
    response.end(bytes);
  };
  if (answer.delayMs === undefined) finish();
  else setTimeout(finish, answer.delayMs).unref();
}

export function hostMapOf(...peers: Peer[]): HostMap {
  return new Map(peers.map((peer) => [peer.host, peer.target]));
}

export interface KeyPair {
  publicKey: KeyObject;
  privateKey: KeyObject;
  /** SPKI, as actors publish it. */
  pem: string;
}

export function makeRsaKey(modulusLength = 2048, publicExponent = 65_537): KeyPair {
  return withPem(generateKeyPairSync('rsa', { modulusLength, publicExponent }));
}

export function makeEd25519Key(): KeyPair {
  return withPem(generateKeyPairSync('ed25519'));
}

function withPem(pair: { publicKey: KeyObject; privateKey: KeyObject }): KeyPair {
  return { ...pair, pem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

export function person(id: string, pem: string, extra: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    '@context': ACTIVITY_CONTEXT,
    id,
    type: 'Person',
    preferredUsername: id.split('/').at(-1),
    inbox: `${id}/inbox`,
    outbox: `${id}/outbox`,
    publicKey: publicKeyOf(id, pem),
    ...extra,
  };
}

export function publicKeyOf(owner: string, pem: string, id = `${owner}#main-key`): Record<string, unknown> {
  return { id, owner, publicKeyPem: pem };
}

let made = 0;

/** A Create(Note) by `actor`, both ids on the actor's own host. */
export function createNote(actor: string, extra: Record<string, unknown> = {}): Record<string, unknown> {
  made += 1;
  const { origin } = new URL(actor);
  const object = {
    id: `${origin}/notes/${made}`,
    type: 'Note',
    attributedTo: actor,
    content: `note ${made}`,
    to: [PUBLIC],
  };
  return {
    '@context': ACTIVITY_CONTEXT,
    id: `${origin}/acts/${made}`,
    type: 'Create',
    actor,
    to: [PUBLIC],
    object,
    ...extra,
  };
}

export interface SignedRequest {
  method: string;
  path: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

/** What both schemes share; each knob bends one thing that a right request has straight. */
export interface SigningKnobs {
  keyId: string;
  key: KeyPair;
  /** The server the request is sent to. */
  to: string;
  path?: string;
  method?: string;
  /** Objects are sent as JSON. */
  body?: unknown;
  at: number;
  cover?: string[];
  /** The host and path that are signed, when they are not those of the request. */
  signedHost?: string;
  signedPath?: string;
  digest?: string;
  /** Milliseconds. */
  expires?: number;
  algorithm?: string | null;
  /** The body that is sent in place of the signed one. */
  swappedBody?: unknown;
  /** Set after signing. */
  headers?: Record<string, string>;
}

/** draft-cavage-http-signatures-12, as most of the fediverse sends it. */
export function signCavage(knobs: SigningKnobs): SignedRequest {
  const { method, path, body, headers } = unsigned(knobs);
  const withBody = method !== 'GET';
  if (withBody) headers.set('digest', knobs.digest ?? `SHA-256=${sha256(body)}`);
  const cover = knobs.cover ?? ['(request-target)', 'host', 'date', ...(withBody ? ['digest'] : [])];
  const expires = knobs.expires === undefined ? null : String(Math.floor(knobs.expires / 1000));
  const lines = cover.map((name) => {
    if (name === '(request-target)') return `${name}: ${method.toLowerCase()} ${knobs.signedPath ?? path}`;
    if (name === '(expires)') return `${name}: ${expires}`;
    return `${name}: ${name === 'host' ? (knobs.signedHost ?? headers.get('host')) : headers.get(name)}`;
  });
  const parameters = [
    `keyId="${knobs.keyId}"`,
    ...(knobs.algorithm === null ? [] : [`algorithm="${knobs.algorithm ?? 'rsa-sha256'}"`]),
    ...(expires === null ? [] : [`expires=${expires}`]),
    `headers="${cover.join(' ')}"`,
    `signature="${signText(lines.join('\n'), knobs.key)}"`,
  ];
  headers.set('signature', parameters.join(','));
  return sealed(knobs, { method, path, headers, body });
}

/** RFC 9421, as Mastodon sends it unless told otherwise. */
export function signRfc9421(knobs: SigningKnobs & { label?: string }): SignedRequest {
  const { method, path, body, headers } = unsigned(knobs);
  const withBody = method !== 'GET';
  if (withBody) headers.set('content-digest', knobs.digest ?? `sha-256=:${sha256(body)}:`);
  const cover = knobs.cover ?? ['@method', '@target-uri', ...(withBody ? ['content-digest'] : [])];
  const host = knobs.signedHost ?? new URL(knobs.to).host;
  const target = new URL(knobs.signedPath ?? path, `${new URL(knobs.to).protocol}//${host}`);
  const derived: Record<string, string> = {
    '@method': method,
    '@target-uri': target.href,
    '@authority': host,
    '@path': target.pathname,
  };
  const parameters = [
    `(${cover.map((name) => `"${name}"`).join(' ')})`,
    `created=${Math.floor(knobs.at / 1000)}`,
    ...(knobs.expires === undefined ? [] : [`expires=${Math.floor(knobs.expires / 1000)}`]),
    `keyid="${knobs.keyId}"`,
    ...(knobs.algorithm ? [`alg="${knobs.algorithm}"`] : []),
  ].join(';');
  const lines = cover.map((name) => `"${name}": ${derived[name] ?? headers.get(name)}`);
  const base = [...lines, `"@signature-params": ${parameters}`].join('\n');
  const label = knobs.label ?? 'sig1';
  headers.set('signature-input', `${label}=${parameters}`);
  headers.set('signature', `${label}=:${signText(base, knobs.key)}:`);
  return sealed(knobs, { method, path, headers, body });
}

/** A request without any signature. */
export function unsigned(knobs: Omit<SigningKnobs, 'keyId' | 'key'>): SignedRequest {
  const method = knobs.method ?? 'POST';
  const body = method === 'GET' ? new Uint8Array() : bytesOf(knobs.body ?? {});
  const headers = new Headers({ host: new URL(knobs.to).host, date: new Date(knobs.at).toUTCString() });
  if (method !== 'GET') headers.set('content-type', 'application/activity+json');
  return { method, path: knobs.path ?? '/inbox', headers, body };
}

function sealed(knobs: SigningKnobs, request: SignedRequest): SignedRequest {
  for (const [name, value] of Object.entries(knobs.headers ?? {})) request.headers.set(name, value);
  return knobs.swappedBody === undefined ? request : { ...request, body: bytesOf(knobs.swappedBody) };
}

function signText(text: string, { privateKey }: KeyPair): string {
  const digest = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  return sign(digest, Buffer.from(text), privateKey).toString('base64');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
}
