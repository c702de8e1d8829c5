import { encode as encodeBlurhash } from 'blurhash';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { MediaPurpose, ProcessedMedia } from '#domain/media/media-processor.ts';

/** Checked in a picture's header, before anything is decoded: a small file can unpack to gigabytes. */
const PIXELS_MAX = 50_000_000;
const FRAMES_MAX = 400;
const SIDE_MAX = 16_383;
/** For one pass; the decoder looks at the clock between lines, so the thread is stopped a little later. */
const PASS_SECONDS_MAX = 15;

const ORIGINAL_SIDE = 2048;
const PREVIEW_SIDE = 640;
const AVATAR_SIDE = 400;
const HEADER_WIDTH = 1500;
const HEADER_RATIO = 3;
const EMOJI_SIDE = 128;

/** A picture that is not taken; the reason is one for people. */
export class PictureRefused extends Error {
  override name = 'PictureRefused';
  readonly reason: string;
  readonly values: Record<string, number>;

  constructor(reason: string, values: Record<string, number> = {}) {
    super(reason);
    this.reason = reason;
    this.values = values;
  }
}

/** Only these decoders run on what strangers send; SVG, TIFF, PDF and the rest of the library's are shut off. */
export function shutOtherDecoders(): void {
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Nsgif', 'Webp', 'Heif'].map((format) => `VipsForeignLoad${format}Buffer`),
  });
}

/**
 * Decodes a picture and encodes it anew, upright and without EXIF, XMP or colour profile (colours become sRGB).
 * Always WebP: one format for photographs, transparency and animation, a quarter smaller than JPEG, and read by every
 * browser and server of the network. Animation stays in posts and emoji; previews and profiles hold still.
 * @throws PictureRefused
 */
export async function renderPicture(bytes: Uint8Array, purpose: MediaPurpose): Promise<ProcessedMedia> {
  try {
    const facts = await readHeader(bytes);
    const moving = framesOf(facts) > 1 && (purpose === 'post' || purpose === 'emoji');
    const source = open(bytes, moving);
    const { data: body, info } = await encode(
      shape(moving ? source : source.autoOrient(), facts, purpose),
      facts,
      moving,
    );
    const [width, height] = [info.width, info.pageHeight ?? info.height];
    const rendered = { type: 'image/webp', body, width, height, durationMs: null } as const;
    if (purpose !== 'post') return { ...rendered, preview: null, blurhash: null };
    // What follows works on our own encoding and no longer on a stranger's.
    const small = !moving && Math.max(width, height) <= PREVIEW_SIDE;
    const preview = small ? null : await makePreview(body);
    return { ...rendered, preview, blurhash: await blurhashOf(preview ?? body) };
  } catch (error) {
    if (error instanceof PictureRefused) throw error;
    throw new PictureRefused(
      error instanceof Error && error.message.startsWith('timeout') ? 'media-too-slow' : 'media-broken',
    );
  }
}

async function readHeader(bytes: Uint8Array): Promise<Metadata> {
  const facts = await sharp(bytes, { limitInputPixels: false, failOn: 'error' }).metadata();
  if (facts.format === 'heif' && facts.compression !== 'av1') throw new PictureRefused('media-heic');
  if (facts.width > SIDE_MAX || facts.height > SIDE_MAX)
    throw new PictureRefused('media-side-too-long', { max: SIDE_MAX });
  const frames = framesOf(facts);
  if (frames > FRAMES_MAX) throw new PictureRefused('media-frames-too-many', { max: FRAMES_MAX });
  const pixelsMax = Math.floor(PIXELS_MAX / weightOf(facts));
  if (facts.width * facts.height * frames > pixelsMax) {
    throw new PictureRefused('media-pixels-too-many', { max: Math.floor(pixelsMax / 1_000_000) });
  }
  return facts;
}

/** What a pixel costs while it is decoded, against four bytes: measured, a kilobyte of AVIF came to 900 MB. */
function weightOf(facts: Metadata): number {
  if (facts.format === 'heif') return 3;
  return facts.depth === 'uchar' ? 1 : 2;
}

/** HEIF counts the pictures of a collection, of which the first is taken. */
function framesOf(facts: Metadata): number {
  return facts.format === 'heif' ? 1 : (facts.pages ?? 1);
}

function open(bytes: Uint8Array, animated: boolean): Sharp {
  return sharp(bytes, { limitInputPixels: PIXELS_MAX, failOn: 'error', animated }).timeout({
    seconds: PASS_SECONDS_MAX,
  });
}

/** Never larger than what came in. */
function shape(picture: Sharp, facts: Metadata, purpose: MediaPurpose): Sharp {
  const { width, height } = facts.autoOrient;
  switch (purpose) {
    case 'avatar': {
      const side = Math.min(AVATAR_SIDE, width, height);
      return picture.resize({ width: side, height: side, fit: 'cover' });
    }
    case 'header': {
      const wide = Math.min(HEADER_WIDTH, width, height * HEADER_RATIO);
      return picture.resize({ width: wide, height: Math.max(1, Math.round(wide / HEADER_RATIO)), fit: 'cover' });
    }
    case 'emoji':
      return within(picture, EMOJI_SIDE);
    case 'post':
    case 'instance':
      return within(picture, ORIGINAL_SIDE);
  }
}

function within(picture: Sharp, side: number): Sharp {
  return picture.resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true });
}

function encode(picture: Sharp, facts: Metadata, moving: boolean) {
  // Screenshots and drawings come as PNG, and their coloured edges suffer first.
  const quality = facts.format === 'png' ? { quality: 90, smartSubsample: true } : { quality: 80 };
  return picture.webp({ ...quality, effort: moving ? 2 : 4 }).toBuffer({ resolveWithObject: true });
}

async function makePreview(body: Buffer): Promise<Buffer> {
  return within(open(body, false), PREVIEW_SIDE).webp({ quality: 75 }).toBuffer();
}

async function blurhashOf(picture: Buffer): Promise<string> {
  const { data, info } = await open(picture, false)
    .resize({ width: 32, height: 32, fit: 'inside' })
    .flatten({ background: '#ffffff' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const [across, down] = info.width >= info.height ? [4, 3] : [3, 4];
  return encodeBlurhash(new Uint8ClampedArray(data), info.width, info.height, across, down);
}
