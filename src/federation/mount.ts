import type { Federation } from '@fedify/fedify';
import { Hono, type Context } from 'hono';
import type { Site } from '#db/unit.ts';
import { findAccountByUri } from '#domain/accounts/accounts.queries.ts';
import { isSigned } from '#federation/mount/answers.ts';
import { collectionRoutes } from '#federation/mount/collection-routes.ts';
import { documentRoutes, type DocumentRouteParts } from '#federation/mount/document-routes.ts';
import { inboxRoutes, senderAddress, type InboxRouteParts } from '#federation/mount/inbox-routes.ts';
import { wellKnownRoutes } from '#federation/mount/well-known-routes.ts';

export interface MountParts extends InboxRouteParts {
  reader: DocumentRouteParts['reader'];
  site: Site;
  wellKnown: Federation<void>;
  /** The actor that signed a GET; null for none, or a signature that does not hold. */
  signerOf(request: Request): Promise<string | null>;
  /** Told of a GET whose signature does not hold: each makes us ask somebody for a key. */
  unproven(address: string): void;
}

/**
 * The doors of ActivityPub: documents, collections, WebFinger, NodeInfo and the inboxes. A page of the same address is
 * left to the web: only requests that ask for a document are answered here.
 */
export function mountFederation(parts: MountParts): Hono {
  const signerOf = async (c: Context): Promise<string | null> => {
    const address = senderAddress(c, parts);
    if (!isSigned(c) || !(await parts.mayPost(address))) return null;
    const uri = await parts.signerOf(c.req.raw);
    if (uri === null) parts.unproven(address);
    return uri;
  };
  const viewerOf = async (c: Context): Promise<number> => {
    const uri = await signerOf(c);
    const account = uri ? await findAccountByUri(parts.reader, uri) : null;
    return account && account.suspendedAt === null && account.deletedAt === null ? account.id : 0;
  };
  return new Hono()
    .route('/', documentRoutes({ ...parts, viewerOf }))
    .route('/', collectionRoutes({ ...parts, viewerOf, signerOf }))
    .route('/', wellKnownRoutes(parts))
    .route('/', inboxRoutes(parts));
}
