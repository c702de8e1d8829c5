import { createHash, randomBytes } from 'node:crypto';
import { MEDIA_TYPES, type MediaType } from '#domain/media/media-types.ts';

/*
 * Names of files are made here and nowhere else: nothing of what a person or a peer calls a file gets into one.
 * An upload's name is 128 random bits. Peers and apps fetch media without a signature or a session, so knowing
 * the name is what opens it: only those who see the post are told it.
 */

/** A name that nobody can guess: 32 hexadecimal digits and the extension of its type. */
export function newFileName(type: MediaType): string {
  return `${randomBytes(16).toString('hex')}.${MEDIA_TYPES[type].extension}`;
}

const PREVIEW = /^([0-9a-f]{32})-small\.webp$/;

/** The preview lies beside its picture under a name that leads back to it. */
export function previewNameOf(file: string): string {
  return file.replace(/\.\w+$/, '-small.webp');
}

/** The name under which a row is found: of the picture itself when `file` is a preview's. */
export function mainNameOf(file: string): string {
  return file.replace(PREVIEW, '$1.webp');
}

export function isUploadName(text: string): boolean {
  return /^[0-9a-f]{32}(-small)?\.[0-9a-z]{2,4}$/.test(text);
}

/** What a copy of remote media is for. */
export type CopyVariant = 'original' | 'preview' | 'avatar' | 'header' | 'emoji';

/** The key of a copy in the cache: SHA-256 of its address and of what was made of it. */
export function copyKey(url: string, variant: CopyVariant): string {
  return createHash('sha256').update(`${variant}\n${url}`).digest('hex');
}

/** Copies are never asked for by their file's name, so it needs no secret: the row follows from the name. */
export function copyName(key: string, type: MediaType): string {
  return `${key}.${MEDIA_TYPES[type].extension}`;
}

export function keyOfCopyName(file: string): string | null {
  return /^([0-9a-f]{64})\.[0-9a-z]{2,4}$/.exec(file)?.[1] ?? null;
}

/**
 * Opens the copy of remote media to apps, whose requests for pictures carry neither session nor token. It follows
 * from the address at the origin: whoever knows that can have the original there.
 */
export function remoteKey(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}
