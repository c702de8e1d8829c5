import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSender, type Sender } from '#federation/delivery/send.ts';
import { ManualClock } from '#kernel/clock.ts';

const KEY = {
  keyUri: 'https://here.test/users/ada#main-key',
  privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
};

let server: Server;
let dispatcher: Agent;
let sender: Sender;
/** What the peer takes, and what it was asked with. */
let takes: 'cavage' | 'rfc9421';
let asked: string[];

beforeEach(async () => {
  takes = 'cavage';
  asked = [];
  server = createServer((request, response) => {
    const scheme = request.headers['signature-input'] === undefined ? 'cavage' : 'rfc9421';
    asked.push(scheme);
    response.writeHead(scheme === takes ? 202 : 401).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  dispatcher = new Agent();
  const parts = { dispatcher, clock: new ManualClock(Date.now()), userAgent: 'test', plainHttp: () => true };
  sender = createSender(parts);
});

afterEach(async () => {
  await dispatcher.close();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

const send = () =>
  sender.send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/inbox`, '{"type":"Create"}', KEY, {});

test('what a host took is what it is asked with from then on', async () => {
  takes = 'rfc9421';
  expect(await send()).toEqual({ kind: 'delivered' });
  expect(await send()).toEqual({ kind: 'delivered' });
  expect(asked).toEqual(['cavage', 'rfc9421', 'rfc9421']);
});

test('a host that takes another signature after an upgrade gets its post at the next try', async () => {
  expect(await send()).toEqual({ kind: 'delivered' });
  takes = 'rfc9421';
  expect(await send()).toEqual({ kind: 'later', status: 401 });
  expect(await send()).toEqual({ kind: 'delivered' });
  expect(asked).toEqual(['cavage', 'cavage', 'cavage', 'rfc9421']);
});
