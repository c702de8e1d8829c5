import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createEgress, type Egress } from '#federation/egress.ts';
import { checkSpeaker, findRenaming, jsonDepthWithin, readTwice } from '#federation/guard.ts';
import { createLoaders, type Loaders } from '#federation/loaders.ts';
import { createVerifier, type Verifier } from '#federation/verify-request.ts';
import { ManualClock } from '#kernel/clock.ts';
import {
  hostMapOf,
  makeRsaKey,
  person,
  signCavage,
  signRfc9421,
  startPeer,
  type KeyPair,
  type Peer,
  type SignedRequest,
  type SigningKnobs,
} from '../../peer.ts';
import { makeAuthority } from '../../tls.ts';

export const HOME = 'https://home.test';
export const V = 'https://victim.test';
export const E = 'https://evil.test';
export const ALICE = `${V}/users/alice`;
export const EVE = `${E}/users/eve`;

export const aliceKey = makeRsaKey();
export const eveKey = makeRsaKey();
export const otherKey = makeRsaKey();
export const alice = { keyId: `${ALICE}#main-key`, key: aliceKey };
export const eve = { keyId: `${EVE}#main-key`, key: eveKey };

export let victim: Peer;
export let evil: Peer;
export let egress: Egress;
let signer: { keyId: URL; privateKey: CryptoKey };
export let clock: ManualClock;
export let loaders: Loaders;
export let verifier: Verifier;

/** Both servers, from before a file’s tests until after them; each test begins with a verifier that knows nobody. */
export function meetTwoServers(): void {
  beforeAll(async () => {
    const authority = makeAuthority();
    const identity = authority.issue(['victim.test', 'evil.test']);
    victim = await startPeer('victim.test', identity);
    evil = await startPeer('evil.test', identity);
    egress = createEgress({ hostMap: hostMapOf(victim, evil), allowPrivate: [], ca: authority.ca });
    egress.install();
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const der = otherKey.privateKey.export({ type: 'pkcs8', format: 'der' });
    const privateKey = await crypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign']);
    signer = { keyId: new URL(`${HOME}/actor#main-key`), privateKey };
  });

  afterAll(() => Promise.all([egress.close(), victim.close(), evil.close()]));

  beforeEach(() => {
    clock = new ManualClock(Date.now());
    loaders = createLoaders({ userAgent: 'Estrade/1.0', now: () => clock.now() });
    verifier = makeVerifier();
    victim.hits.length = 0;
    evil.hits.length = 0;
    victim.on('/users/alice', { body: person(ALICE, aliceKey.pem) });
    evil.on('/users/eve', { body: person(EVE, eveKey.pem) });
  });
}

export function makeVerifier(loader = async () => loaders.authenticatedLoader(signer)): Verifier {
  return createVerifier({
    loader,
    contextLoader: loaders.contextLoader,
    origin: HOME,
    lastKeysOf: async () => [],
    now: () => clock.now(),
  });
}

export type Knobs = Partial<SigningKnobs> & { keyId: string; key: KeyPair };

export function cavage(body: unknown, knobs: Knobs): SignedRequest {
  return signCavage({ to: HOME, at: clock.now(), body, ...knobs });
}

export function rfc9421(body: unknown, knobs: Knobs): SignedRequest {
  return signRfc9421({ to: HOME, at: clock.now(), body, ...knobs });
}

/** All the walls of an inbox, in their order: `accepted`, or why not. */
export async function admit(request: SignedRequest): Promise<string> {
  const text = new TextDecoder().decode(request.body);
  if (!jsonDepthWithin(text, 100)) return 'nested too deeply';
  const json: unknown = JSON.parse(text);
  const speaker = checkSpeaker(request.headers, json);
  if ('refused' in speaker) return speaker.refused;
  const verified = await verifier.verify(request, speaker.actorUri);
  if (!verified.verified) return verified.reason;
  const second = findRenaming(json) === null ? null : await readTwice(json);
  return second?.ok === false ? second.reason : 'accepted';
}
