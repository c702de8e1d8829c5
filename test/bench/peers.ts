import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeAuthority } from '../tls.ts';
import { makeRsaKey, person, type KeyPair } from '../peer.ts';

/** Every server of `*.peer.test` behind one TLS port: serves its actors, and takes what is sent to its inboxes. */
export interface Peers {
  port: number;
  /** PEM of the authority that made their certificate. */
  ca: string;
  /** Of all their actors: making a pair takes longer than anything that is measured. */
  key: KeyPair;
  received: number;
  /** TLS connections that were opened so far. */
  connections: number;
  receivedBytes: number;
  close(): Promise<void>;
}

/** Longer than the run: a connection that is kept alive is measured as one. */
const KEPT_ALIVE_MS = 300_000;

export async function openPeers(): Promise<Peers> {
  const authority = makeAuthority();
  const key = makeRsaKey();
  const server = createServer(authority.issue(['*.peer.test']), (request, response) => {
    if (request.method === 'POST') {
      request.on('data', (chunk: Buffer) => {
        peers.receivedBytes += chunk.length;
      });
      request.on('end', () => {
        peers.received += 1;
        response.writeHead(202).end();
      });
      return;
    }
    const id = `https://${request.headers.host}${request.url}`;
    response.writeHead(200, { 'content-type': 'application/activity+json' });
    response.end(JSON.stringify(person(id, key.pem)));
  });
  server.keepAliveTimeout = KEPT_ALIVE_MS;
  server.on('secureConnection', () => {
    peers.connections += 1;
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const peers: Peers = {
    port: (server.address() as AddressInfo).port,
    ca: authority.ca,
    key,
    received: 0,
    connections: 0,
    receivedBytes: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return peers;
}
