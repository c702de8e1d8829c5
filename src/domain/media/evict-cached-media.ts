import { textsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { mediaLimits } from '#domain/media/media-limits.ts';
import type { FilesToRemove } from '#domain/media/media-storage.ts';

/**
 * Forgets the least recently used copies of remote media until the rest has room in `bytesMax`, and failures that
 * no longer hold back another try. Takes a batch; `more` tells whether there are others.
 */
export async function evictCachedMedia(
  unit: Unit,
  { bytesMax }: { bytesMax: number },
): Promise<FilesToRemove & { more: boolean }> {
  await unit.tx.hot('delete from cached_media where failed_at < $1', unit.now - mediaLimits.remoteFailureMs);
  const [sum] = await unit.tx.hot<{ bytes: number | null }>('select sum(bytes) as bytes from cached_media');
  let surplus = Number(sum?.bytes ?? 0) - bytesMax;
  if (surplus <= 0) return { uploads: [], cache: [], more: false };

  const oldest = await unit.tx.hot<{ url_hash: string; bytes: number }>(
    'select url_hash, bytes from cached_media where file is not null order by used_at, url_hash limit $1',
    mediaLimits.removedAtOnce,
  );
  const keys: string[] = [];
  for (const row of oldest) {
    if (surplus <= 0) break;
    keys.push(row.url_hash);
    surplus -= row.bytes;
  }
  const gone = await unit.tx.hot<{ file: string }>(
    `delete from cached_media where url_hash in ${textsIn(unit.engine, '$1')} returning file`,
    JSON.stringify(keys),
  );
  return { uploads: [], cache: gone.map((row) => row.file), more: surplus > 0 && gone.length > 0 };
}
