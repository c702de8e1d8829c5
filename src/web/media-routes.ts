import { Hono } from 'hono';
import type { Store } from '#db/store.ts';
import { isUploadName, type CopyVariant } from '#domain/media/file-names.ts';
import { mediaLimits } from '#domain/media/media-limits.ts';
import type { MediaStorage } from '#domain/media/media-storage.ts';
import { isMediaType } from '#domain/media/media-types.ts';
import {
  remoteEmoji,
  remoteMedium,
  remotePicture,
  servedUpload,
  type RemoteSource,
} from '#domain/media/served-media.queries.ts';
import type { Clock } from '#kernel/clock.ts';
import { DomainError } from '#kernel/errors.ts';
import { parseId } from '#kernel/ids.ts';
import { sameSecret } from '#kernel/tokens.ts';
import { fileResponse, MEDIA_HEADERS } from '#web/file-response.ts';
import type { RemoteMedia } from '#web/remote-media.ts';

/** What this instance holds of a domain, as far as its media go. */
export interface MediaPolicy {
  severity: 'none' | 'limit' | 'suspend';
  rejectMedia: boolean;
}

export interface MediaRouteParts {
  store: Pick<Store, 'read'>;
  clock: Clock;
  uploads: MediaStorage;
  remote: RemoteMedia;
  /** Who asks, by session or token; null for anyone. */
  viewerOf(request: Request): Promise<number | null>;
  canSeePost(viewerId: number | null, postId: number): Promise<boolean>;
  /** Null where nothing is held of the domain, nor of one above it. */
  policyOf(domain: string): MediaPolicy | null | Promise<MediaPolicy | null>;
}

const YEAR_SECONDS = 31_536_000;

/**
 * Media of this instance and its copies of others'.
 *
 * An upload is opened by its name, 128 random bits that only those learn who see its post: other servers and apps
 * fetch media without saying who asks, so there is nobody to check. It closes with the deletion of the post, with an
 * edit that drops it, and with the suspension of its owner.
 *
 * Remote media are found by our ids, which can be guessed, so a copy of what is not public opens to a session that
 * sees the post, or to `key` (see `remoteKey`). No address is ever taken from a request.
 *
 * Everything that is not shown answers alike, whether it is missing, hidden, refused or out of order.
 */
export function mediaRoutes(parts: MediaRouteParts): Hono {
  const app = new Hono();

  app.get('/media/:file', (c) => serveUpload(parts, c.req.raw, c.req.param('file')));

  app.get('/media/remote/:mediaId/:variant{original|preview}', async (c) => {
    const { mediaId, variant } = c.req.param() as { mediaId: string; variant: 'original' | 'preview' };
    const id = parseId(mediaId);
    const source = id === null ? null : await remoteMedium(parts.store, id, variant);
    return serveCopy(parts, c.req.raw, source, variant);
  });

  app.get('/media/proxy/:kind{avatar|header}/:id', async (c) => {
    const { kind, id } = c.req.param() as { kind: 'avatar' | 'header'; id: string };
    const accountId = parseId(id);
    const source = accountId === null ? null : await remotePicture(parts.store, accountId, kind);
    return serveCopy(parts, c.req.raw, source, kind);
  });

  app.get('/media/proxy/:kind{account-emoji|post-emoji}/:id/:shortcode', async (c) => {
    const { kind, id, shortcode } = c.req.param();
    const ownerId = parseId(id);
    if (ownerId === null) return nothing();
    const owner = kind === 'account-emoji' ? { accountId: ownerId } : { postId: ownerId };
    return serveCopy(parts, c.req.raw, await remoteEmoji(parts.store, owner, shortcode), 'emoji');
  });

  return app;
}

async function serveUpload(
  { store, clock, uploads }: MediaRouteParts,
  request: Request,
  name: string,
): Promise<Response> {
  if (!isUploadName(name)) return nothing();
  const upload = await servedUpload(store, name, clock.now() - mediaLimits.unusedLifeMs);
  const file = upload && (await uploads.open(name));
  if (!file || !isMediaType(upload.mimeType)) return nothing();
  const cacheControl = `${upload.shared ? 'public' : 'private'}, max-age=${YEAR_SECONDS}, immutable`;
  return fileResponse(request, { file, type: upload.mimeType, name, tag: name, cacheControl });
}

async function serveCopy(
  parts: MediaRouteParts,
  request: Request,
  source: RemoteSource | null,
  variant: CopyVariant,
): Promise<Response> {
  if (!source) return nothing();
  const named = sameSecret(new URL(request.url).searchParams.get('key') ?? '', source.key);
  if (!source.shared && !named && !(await mayOpen(parts, request, source))) return nothing();
  if (await isRefused(parts, source)) return nothing();
  try {
    const copy = await parts.remote.copyOf(source, variant);
    return copy ? fileResponse(request, { ...copy, cacheControl: cachingOf(source, named) }) : nothing();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'too-many') return later();
    throw error;
  }
}

async function mayOpen(parts: MediaRouteParts, request: Request, { postId }: RemoteSource): Promise<boolean> {
  return postId !== null && (await parts.canSeePost(await parts.viewerOf(request), postId));
}

/** By where the account lives and by the host of the file, which is often another. */
async function isRefused({ policyOf }: MediaRouteParts, { domain, host, url }: RemoteSource): Promise<boolean> {
  for (const name of new Set([domain, host, URL.parse(url)?.hostname ?? ''])) {
    const policy = await policyOf(name);
    if (policy?.rejectMedia || policy?.severity === 'suspend') return true;
  }
  return false;
}

/** Only an address with the key says which picture it means; without it another one may come tomorrow. */
function cachingOf({ shared }: RemoteSource, named: boolean): string {
  const scope = shared ? 'public' : 'private';
  return named ? `${scope}, max-age=${7 * 86_400}, immutable` : `${scope}, max-age=900`;
}

function nothing(): Response {
  const headers = {
    ...MEDIA_HEADERS,
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'private, max-age=60',
  };
  return new Response('Not found\n', { status: 404, headers });
}

function later(): Response {
  const headers = {
    ...MEDIA_HEADERS,
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': '30',
  };
  return new Response('Try again later\n', { status: 503, headers });
}
