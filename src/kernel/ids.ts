import { randomInt } from 'node:crypto';

/*
 * Ids are time-sortable integers below 2^53: 41 bits of milliseconds since 2024-01-01, then 12 bits:
 * 4 of the process slot and 8 of a sequence. 256 ids a millisecond and process; a process that needs
 * more borrows from the next millisecond.
 */
const EPOCH_MS = Date.UTC(2024, 0, 1);
const LOW_BITS = 4096;
const SEQUENCE_MAX = 255;

export const SLOTS = 16;
/** Ids of one millisecond that a slot has: `id / IDS_PER_SLOT % SLOTS`, in whole numbers, is the slot of an id. */
export const IDS_PER_SLOT = SEQUENCE_MAX + 1;

export interface IdSource {
  /** The next id, larger than every earlier one of this source. */
  next(nowMs: number): number;
}

/** @param slot 0 to 15; two processes on one database must not share one (see the `slots` table). */
export function createIdSource(slot: number): IdSource {
  if (!Number.isInteger(slot) || slot < 0 || slot >= SLOTS)
    throw new RangeError(`id slot ${slot} is not 0 to ${SLOTS - 1}`);
  let lastMs = 0;
  let sequence = 0;
  return {
    next(nowMs) {
      const ms = nowMs - EPOCH_MS;
      if (ms > lastMs) {
        lastMs = ms;
        sequence = 0;
      } else if (sequence < SEQUENCE_MAX) {
        sequence += 1;
      } else {
        lastMs += 1;
        sequence = 0;
      }
      return lastMs * LOW_BITS + slot * IDS_PER_SLOT + sequence;
    },
  };
}

/**
 * An id for something that was published elsewhere at `publishedMs` (never after `nowMs`), so that it sorts
 * among local posts by its own time. The low bits are drawn: most servers publish whole seconds, and the
 * caller draws anew when the id is taken.
 */
export function idAt(publishedMs: number, nowMs: number): number {
  const ms = Math.max(0, Math.min(publishedMs, nowMs) - EPOCH_MS);
  return ms * LOW_BITS + randomInt(LOW_BITS);
}

/** The time that an id carries, in milliseconds since 1970. */
export function timeOfId(id: number): number {
  return Math.floor(id / LOW_BITS) + EPOCH_MS;
}

/** The smallest id of a moment: a cursor for "since then". */
export function firstIdAt(ms: number): number {
  return Math.max(0, ms - EPOCH_MS) * LOW_BITS;
}

/** Reads an id from a path or query; null for anything but a decimal integer below 2^53. */
export function parseId(text: string | undefined | null): number | null {
  if (!text || !/^[1-9][0-9]{0,15}$/.test(text)) return null;
  const id = Number(text);
  return Number.isSafeInteger(id) ? id : null;
}
