import { statfs } from 'node:fs/promises';

export interface DiskSpace {
  freeBytes: number;
  totalBytes: number;
}

/** What is kept free, whichever is more: the database needs room even to delete. */
const RESERVE_BYTES = 200_000_000;
const RESERVE_SHARE = 0.05;

/** The disk under a folder that is there. */
export async function freeSpace(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** Whether nothing may be stored any more but what the database needs: no uploads, no media of other servers. */
export function isStorageFull({ freeBytes, totalBytes }: DiskSpace): boolean {
  return freeBytes < Math.max(RESERVE_BYTES, totalBytes * RESERVE_SHARE);
}
