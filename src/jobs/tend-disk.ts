import type { Ballast } from '#domain/media/media-storage.ts';

export interface TendDiskParts {
  ballast: Ballast;
  log(message: string, details: Record<string, unknown>): void;
}

/**
 * Makes the job that keeps a ballast on the disk and says when it had to go. To be run every minute: an almost full
 * disk is noticed before the database meets it.
 */
export function createTendDisk({ ballast, log }: TendDiskParts): () => Promise<void> {
  let before: 'kept' | 'released' = 'kept';
  return async () => {
    const now = await ballast.tend();
    if (now !== before) {
      log(now === 'kept' ? 'there is room on the disk again' : 'the disk is almost full: make room', { ballast: now });
    }
    before = now;
  };
}
