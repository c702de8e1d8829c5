import type { SniffedMedia } from '#domain/media/media-processor.ts';

/** How many bytes of the beginning are looked at. */
const SNIFFED_BYTES = 4096;

/**
 * What bytes are by their own beginning; a name or media type that came with them says nothing. The list is closed:
 * SVG, HTML, PDF and every container not named here is null.
 */
export function sniffMedia(head: Uint8Array): SniffedMedia | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, SNIFFED_BYTES));
  if (bytes.length < 12) return null;
  if (isPicture(bytes)) return 'picture';
  if (text(bytes, 4, 8) === 'ftyp') return sniffMp4(bytes);
  if (startsWith(bytes, [0x1a, 0x45, 0xdf, 0xa3])) return bytes.subarray(0, 64).includes('webm') ? 'video/webm' : null;
  if (text(bytes, 0, 4) === 'OggS')
    return bytes.includes('OpusHead') || bytes.includes('\x01vorbis') ? 'audio/ogg' : null;
  if (text(bytes, 0, 4) === 'fLaC') return 'audio/flac';
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WAVE') return 'audio/wav';
  if (text(bytes, 0, 3) === 'ID3' || isMp3Frame(bytes)) return 'audio/mpeg';
  return null;
}

function isPicture(bytes: Buffer): boolean {
  return (
    startsWith(bytes, [0xff, 0xd8, 0xff]) ||
    startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) ||
    ['GIF87a', 'GIF89a'].includes(text(bytes, 0, 6)) ||
    (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP') ||
    // HEIC is taken for a picture so that its refusal can name it: the decoder reads AV1 only.
    (text(bytes, 4, 8) === 'ftyp' &&
      ['avif', 'avis', 'heic', 'heix', 'hevc', 'mif1', 'msf1'].includes(text(bytes, 8, 12)))
  );
}

/** By the major brand; one of these must be there (ISO/IEC 14496-12, 4.3). */
function sniffMp4(bytes: Buffer): SniffedMedia | null {
  const brand = text(bytes, 8, 12);
  if (brand === 'qt  ') return 'video/quicktime';
  if (brand === 'M4A ' || brand === 'M4B ') return 'audio/mp4';
  return /^(isom|iso\d|mp4\d|avc1|M4V |M4VP|dash|mmp4|MSNV|3gp\d|3g2\w)$/.test(brand) ? 'video/mp4' : null;
}

const MP3_KBPS: Record<'v1' | 'v2', number[]> = {
  v1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  v2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const MP3_HZ = { v1: [44_100, 48_000, 32_000], v2: [22_050, 24_000, 16_000], v25: [11_025, 12_000, 8000] };

/** Two bytes of synchronisation are no proof: the frame must be followed by another, at the length it says itself. */
function isMp3Frame(bytes: Buffer): boolean {
  const length = mp3FrameBytes(bytes, 0);
  return length !== null && bytes.length >= length + 4 && mp3FrameBytes(bytes, length) !== null;
}

function mp3FrameBytes(bytes: Buffer, at: number): number | null {
  const [sync = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
  const version = ({ 3: 'v1', 2: 'v2', 0: 'v25' } as const)[(second >> 3) & 3];
  // Layer III has the bits 01.
  if (sync !== 0xff || (second & 0xe0) !== 0xe0 || ((second >> 1) & 3) !== 1 || version === undefined) return null;
  const kbps = MP3_KBPS[version === 'v1' ? 'v1' : 'v2'][third >> 4];
  const hz = MP3_HZ[version][(third >> 2) & 3];
  if (!kbps || !hz) return null;
  return Math.floor(((version === 'v1' ? 144 : 72) * kbps * 1000) / hz) + ((third >> 1) & 1);
}

function startsWith(bytes: Buffer, magic: number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

function text(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', from, to);
}
