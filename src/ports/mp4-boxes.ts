/** What an MP4 or QuickTime file says of itself in its movie header. */
export interface Mp4Facts {
  width: number | null;
  height: number | null;
  durationMs: number | null;
}

/** Boxes that hold others which matter here. */
const CONTAINERS = new Set(['moov', 'trak']);
/** Where phones and cameras write place, owner and device. */
const PRIVATE = new Set(['udta', 'meta', 'uuid']);
const BOXES_MAX = 10_000;
const SIDE_MAX = 16_384;
const DURATION_MS_MAX = 24 * 60 * 60 * 1000;

/**
 * Blanks the metadata of an MP4 in place: the boxes become `free` ones of the same length, so that no offset moves.
 * Only the file's own and its tracks' boxes are blanked; what is recorded as a track (a drone's telemetry) stays.
 * A file that is built in an unexpected way is left as it is from there on.
 */
export function cleanMp4(bytes: Uint8Array): Mp4Facts {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const facts: Mp4Facts = { width: null, height: null, durationMs: null };
  const waiting = [{ from: 0, to: view.length }];
  let seen = 0;
  for (let range = waiting.pop(); range; range = waiting.pop()) {
    for (let box = boxAt(view, range.from, range.to); box; box = boxAt(view, box.to, range.to)) {
      seen += 1;
      if (seen > BOXES_MAX) return facts;
      if (CONTAINERS.has(box.type)) waiting.push({ from: box.body, to: box.to });
      if (PRIVATE.has(box.type)) blank(view, box);
      if (box.type === 'mvhd') facts.durationMs = durationOf(view, box);
      if (box.type === 'tkhd') Object.assign(facts, sizeOf(view, box));
    }
  }
  return facts;
}

interface Box {
  type: string;
  start: number;
  body: number;
  to: number;
}

/** The box at `from`; null at the end or when its length makes no sense. */
function boxAt(view: Buffer, from: number, end: number): Box | null {
  if (from + 8 > end) return null;
  const short = view.readUInt32BE(from);
  const type = view.toString('latin1', from + 4, from + 8);
  if (short === 0) return { type, start: from, body: from + 8, to: end };
  const long = short === 1;
  if (long && from + 16 > end) return null;
  const length = long ? Number(view.readBigUInt64BE(from + 8)) : short;
  const body = from + (long ? 16 : 8);
  const to = from + length;
  return to < body || to > end ? null : { type, start: from, body, to };
}

function blank(view: Buffer, box: Box): void {
  view.write('free', box.start + 4, 'latin1');
  view.fill(0, box.body, box.to);
}

/** Version 1 of the header has 64-bit times (ISO/IEC 14496-12, 8.2.2). */
function durationOf(view: Buffer, { body, to }: Box): number | null {
  const long = view[body] === 1;
  if (body + (long ? 32 : 20) > to) return null;
  const scale = view.readUInt32BE(body + (long ? 20 : 12));
  const duration = long ? Number(view.readBigUInt64BE(body + 24)) : view.readUInt32BE(body + 16);
  const ms = scale === 0 ? 0 : Math.round((duration / scale) * 1000);
  return ms > 0 && ms <= DURATION_MS_MAX ? ms : null;
}

/**
 * The last eight bytes of a track's header, in 16.16 fixed point; tracks of sound have none (8.3.2). Before them
 * stands the matrix with which phones turn what they film upright.
 */
function sizeOf(view: Buffer, { body, to }: Box): Partial<Mp4Facts> {
  if (to - body < 84) return {};
  const [width, height] = [view.readUInt32BE(to - 8) >>> 16, view.readUInt32BE(to - 4) >>> 16];
  if (width === 0 || height === 0 || width > SIDE_MAX || height > SIDE_MAX) return {};
  const turned = view.readInt32BE(to - 44) === 0 && view.readInt32BE(to - 40) !== 0;
  return turned ? { width: height, height: width } : { width, height };
}
