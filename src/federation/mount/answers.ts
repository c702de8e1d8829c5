import type { Context } from 'hono';
import { ACTIVITY_JSON } from '#federation/vocabulary.ts';

const VARY = 'Accept, Signature';

/** A document for everyone, with the tag by which a copy of it stays valid. */
export function sendPublic(c: Context, body: string, etag: string): Response {
  // Not by `c.body`, which puts headers of its own around them first: that takes as long as finding the document.
  const isKnown = c.req.header('if-none-match') === etag;
  return new Response(isKnown ? null : body, {
    status: isKnown ? 304 : 200,
    headers: {
      'content-type': `${ACTIVITY_JSON}; charset=utf-8`,
      vary: VARY,
      etag,
      'cache-control': 'public, max-age=60',
    },
  });
}

/** A document for this asker alone. */
export function sendPrivate(document: unknown): Response {
  return new Response(JSON.stringify(document), {
    headers: { 'content-type': `${ACTIVITY_JSON}; charset=utf-8`, vary: VARY, 'cache-control': 'private, no-store' },
  });
}

/** What is not there and what is not for this asker are told apart by nothing. */
export function missing(c: Context): Response {
  return c.json({ error: 'Not found' }, 404, { vary: VARY });
}

export function isSigned(c: Context): boolean {
  return c.req.header('signature') !== undefined;
}
