import type { Federation } from '@fedify/fedify';
import { Hono, type Context } from 'hono';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Site } from '#db/unit.ts';
import { postUri } from '#domain/accounts/account-uris.ts';
import { findAccount, findAccountByUri, type Reader } from '#domain/accounts/accounts.queries.ts';
import { visibleTo } from '#domain/posts/posts.policy.ts';
import { createDocumentCache } from '#federation/document-cache.ts';
import { actorDocument } from '#federation/documents/actor.ts';
import * as collections from '#federation/documents/collections.ts';
import { localPost } from '#federation/documents/note.ts';
import type { Admission, InboxRequest } from '#federation/inbox/admit.ts';
import { ACTIVITY_JSON, OBJECT_CONTEXT, wantsActivityJson, type JsonLd } from '#federation/vocabulary.ts';
import { parseId } from '#kernel/ids.ts';
import { limits } from '#kernel/limits.ts';

export interface MountParts {
  reader: Reader;
  site: Site;
  wellKnown: Federation<void>;
  admit(request: InboxRequest): Promise<Admission>;
  /** The actor that signed a GET; null for none, or a signature that does not hold. */
  signerOf(request: Request): Promise<string | null>;
  /** False when this address has sent too much that was refused. */
  mayPost(address: string): Promise<boolean>;
  refused(address: string, admission: Admission): void;
}

/**
 * The doors of ActivityPub: documents, collections, WebFinger, NodeInfo and the inboxes. A page of the same address is
 * left to the web: only requests that ask for a document are answered here.
 */
export function mountFederation(parts: MountParts): Hono {
  const app = new Hono();
  const cache = createDocumentCache();
  const context = { reader: parts.reader, site: parts.site };

  const send = (c: Context, body: string, etag?: string) => {
    const headers = { 'content-type': `${ACTIVITY_JSON}; charset=utf-8`, vary: 'Accept, Signature' };
    if (!etag) return c.body(body, 200, { ...headers, 'cache-control': 'private, no-store' });
    const cached = { ...headers, etag, 'cache-control': 'public, max-age=60' };
    return c.req.header('if-none-match') === etag ? c.body(null, 304, cached) : c.body(body, 200, cached);
  };
  const missing = (c: Context) => c.json({ error: 'Not found' }, 404, { vary: 'Accept, Signature' });
  const viewerOf = async (c: Context): Promise<number> => {
    const uri = isSigned(c) ? await parts.signerOf(c.req.raw) : null;
    const account = uri ? await findAccountByUri(parts.reader, uri) : null;
    return account && account.suspendedAt === null && account.deletedAt === null ? account.id : 0;
  };

  const actor = async (c: Context, handle: string) => {
    const rows = await parts.reader.read.hot<{
      version: number;
      suspended_at: number | null;
      deleted_at: number | null;
    }>(
      `select version, suspended_at, deleted_at from accounts
       where handle_folded = $1 and domain = '' and pending_at is null`,
      handle.toLowerCase(),
    );
    const [row] = rows;
    if (!row) return missing(c);
    if (row.deleted_at !== null) return c.body(null, 410);
    const document = await cache.get(`actor ${handle.toLowerCase()}`, `${row.version} ${row.suspended_at}`, () =>
      actorDocument(parts.reader, parts.site, handle),
    );
    return document ? send(c, document.body, document.etag) : missing(c);
  };

  /** Version of a post of this handle that the viewer may see, or null: there is no other answer. */
  const visibleVersion = async (handle: string, postId: number, viewerId: number): Promise<number | null> => {
    const rows = await parts.reader.read.hot<{ version: number }>(
      `select p.version from posts p join accounts a on a.id = p.author_id
       where p.id = $1 and p.local = 1 and p.boost_of_id is null and a.handle_folded = $2 and a.deleted_at is null
         and a.suspended_at is null and ${visibleTo(3)}`,
      postId,
      handle.toLowerCase(),
      viewerId,
    );
    return rows[0]?.version ?? null;
  };
  const noteDocument = async (postId: number): Promise<JsonLd | null> => {
    const post = await localPost(parts.reader, parts.site, postId);
    return post ? { '@context': OBJECT_CONTEXT, ...post.note } : null;
  };
  const post = async (c: Context, handle: string, id: string) => {
    const postId = parseId(id);
    if (postId === null) return missing(c);
    const version = await visibleVersion(handle, postId, 0);
    if (version !== null) {
      const document = await cache.get(`post ${postId}`, String(version), () => noteDocument(postId));
      return document ? send(c, document.body, document.etag) : missing(c);
    }
    if (isSigned(c) && (await visibleVersion(handle, postId, await viewerOf(c))) !== null) {
      return send(c, JSON.stringify(await noteDocument(postId)));
    }
    return tombstone(c, postUri(parts.site, handle, postId));
  };
  const tombstone = async (c: Context, uri: string) => {
    const buried = await parts.reader.read.hot('select 1 as buried from tombstones where uri = $1', uri);
    if (buried.length === 0) return missing(c);
    return c.json({ '@context': OBJECT_CONTEXT, id: uri, type: 'Tombstone' }, 410, { 'content-type': ACTIVITY_JSON });
  };

  const collection =
    (make: (c: Context, query: collections.CollectionQuery) => Promise<JsonLd | null>) => async (c: Context) => {
      const before = c.req.query('before');
      const document = await make(c, {
        before: before === undefined ? null : (parseId(before) ?? 0),
        viewerId: await viewerOf(c),
      });
      return document ? send(c, JSON.stringify(document)) : missing(c);
    };
  const onPost = (make: (postId: number, uri: string, query: collections.CollectionQuery) => Promise<JsonLd>) =>
    collection(async (c, query) => {
      const { handle = '', id = '' } = c.req.param() as { handle?: string; id?: string };
      const postId = parseId(id);
      if (postId === null || (await visibleVersion(handle, postId, query.viewerId)) === null) return null;
      return make(postId, postUri(parts.site, handle, postId), query);
    });
  const handleOf = (c: Context) => (c.req.param() as { handle: string }).handle;

  app.get('/users/:handle', async (c) =>
    wantsActivityJson(c.req.header('accept'))
      ? actor(c, c.req.param('handle'))
      : c.redirect(`/@${c.req.param('handle')}`),
  );
  app.get('/users/:handle/posts/:id', async (c) =>
    wantsActivityJson(c.req.header('accept'))
      ? post(c, c.req.param('handle'), c.req.param('id'))
      : c.redirect(`/@${c.req.param('handle')}/${c.req.param('id')}`),
  );
  app.get('/:at{@[A-Za-z0-9_]+}', async (c, next): Promise<Response | undefined> => {
    if (wantsActivityJson(c.req.header('accept'))) return actor(c, c.req.param('at').slice(1));
    await next();
    return undefined;
  });
  app.get('/:at{@[A-Za-z0-9_]+}/:id{[0-9]+}', async (c, next): Promise<Response | undefined> => {
    if (wantsActivityJson(c.req.header('accept'))) return post(c, c.req.param('at').slice(1), c.req.param('id'));
    await next();
    return undefined;
  });
  app.get(
    '/users/:handle/posts/:id/replies',
    onPost((id, uri, query) => collections.replies(context, id, uri, query)),
  );
  app.get(
    '/users/:handle/posts/:id/likes',
    onPost((id, uri) => collections.marks(context, id, uri, 'likes')),
  );
  app.get(
    '/users/:handle/posts/:id/shares',
    onPost((id, uri) => collections.marks(context, id, uri, 'shares')),
  );
  app.get(
    '/users/:handle/outbox',
    collection((c, query) => collections.outbox(context, handleOf(c), query)),
  );
  app.get(
    '/users/:handle/followers',
    collection((c, query) => collections.relations(context, handleOf(c), 'followers', query)),
  );
  app.get(
    '/users/:handle/following',
    collection((c, query) => collections.relations(context, handleOf(c), 'following', query)),
  );
  app.get(
    '/users/:handle/collections/featured',
    collection((c, query) => collections.featured(context, handleOf(c), query)),
  );
  app.get('/users/:handle/followers_synchronization', async (c) => {
    const uri = await parts.signerOf(c.req.raw);
    const document = uri
      ? await collections.followersSynchronization(context, c.req.param('handle'), new URL(uri).host)
      : null;
    return document ? send(c, JSON.stringify(document)) : missing(c);
  });

  mountWellKnown(app, parts);
  mountInboxes(app, parts);
  return app;
}

function isSigned(c: Context): boolean {
  return c.req.header('signature') !== undefined;
}

function mountWellKnown(app: Hono, { wellKnown, site }: MountParts): void {
  const ask = (c: Context) => {
    // The address that was meant is our configured origin, whatever a proxy made of it.
    const url = new URL(c.req.url);
    const request = new Request(new URL(url.pathname + url.search, site.origin), { headers: c.req.raw.headers });
    return wellKnown.fetch(request, { contextData: undefined });
  };
  app.get('/.well-known/webfinger', ask);
  app.get('/.well-known/nodeinfo', ask);
  app.get('/nodeinfo/2.1', ask);
  app.get('/.well-known/host-meta', (c) =>
    c.body(
      `<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n` +
        `  <Link rel="lrdd" template="${site.origin}/.well-known/webfinger?resource={uri}"/>\n</XRD>\n`,
      200,
      { 'content-type': 'application/xrd+xml; charset=utf-8' },
    ),
  );
}

function mountInboxes(app: Hono, parts: MountParts): void {
  const receive = async (c: Context) => {
    const address = addressOf(c);
    if (!(await parts.mayPost(address))) return c.text('too many requests', 429, { 'retry-after': '60' });
    const body = await readCapped(c.req.raw, limits.inboxBodyBytes);
    if (!body) return c.text('too large', 413);
    const url = new URL(c.req.url);
    const admission = await parts.admit({
      method: 'POST',
      path: url.pathname + url.search,
      headers: c.req.raw.headers,
      body,
    });
    if (admission.status !== 202) parts.refused(address, admission);
    return c.body(null, admission.status);
  };
  app.post('/inbox', receive);
  app.post('/users/:handle/inbox', async (c) => {
    const owner = await findAccount(parts.reader, c.req.param('handle'), '');
    if (!owner) return c.body(null, 404);
    return owner.deletedAt === null ? receive(c) : c.body(null, 410);
  });
}

function addressOf(c: Context): string {
  try {
    return getConnInfo(c).remote.address ?? '';
  } catch {
    return '';
  }
}

async function readCapped(request: Request, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
