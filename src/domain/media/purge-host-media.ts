import type { Unit } from '#db/unit.ts';
import { mediaLimits } from '#domain/media/media-limits.ts';
import type { FilesToRemove } from '#domain/media/media-storage.ts';

/**
 * Forgets the copies of everything that accounts of a domain and its subdomains show, when it is suspended or its
 * media are refused. Takes a batch; `more` tells whether there may be others.
 */
export async function purgeHostMedia(
  unit: Unit,
  { domain }: { domain: string },
): Promise<FilesToRemove & { more: boolean }> {
  const below = `%.${domain.replaceAll(/[\\%_]/g, String.raw`\$&`)}`;
  const gone = await unit.tx.hot<{ file: string | null }>(
    `delete from cached_media where url_hash in (
       select url_hash from cached_media where host = $1 or host like $2 escape '\\' limit $3)
     returning file`,
    domain,
    below,
    mediaLimits.removedAtOnce,
  );
  return {
    uploads: [],
    cache: gone.map((row) => row.file).filter((name) => name !== null),
    more: gone.length === mediaLimits.removedAtOnce,
  };
}
