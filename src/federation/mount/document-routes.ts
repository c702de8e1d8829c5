import { Hono, type Context } from 'hono';
import type { Store } from '#db/store.ts';
import type { Site } from '#db/unit.ts';
import { postUri } from '#domain/accounts/account-uris.ts';
import type { Reader } from '#domain/accounts/accounts.queries.ts';
import { emojiById } from '#domain/emoji/emoji.queries.ts';
import { createServedDocuments } from '#federation/mount/served-documents.ts';
import { actorDocument } from '#federation/documents/actor.ts';
import { emojiDocument } from '#federation/documents/emoji.ts';
import { localPost } from '#federation/documents/note.ts';
import { isSigned, missing, sendPrivate, sendPublic } from '#federation/mount/answers.ts';
import { visiblePostVersion } from '#federation/mount/visible-post.ts';
import { ACTIVITY_JSON, OBJECT_CONTEXT, wantsActivityJson, type JsonLd } from '#federation/vocabulary.ts';
import { parseId } from '#kernel/ids.ts';

export interface DocumentRouteParts {
  reader: Reader & Pick<Store, 'commitMark'>;
  site: Site;
  /** The account that signed a request; 0 for nobody. */
  viewerOf(c: Context): Promise<number>;
}

/** The documents of actors and posts. Who asks for a page is sent, or left, to the web. */
export function documentRoutes({ reader, site, viewerOf }: DocumentRouteParts): Hono {
  const app = new Hono();
  const served = createServedDocuments(reader);

  const actor = async (c: Context, handle: string) => {
    const folded = handle.toLowerCase();
    const document = await served.get(
      `actor ${folded}`,
      () => actorVersion(reader, folded),
      () => actorDocument(reader, site, handle),
    );
    if (document) return sendPublic(c, document.body, document.etag);
    return (await isDeleted(reader, folded)) ? c.body(null, 410) : missing(c);
  };

  const note = async (postId: number): Promise<JsonLd | null> => {
    const found = await localPost(reader, site, postId);
    return found ? { '@context': OBJECT_CONTEXT, ...found.note } : null;
  };
  const post = async (c: Context, handle: string, id: string) => {
    const postId = parseId(id);
    if (postId === null) return missing(c);
    const document = await served.get(
      `post ${handle.toLowerCase()} ${postId}`,
      () => visiblePostVersion(reader, handle, postId, 0),
      () => note(postId),
    );
    if (document) return sendPublic(c, document.body, document.etag);
    if (isSigned(c) && (await visiblePostVersion(reader, handle, postId, await viewerOf(c))) !== null) {
      return sendPrivate(await note(postId));
    }
    return grave(c, postUri(site, handle, postId));
  };
  const grave = async (c: Context, uri: string) => {
    const buried = await reader.read.hot('select 1 as buried from tombstones where uri = $1', uri);
    if (buried.length === 0) return missing(c);
    return c.json({ '@context': OBJECT_CONTEXT, id: uri, type: 'Tombstone' }, 410, { 'content-type': ACTIVITY_JSON });
  };

  app.get('/users/:handle', async (c) => {
    const { handle } = c.req.param();
    return wantsActivityJson(c.req.header('accept')) ? actor(c, handle) : c.redirect(`/@${handle}`);
  });
  app.get('/users/:handle/posts/:id', async (c) => {
    const { handle, id } = c.req.param();
    return wantsActivityJson(c.req.header('accept')) ? post(c, handle, id) : c.redirect(`/@${handle}/${id}`);
  });
  app.get('/emoji/:id{[0-9]+}', async (c) => {
    const id = parseId(c.req.param('id'));
    const emoji = id === null ? null : await emojiById(reader, id);
    if (!emoji) return missing(c);
    if (!wantsActivityJson(c.req.header('accept'))) return c.redirect(emoji.url);
    const document = { '@context': OBJECT_CONTEXT, ...emojiDocument(emoji, site) };
    return c.json(document, 200, { 'content-type': `${ACTIVITY_JSON}; charset=utf-8`, vary: 'Accept' });
  });
  // The pages' own addresses answer with the document, too: people paste those.
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
  return app;
}

async function actorVersion({ read }: Reader, handleFolded: string): Promise<string | null> {
  const rows = await read.hot<{ version: number; suspended_at: number | null }>(
    `select version, suspended_at from accounts
     where handle_folded = $1 and domain = '' and pending_at is null and deleted_at is null`,
    handleFolded,
  );
  const [row] = rows;
  return row ? `${row.version} ${row.suspended_at}` : null;
}

async function isDeleted({ read }: Reader, handleFolded: string): Promise<boolean> {
  const rows = await read.hot(
    `select 1 as deleted from accounts
     where handle_folded = $1 and domain = '' and pending_at is null and deleted_at is not null`,
    handleFolded,
  );
  return rows.length > 0;
}
