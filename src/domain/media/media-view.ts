/** A custom emoji as it stands in a text: `:shortcode:` and the address of its picture. */
export interface EmojiView {
  shortcode: string;
  url: string;
}

export type MediaKind = 'image' | 'video' | 'audio' | 'file';

/** Media as a post shows them. */
export interface MediaView {
  id: number;
  kind: MediaKind;
  /** A path of this instance; null where it refuses or cannot show the remote media. */
  url: string | null;
  previewUrl: string | null;
  /** Where it came from, for remote media. */
  remoteUrl: string | null;
  mimeType: string | null;
  description: string | null;
  width: number | null;
  height: number | null;
  blurhash: string | null;
  /** From -1 to 1, the middle is 0. */
  focusX: number;
  focusY: number;
}
