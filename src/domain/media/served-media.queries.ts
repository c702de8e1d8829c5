import { textsIn } from '#db/dialect.ts';
import type { Store } from '#db/store.ts';
import type { EmojiView } from '#domain/media/media-view.ts';
import { copyKey, keyOfCopyName, mainNameOf, remoteKey, type CopyVariant } from '#domain/media/file-names.ts';
import { emojiKey } from '#domain/media/media-paths.ts';
import type { MediaKind } from '#domain/media/media-view.ts';

type Reader = Pick<Store, 'read' | 'engine'>;

export interface ServedUpload {
  mimeType: string | null;
  /** May be kept by caches between us and the reader. */
  shared: boolean;
}

/**
 * An upload by the name of its file or of its preview; null when no row has it, its owner is suspended, or it has
 * lost its post.
 * @param unusedSince uploads that wait for their post are shown from then on.
 */
export async function servedUpload(
  { read }: Pick<Reader, 'read'>,
  name: string,
  unusedSince: number,
): Promise<ServedUpload | null> {
  const file = mainNameOf(name);
  const [row] = await read.hot<{
    mime_type: string | null;
    preview_file: string | null;
    post_id: number | null;
    visibility: string | null;
    purpose: string;
  }>(
    `select m.mime_type, m.preview_file, m.post_id, m.purpose, p.visibility
     from media m join accounts a on a.id = m.account_id left join posts p on p.id = m.post_id
     where m.file = $1 and a.suspended_at is null and a.deleted_at is null
       and (m.post_id is not null or m.purpose <> 'post' or m.created_at >= $2)`,
    file,
    unusedSince,
  );
  if (!row || (name !== file && name !== row.preview_file)) return null;
  const open = row.visibility === 'public' || row.visibility === 'unlisted';
  return { mimeType: name === file ? row.mime_type : 'image/webp', shared: open || row.purpose !== 'post' };
}

/** Something of another server that this one may show a copy of. */
export interface RemoteSource {
  url: string;
  /** The post that it is part of, whose readers are its readers; null for what everyone may see. */
  postId: number | null;
  /** Whether the post itself is for everyone. */
  shared: boolean;
  /** Where the account lives to which it belongs: the domain of its handle, the host of its addresses. */
  domain: string;
  host: string;
  /** Names this very address: opens it and tells it from what was there before. */
  key: string;
  kind: MediaKind;
}

/** The medium itself or its preview; null when there is none, or its account is suspended. */
export async function remoteMedium(
  { read }: Pick<Reader, 'read'>,
  mediaId: number,
  variant: 'original' | 'preview',
): Promise<RemoteSource | null> {
  const [row] = await read.hot<{
    kind: MediaKind;
    remote_url: string;
    preview_remote_url: string | null;
    post_id: number;
    visibility: string;
    domain: string;
    host: string;
  }>(
    `select m.kind, m.remote_url, m.preview_remote_url, m.post_id, p.visibility, a.domain, a.host
     from media m join accounts a on a.id = m.account_id join posts p on p.id = m.post_id
     where m.id = $1 and m.remote_url is not null and m.file is null
       and a.suspended_at is null and a.deleted_at is null`,
    mediaId,
  );
  if (!row || row.kind === 'file') return null;
  const ofPicture = row.kind === 'image' || variant === 'original';
  const url = ofPicture ? row.remote_url : row.preview_remote_url;
  if (url === null) return null;
  return {
    url,
    postId: row.post_id,
    shared: row.visibility === 'public' || row.visibility === 'unlisted',
    domain: row.domain,
    host: row.host,
    key: remoteKey(row.remote_url),
    kind: variant === 'preview' ? 'image' : row.kind,
  };
}

/** The picture of a remote profile. */
export async function remotePicture(
  { read }: Pick<Reader, 'read'>,
  accountId: number,
  picture: 'avatar' | 'header',
): Promise<RemoteSource | null> {
  const [row] = await read.hot<{ url: string; domain: string; host: string }>(
    `select ${picture}_remote_url as url, domain, host from accounts
     where id = $1 and ${picture}_remote_url is not null and domain <> '' and suspended_at is null and deleted_at is null`,
    accountId,
  );
  return row ? { ...row, postId: null, shared: true, key: remoteKey(row.url), kind: 'image' } : null;
}

/** An emoji in a remote account's name or in a remote post. Emoji have no rows: they are found by who shows them. */
export async function remoteEmoji(
  { read }: Pick<Reader, 'read'>,
  owner: { accountId: number } | { postId: number },
  shortcode: string,
): Promise<RemoteSource | null> {
  const [row] =
    'accountId' in owner
      ? await read.hot<EmojiRow>(
          `select emoji, domain, host, null as post_id, '' as uri, 'public' as visibility from accounts
           where id = $1 and domain <> '' and suspended_at is null and deleted_at is null`,
          owner.accountId,
        )
      : await read.hot<EmojiRow>(
          `select p.emoji, a.domain, a.host, p.id as post_id, p.uri, p.visibility from posts p join accounts a on a.id = p.author_id
           where p.id = $1 and a.domain <> '' and a.suspended_at is null and a.deleted_at is null`,
          owner.postId,
        );
  const emoji = row ? (JSON.parse(row.emoji) as EmojiView[]) : [];
  const found = emoji.find((one) => one.shortcode === shortcode);
  if (!row || !found) return null;
  return {
    url: found.url,
    postId: row.post_id,
    shared: row.visibility === 'public' || row.visibility === 'unlisted',
    domain: row.domain,
    host: row.host,
    key: emojiKey(row.uri, found.url),
    kind: 'image',
  };
}

interface EmojiRow {
  emoji: string;
  domain: string;
  host: string;
  post_id: number | null;
  uri: string;
  visibility: string;
}

export interface Copy {
  key: string;
  /** Null when it could not be had. */
  file: string | null;
  mimeType: string | null;
  fetchedAt: number;
  usedAt: number;
  failedAt: number | null;
}

export async function cachedCopy(
  { read }: Pick<Reader, 'read'>,
  url: string,
  variant: CopyVariant,
): Promise<Copy | null> {
  const [row] = await read.hot<Copy>(
    `select url_hash as key, file, mime_type as "mimeType", fetched_at as "fetchedAt", used_at as "usedAt",
       failed_at as "failedAt" from cached_media where url_hash = $1`,
    copyKey(url, variant),
  );
  return row ?? null;
}

/** Those of the names that no row of `media` has. */
export async function unknownUploads({ read, engine }: Reader, names: readonly string[]): Promise<string[]> {
  const rows = await read.hot<{ file: string; preview_file: string | null }>(
    `select file, preview_file from media where file in ${textsIn(engine, '$1')}`,
    JSON.stringify(names.map(mainNameOf)),
  );
  const known = new Set(rows.flatMap((row) => [row.file, row.preview_file]));
  return names.filter((name) => !known.has(name));
}

/** Those of the names that no row of the cache has. */
export async function unknownCopies({ read, engine }: Reader, names: readonly string[]): Promise<string[]> {
  const rows = await read.hot<{ file: string | null }>(
    `select file from cached_media where url_hash in ${textsIn(engine, '$1')}`,
    JSON.stringify(names.map(keyOfCopyName)),
  );
  const known = new Set(rows.map((row) => row.file));
  return names.filter((name) => !known.has(name));
}
