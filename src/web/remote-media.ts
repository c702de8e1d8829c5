import type { Store } from '#db/store.ts';
import type { Commit } from '#db/unit.ts';
import { copyKey, copyName, type CopyVariant } from '#domain/media/file-names.ts';
import { evictCachedMedia } from '#domain/media/evict-cached-media.ts';
import { mediaLimits } from '#domain/media/media-limits.ts';
import type { MediaProcessor } from '#domain/media/media-processor.ts';
import { removeFiles, type MediaStores, type StoredFile } from '#domain/media/media-storage.ts';
import { isMediaType, type MediaType } from '#domain/media/media-types.ts';
import { recordCachedMedia, touchCachedMedia, type CachedCopy } from '#domain/media/record-cached-media.ts';
import { cachedCopy, type RemoteSource } from '#domain/media/served-media.queries.ts';
import type { Clock } from '#kernel/clock.ts';
import { DomainError } from '#kernel/errors.ts';
import { download, DownloadFailed, type Download, type MediaFetch } from '#web/download.ts';
import { createGate } from '#web/gate.ts';

export interface RemoteMediaParts {
  store: Pick<Store, 'read'>;
  commit: Commit;
  clock: Clock;
  processor: MediaProcessor;
  stores: MediaStores;
  fetch: MediaFetch;
  /** What all copies together may take. */
  bytesMax: number;
  report(error: unknown): void;
}

export interface RemoteCopy {
  file: StoredFile;
  type: MediaType;
  name: string;
  tag: string;
}

export interface RemoteMedia {
  /**
   * Our copy of what another server shows, fetched when there is none; null when it cannot be had.
   * @throws too-many when there is no time or no room for it now.
   */
  copyOf(source: RemoteSource, variant: CopyVariant): Promise<RemoteCopy | null>;
}

/** Copies of remote media on disk: fetched once, checked and re-encoded like uploads, failures remembered. */
export function createRemoteMedia(parts: RemoteMediaParts): RemoteMedia {
  const gate = createGate({
    places: mediaLimits.remoteFetchesInFlight,
    placesPerKey: mediaLimits.remoteFetchesPerHost,
    waitingMax: mediaLimits.remoteFetchesWaiting,
  });
  const inFlight = new Map<string, Promise<void>>();
  const makeRoom = createRoomMaker(parts);

  /** Several readers of one picture wait for one fetch. */
  function acquireOnce(source: RemoteSource, variant: CopyVariant): Promise<void> {
    const key = copyKey(source.url, variantsMade(variant)[0]);
    const running = inFlight.get(key);
    if (running) return running;
    const one = gate
      .pass(hostOf(source.url), async () => makeRoom(await acquire(parts, source, variant)))
      .finally(() => inFlight.delete(key));
    inFlight.set(key, one);
    return one;
  }

  return {
    async copyOf(source, variant) {
      const found = await openCopy(parts, source, variant);
      if (found !== 'none') return found;
      await acquireOnce(source, variant);
      const fetched = await openCopy(parts, source, variant);
      return fetched === 'none' ? null : fetched;
    },
  };
}

/** Null where it is known that there is none to be had. */
async function openCopy(
  { store, commit, clock, stores, report }: RemoteMediaParts,
  source: RemoteSource,
  variant: CopyVariant,
): Promise<RemoteCopy | 'none' | null> {
  const copy = await cachedCopy(store, source.url, variant);
  if (!copy) return 'none';
  const now = clock.now();
  if (copy.failedAt !== null) return now - copy.failedAt < mediaLimits.remoteFailureMs ? null : 'none';
  // The file may be gone: the cache's folder is the admin's to empty.
  const file = copy.file && (await stores.cache.open(copy.file));
  if (!file || !copy.file || !isMediaType(copy.mimeType)) return 'none';
  if (now - copy.usedAt >= mediaLimits.usedWithinMs) await commit(touchCachedMedia, copy.key).catch(report);
  return { file, type: copy.mimeType, name: copy.file, tag: `${copy.key.slice(0, 32)}-${copy.fetchedAt.toString(36)}` };
}

/** What comes of one download: a picture of a post is always needed in both sizes. */
function variantsMade(variant: CopyVariant): readonly [CopyVariant, ...CopyVariant[]] {
  return variant === 'original' || variant === 'preview' ? ['original', 'preview'] : [variant];
}

/** Returns how many bytes it has stored. */
async function acquire(parts: RemoteMediaParts, source: RemoteSource, variant: CopyVariant): Promise<number> {
  const { url, domain } = source;
  const variants = variantsMade(variant);
  const copies: CachedCopy[] = variants.map((one) => ({ url, variant: one, domain, copy: null }));
  try {
    await download(parts.fetch, source, async (answer) => {
      for (const made of await store(parts, answer, url, variants)) {
        const place = copies.find((copy) => copy.variant === made.variant);
        if (place) place.copy = made.copy;
      }
    });
  } catch (error) {
    // No room or no time here is no failure of theirs: the next reader may try again.
    const theirs = error instanceof DownloadFailed || (error instanceof DomainError && error.code === 'invalid');
    if (!theirs) throw error;
  }
  await removeFiles(parts.stores, await parts.commit(recordCachedMedia, copies));
  return copies.reduce((sum, { copy }) => sum + (copy?.bytes ?? 0), 0);
}

/** The part of the cap that may come in before the oldest copies go: what it costs to look is not to be paid each time. */
const ROOM_SHARE = 0.05;

/**
 * Keeps the cache within its cap while it grows. A job looks once an hour, and anybody can ask for enough copies in
 * an hour to fill the disk.
 */
function createRoomMaker({ commit, stores, bytesMax }: RemoteMediaParts): (stored: number) => Promise<void> {
  let since = 0;
  return async (stored) => {
    since += stored;
    if (since < bytesMax * ROOM_SHARE) return;
    since = 0;
    for (let more = true; more;) {
      const gone = await commit(evictCachedMedia, { bytesMax });
      await removeFiles(stores, gone);
      more = gone.more;
    }
  };
}

type Made = Pick<CachedCopy, 'variant' | 'copy'>;

/** Puts what arrives into the cache. Nothing is made of what is no medium, or not the one that is needed. */
async function store(
  { processor, stores }: RemoteMediaParts,
  answer: Download,
  url: string,
  variants: readonly CopyVariant[],
): Promise<Made[]> {
  const put = async (variant: CopyVariant, type: MediaType, content: Uint8Array | AsyncIterable<Uint8Array>) => ({
    variant,
    copy: { type, bytes: await stores.cache.put(copyName(copyKey(url, variant), type), content) },
  });
  const sniffed = processor.sniff(answer.head);
  const main = variants[0] ?? 'original';
  if (sniffed === 'picture') {
    const purpose = main === 'original' || main === 'preview' ? 'post' : main;
    const { body, preview, type } = await processor.process(await answer.whole(), purpose);
    const made = [await put(main, type, body)];
    if (variants.includes('preview')) made.push(await put('preview', type, preview ?? body));
    return made;
  }
  return sniffed && main === 'original' ? [await put(main, sniffed, answer.rest())] : [];
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}
