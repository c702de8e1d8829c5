import { idsIn } from '#db/dialect.ts';
import type { Store } from '#db/store.ts';
import { mediaPath, previewPath } from '#domain/media/media-paths.ts';
import type { MediaKind, MediaView } from '#domain/media/media-view.ts';

type Reader = Pick<Store, 'read' | 'engine'>;

/** The columns of a media view, from `media m`. */
const MEDIA_COLUMNS = `m.id, m.post_id, m.kind, m.mime_type, m.file, m.preview_file, m.remote_url,
  m.preview_remote_url, m.description, m.width, m.height, m.blurhash, m.focus_x, m.focus_y`;

interface MediaRow {
  id: number;
  post_id: number | null;
  kind: MediaKind;
  mime_type: string | null;
  file: string | null;
  preview_file: string | null;
  remote_url: string | null;
  preview_remote_url: string | null;
  description: string | null;
  width: number | null;
  height: number | null;
  blurhash: string | null;
  focus_x: number;
  focus_y: number;
}

function mediaView(row: MediaRow): MediaView {
  return {
    id: row.id,
    kind: row.kind,
    url: mediaPath(row),
    previewUrl: previewPath(row),
    remoteUrl: row.remote_url,
    mimeType: row.mime_type,
    description: row.description,
    width: row.width,
    height: row.height,
    blurhash: row.blurhash,
    focusX: row.focus_x,
    focusY: row.focus_y,
  };
}

/**
 * The media of each post, in order.
 * @param refused whether media of a domain's accounts are refused here; they are then only linked to.
 */
export async function mediaOfPosts(
  { read, engine }: Reader,
  postIds: Iterable<number>,
  refused: (domain: string) => boolean = () => false,
): Promise<Map<number, MediaView[]>> {
  const rows = await read.hot<MediaRow & { post_id: number; domain: string; host: string }>(
    `select ${MEDIA_COLUMNS}, a.domain, a.host from media m join accounts a on a.id = m.account_id
     where m.post_id in ${idsIn(engine, '$1')} order by m.post_id, m.position, m.id`,
    JSON.stringify([...postIds]),
  );
  const views = new Map<number, MediaView[]>();
  for (const row of rows) {
    const view = mediaView(row);
    const isRefused = row.file === null && (refused(row.domain) || refused(row.host));
    const shown = isRefused ? { ...view, url: null, previewUrl: null } : view;
    views.set(row.post_id, [...(views.get(row.post_id) ?? []), shown]);
  }
  return views;
}

/** One's own upload; null for everyone else's. */
export async function ownMedia(
  { read }: Pick<Reader, 'read'>,
  accountId: number,
  mediaId: number,
): Promise<(MediaView & { postId: number | null }) | null> {
  const [row] = await read.hot<MediaRow>(
    `select ${MEDIA_COLUMNS} from media m where m.id = $1 and m.account_id = $2 and m.file is not null`,
    mediaId,
    accountId,
  );
  return row ? { ...mediaView(row), postId: row.post_id } : null;
}
