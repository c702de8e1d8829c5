import type { Query } from '#db/store.ts';

export interface StoredMedia {
  uploads: { files: number; bytes: number };
  /** Copies of other servers' media. */
  cache: { files: number; bytes: number };
}

/** How much of the media there is, by what their rows say. */
export async function storedMedia(read: Pick<Query, 'hot'>): Promise<StoredMedia> {
  const rows = await read.hot<{ part: 'uploads' | 'cache'; files: number; bytes: number }>(
    `select 'uploads' as part, count(*) as files, coalesce(sum(bytes), 0) as bytes from media where file is not null
     union all
     select 'cache' as part, count(*) as files, coalesce(sum(bytes), 0) as bytes from cached_media where file is not null`,
  );
  const of = (part: 'uploads' | 'cache') => {
    const row = rows.find((one) => one.part === part);
    return { files: Number(row?.files ?? 0), bytes: Number(row?.bytes ?? 0) };
  };
  return { uploads: of('uploads'), cache: of('cache') };
}
