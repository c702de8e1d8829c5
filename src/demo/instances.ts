import { join } from 'node:path';
import { serve, type ServerType } from '@hono/node-server';
import { createInstance, type Instance } from '#app.ts';
import type { Config } from '#config/config.ts';
import { openStore } from '#db/open.ts';
import { completeSetUp, issueSetUpToken } from '#domain/membership/complete-set-up.ts';
import { addMember } from '#domain/membership/add-member.ts';
import { editProfile } from '#domain/accounts/edit-profile.ts';
import { renderText } from '#domain/posts/render-text.ts';
import { takeUpload } from '#domain/media/add-media.ts';
import type { MediaPurpose } from '#domain/media/media-processor.ts';
import type { MediaParts } from '#domain/media/prepare-media.ts';
import { DEMO_PASSWORD, INSTANCES, type CastMember, type InstanceKey } from '#demo/cast.ts';
import type { Drawings } from '#demo/drawings.ts';
import type { Egress, HostMap } from '#federation/egress.ts';
import { makeKeys } from '#federation/keys.ts';
import type { Clock } from '#kernel/clock.ts';
import { createIdSource } from '#kernel/ids.ts';
import { hashPassword } from '#kernel/password.ts';
import { createSealer, type Sealer } from '#kernel/seal.ts';
import { hashToken, newToken } from '#kernel/tokens.ts';
import { createMediaDisk } from '#ports/media-disk.ts';
import { readSecret } from '#ports/secret-file.ts';

/** An instance as the story needs it: without pages, its clock in the storyteller's hand. */
export interface DemoInstance extends Instance {
  host: string;
  people: Map<string, number>;
  lookUp(handle: string, domain: string): Promise<number | null>;
  /** Uploads a picture, and returns its id. */
  upload(accountId: number, bytes: Uint8Array, purpose: MediaPurpose, description?: string): Promise<number>;
  close(): Promise<void>;
}

export interface DemoParts {
  root: string;
  config: Config;
  clock: Clock;
  egress: Egress;
  hostMap: HostMap;
  processor: MediaParts['processor'];
  drawings: Drawings;
}

export function dataDirOf(root: string, key: InstanceKey): string {
  return join(root, `demo-${key}`);
}

/** Opens an empty instance, sets it up and lets its people in. */
export async function openDemoInstance(key: InstanceKey, parts: DemoParts): Promise<DemoInstance> {
  const { host, port } = INSTANCES[key];
  const dataDir = dataDirOf(parts.root, key);
  const sealer = createSealer(readSecret({ secretKey: null, dataDir }));
  const store = await openStore(
    { engine: 'sqlite', file: join(dataDir, 'estrade.sqlite') },
    parts.config.paths.migrations,
    parts.clock.now(),
  );
  const instance = createInstance({
    store,
    clock: parts.clock,
    ids: createIdSource(0),
    site: { origin: `http://${host}`, host, handleDomain: host },
    sealer,
    egress: parts.egress,
    hostMap: parts.hostMap,
    userAgent: 'Estrade demo',
    nodeInfo: async () => ({
      version: '',
      users: 0,
      activeMonth: 0,
      activeHalfyear: 0,
      posts: 0,
      openRegistrations: false,
      name: host,
      description: '',
    }),
    log: () => undefined,
  });
  const media = {
    commit: instance.commit,
    processor: parts.processor,
    uploads: createMediaDisk({ folder: join(dataDir, 'media') }),
  };
  const upload: DemoInstance['upload'] = (accountId, bytes, purpose, description) =>
    takeUpload(media, { accountId, bytes, purpose, description: description ?? null });
  const server = await listen(instance, port);
  return {
    ...instance,
    host,
    upload,
    people: await letPeopleIn(key, { ...instance, upload }, sealer, parts.drawings),
    lookUp: (handle, domain) => instance.federation.resolver.accountByHandle(handle, domain),
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
      await store.close();
    },
  };
}

function listen({ app }: Instance, port: number): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server: ServerType = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () => resolve(server));
    server.once('error', reject);
  });
}

type Door = Instance & Pick<DemoInstance, 'upload'>;

async function letPeopleIn(
  key: InstanceKey,
  door: Door,
  sealer: Sealer,
  drawings: Drawings,
): Promise<Map<string, number>> {
  const { name, description, cast } = INSTANCES[key];
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  const people = new Map<string, number>();
  for (const person of cast) {
    const { handle, locale } = person;
    const credentials = { handle, email: `${handle}@example.org`, passwordHash, locale };
    const id =
      person.role === 'owner'
        ? await setUp(door, sealer, { name, description, registrations: 'open', defaultLocale: locale }, credentials)
        : await door.commit(addMember, { ...credentials, role: 'user', keys: await makeKeys(sealer) });
    await presentThemselves(door, id, person, drawings);
    people.set(handle, id);
  }
  return people;
}

async function presentThemselves(
  { commit, site, upload }: Door,
  accountId: number,
  { name, bio, face, header }: CastMember,
  drawings: Drawings,
): Promise<void> {
  await commit(editProfile, {
    accountId,
    displayName: name,
    bio,
    bioHtml: renderText(bio, new Map(), site.origin),
    fields: [],
    locked: false,
    bot: false,
    discoverable: true,
    indexable: true,
    countsHidden: false,
    avatarMediaId: await upload(accountId, drawings.face(face), 'avatar'),
    ...(header ? { headerMediaId: await upload(accountId, drawings.scene(header), 'header') } : {}),
  });
}

async function setUp(
  instance: Instance,
  sealer: Sealer,
  settings: { name: string; description: string; registrations: 'open'; defaultLocale: 'en' | 'fr' },
  owner: { handle: string; email: string; passwordHash: string; locale: 'en' | 'fr' },
): Promise<number> {
  const tokenHash = hashToken(newToken());
  await instance.commit(issueSetUpToken, { tokenHash });
  const { accountId } = await instance.commit(completeSetUp, {
    ...owner,
    tokenHash,
    settings,
    ownerKeys: await makeKeys(sealer),
    instanceKeys: await makeKeys(sealer),
    visit: { address: null, userAgent: '' },
  });
  return accountId;
}
