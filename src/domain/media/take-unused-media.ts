import { textsIn } from '#db/dialect.ts';
import type { Unit } from '#db/unit.ts';
import { copyKey, type CopyVariant } from '#domain/media/file-names.ts';
import { mediaLimits } from '#domain/media/media-limits.ts';
import type { FilesToRemove } from '#domain/media/media-storage.ts';

interface Unused {
  file: string | null;
  preview_file: string | null;
  remote_url: string | null;
  preview_remote_url: string | null;
}

/**
 * Forgets media that nothing uses any more: uploads that no post took within a day, media of deleted posts, pictures
 * that a profile or an emoji no longer shows. Takes a batch; `more` tells whether there may be others.
 */
export async function takeUnusedMedia(unit: Unit): Promise<FilesToRemove & { more: boolean }> {
  const rows = await unit.tx.hot<Unused>(
    `delete from media where id in (
       select m.id from media m where m.post_id is null and m.created_at < $1 and (
         m.purpose = 'post'
         or (m.purpose in ('avatar', 'header') and not exists (
           select 1 from accounts a
           where a.id = m.account_id and (a.avatar_media_id = m.id or a.header_media_id = m.id)))
         or (m.purpose = 'emoji' and not exists (select 1 from custom_emoji e where e.media_id = m.id)))
       limit $2)
     returning file, preview_file, remote_url, preview_remote_url`,
    unit.now - mediaLimits.unusedLifeMs,
    mediaLimits.removedAtOnce,
  );
  return {
    uploads: rows.flatMap((row) => [row.file, row.preview_file]).filter((name) => name !== null),
    cache: await forgetCopies(unit, rows),
    more: rows.length === mediaLimits.removedAtOnce,
  };
}

/** What another post still shows of the same address is fetched again when somebody looks at it. */
async function forgetCopies(unit: Unit, rows: readonly Unused[]): Promise<string[]> {
  const variants: CopyVariant[] = ['original', 'preview'];
  const keys = rows
    .flatMap((row) => [row.remote_url, row.preview_remote_url])
    .flatMap((url) => (url === null ? [] : variants.map((variant) => copyKey(url, variant))));
  if (keys.length === 0) return [];
  const gone = await unit.tx.hot<{ file: string | null }>(
    `delete from cached_media where url_hash in ${textsIn(unit.engine, '$1')} returning file`,
    JSON.stringify(keys),
  );
  return gone.map((row) => row.file).filter((name) => name !== null);
}
