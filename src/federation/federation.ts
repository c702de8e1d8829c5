import type { CommitWith } from '#db/commit.ts';
import type { Job, Lane } from '#db/queue.ts';
import type { Store } from '#db/store.ts';
import type { Site } from '#db/unit.ts';
import type { PeerSoftware } from '#domain/instance/note-software.ts';
import { LINKS_LANE } from '#domain/consumers.ts';
import type { RemoteLookup } from '#domain/search/remote-lookup.ts';
import { followersDigest, followersOnHost } from '#domain/relationships/followers.queries.ts';
import { accountUris } from '#domain/accounts/account-uris.ts';
import { publicKeysOf } from '#domain/accounts/accounts.queries.ts';
import { askAfterGone } from '#federation/delivery/ask-after-gone.ts';
import { createComebacks } from '#federation/delivery/comebacks.ts';
import { createDeliveryLane } from '#federation/delivery/delivery-lane.ts';
import { createSender } from '#federation/delivery/send.ts';
import type { Egress, HostMap } from '#federation/egress.ts';
import { lookupHost } from '#federation/egress.ts';
import { createAdmission, INBOX_LANE } from '#federation/inbox/admit.ts';
import { createDispatch } from '#federation/inbox/dispatch.ts';
import { createInstanceSigner } from '#federation/instance-signer.ts';
import { createLoaders } from '#federation/loaders.ts';
import { mountFederation, type MountParts } from '#federation/mount.ts';
import { createSendEvent } from '#federation/outbound/send-event.ts';
import { createContacts, type Contacts } from '#federation/peers/contacts.ts';
import { askForSoftware } from '#federation/peers/node-info.ts';
import { createCheckLinks } from '#federation/resolve/check-links.ts';
import { createFetchJob } from '#federation/resolve/fetch-job.ts';
import { createRemoteLookup } from '#federation/resolve/remote-lookup.ts';
import { FETCH_LANE } from '#federation/resolve/plan-ancestors.ts';
import { createResolver, type Resolver } from '#federation/resolve/resolve.ts';
import { createSigningKeys } from '#federation/signing-keys.ts';
import { createVerifier, type Verifier } from '#federation/verify-request.ts';
import { createWellKnown, type NodeInfoFacts } from '#federation/mount/well-known.ts';
import type { Clock } from '#kernel/clock.ts';
import type { IdSource } from '#kernel/ids.ts';
import type { Sealer } from '#kernel/seal.ts';

export interface FederationParts {
  store: Store;
  commit: CommitWith;
  clock: Clock;
  ids: IdSource;
  site: Site;
  sealer: Sealer;
  egress: Egress;
  hostMap: HostMap;
  userAgent: string;
  nodeInfo(): Promise<NodeInfoFacts>;
  addressOf: MountParts['addressOf'];
  mayPost: MountParts['mayPost'];
  received: MountParts['received'];
  unproven: MountParts['unproven'];
  /** Told of each try to deliver. */
  delivered(outcome: string): void;
  wake(): void;
  log(message: string, details: Record<string, unknown>): void;
}

export interface FederationDoors {
  app: ReturnType<typeof mountFederation>;
  resolver: Resolver;
  lookup: RemoteLookup;
  verifier: Verifier;
  /** Handlers of the job lanes, by lane. */
  handlers: Record<
    typeof INBOX_LANE | typeof FETCH_LANE | typeof LINKS_LANE | 'event:federation',
    (job: Job) => Promise<void>
  >;
  deliveries: Lane;
  contacts: Contacts;
  /** Asks a server what it runs; null where it does not say. */
  askForSoftware(host: string): Promise<PeerSoftware | null>;
}

/** Puts the parts of federation together; fetches nothing and starts nothing by itself. */
export function createFederationDoors(parts: FederationParts): FederationDoors {
  const { store, clock, ids, site } = parts;
  const plainHttp = (hostname: string) => lookupHost(parts.hostMap, hostname)?.scheme === 'http';
  const loaders = createLoaders({ userAgent: parts.userAgent, now: () => clock.now(), plainHttpHosts: plainHttp });
  const keys = createSigningKeys(store.read, parts.sealer);
  const signer = createInstanceSigner(store, keys, loaders);
  const webFinger = { userAgent: parts.userAgent, plainHttp };
  const resolver = createResolver({ reader: store, commit: parts.commit, clock, site, loaders, signer, webFinger });
  const contacts = createContacts(parts);
  const comebacks = createComebacks(parts);
  const speaker = { plainHttpHosts: plainHttp };
  const verifier = createVerifier({
    ...speaker,
    loader: () => signer.loader(),
    contextLoader: loaders.contextLoader,
    origin: site.origin,
    lastKeysOf: (actorUri) => publicKeysOf(store, actorUri),
    now: () => clock.now(),
  });
  const admit = createAdmission({
    store,
    clock,
    ids,
    host: site.host,
    speaker,
    verify: (request, actorUri) => verifier.verify(request, actorUri),
    verifyFarewell: (request, actorUri) => verifier.verifyFarewell(request, actorUri),
    verifyCarrier: (request) => verifier.verifyCarrier(request),
    heard(signer) {
      contacts.heard(signer);
      comebacks.heard(signer);
    },
    wake: () => parts.wake(),
  });
  const app = mountFederation({
    reader: store,
    site,
    wellKnown: createWellKnown(store, site, () => parts.nodeInfo()),
    admit,
    signerOf: (request) => signerOf(verifier, request),
    addressOf: (peer, forwardedFor) => parts.addressOf(peer, forwardedFor),
    mayPost: (address) => parts.mayPost(address),
    received: (address, admission) => parts.received(address, admission),
    unproven: (address) => parts.unproven(address),
  });
  const deliveries = createDeliveryLane({
    store,
    clock,
    ids,
    keys,
    sender: createSender({ dispatcher: parts.egress.documents, clock, userAgent: parts.userAgent, plainHttp }),
    followersDigest: (senderId, host) => syncHeader(store, site, senderId, host),
    delivered(outcome, peer) {
      parts.delivered(outcome);
      if (outcome === 'delivered') contacts.delivered(peer);
    },
    inboxGone: (inbox) => parts.commit(askAfterGone, { inbox }),
    log: (message, details) => parts.log(message, details),
  });
  const lookup = createRemoteLookup({
    reader: store,
    resolver,
    commit: parts.commit,
    clock,
    site,
    report: (error) => parts.log('a look-up could not be planned', { error: String(error) }),
  });
  return {
    app,
    resolver,
    lookup,
    verifier,
    handlers: {
      [INBOX_LANE]: createDispatch({
        reader: store,
        resolver,
        clock,
        site,
        log: (message, details) => parts.log(message, details),
      }),
      [FETCH_LANE]: createFetchJob({ reader: store, resolver, commit: parts.commit, clock, site }),
      [LINKS_LANE]: createCheckLinks({ reader: store, commit: parts.commit, clock, ...webFinger }),
      'event:federation': createSendEvent({ store, site, clock, keys, contextLoader: loaders.contextLoader }),
    },
    deliveries,
    contacts,
    askForSoftware: (peer) => askForSoftware(peer, webFinger),
  };
}

async function signerOf(verifier: Verifier, request: Request): Promise<string | null> {
  const url = new URL(request.url);
  const result = await verifier.verifyGet({
    method: request.method,
    path: url.pathname + url.search,
    headers: request.headers,
    body: new Uint8Array(),
  });
  return result.verified ? result.owner : null;
}

/** The header of FEP-8fcf for one host; null when nobody there follows. */
async function syncHeader(store: Store, site: Site, senderId: number, host: string): Promise<string | null> {
  const rows = await store.read.hot<{ handle: string }>('select handle from accounts where id = $1', senderId);
  const followers = await followersOnHost(store, senderId, host);
  if (!rows[0] || followers.length === 0) return null;
  const { followersUri } = accountUris(site, rows[0].handle);
  const digest = await followersDigest(store, senderId, host);
  return `collectionId="${followersUri}", url="${followersUri}_synchronization", digest="${digest}"`;
}
