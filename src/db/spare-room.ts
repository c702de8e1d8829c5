import type { Store } from '#db/store.ts';

/**
 * The same store, whose writes are tried once more after `release` has made room on a full disk. A full SQLite cannot
 * even delete, and after SQLITE_FULL the transaction is rolled back already, so trying again is safe.
 * @param release Tells whether there was any room to give.
 */
export function withSpareRoom(store: Store, release: () => Promise<boolean>): Store {
  return {
    ...store,
    async write(work) {
      try {
        return await store.write(work);
      } catch (error) {
        if (!isFull(error) || !(await release())) throw error;
        return store.write(work);
      }
    },
  };
}

/** Drizzle wraps what the driver throws. */
function isFull(error: unknown): boolean {
  const codes = [error, (error as { cause?: unknown } | null)?.cause].map(
    (one) => (one as { code?: string } | null)?.code,
  );
  return codes.includes('SQLITE_FULL');
}
