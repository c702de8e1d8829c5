import { FetchError } from '@fedify/vocab-runtime';
import type { DocumentLoader, RemoteDocument } from '@fedify/vocab-runtime';
import { SECOND_MS } from '#kernel/clock.ts';
import { contextLoader as bundledLoader, findContext } from './loaders/contexts.ts';
import { createDocumentCache } from './loaders/document-cache.ts';
import { fetchDocument, withoutFragment } from './loaders/fetch-document.ts';
import type { FetchSettings, Signer } from './loaders/fetch-document.ts';

export type { Signer } from './loaders/fetch-document.ts';

export interface LoaderOptions {
  userAgent: string;
  /** For one document with all its hops. */
  timeoutMs?: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Hosts that may be asked without TLS: those that `HOST_MAP` gives with `http`. None by default. */
  plainHttpHosts?: (hostname: string) => boolean;
}

export interface Loaders {
  /** Answers from the bundle only, see `loaders/contexts.ts`. */
  contextLoader: DocumentLoader;
  documentLoader: DocumentLoader;
  /** Signs each request as this actor. Ask for it as often as you like: all of them share the cache. */
  authenticatedLoader(signer: Signer): DocumentLoader;
  /** Past the cache, in both directions. Throws like the loaders, and whatever `beforeRequest` throws. */
  fetchDocument(url: string | URL, options?: FetchOptions): Promise<RemoteDocument>;
  stats: LoaderStats;
}

export interface FetchOptions {
  signer?: Signer | null;
  beforeRequest?: (at: URL) => void;
}

export interface LoaderStats {
  /** Documents asked for, from the cache or not. */
  asked: number;
  fetched: number;
  unknownContexts: number;
}

const TIMEOUT_MS = 10 * SECOND_MS;

/** Document loaders for Fedify, whose own fetch bodies of any size, for any time, over any number of alternates. */
export function createLoaders(options: LoaderOptions): Loaders {
  const settings: FetchSettings = {
    userAgent: options.userAgent,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    now: options.now,
    plainHttpHosts: options.plainHttpHosts ?? (() => false),
  };
  const stats: LoaderStats = { asked: 0, fetched: 0, unknownContexts: 0 };
  const cached = createDocumentCache(options.now);

  const contextLoader: DocumentLoader = (name, given) => {
    if (findContext(name) === null) stats.unknownContexts += 1;
    return bundledLoader(name, given);
  };
  const loaderOf =
    (signer?: Signer): DocumentLoader =>
    async (url, given) => {
      // Fedify asks the document loader for contexts, too, where it was given no other.
      if (findContext(url) !== null) return bundledLoader(url, given);
      stats.asked += 1;
      const at = readUrl(url);
      const loading = cached(`${signer?.keyId.href ?? ''} ${withoutFragment(at)}`, () => {
        stats.fetched += 1;
        return fetchDocument(at, settings, signer);
      });
      return untilAborted(loading, given?.signal);
    };

  return {
    contextLoader,
    documentLoader: loaderOf(),
    authenticatedLoader: loaderOf,
    async fetchDocument(url, { signer, beforeRequest } = {}) {
      stats.fetched += 1;
      const watched = beforeRequest ? { ...settings, beforeRequest } : settings;
      const { remote } = await fetchDocument(readUrl(url), watched, signer ?? undefined);
      return remote;
    },
    stats,
  };
}

function readUrl(url: string | URL): URL {
  const parsed = URL.parse(url);
  if (!parsed) throw new FetchError('about:invalid', `not a URL: ${String(url).slice(0, 100)}`);
  return parsed;
}

/** Lets one caller go while the others still wait for the same document. */
function untilAborted<T>(loading: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return loading;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    loading.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
