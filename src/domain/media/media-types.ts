/**
 * What this instance stores and serves, by media type: nothing that a browser would run (SVG, HTML, PDF).
 * Pictures come in many formats and are stored in one.
 */
export const MEDIA_TYPES = {
  'image/webp': { kind: 'image', extension: 'webp' },
  'video/mp4': { kind: 'video', extension: 'mp4' },
  'video/webm': { kind: 'video', extension: 'webm' },
  'video/quicktime': { kind: 'video', extension: 'mov' },
  'audio/mpeg': { kind: 'audio', extension: 'mp3' },
  'audio/mp4': { kind: 'audio', extension: 'm4a' },
  'audio/ogg': { kind: 'audio', extension: 'ogg' },
  'audio/flac': { kind: 'audio', extension: 'flac' },
  'audio/wav': { kind: 'audio', extension: 'wav' },
} as const;

export type MediaType = keyof typeof MEDIA_TYPES;

export function isMediaType(text: string | null): text is MediaType {
  return text !== null && Object.hasOwn(MEDIA_TYPES, text);
}
