import { deflateSync, crc32 } from 'node:zlib';
import sharp from 'sharp';

/*
 * Pictures and films as they come in, good and bad, made for the tests.
 */

type Background = { r: number; g: number; b: number; alpha?: number };

export function picture(width: number, height: number, background: Background = { r: 200, g: 60, b: 40 }) {
  const channels = background.alpha === undefined ? 3 : 4;
  return sharp({ create: { width, height, channels, background } });
}

export async function photo(width = 64, height = 48): Promise<Uint8Array> {
  return new Uint8Array(await picture(width, height).jpeg().toBuffer());
}

/** A photograph as a telephone makes it: on its side, with place and device. */
export async function photoWithPlace(): Promise<Uint8Array> {
  const exif = {
    IFD0: { Make: 'Telephone', Software: 'Secret camera' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100', GPSLongitudeRef: 'W', GPSLongitude: '0/1 7/1 0/1' },
  };
  return new Uint8Array(await picture(80, 40).withExif(exif).withMetadata({ orientation: 6 }).jpeg().toBuffer());
}

/** A valid header that promises more than there is. */
export function pngHeader(width: number, height: number, bits: 8 | 16 = 8): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.alloc(1000));
  return new Uint8Array(
    Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]),
  );
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG that a careless reader takes for a page. */
export async function pngWithPage(): Promise<Uint8Array> {
  const png = await picture(20, 20, { r: 0, g: 0, b: 0, alpha: 1 }).png().toBuffer();
  const comment = chunk('tEXt', Buffer.from('Comment\0<script>alert(1)</script>', 'latin1'));
  const page = Buffer.from('<html><script>alert(2)</script></html>');
  return new Uint8Array(Buffer.concat([png.subarray(0, 33), comment, png.subarray(33), page]));
}

/** Frames of one pixel each, in turns red and blue, on a canvas of the given size. */
export function gif(frames: number, side = 16): Uint8Array {
  const size = [side & 0xff, side >> 8, side & 0xff, side >> 8];
  const head = [...Buffer.from('GIF89a'), ...size, 0x80, 0, 0, 255, 0, 0, 0, 0, 255];
  const frame = (colour: number) => [
    0x21,
    0xf9,
    4,
    0,
    10,
    0,
    0,
    0,
    0x2c,
    0,
    0,
    0,
    0,
    1,
    0,
    1,
    0,
    0,
    2,
    2,
    0x44 | (colour << 3),
    1,
    0,
  ];
  return Uint8Array.from([...head, ...Array.from({ length: frames }, (_, index) => frame(index % 2)).flat(), 0x3b]);
}

function box(type: string, ...content: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

export const PLACE = '+51.5090-000.1170/';

/** Upright film of five seconds, recorded sideways, with the place in its metadata. */
export function film(): Uint8Array {
  const movie = Buffer.alloc(100);
  movie.writeUInt32BE(1000, 12);
  movie.writeUInt32BE(5000, 16);
  const track = Buffer.alloc(84);
  // A quarter turn: a and d are zero, b and c are not.
  track.writeInt32BE(0x10000, 44);
  track.writeInt32BE(-0x10000, 52);
  track.writeUInt32BE(1280 << 16, 76);
  track.writeUInt32BE(720 << 16, 80);
  const place = box('udta', box('\xa9xyz', PLACE));
  return new Uint8Array(
    Buffer.concat([
      box('ftyp', 'isom', Buffer.alloc(4), 'isommp42'),
      box('moov', box('mvhd', movie), place, box('meta', PLACE), box('trak', box('tkhd', track), place)),
      box('mdat', 'film itself'),
    ]),
  );
}

/** Two frames of silence at 128 kbit/s, without tags. */
export function mp3(): Uint8Array {
  const frame = Buffer.alloc(417);
  frame.set([0xff, 0xfb, 0x90, 0x00]);
  return new Uint8Array(Buffer.concat([frame, frame]));
}

export const SVG = new TextEncoder().encode(
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>',
);
export const PAGE = new TextEncoder().encode('<!doctype html><html><body><script>alert(1)</script></body></html>');
export const PDF = new TextEncoder().encode('%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>');
