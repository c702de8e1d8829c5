import { createFederation, MemoryKvStore, type Federation } from '@fedify/fedify';
import { Application, Image, Person } from '@fedify/vocab';
import type { Site } from '#db/unit.ts';
import { accountUris, INSTANCE_HANDLE } from '#domain/accounts/account-uris.ts';
import { findAccount, type Reader } from '#domain/accounts/accounts.queries.ts';

export interface NodeInfoFacts {
  version: string;
  users: number;
  activeMonth: number;
  activeHalfyear: number;
  posts: number;
  openRegistrations: boolean;
  name: string;
  description: string;
}

/**
 * How others find us: WebFinger and NodeInfo, by Fedify. Documents of actors and posts are ours (see `mount.ts`), and
 * so are the queue and the inbox: nothing else of this federation is mounted.
 */
export function createWellKnown(reader: Reader, site: Site, nodeInfo: () => Promise<NodeInfoFacts>): Federation<void> {
  const federation = createFederation<void>({
    kv: new MemoryKvStore(),
    origin: { handleHost: site.handleDomain, webOrigin: site.origin },
  });
  federation
    .setActorDispatcher('/users/{identifier}', async (_context, identifier) =>
      actorForWebFinger(reader, site, identifier),
    )
    .mapHandle(async (_context, name) => {
      const account = await findAccount(reader, name, '');
      return account && account.deletedAt === null && account.suspendedAt === null ? account.handle : null;
    });
  federation.setNodeInfoDispatcher('/nodeinfo/2.1', async () => {
    const facts = await nodeInfo();
    return {
      software: {
        name: 'estrade',
        version: facts.version,
        homepage: new URL(site.origin),
      },
      protocols: ['activitypub'],
      services: { inbound: [], outbound: [] },
      openRegistrations: facts.openRegistrations,
      usage: {
        users: { total: facts.users, activeMonth: facts.activeMonth, activeHalfyear: facts.activeHalfyear },
        localPosts: facts.posts,
        localComments: 0,
      },
      metadata: { nodeName: facts.name, nodeDescription: facts.description },
    } as never;
  });
  return federation;
}

/** As much of an actor as a WebFinger answer names: its id, its page and its picture. */
async function actorForWebFinger(reader: Reader, site: Site, handle: string): Promise<Person | Application | null> {
  const account = await findAccount(reader, handle, '');
  if (!account || account.deletedAt !== null || account.suspendedAt !== null) return null;
  const uris = accountUris(site, account.handle);
  const values = { id: new URL(uris.uri), preferredUsername: account.handle, url: new URL(uris.url) };
  if (account.handle === INSTANCE_HANDLE) return new Application({ ...values, url: new URL(site.origin) });
  const pictures = await reader.read.hot<{ file: string; mime_type: string }>(
    'select m.file, m.mime_type from accounts a join media m on m.id = a.avatar_media_id where a.id = $1 and m.file is not null',
    account.id,
  );
  const [picture] = pictures;
  return new Person({
    ...values,
    ...(picture
      ? { icon: new Image({ url: new URL(`${site.origin}/media/${picture.file}`), mediaType: picture.mime_type }) }
      : {}),
  });
}
