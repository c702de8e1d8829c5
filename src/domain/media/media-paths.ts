import type { EmojiView } from '#domain/media/media-view.ts';
import { remoteKey } from '#domain/media/file-names.ts';
import type { MediaKind } from '#domain/media/media-view.ts';

interface Addressed {
  id: number;
  kind: MediaKind;
  file: string | null;
  preview_file: string | null;
  remote_url: string | null;
  preview_remote_url: string | null;
}

/**
 * The path under which this instance serves the medium, for its pages; null for a remote file of unknown kind, which
 * is only linked to.
 */
export function mediaPath(row: Addressed): string | null {
  if (row.file) return `/media/${row.file}`;
  if (!row.remote_url || row.kind === 'file') return null;
  return `/media/remote/${row.id}/original?key=${remoteKey(row.remote_url)}`;
}

/** A still and small picture of it; null for video and audio that came without one. */
export function previewPath(row: Addressed): string | null {
  if (row.file)
    return row.preview_file ? `/media/${row.preview_file}` : row.kind === 'image' ? `/media/${row.file}` : null;
  if (!row.remote_url || (row.kind !== 'image' && !row.preview_remote_url)) return null;
  return `/media/remote/${row.id}/preview?key=${remoteKey(row.remote_url)}`;
}

/** The address of an emoji alone is no secret: for a post's, the post's own address goes into the key. */
export function emojiKey(postUri: string, url: string): string {
  return remoteKey(postUri, url);
}

/** The path under which this instance shows one emoji of a remote account or post. */
export function emojiPath(owner: { accountId: number } | { postId: number }, shortcode: string, key: string): string {
  const place = 'accountId' in owner ? `account-emoji/${owner.accountId}` : `post-emoji/${owner.postId}`;
  return `/media/proxy/${place}/${encodeURIComponent(shortcode)}?key=${key}`;
}

/** The emoji of a remote account or post under such paths; local emoji stay as they are. */
export function emojiPaths(
  owner: { accountId: number } | { postId: number; uri: string },
  emoji: readonly EmojiView[],
): EmojiView[] {
  const uri = 'uri' in owner ? owner.uri : '';
  return emoji.map(({ shortcode, url }) => ({
    shortcode,
    url: url.startsWith('/') ? url : emojiPath(owner, shortcode, emojiKey(uri, url)),
  }));
}

/** The path of a remote profile's picture, with what tells it from the one that was there before. */
export function picturePath(picture: 'avatar' | 'header', accountId: number, remoteUrl: string): string {
  return `/media/proxy/${picture}/${accountId}?key=${remoteKey(remoteUrl)}`;
}
