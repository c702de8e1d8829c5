import { eq } from 'drizzle-orm';
import type { Unit } from '#db/unit.ts';
import { copyKey, copyName, type CopyVariant } from '#domain/media/file-names.ts';
import type { FilesToRemove } from '#domain/media/media-storage.ts';
import type { MediaType } from '#domain/media/media-types.ts';

export interface CachedCopy {
  url: string;
  variant: CopyVariant;
  /** The domain of the account that shows it, which policies name; the address itself is often on a host for files. */
  domain: string;
  /** Null when it could not be had. */
  copy: { type: MediaType; bytes: number } | null;
}

/** Notes copies that have been stored, or that there is none to be had; returns the files that they replace. */
export async function recordCachedMedia(unit: Unit, copies: readonly CachedCopy[]): Promise<FilesToRemove> {
  const { cachedMedia } = unit.schema;
  const replaced: string[] = [];
  for (const { url, variant, domain, copy } of copies) {
    const urlHash = copyKey(url, variant);
    const values = {
      file: copy && copyName(urlHash, copy.type),
      mimeType: copy?.type ?? null,
      bytes: copy?.bytes ?? 0,
      fetchedAt: unit.now,
      usedAt: unit.now,
      failedAt: copy ? null : unit.now,
    };
    const [before] = await unit.tx
      .select({ file: cachedMedia.file })
      .from(cachedMedia)
      .where(eq(cachedMedia.urlHash, urlHash));
    if (before?.file && before.file !== values.file) replaced.push(before.file);
    await unit.tx
      .insert(cachedMedia)
      .values({ urlHash, url, host: domain, ...values })
      .onConflictDoUpdate({ target: cachedMedia.urlHash, set: values });
  }
  return { uploads: [], cache: replaced };
}

/** Notes that a copy was used, for the order in which copies go. */
export async function touchCachedMedia(unit: Unit, key: string): Promise<void> {
  await unit.tx.hot('update cached_media set used_at = $1 where url_hash = $2', unit.now, key);
}
