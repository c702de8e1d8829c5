import { Hono, type Context } from 'hono';
import { postUri } from '#domain/accounts/account-uris.ts';
import * as collections from '#federation/documents/collections.ts';
import { missing, sendPrivate } from '#federation/mount/answers.ts';
import type { DocumentRouteParts } from '#federation/mount/document-routes.ts';
import { visiblePostVersion } from '#federation/mount/visible-post.ts';
import type { JsonLd } from '#federation/vocabulary.ts';
import { parseId } from '#kernel/ids.ts';

export interface CollectionRouteParts extends DocumentRouteParts {
  /** The address of the actor that signed a request; null for none, or a signature that does not hold. */
  signerOf(c: Context): Promise<string | null>;
}

type Query = collections.CollectionQuery;

/** Collections of accounts and posts, each as far as the asker may see it. */
export function collectionRoutes(parts: CollectionRouteParts): Hono {
  const app = new Hono();
  const { reader, site } = parts;
  const context = { reader, site };

  const answer = async (c: Context, make: (query: Query) => Promise<JsonLd | null>) => {
    const before = c.req.query('before');
    const document = await make({
      before: before === undefined ? null : (parseId(before) ?? 0),
      viewerId: await parts.viewerOf(c),
    });
    return document ? sendPrivate(document) : missing(c);
  };
  const ofPost = (c: Context, make: (postId: number, uri: string, query: Query) => Promise<JsonLd>) =>
    answer(c, async (query) => {
      const { handle = '', id = '' } = c.req.param() as { handle?: string; id?: string };
      const postId = parseId(id);
      if (postId === null || (await visiblePostVersion(reader, handle, postId, query.viewerId)) === null) return null;
      return make(postId, postUri(site, handle, postId), query);
    });

  app.get('/users/:handle/outbox', (c) =>
    answer(c, (query) => collections.outbox(context, c.req.param('handle'), query)),
  );
  for (const relation of ['followers', 'following'] as const) {
    app.get(`/users/:handle/${relation}`, (c) =>
      answer(c, (query) => collections.relations(context, c.req.param('handle') ?? '', relation, query)),
    );
  }
  app.get('/users/:handle/collections/featured', (c) =>
    answer(c, (query) => collections.featured(context, c.req.param('handle'), query)),
  );
  app.get('/users/:handle/posts/:id/replies', (c) =>
    ofPost(c, (id, uri, query) => collections.replies(context, id, uri, query)),
  );
  for (const mark of ['likes', 'shares'] as const) {
    app.get(`/users/:handle/posts/:id/${mark}`, (c) =>
      ofPost(c, (id, uri) => collections.marks(context, id, uri, mark)),
    );
  }
  app.get('/users/:handle/followers_synchronization', async (c) => {
    const uri = await parts.signerOf(c);
    if (uri === null) return missing(c);
    const document = await collections.followersSynchronization(context, c.req.param('handle'), new URL(uri).host);
    return document ? sendPrivate(document) : missing(c);
  });
  return app;
}
