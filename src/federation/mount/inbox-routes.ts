import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono, type Context } from 'hono';
import { findAccount, type Reader } from '#domain/accounts/accounts.queries.ts';
import type { Admission, InboxRequest } from '#federation/inbox/admit.ts';
import { limits } from '#kernel/limits.ts';

export interface InboxRouteParts {
  reader: Reader;
  admit(request: InboxRequest): Promise<Admission>;
  /** Who sends, by the socket's peer and the header that a trusted proxy sets. */
  addressOf(peer: string | null, forwardedFor: string | null): string | null;
  /** False when this address has sent too much that was refused, or signed too much that does not hold. */
  mayPost(address: string): Promise<boolean>;
  /** Told of every answer. */
  received(address: string, admission: Admission): void;
}

/** The shared inbox and everyone's own: they take the same, since who is meant stands in the activity. */
export function inboxRoutes(parts: InboxRouteParts): Hono {
  const app = new Hono();
  const receive = async (c: Context) => {
    const address = senderAddress(c, parts);
    if (!(await parts.mayPost(address))) return c.text('too many requests', 429, { 'retry-after': '60' });
    const body = await readCapped(c.req.raw, limits.inboxBodyBytes);
    if (!body) return c.text('too large', 413);
    const url = new URL(c.req.url);
    const { headers } = c.req.raw;
    const admission = await parts.admit({ method: 'POST', path: url.pathname + url.search, headers, body });
    parts.received(address, admission);
    if (admission.status === 429) c.header('retry-after', String(limits.inboxRetrySeconds));
    return c.body(null, admission.status);
  };

  app.post('/inbox', receive);
  app.post('/users/:handle/inbox', async (c) => {
    const owner = await findAccount(parts.reader, c.req.param('handle'), '');
    if (!owner) return c.body(null, 404);
    return owner.deletedAt === null ? receive(c) : c.body(null, 410);
  });
  return app;
}

/** The address by which a sender is limited; one for all who have none. */
export function senderAddress(c: Context, parts: Pick<InboxRouteParts, 'addressOf'>): string {
  return parts.addressOf(peerOf(c), c.req.header('x-forwarded-for') ?? null) ?? '';
}

function peerOf(c: Context): string | null {
  try {
    return getConnInfo(c).remote.address ?? null;
  } catch {
    // Asked without a socket.
    return null;
  }
}

async function readCapped(request: Request, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const length = request.headers.get('content-length');
  // The parser of HTTP holds a body to its length; as a stream it would cost as much as the signature.
  if (length !== null && request.headers.get('transfer-encoding') === null) {
    return Number(length) <= bytesMax ? new Uint8Array(await request.arrayBuffer()) : null;
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
