import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import type { Dispatcher } from 'undici';
import { insideWrite } from '#db/write-scope.ts';
import { MINUTE_MS, SECOND_MS } from '#kernel/clock.ts';
import { readNetworks } from './egress/addresses.ts';
import { createConnect, lookupInDns } from './egress/connect.ts';
import type { HostMap, Lookup } from './egress/connect.ts';
import { EgressRefused } from './egress/refused.ts';

export { lookupHost } from './egress/connect.ts';
export type { HostMap, HostTarget, Lookup } from './egress/connect.ts';
export { EgressRefused, egressRefusalOf } from './egress/refused.ts';

export interface EgressOptions {
  hostMap: HostMap;
  /** Networks (CIDR) that may be reached although they are private. */
  allowPrivate: string[];
  /** Authorities (PEM) that count instead of the usual ones: whoever wants both passes both. */
  ca?: string | Buffer;
  /** Takes the place of the `node` that `fetch` calls itself; a request's own name stays. */
  userAgent?: string;
  documentBytesMax?: number;
  mediaBytesMax?: number;
  timeouts?: EgressTimeouts;
  /** Stands in for the DNS. */
  lookup?: Lookup;
}

/** In milliseconds; `body` is the longest silence within a body, so callers bring a deadline of their own. */
export interface EgressTimeouts {
  connect: number;
  headers: number;
  body: number;
}

export interface Egress {
  /** For everything that is no media; what `install` makes the process-wide default of `fetch`. */
  documents: Dispatcher;
  /** The same walls with a larger cap: `fetch(url, { dispatcher: media })`. */
  media: Dispatcher;
  install(): void;
  close(): Promise<void>;
}

export const DOCUMENT_BYTES_MAX = 1_000_000;
const MEDIA_BYTES_MAX = 100 * 1024 * 1024;
const CONNECTIONS_PER_ORIGIN = 8;
const TIMEOUTS: EgressTimeouts = { connect: 5 * SECOND_MS, headers: 10 * SECOND_MS, body: 10 * SECOND_MS };

/**
 * The only way out of the process. The check sits where the socket is opened, so it holds for every `fetch`, for each
 * hop of a redirect and for kept-alive connections; clients on `node:http` would escape it and are banned by the
 * architecture test.
 *
 * Callers of `fetch` pass `redirect: 'manual'`: followed by `fetch`, a 307 sends a signed body on to another host.
 * The scheme of a URL is never changed here: for a host which the map gives with `http`, callers ask with `http`.
 */
export function createEgress(options: EgressOptions): Egress {
  const documents = createDispatcher(options, options.documentBytesMax ?? DOCUMENT_BYTES_MAX);
  const media = createDispatcher(options, options.mediaBytesMax ?? MEDIA_BYTES_MAX);
  let before: Dispatcher | null = null;
  let closing: Promise<unknown> | null = null;
  return {
    documents,
    media,
    install() {
      before = getGlobalDispatcher();
      setGlobalDispatcher(documents);
    },
    async close() {
      if (before && getGlobalDispatcher() === documents) setGlobalDispatcher(before);
      closing ??= Promise.all([documents.close(), media.close()]);
      await closing;
    },
  };
}

function createDispatcher(options: EgressOptions, bytesMax: number): Dispatcher {
  const timeouts = options.timeouts ?? TIMEOUTS;
  const agent = new Agent({
    connect: createConnect({
      hostMap: options.hostMap,
      allowed: readNetworks(options.allowPrivate),
      ca: options.ca,
      lookup: options.lookup ?? lookupInDns,
      timeoutMs: timeouts.connect,
    }),
    headersTimeout: timeouts.headers,
    bodyTimeout: timeouts.body,
    connections: CONNECTIONS_PER_ORIGIN,
    keepAliveTimeout: 10 * SECOND_MS,
    keepAliveMaxTimeout: MINUTE_MS,
    maxResponseSize: bytesMax,
  });
  return agent.compose((dispatch) => (request, handler) => {
    if (insideWrite()) throw new EgressRefused('inside-write', `fetch of ${String(request.origin)} inside a command`);
    return dispatch({ ...request, headers: ownHeaders(request.headers, options.userAgent) }, refuseEncoded(handler));
  });
}

/** What `fetch` and undici name themselves when the caller gave no name. */
const NAMELESS = ['node', 'undici'];

/** Asks for bodies as they are, see `refuseEncoded`, and gives our name where the caller gave none. */
function ownHeaders(given: Dispatcher.DispatchOptions['headers'], userAgent: string | undefined): string[] {
  const kept = pairsOf(given).filter(([name, value]) => {
    const lower = name.toLowerCase();
    return lower !== 'accept-encoding' && !(lower === 'user-agent' && userAgent && NAMELESS.includes(value));
  });
  const named = !userAgent || kept.some(([name]) => name.toLowerCase() === 'user-agent');
  return [...kept, ['accept-encoding', 'identity'], ...(named ? [] : [['user-agent', userAgent]])].flat();
}

function pairsOf(headers: Dispatcher.DispatchOptions['headers']): [string, string][] {
  if (!headers) return [];
  // A plain list is flat: a name, its value, the next name.
  if (Array.isArray(headers)) {
    const names = headers.filter((_, index) => index % 2 === 0);
    return names.map((name, index) => [name, headers[index * 2 + 1] ?? '']);
  }
  const entries = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return entries.flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one]));
}

/**
 * Refuses a body that is packed all the same: the cap counts what arrives on the wire, and a megabyte of gzip unpacks
 * to a gigabyte inside `fetch`, where nothing counts any more. Nobody who is asked for `identity` has to pack.
 */
function refuseEncoded(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onRequestUpgrade: (controller, status, headers, socket) =>
      handler.onRequestUpgrade?.(controller, status, headers, socket),
    onResponseStart(controller, status, headers, message) {
      const encoding = String(headers['content-encoding'] ?? 'identity');
      if (encoding.toLowerCase() === 'identity') handler.onResponseStart?.(controller, status, headers, message);
      else controller.abort(new EgressRefused('encoding', `an answer packed with ${encoding.slice(0, 50)}`));
    },
    onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => handler.onResponseError?.(controller, error),
  };
}
