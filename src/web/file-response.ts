import type { ByteRange, StoredFile } from '#domain/media/media-storage.ts';
import type { MediaType } from '#domain/media/media-types.ts';

export interface ServedFile {
  file: StoredFile;
  /** From our own closed list: never a type that came with the file. */
  type: MediaType;
  /** What a download is called. */
  name: string;
  /** Without quotes; names exactly these bytes. */
  tag: string;
  cacheControl: string;
}

/**
 * Whatever a file holds, it is only ever looked at: not sniffed for another type, not run as a page, without
 * cookies or scripts of ours even when it is opened by itself.
 */
export const MEDIA_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  // Other servers' pages and apps show our media.
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
  'referrer-policy': 'no-referrer',
} as const;

/** Answers for a file with RFC 9110's conditions (§13) and single ranges (§14); players of video need the latter. */
export function fileResponse(request: Request, { file, type, name, tag, cacheControl }: ServedFile): Response {
  const etag = `"${tag}"`;
  const headers = new Headers({ ...MEDIA_HEADERS, 'cache-control': cacheControl, 'accept-ranges': 'bytes', etag });
  if (matches(request.headers.get('if-none-match'), etag)) return new Response(null, { status: 304, headers });

  headers.set('content-type', type);
  headers.set('content-disposition', `inline; filename="${name}"`);
  const ifRange = request.headers.get('if-range');
  const range = ifRange === null || ifRange === etag ? rangeOf(request.headers.get('range'), file.bytes) : null;
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${file.bytes}`);
    headers.delete('content-type');
    return new Response(null, { status: 416, headers });
  }
  if (range === null) {
    headers.set('content-length', String(file.bytes));
    return new Response(file.read(), { headers });
  }
  headers.set('content-range', `bytes ${range.first}-${range.last}/${file.bytes}`);
  headers.set('content-length', String(range.last - range.first + 1));
  return new Response(file.read(range), { status: 206, headers });
}

function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.split(',').some((one) => ['*', etag, `W/${etag}`].includes(one.trim()));
}

/** Null where the whole is to be sent: for no range, several, or one that makes no sense. */
function rangeOf(header: string | null, bytes: number): ByteRange | 'unsatisfiable' | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return null;
  if (from === '') {
    const suffix = Number(to);
    return suffix === 0 || bytes === 0 ? 'unsatisfiable' : { first: Math.max(0, bytes - suffix), last: bytes - 1 };
  }
  const first = Number(from);
  const last = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (to !== '' && Number(to) < first) return null;
  return first >= bytes ? 'unsatisfiable' : { first, last };
}
