import type { MediaKind, PostKind } from '#domain/posts/post-view.ts';
import type { RemoteMedia } from '#domain/posts/remote-post.ts';
import { translateLimits } from '#federation/translate/limits.ts';
import { asArray, asObject, numberOf, textOf, typeOf, urlOf } from '#federation/translate/read.ts';
import type { Json } from '#federation/translate/read.ts';
import { hasMarkup, plainText } from '#federation/translate/sanitize.ts';

export interface AttachedMedia {
  media: RemoteMedia[];
  /** Attached addresses that are pages, not files: what a Lemmy post is about. */
  links: string[];
}

/** Files of a post: its attachments, and for a Video, Audio or Image the file that it is. */
export function readMedia(json: Json, kind: PostKind): AttachedMedia {
  const links: string[] = [];
  const media: RemoteMedia[] = ownFile(json, kind);
  for (const one of asArray(json['attachment'], translateLimits.attachments)) {
    const attachment = asObject(one);
    const read = attachment ? readAttachment(attachment) : null;
    if (typeof read === 'string') links.push(read);
    else if (read) media.push(read);
  }
  // WordPress and Lemmy repeat the attachment there, others have nothing else.
  if (media.length === 0 && kind !== 'note' && kind !== 'question') media.push(...picture(json['image']));
  const distinct = media.filter((one, index) => media.findIndex((other) => other.url === one.url) === index);
  return {
    media: distinct.slice(0, translateLimits.media),
    links: [...new Set(links)].slice(0, translateLimits.media),
  };
}

/** The picture of an account or a thumbnail: of several sizes the widest. */
export function pictureUrl(value: unknown): string | null {
  const widest = asArray(value, translateLimits.attachments).toSorted((a, b) => widthOf(b) - widthOf(a));
  return urlOf(widest);
}

/** Whether an address is that of a page: PeerTube lists its page and all its files in one `url`. */
export function isPageLink(link: unknown, kind: PostKind): boolean {
  const mimeType = mimeTypeOf(link);
  if (mimeType !== null) return mimeType === 'text/html';
  const object = asObject(link);
  if (object) return object['rel'] === undefined;
  const isFile = kind === 'video' || kind === 'audio' || kind === 'image';
  return !(isFile && typeof link === 'string' && kindOfName(link) === kind);
}

/** A file; a string when it is a page; null when it is neither (a profile's field, an object of some peer). */
function readAttachment(attachment: Json): RemoteMedia | string | null {
  const type = typeOf(attachment, Object.keys(KINDS_OF_TYPES));
  const file = asArray(attachment['url'] ?? attachment['href'], translateLimits.links);
  const url = urlOf(file);
  if (url === null || (type !== null && !Object.hasOwn(KINDS_OF_TYPES, type))) return null;
  const mimeType = mimeTypeOf(attachment) ?? mimeTypeOf(file[0]);
  const kind = kindOfMime(mimeType) ?? KINDS_OF_TYPES[type ?? ''] ?? kindOfName(url);
  if (kind === null && (type === 'Link' || type === 'Page' || mimeType === 'text/html')) return url;
  return {
    url,
    kind: kind ?? 'file',
    mimeType,
    description: descriptionOf(attachment),
    ...sizeOf(attachment, asObject(file[0])),
    ...focusOf(attachment['focalPoint']),
    blurhash: blurhashOf(attachment['blurhash']),
    previewUrl: pictureUrl(attachment['icon']),
  };
}

/** Null: the type alone does not tell. */
const KINDS_OF_TYPES: Record<string, MediaKind | null> = {
  Image: 'image',
  Video: 'video',
  Audio: 'audio',
  Document: null,
  Link: null,
  Page: null,
};

function ownFile(json: Json, kind: PostKind): RemoteMedia[] {
  if (kind !== 'video' && kind !== 'audio' && kind !== 'image') return [];
  const preview = pictureUrl(json['icon']) ?? pictureUrl(json['image']);
  const file = bestFile(json['url'], kind);
  const url = urlOf(file);
  // A broadcast that runs has no file; its picture shows at least what it is.
  if (url === null) return kind === 'image' || preview === null ? [] : picture(preview);
  const link = asObject(file);
  return [{ ...EMPTY, url, kind, mimeType: mimeTypeOf(file), ...sizeOf(link, null), previewUrl: preview }];
}

/** PeerTube offers many sizes, fragmented ones within the playlist's link: the greatest up to 720 lines, or the least. */
function bestFile(value: unknown, kind: MediaKind): unknown {
  const links = asArray(value, translateLimits.links);
  const nested = links.flatMap((link) => asArray(asObject(link)?.['tag'], translateLimits.links));
  const files = [...links, ...nested]
    .slice(0, translateLimits.files)
    .filter((link) =>
      typeof link === 'string'
        ? kindOfName(link) === kind
        : kindOfMime(mimeTypeOf(link)) === kind && urlOf(link) !== null,
    );
  const bySize = files.toSorted((a, b) => linesOf(b) - linesOf(a));
  return bySize.find((file) => linesOf(file) <= 720 && linesOf(file) > 0) ?? bySize.at(-1);
}

function linesOf(link: unknown): number {
  const object = asObject(link);
  return numberOf(object?.['height'] ?? object?.['width'], translateLimits.pixels) ?? 0;
}

function picture(value: unknown): RemoteMedia[] {
  const url = pictureUrl(value);
  const image = asObject(asArray(value, 1)[0]);
  if (url === null) return [];
  const described = image ? { ...sizeOf(image, null), description: descriptionOf(image) } : {};
  return [{ ...EMPTY, url, kind: 'image', mimeType: mimeTypeOf(image), ...described }];
}

const EMPTY = {
  mimeType: null,
  description: null,
  width: null,
  height: null,
  blurhash: null,
  focusX: null,
  focusY: null,
  previewUrl: null,
} satisfies Partial<RemoteMedia>;

/** Funkwhale and older PeerTube write `mimeType`. */
function mimeTypeOf(value: unknown): string | null {
  const object = asObject(value);
  const type = textOf(object?.['mediaType'] ?? object?.['mimeType'], translateLimits.mimeTypeCharacters);
  const [essence = ''] = (type ?? '').toLowerCase().split(';');
  return /^[a-z]+\/[\w.+-]+$/.test(essence) ? essence : null;
}

function kindOfMime(mimeType: string | null): MediaKind | null {
  const [family = ''] = (mimeType ?? '').split('/');
  return family === 'image' || family === 'video' || family === 'audio' ? family : null;
}

function kindOfName(address: string): MediaKind | null {
  const name = URL.parse(address)?.pathname ?? '';
  if (/\.(?:jpe?g|png|gif|webp|avif|jxl|heic)$/i.test(name)) return 'image';
  if (/\.(?:mp4|m4v|webm|mov|ogv|mkv)$/i.test(name)) return 'video';
  return /\.(?:mp3|m4a|ogg|oga|opus|flac|wav|aac)$/i.test(name) ? 'audio' : null;
}

/** The alternative text is the name; Owncast has it as content. */
function descriptionOf(attachment: Json): string | null {
  const text = textOf(attachment['name'], translateLimits.descriptionCharacters);
  if (text !== null) return text;
  const other = textOf(attachment['summary'] ?? attachment['content'], translateLimits.descriptionCharacters);
  return other !== null && hasMarkup(other) ? plainText(other) : other;
}

function sizeOf(...objects: (Json | null)[]): { width: number | null; height: number | null } {
  const object = objects.find((one) => one?.['width'] && one['height']);
  const width = numberOf(object?.['width'], translateLimits.pixels);
  const height = numberOf(object?.['height'], translateLimits.pixels);
  return width && height ? { width, height } : { width: null, height: null };
}

function widthOf(image: unknown): number {
  return numberOf(asObject(image)?.['width'], translateLimits.pixels) ?? 0;
}

function focusOf(value: unknown): { focusX: number | null; focusY: number | null } {
  const [x, y] = asArray(value, 2);
  const isPoint = typeof x === 'number' && typeof y === 'number' && Math.abs(x) <= 1 && Math.abs(y) <= 1;
  return isPoint ? { focusX: x, focusY: y } : { focusX: null, focusY: null };
}

function blurhashOf(value: unknown): string | null {
  const hash = textOf(value, translateLimits.blurhashCharacters);
  return hash !== null && /^[0-9A-Za-z#$%*+,\-.:;=?@[\]^_{|}~]{6,}$/.test(hash) ? hash : null;
}
